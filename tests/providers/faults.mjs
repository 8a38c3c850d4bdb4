// What the token endpoint does instead of answering. Each returns true where it has answered itself.
const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\r\n\u007f';

function send(response, status, type, body) {
	response.statusCode = status;
	response.setHeader('Content-Type', type);
	response.end(typeof body === 'string' ? body : JSON.stringify(body));
	return true;
}

const json = (response, status, body) => send(response, status, 'application/json', body);

// A JWT of its own issuer without a signature: a client does not look at that of an ID token.
function id_token(response, sub) {
	const now = Math.floor(Date.now() / 1000);
	const claims = { iss: `https://${response.req.headers.host}`, aud: 'ssh-cli', sub, iat: now, exp: now + 600 };
	return [{ alg: 'ES256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + '.AAAA';
}

function bound_to(cnf) {
	return [{ alg: 'ES256' }, { cnf }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + '.AAAA';
}

function wants_nonce(response, nonce) {
	response.setHeader('DPoP-Nonce', nonce);
	return json(response, 400, { error: 'use_dpop_nonce' });
}

let times = 0; // of those that are the first time only

export const faults = {
	none: () => false,

	// A provider behind a machine that has a page for everything.
	html: (response) => {
		response.setHeader('Content-Type', 'text/html');
		response.end('<!DOCTYPE html><title>Maintenance</title>');
		return true;
	},

	busy: (response) => {
		response.statusCode = 503;
		response.setHeader('Retry-After', '30');
		response.end();
		return true;
	},

	// The provider does its work, and the answer is lost on the way.
	lost: (response) => {
		response.end = () => response.destroy();
		return false;
	},

	// The provider does its work, and the answer takes its time.
	slow: (response) => {
		const end = response.end;
		response.end = (...words) => setTimeout(() => end.apply(response, words), 3000);
		return false;
	},

	// An error that does not say why, as glewlwyd sends it.
	empty: (response) => {
		response.statusCode = 400;
		response.end();
		return true;
	},

	// A dead refresh token at LemonLDAP::NG, and words that no RFC has.
	request: (response) => json(response, 400, { error: 'invalid_request' }),
	unknown: (response) => json(response, 400, { error: 'token_revoked', error_description: 'no more' }),
	expired: (response) => json(response, 400, { error: 'expired_token' }),
	client: (response) => json(response, 401, { error: 'invalid_client' }),
	forbidden: (response) => send(response, 403, 'text/plain', ''),

	// One that means harm.
	escapes: (response) => json(response, 400, { error: `no${HOSTILE}`, error_description: HOSTILE + 'x'.repeat(100000) }),
	big: (response) => json(response, 200, ' '.repeat(10000000)),
	half: (response) => json(response, 200, '{"access_token":"a"'),
	foreign: (response) => json(response, 200, { access_token: 'a.b.foreign', token_type: 'bearer', id_token: id_token(response, 'mallory') }),
	redirect: (response) => {
		response.setHeader('Location', '/stolen');
		return send(response, 308, 'text/plain', '');
	},

	// It refuses each proof, and gives a nonce for the next one: a new one each time, or one that would be another header, or long.
	'nonce-loop': (response) => wants_nonce(response, `n-${times++}`),
	'nonce-line': (response) => {
		response.socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nDPoP-Nonce: n\r\n X-Evil: "y"\r\n` +
			'Content-Length: 26\r\nConnection: close\r\n\r\n{"error":"use_dpop_nonce"}');
		return true;
	},
	'nonce-long': (response) => wants_nonce(response, 'n'.repeat(513)),
	'nonce-big': (response) => wants_nonce(response, 'n'.repeat(1000000)),
	// The same by the time of day: its clock is that of another year, or it likes no proof at all.
	'proof-year': (response) => {
		response.setHeader('Date', 'Sun, 06 Nov 1994 08:49:37 GMT');
		return json(response, 400, { error: 'invalid_dpop_proof' });
	},
	'proof-loop': (response) => {
		response.setHeader('Date', new Date(Date.now() + 1000 * (600 + 60 * times++)).toUTCString());
		return json(response, 400, { error: 'invalid_dpop_proof' });
	},

	// Tokens that are bound to nothing, and to the key of somebody else.
	bearer: (response) => json(response, 200, { access_token: bound_to(undefined), token_type: 'Bearer' }),
	unbound: (response) => json(response, 200, { access_token: bound_to(undefined), token_type: 'dpop' }),
	stranger: (response) =>
		json(response, 200, { access_token: bound_to({ jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }), token_type: 'DPoP' }),

	// An empty error, and no answer at all; each the first time only, and then every second time.
	'empty-once': (response) => times++ % 2 === 0 && faults.empty(response),

	'cut-once': (response) => {
		if (times++ % 2 === 0) response.destroy();
		return response.destroyed;
	},
};
