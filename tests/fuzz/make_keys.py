#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the keys of fuzz_jws and its known tokens: keys.h, seeds/jws/*, seeds/spki/*. Run once; the private
halves are thrown away, so nobody can make another token that these keys verify.

    /usr/bin/python3 tests/fuzz/make_keys.py        (needs python3-cryptography)
"""
import base64
import hashlib
import hmac
import json
import os
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448, padding, rsa, utils

HERE = pathlib.Path(__file__).resolve().parent
PAYLOAD = '{"iss":"fuzz","sub":"known"}'
HASH = {'256': hashes.SHA256(), '384': hashes.SHA384(), '512': hashes.SHA512()}
CURVE = {'ES256': (ec.SECP256R1(), 'P-256', 32), 'ES384': (ec.SECP384R1(), 'P-384', 48),
         'ES512': (ec.SECP521R1(), 'P-521', 66)}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, 'big'))


def ecdsa(key, size, digest):
    def sign(message):
        r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
        return r.to_bytes(size, 'big') + s.to_bytes(size, 'big')
    return sign


def raw(key):
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def keys():
    """Yields (alg, JWK without kid, signer, PEM or None)."""
    for alg, (curve, name, size) in CURVE.items():
        key = ec.generate_private_key(curve)
        point = key.public_key().public_numbers()
        yield alg, {'kty': 'EC', 'crv': name, 'x': number(point.x, size), 'y': number(point.y, size)}, \
            ecdsa(key, size, HASH[alg[2:]]), pem(key)
    for alg, kind in (('Ed25519', ed25519.Ed25519PrivateKey), ('Ed448', ed448.Ed448PrivateKey)):
        key = kind.generate()
        yield alg, {'kty': 'OKP', 'crv': alg, 'x': b64(raw(key))}, key.sign, pem(key)
    key = rsa.generate_private_key(65537, 2048)
    jwk = {'kty': 'RSA', 'n': number(key.public_key().public_numbers().n), 'e': 'AQAB'}
    for bits, digest in HASH.items():
        pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
        yield 'RS' + bits, jwk, lambda m, d=digest: key.sign(m, padding.PKCS1v15(), d), \
            pem(key) if bits == '256' else None
        yield 'PS' + bits, jwk, lambda m, d=digest, p=pss: key.sign(m, p, d), None
    for bits in HASH:
        secret = os.urandom(64)
        yield 'HS' + bits, {'kty': 'oct', 'k': b64(secret)}, \
            lambda m, b=bits, s=secret: hmac.new(s, m, getattr(hashlib, 'sha' + b)).digest(), None


def token(header, sign):
    text = b64(json.dumps(header, separators=(',', ':')).encode()) + '.' + b64(PAYLOAD.encode())
    return text + '.' + b64(sign(text.encode()))


def c_string(value):
    text = json.dumps(value, separators=(',', ':')).replace('"', '\\"')
    lines = []
    while text:     # never cut behind the backslash of an escape
        cut = 64 if text[:64][-1:] != '\\' else 63
        lines.append('\t"' + text[:cut] + '"')
        text = text[cut:]
    return ' \\\n'.join(lines)


def main():
    public, bare, secrets = [], [], []
    for folder in ('jws', 'spki'):
        (HERE / 'seeds' / folder).mkdir(parents=True, exist_ok=True)
    for alg, jwk, sign, text in keys():
        named = dict(jwk, kid=alg, alg=alg)
        (secrets if jwk['kty'] == 'oct' else public).append(named)
        if jwk['kty'] != 'oct':
            bare.append(dict(jwk, alg=alg))
        (HERE / 'seeds/jws' / alg).write_text(token({'alg': alg, 'kid': alg}, sign))
        if jwk['kty'] == 'OKP':
            (HERE / 'seeds/jws' / ('EdDSA-' + alg)).write_text(token({'alg': 'EdDSA', 'kid': alg}, sign))
        if alg in ('ES256', 'Ed25519', 'PS256'):
            (HERE / 'seeds/jws' / (alg + '-no-kid')).write_text(token({'alg': alg}, sign))
        if text:
            (HERE / 'seeds/spki' / alg).write_bytes(text)
    with open(HERE / 'keys.h', 'w', encoding='ascii') as out:
        out.write('/* SPDX-License-Identifier: BSD-2-Clause */\n'
                  '/* Made by make_keys.py: public keys whose private halves nobody has. */\n'
                  '#ifndef TESTS_FUZZ_KEYS_H\n#define TESTS_FUZZ_KEYS_H\n\n')
        for name, value in (('FUZZ_KEYS', {'keys': public}), ('FUZZ_KEYS_WITHOUT_KID', {'keys': bare}),
                            ('FUZZ_SECRETS', {'keys': secrets})):
            out.write('#define %s \\\n%s\n\n' % (name, c_string(value)))
        out.write('#define FUZZ_PAYLOAD %s\n\n#endif\n' % json.dumps(PAYLOAD))


main()
