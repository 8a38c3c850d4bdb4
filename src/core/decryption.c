/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses the key of an encrypted token by its header alone. */
#include "core/decryption.h"

/* A search among the keys of the service's issuers, and its result. */
struct search {
	const struct jwe *jwe;
	const struct jwe_key *found;	/* the first that fits */
	bool has_keys;
	bool is_named;		/* a key has the kid of the token */
	bool is_ambiguous;	/* a second key fits, and is another one */
};

/*
 * Look at one key.  A kid must be that of the key: a key without a kid is no
 * answer to a token that names one.
 */
static void
look_at(struct search *in, const struct jwe_key *key)
{
	in->has_keys = true;
	if (jwe_has_kid(in->jwe)) {
		if (!key->has_kid ||
		    !bytes_eq(key->kid, jwe_unverified_kid(in->jwe)))
			return;
		in->is_named = true;
	}
	if (!jwe_key_fits(in->jwe, key))
		return;
	if (in->found == NULL)
		in->found = key;
	else if (!crypt_key_equal(in->found->key, key->key))
		in->is_ambiguous = true;
}

static void
search(const struct policy *policy, const struct service *service,
    struct search *in)
{
	size_t i, k;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		if (service != NULL && !policy_takes_issuer(service, issuer))
			continue;
		for (k = 0; k < issuer->decryption.count; k++)
			look_at(in, &issuer->decryption.keys[k]);
	}
}

static enum jwt_reason
judge(const struct search *in)
{
	enum jwt_reason parsed = jwe_parsed(in->jwe);

	if (parsed == JWT_TOKEN_FORM)
		return parsed;
	if (!in->has_keys)
		return JWT_ENCRYPTION_UNSUPPORTED;
	if (parsed != JWT_OK)
		return parsed;
	if (in->is_ambiguous)
		return JWT_KEY_AMBIGUOUS;
	if (in->found != NULL)
		return JWT_OK;
	if (in->is_named)
		return JWT_ALG_KEY_MISMATCH;
	return JWT_KEY_UNKNOWN;
}

enum jwt_reason
decryption_open(const struct policy *policy, const struct service *service,
    struct jwe *jwe, const struct jwe_key **key, struct jws **out)
{
	struct search in = { .jwe = jwe };
	enum jwt_reason reason;

	*key = NULL;
	*out = NULL;
	search(policy, service, &in);
	reason = judge(&in);
	if (reason != JWT_OK)
		return reason;
	reason = jwe_decrypt(jwe, in.found, out);
	if (reason != JWT_OK)
		return reason;
	*key = in.found;
	return JWT_OK;
}

enum jwt_reason
decryption_check(const struct issuer *issuer, const struct jwe_key *key)
{
	if (key != NULL && !jwe_key_set_has(&issuer->decryption, key))
		return JWT_ISSUER_UNKNOWN;
	if (key == NULL && issuer->encryption_required)
		return JWT_ENCRYPTION_MISSING;
	return JWT_OK;
}
