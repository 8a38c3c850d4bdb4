// The provider's keys. The first key of an algorithm signs; those after it are published only.
import { createHash, generateKeyPairSync } from 'node:crypto';

const KINDS = [
	['ES256', 'ec', { namedCurve: 'P-256' }],
	['RS256', 'rsa', { modulusLength: 2048 }],
	['Ed25519', 'ed25519', {}],
];

// RFC 7638
function thumbprint(jwk) {
	const required = Object.keys(jwk).filter((name) => ['crv', 'e', 'kty', 'n', 'x', 'y'].includes(name)).sort();
	const text = JSON.stringify(Object.fromEntries(required.map((name) => [name, jwk[name]])));
	return createHash('sha256').update(text).digest('base64url');
}

function make(alg, type, options, use) {
	const jwk = generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
	return { ...jwk, kid: thumbprint(jwk), alg, use };
}

// One key of each algorithm.
export function signing_keys() {
	return KINDS.map(([alg, type, options]) => make(alg, type, options, 'sig'));
}

// A key that verifies nothing, as real sets have them.
export function encryption_key() {
	return make('ECDH-ES', 'ec', { namedCurve: 'P-256' }, 'enc');
}
