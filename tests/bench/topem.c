/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the public key of a JWK as PEM: topem ALG < JWK > PEM. */
#include <openssl/pem.h>
#include <stdio.h>

#include "tests/bench/adapters/plain.h"

int
main(int argc, char **argv)
{
	char text[2048];
	struct plain_key key;
	struct subject subject = { .jwk = text };

	if (argc != 2)
		return 2;
	subject.alg = argv[1];
	text[fread(text, 1, sizeof(text) - 1, stdin)] = '\0';
	if (!plain_load(&subject, false, &key) || key.pkey == NULL)
		return 1;
	return PEM_write_PUBKEY(stdout, key.pkey) == 1 ? 0 : 1;
}
