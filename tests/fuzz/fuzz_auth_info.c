/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file in which sshd says which key was proved.  A text that is taken is
 * one line with that key and nothing else, and the module reads the same key
 * from the same line.
 */
#include "core/proof.h"
#include "issuerd/auth_info.h"
#include "tests/fuzz/fuzz.h"

static void
check_taken(const struct sshkey *key, struct bytes text)
{
	struct proof proof;

	FUZZ_CHECK(bytes_starts(text, bytes_str("publickey ")));
	FUZZ_CHECK(bytes_ends(text, bytes_str("\n")));
	FUZZ_CHECK(memchr(text.ptr, '\n', text.len - 1) == NULL);
	FUZZ_CHECK(key->ca[0] == '\0');
	FUZZ_CHECK(proof_read(text, &proof) == JWT_OK && proof.count == 1);
	FUZZ_CHECK(strcmp(proof.key[0].jkt, key->jkt) == 0);
	FUZZ_CHECK(strcmp(proof.key[0].fingerprint, key->fingerprint) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));
	struct sshkey key;
	const char *fault = auth_info_parse(secret_bytes(&text), &key);

	if (fault == NULL)
		check_taken(&key, secret_bytes(&text));
	else
		FUZZ_CHECK(key.type == NULL);
	free(text.ptr);
	return 0;
}
