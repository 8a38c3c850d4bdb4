// An identity provider for the tests: npm's oidc-provider with TLS, and paths by which a test changes it while it runs.
//
//     node op.mjs MODULES FOLDER ISSUER
//
// MODULES holds node_modules. FOLDER holds tls.pem and tls.key, and gets "requests": a line for each request,
// "METHOD PATH STATUS", at the token endpoint with grant_type and error, or "POST /token fault FAULT". ISSUER is https://NAME or https://NAME:PORT; it
// listens on the loopback address only.
//
// A person who is sent to /person is signed in at once, without a page, unless "forms" is yes. POST, with parameters in the query:
//
//     /control/keys?old=drop|keep           new keys; the old ones are not published any more, or after the new ones
//     /control/state?NAME=VALUE             lifetime (of tokens, in seconds), session (of refresh tokens), device (of device
//                                           codes), account (who signs in), consent (yes or no), forms (yes or no), fault (see
//                                           faults.mjs), delay (of the token endpoint, in milliseconds), revocation (its status,
//                                           or 0), padding (bytes of a claim that makes access tokens long), dpop (no, yes, or
//                                           nonce where each proof must have one; RFC 9449), dpop_algs (of proofs)
//     /control/forget                       all sessions, grants and tokens are unknown from now on
import fs from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { faults } from './faults.mjs';
import { encryption_key, signing_keys } from './keys.mjs';
import { person_page, settings } from './settings.mjs';
import { forget, Store } from './store.mjs';

const [modules, folder, issuer] = process.argv.slice(2);
const library = createRequire(path.join(path.resolve(modules), 'x')).resolve('oidc-provider');
const { default: Provider, errors } = await import(pathToFileURL(library));

const state = {
	lifetime: 600,
	session: 86400,
	device: 600,
	padding: 0,
	account: 'alice',
	consent: 'yes',
	auth_time: 'no',
	forms: 'no',
	fault: 'none',
	delay: 0,
	revocation: 0,
	dpop: 'no',
	dpop_algs: 'ES256 EdDSA Ed25519 RS256',
	keys: [...signing_keys(), encryption_key()],
};
let provider = make();
let answer = provider.callback();

function log(ctx) {
	const words = [ctx.method, ctx.path, ctx.status];
	if (ctx.path === '/token') words.push(ctx.oidc?.params?.grant_type ?? '-', ctx.body?.error ?? '-');
	fs.appendFileSync(path.join(folder, 'requests'), `${words.join(' ')}\n`);
}

// Made again for each set of keys, and for DPoP: the library takes them once.
function make() {
	const made = new Provider(issuer, settings(state, errors, Store));
	made.use(async (ctx, next) => {
		if (!ctx.path.startsWith('/person/')) await next();
		else await person(made, ctx);
		log(ctx);
	});
	made.on('server_error', (ctx, error) => console.error(error));
	return made;
}

// What the library wants to know of the person, answered in one step: who it is, and all that the client asked for.
async function person(made, ctx) {
	const { prompt, params, session, grantId } = await made.interactionDetails(ctx.req, ctx.res);
	if (state.forms === 'yes' && ctx.method === 'GET') {
		ctx.body = person_page(prompt.name, params.client_id);
		return;
	}
	const filled = state.forms === 'yes' ? await form_of(ctx) : new URLSearchParams();
	let result = { error: 'access_denied', error_description: 'the person said no' };
	if (state.consent === 'yes' && prompt.name === 'login') result = { login: { accountId: filled.get('account') ?? state.account } };
	else if (state.consent === 'yes') result = { consent: await consent(made, prompt, params, session, grantId) };
	ctx.redirect(await made.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true }));
}

async function form_of(ctx) {
	const chunks = [];
	for await (const chunk of ctx.req) chunks.push(chunk);
	return new URLSearchParams(Buffer.concat(chunks).toString());
}

async function consent(made, { details }, params, session, grantId) {
	const grant = grantId ? await made.Grant.find(grantId) : new made.Grant({ accountId: session.accountId, clientId: params.client_id });
	if (details.missingOIDCScope) grant.addOIDCScope(details.missingOIDCScope.join(' '));
	if (details.missingOIDCClaims) grant.addOIDCClaims(details.missingOIDCClaims);
	for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
		grant.addResourceScope(resource, scopes.join(' '));
	}
	return { grantId: await grant.save() };
}

function renew() {
	provider = make();
	answer = provider.callback();
}

function new_keys(old) {
	const kept = state.keys.filter((key) => key.use === 'enc' || old === 'keep');
	state.keys = [...signing_keys(), ...kept];
	renew();
}

function set(parameters) {
	for (const [name, value] of parameters) {
		if (!(name in state) || name === 'keys') throw new Error(`there is no ${name}`);
		if (name === 'fault' && !(value in faults)) throw new Error(`there is no ${value}`);
		state[name] = typeof state[name] === 'number' ? Number(value) : value;
		if (name.startsWith('dpop')) renew();
	}
}

function control({ pathname, searchParams }) {
	if (pathname === '/control/keys') new_keys(searchParams.get('old'));
	else if (pathname === '/control/state') set(searchParams);
	else if (pathname === '/control/forget') forget();
	else throw new Error(`there is no ${pathname}`);
}

function token(request, response) {
	if (faults[state.fault](response)) fs.appendFileSync(path.join(folder, 'requests'), `POST /token fault ${state.fault}\n`);
	else answer(request, response);
}

function serve(request, response) {
	const url = new URL(request.url, issuer);
	if (!url.pathname.startsWith('/control/')) {
		if (url.pathname === '/token') setTimeout(token, state.delay, request, response);
		else if (url.pathname === '/token/revocation' && state.revocation) response.writeHead(state.revocation).end();
		else answer(request, response);
		return;
	}
	try {
		control(url);
		response.end('done\n');
	} catch (error) {
		response.statusCode = 400;
		response.end(`${error.message}\n`);
	}
}

const tls = { cert: fs.readFileSync(path.join(folder, 'tls.pem')), key: fs.readFileSync(path.join(folder, 'tls.key')) };
https.createServer(tls, serve).listen(new URL(issuer).port || 443, '127.0.0.1');
