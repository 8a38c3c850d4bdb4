/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key files, as public ones and as ones with secrets.  What is loaded is
 * what the file was said to be, verifies no signature of zeros, and is bound
 * to one algorithm or none.
 */
#include "core/policy/policy.h"
#include "tests/fuzz/fuzz.h"

/* No algorithm that the key fits takes zeros for a signature. */
static void
check_zeros(const struct jwk *key)
{
	static const uint8_t zeros[5000];
	static const size_t rsa_lens[] = { 256, 384, 512, 768, 1024 };
	enum alg_id id;
	size_t i;

	for (id = ALG_ES256; id <= ALG_ML_DSA_87; id++) {
		size_t len = alg_row(id)->sig_len;

		if ((key->algs & ALG_BIT(id)) == 0)
			continue;
		FUZZ_CHECK(sig_verify(key->key, id, bytes_str("text"),
		    bytes_of(zeros, len)) != JWT_OK);
		for (i = 0; len == 0 && i < 5; i++)
			FUZZ_CHECK(sig_verify(key->key, id, bytes_str("text"),
			    bytes_of(zeros, rsa_lens[i])) != JWT_OK);
	}
}

static void
check_set(const struct jwk_set *set, const struct jwk_file *file)
{
	size_t i;

	FUZZ_CHECK(set->count > 0 && set->count <= JWK_SET_MAX);
	FUZZ_CHECK(!(file->symmetric && file->readable));
	for (i = 0; i < set->count; i++) {
		const struct jwk *key = &set->keys[i];

		FUZZ_CHECK(key->key != NULL && key->algs != 0);
		FUZZ_CHECK((key->kind == KEY_OCT) == file->symmetric);
		FUZZ_CHECK((key->algs & ~alg_by_kind(key->kind)) == 0);
		FUZZ_CHECK(key->kid.len <= JWK_KID_MAX);
		if (i < 8)
			check_zeros(key);
	}
}

/* No token can mean two keys of one name. */
static void
check_names(const struct jwk_set *set)
{
	size_t i, k;

	for (i = 0; i < set->count; i++) {
		const struct jwk *key = &set->keys[i];

		for (k = 0; k < i && key->has_kid; k++)
			FUZZ_CHECK(!set->keys[k].has_kid ||
			    (set->keys[k].algs & key->algs) == 0 ||
			    !bytes_eq(set->keys[k].kid, key->kid));
	}
}

/* As the host does it; algorithms is the issuer's setting, 0: none. */
static void
check_binding(struct jwk_set *set, alg_set algorithms)
{
	struct policy policy = { .file = "fuzz.conf" };
	struct issuer issuer = {
		.name = "fuzz", .set = *set, .algorithms = algorithms,
		.algorithms_given = algorithms != 0
	};
	struct diag diag = { 0 };
	bool usable = false;
	size_t i;
	enum jwt_reason reason = policy_bind_keys(&policy, &issuer, &diag);

	*set = issuer.set;
	if (reason == JWT_OK) {
		check_names(set);
		for (i = 0; i < set->count; i++) {
			const struct jwk *key = &set->keys[i];

			FUZZ_CHECK(key->algs == 0 ||
			    key->algs == ALG_BIT(key->alg));
			FUZZ_CHECK((key->algs & ~issuer.algorithms) == 0);
			usable = usable || key->algs != 0;
		}
		FUZZ_CHECK(usable);
	} else {
		FUZZ_CHECK(diag.reason == JWT_CONFIG_INVALID ||
		    diag.reason == JWT_KEY_FILE_INVALID);
	}
	diag_clear(&diag);
}

static void
load(struct bytes text, const struct jwk_file *file)
{
	struct jwk_set set = { 0 };
	struct diag diag = { 0 };
	struct secret copy = fuzz_copy(text);
	enum jwt_reason reason = jwk_set_add(&set, file, &copy, &diag);

	FUZZ_CHECK(reason == JWT_OK || reason == JWT_KEY_FILE_INVALID ||
	    reason == JWT_KEY_FILE_UNSAFE);
	if (reason == JWT_OK) {
		check_set(&set, file);
		check_binding(&set, text.len % 2 == 0 ? 0 : file->symmetric ?
		    ALG_BIT(ALG_HS384) : ALG_BIT(ALG_RS256) |
		    ALG_BIT(ALG_ES256));
	}
	FUZZ_CHECK(diag.reason == reason);
	jwk_set_clear(&set);
	diag_clear(&diag);
	free(copy.ptr);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct jwk_file files[] = {
		{ .name = "public", .readable = true },
		{ .name = "secret", .symmetric = true },
		{ .name = "leaked", .symmetric = true, .readable = true },
	};
	size_t i;

	for (i = 0; i < 3; i++)
		load(bytes_of(data, size), &files[i]);
	return 0;
}
