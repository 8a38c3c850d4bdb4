#!/usr/bin/env python3
"""Encrypts tokens for hosts with python3-jwcrypto, another library than ours.

    encrypt_tokens.py ENC KEY.jwk < TOKEN > ENCRYPTED       KEY.jwk is public and has alg and kid

jwcrypto leaves some algorithms out by default, so each one is allowed by name."""
import sys

from jwcrypto import jwe, jwk
from jwcrypto.common import json_decode, json_encode

with open(sys.argv[2], encoding="ascii") as key_file:
    text = key_file.read()
members = json_decode(text)
header = {"alg": members["alg"], "enc": sys.argv[1], "kid": members["kid"], "cty": "JWT"}
token = jwe.JWE(sys.stdin.read().strip().encode(), json_encode(header), algs=[members["alg"], sys.argv[1]])
token.add_recipient(jwk.JWK.from_json(text))
print(token.serialize(compact=True))
