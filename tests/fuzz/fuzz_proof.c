/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SSH_AUTH_INFO_0, and cnf.  The first byte of the input is j for a JSON value
 * that cnf might have; otherwise the input is lines of sshd.  A key that is taken
 * is the one that its own names bind a token to.
 */
#include "core/proof.h"
#include "tests/fuzz/fuzz.h"

static void
check_key(const struct sshkey *key)
{
	FUZZ_CHECK(key->type != NULL);
	FUZZ_CHECK(strlen(key->jkt) == THUMBPRINT_SIZE - 1);
	FUZZ_CHECK(sshkey_is_fingerprint(bytes_str(key->fingerprint)));
	FUZZ_CHECK(key->ca[0] == '\0' ||
	    sshkey_is_fingerprint(bytes_str(key->ca)));
}

/* What a key is bound to by its own names, it has. */
static void
check_bound(const struct proof *proof, const struct sshkey *key)
{
	struct proof_binding by_jkt = { .is_bound = true };
	struct proof_binding by_print = { .is_bound = true };

	memcpy(by_jkt.jkt, key->jkt, sizeof(by_jkt.jkt));
	memcpy(by_print.fingerprint, key->fingerprint,
	    sizeof(by_print.fingerprint));
	FUZZ_CHECK(proof_check(proof, &by_jkt) == JWT_OK);
	FUZZ_CHECK(proof_check(proof, &by_print) == JWT_OK);
	FUZZ_CHECK(proof_view(proof, &by_print).type == key->type);
}

static void
read_info(struct bytes text)
{
	struct proof proof, again;
	size_t i;

	FUZZ_CHECK(proof_read(text, &proof) == JWT_OK);
	FUZZ_CHECK(proof_read(text, &again) == JWT_OK);
	FUZZ_CHECK(proof.count == again.count &&
	    proof.count <= PROOF_KEYS_MAX);
	for (i = 0; i < proof.count; i++) {
		check_key(&proof.key[i]);
		check_bound(&proof, &proof.key[i]);
	}
}

static void
read_cnf(struct bytes text)
{
	struct secret copy = fuzz_copy(text);
	struct json_doc doc = { .nodes = NULL };
	struct proof_binding binding;

	if (json_parse_value(copy.ptr, copy.len, &json_token_limits, &doc) ==
	    JWT_OK && proof_read_cnf(json_root(&doc), &binding) == JWT_OK) {
		FUZZ_CHECK(binding.is_bound);
		FUZZ_CHECK((binding.jkt[0] == '\0') !=
		    (binding.fingerprint[0] == '\0'));
		FUZZ_CHECK(binding.jkt[0] != '\0' || sshkey_is_fingerprint(
		    bytes_str(binding.fingerprint)));
	}
	json_clear(&doc);
	secret_clear(&copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] == 'j')
		read_cnf(bytes_of(data + 1, size - 1));
	else
		read_info(bytes_of(data, size));
	return 0;
}
