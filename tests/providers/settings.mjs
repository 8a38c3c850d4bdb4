// The settings of oidc-provider: the clients, the one person, what a token holds.
const GRANTS = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
const LOOPBACK = ['http://127.0.0.1/callback', 'http://[::1]/callback', 'http://127.0.0.1/pam-jwt/back'];

// A native application without a secret, the same with one, and a machine.
const CLIENTS = [
	{ client_id: 'ssh-cli', token_endpoint_auth_method: 'none' },
	{ client_id: 'ssh-secret', client_secret: 'the secret of an application', token_endpoint_auth_method: 'client_secret_basic' },
].map((client) => ({
	...client,
	application_type: 'native',
	grant_types: GRANTS,
	response_types: ['code'],
	redirect_uris: LOOPBACK,
}));

const MACHINE = {
	client_id: 'machine',
	client_secret: 'the secret of a machine',
	grant_types: ['client_credentials'],
	response_types: [],
	redirect_uris: [],
};

// A fixed text instead of the pages of oidc-provider, which want fonts of another host. FORM is the library's own.
function page(title, form = '') {
	return `<!DOCTYPE html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${form}`;
}

export function person_page(prompt, client) {
	if (prompt === 'login') {
		return page('Who are you?', '<form method="post"><input name="account"> <button>Sign in</button></form>');
	}
	return page('Do you agree?', `<p>${client} wants to sign in as you.</p><form method="post"><button>Yes</button></form>`);
}

function device_flow() {
	return {
		enabled: true,
		userCodeInputSource: async (ctx, form, out, error) => {
			ctx.body = page(error ? `Again, please: ${error.name}` : 'Your code, please', form);
		},
		userCodeConfirmSource: async (ctx, form) => {
			ctx.body = page('Is this your code?', `${form}<button type="submit" form="op.deviceConfirmForm">Yes</button>`);
		},
		successSource: async (ctx) => {
			ctx.body = page('Signed in');
		},
	};
}

// Access tokens are JWTs of the resource that was asked for (RFC 8707, RFC 9068). Hosts called refused get none.
function resource_indicators(state, errors) {
	return {
		enabled: true,
		// The parameter of other providers, which this one takes for a resource.
		defaultResource: async (ctx, client, one) => ctx.oidc.params?.audience ?? one,
		useGrantedResource: async () => true,
		getResourceServerInfo: async (ctx, resource) => {
			if (resource.includes('//refused')) throw new errors.InvalidTarget();
			return {
				scope: 'openid login',
				audience: resource,
				accessTokenTTL: state.lifetime,
				accessTokenFormat: 'jwt',
				jwt: { sign: { alg: 'ES256' } },
			};
		},
	};
}

// Without nonceSecret a proof is judged by its time alone.
function dpop(state) {
	const nonce = state.dpop === 'nonce';
	return { enabled: state.dpop !== 'no', requireNonce: () => nonce, nonceSecret: nonce ? Buffer.alloc(32, 'nonce') : undefined };
}

// auth_time by RFC 9068, section 2.2.1: when the person authenticated, and not when the token was made.
function extra(state, { AuthorizationCode, DeviceCode, RefreshToken }) {
	const claims = {};
	if (state.padding > 0) claims.padding = 'x'.repeat(state.padding);
	if (state.auth_time === 'yes') claims.auth_time = (AuthorizationCode ?? DeviceCode ?? RefreshToken)?.authTime;
	return claims;
}

// STATE is read at each request, so that a test can change it: see op.mjs.
export function settings(state, errors, Store) {
	return {
		adapter: Store,
		clients: [...CLIENTS, MACHINE],
		jwks: { keys: state.keys },
		cookies: { keys: ['cookies of a test'] },
		scopes: ['openid', 'offline_access', 'profile', 'login'],
		claims: { openid: ['sub'], profile: ['preferred_username'], auth_time: null },
		conformIdTokenClaims: false,
		enabledJWA: {
			idTokenSigningAlgValues: ['RS256', 'ES256', 'Ed25519'],
			idTokenEncryptionAlgValues: ['ECDH-ES'],
			dPoPSigningAlgValues: state.dpop_algs.split(' '),
		},
		extraParams: ['audience'],
		pkce: { required: () => true },
		rotateRefreshToken: true,
		issueRefreshToken: async (ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
		ttl: {
			AccessToken: () => state.lifetime,
			IdToken: () => state.lifetime,
			RefreshToken: () => state.session,
			Session: () => state.session,
			Grant: () => state.session,
			Interaction: 600,
			DeviceCode: () => state.device,
		},
		interactions: { url: (ctx, interaction) => `/person/${interaction.uid}` },
		features: {
			devInteractions: { enabled: false },
			clientCredentials: { enabled: true },
			encryption: { enabled: true },
			revocation: { enabled: true },
			dPoP: dpop(state),
			deviceFlow: device_flow(),
			resourceIndicators: resource_indicators(state, errors),
		},
		extraTokenClaims: (ctx) => extra(state, ctx.oidc.entities),
		findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, preferred_username: id }) }),
	};
}
