/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole tokens against keys of every kind.  The private halves are gone, so
 * only what stands in the seeds may verify: the oracle knows those texts.
 */
#include "core/base/b64url.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"
#include "core/policy/policy.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/keys.h"

/* Sets as different files give them: named keys, nameless ones, secrets. */
static struct issuer issuers[3];

static void
load(const char *text, bool symmetric, struct issuer *out)
{
	struct jwk_file file = { .name = "keys.h", .symmetric = symmetric };
	struct policy policy = { .file = "keys.h" };
	struct diag diag = { 0 };
	struct secret copy = fuzz_copy(bytes_str(text));

	FUZZ_CHECK(jwk_set_add(&out->set, &file, &copy, &diag) == JWT_OK);
	FUZZ_CHECK(policy_bind_keys(&policy, out, &diag) == JWT_OK);
	free(copy.ptr);
	diag_clear(&diag);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	load(FUZZ_KEYS, false, &issuers[0]);
	load(FUZZ_KEYS_WITHOUT_KID, false, &issuers[1]);
	load(FUZZ_SECRETS, true, &issuers[2]);
	return 0;
}

/* Whether the token has this header and the one payload that was signed. */
static bool
starts_with(struct bytes token, const char *header)
{
	char text[256];
	size_t len = b64url_encoded_len(strlen(header));

	b64url_encode(bytes_str(header), text);
	text[len++] = '.';
	b64url_encode(bytes_str(FUZZ_PAYLOAD), text + len);
	len += b64url_encoded_len(strlen(FUZZ_PAYLOAD));
	text[len++] = '.';
	return bytes_starts(token, bytes_of(text, len));
}

static bool
is_known(struct bytes token)
{
	enum alg_id id;
	char header[64];

	for (id = ALG_ES256; id <= ALG_HS512; id++) {
		const char *name = alg_row(id)->name;

		snprintf(header, sizeof(header),
		    "{\"alg\":\"%s\",\"kid\":\"%s\"}", name, name);
		if (starts_with(token, header))
			return true;
		snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", name);
		if (starts_with(token, header))
			return true;
	}
	return starts_with(token, "{\"alg\":\"EdDSA\",\"kid\":\"Ed25519\"}") ||
	    starts_with(token, "{\"alg\":\"EdDSA\",\"kid\":\"Ed448\"}");
}

static void
check_verify(struct jws *jws, struct bytes token, const struct issuer *issuer)
{
	const struct claims *claims;
	enum jwt_reason reason;

	reason = jws_verify(jws, &issuer->set, issuer->algorithms, &claims);
	FUZZ_CHECK((claims != NULL) == (reason == JWT_OK));
	if (reason == JWT_OK) {
		FUZZ_CHECK(is_known(token));
		FUZZ_CHECK(claims_get(claims, "sub") != NULL);
		FUZZ_CHECK(json_is(claims_root(claims), JSON_OBJECT));
	} else {
		FUZZ_CHECK(reason_class(reason) == JWT_CLASS_KEY);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes token = bytes_of(data, size);
	struct jws *jws;
	enum jwt_reason reason = jws_parse(token, &jws);
	size_t i;

	FUZZ_CHECK(jws != NULL);
	FUZZ_CHECK(jws_unverified_kid(jws).len <= JWK_KID_MAX ||
	    reason != JWT_OK);
	shape_is_token_like(token);
	if (reason != JWT_OK)
		FUZZ_CHECK(reason_class(reason) == JWT_CLASS_MALFORMED ||
		    reason == JWT_ALG_UNSUPPORTED);
	for (i = 0; reason == JWT_OK && i < 3; i++)
		check_verify(jws, token, &issuers[i]);
	jws_free(jws);
	return 0;
}

/*
 * Changes a part of a token in its decoded form, so that the fuzzer sees the
 * JSON and the signature through the base64.
 */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
    unsigned seed)
{
	struct bytes rest = bytes_of(data, size), part = rest;
	unsigned which = seed % 4, i;
	struct secret tail;
	static uint8_t text[TOKEN_MAX];
	size_t start, len;

	if (LLVMFuzzerMutate == NULL)
		return size;
	for (i = 0; i <= which && i < 3; i++)
		part = fuzz_until(&rest, '.');
	if (which == 3 || part.len < 2 || part.len > sizeof(text) ||
	    b64url_decode(part, text) != JWT_OK)
		return LLVMFuzzerMutate(data, size, max_size);
	start = (size_t)(part.ptr - data);
	tail = fuzz_copy(bytes_of(part.ptr + part.len,
	    size - start - part.len));
	len = LLVMFuzzerMutate(text, b64url_decoded_len(part.len),
	    sizeof(text));
	size = start + b64url_encoded_len(len) + tail.len;
	if (size <= max_size) {
		b64url_encode(bytes_of(text, len), (char *)data + start);
		memcpy(data + size - tail.len, tail.ptr, tail.len);
	} else {
		size = start + part.len + tail.len;
	}
	free(tail.ptr);
	return size;
}
