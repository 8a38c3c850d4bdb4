# SPDX-License-Identifier: BSD-2-Clause
"""Key sets that are odd, made from one public key of P-256 and from new ones.

    sets.py PUBLIC-JWK FOLDER [odd]     bad ones; with "odd" those that a sync takes in spite of it
"""
import base64
import json
import os
import subprocess
import sys

with open(sys.argv[1], encoding='ascii') as file:
    good = json.load(file)
folder = sys.argv[2]


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def put(name, *keys):
    with open(os.path.join(folder, name), 'w', encoding='ascii') as out:
        json.dump({'keys': list(keys)}, out)


def openssl(*arguments, data=b''):
    return subprocess.run(('openssl',) + arguments, input=data, capture_output=True, check=True).stdout


# The two coordinates are the last 64 bytes of the public key's DER.
def point():
    pair = openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout')
    der = openssl('ec', '-pubout', '-outform', 'DER', data=pair)
    return der[-64:-32], der[-32:]


def new(kid, coordinates):
    return {'kty': 'EC', 'crv': 'P-256', 'alg': 'ES256', 'use': 'sig', 'kid': kid,
            'x': b64url(coordinates[0]), 'y': b64url(coordinates[1])}


# About one in 128 has a coordinate that begins with a zero byte; made by arithmetic alone, without a process for each.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
G = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
     0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def add(one, two):
    if one == two:
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, P) % P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiples(count):
    at = G
    for _ in range(count):
        yield at[0].to_bytes(32, 'big'), at[1].to_bytes(32, 'big')
        at = add(at, G)


if len(sys.argv) > 3:
    short = next(c for c in multiples(5000) if c[0][0] == 0)
    put('x5c', good, dict(new('long', point()), x5c=['A' * 60000]))
    put('twice', good, good)
    put('oct', good, {'kty': 'oct', 'kid': 's', 'k': 'c2VjcmV0'})
    put('short', good, new('short', (short[0].lstrip(b'\0'), short[1])))
    put('ambiguous', good, new('two', point()), new('two', point()))
else:
    put('many', *(new('k%d' % number, c) for number, c in enumerate(multiples(300))))
    put('twokeys', new('two', point()), new('two', point()))
