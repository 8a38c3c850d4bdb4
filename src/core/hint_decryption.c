/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Says what is wrong with the way in which a token is encrypted.  Nothing of
 * its header is said but kid, and nothing of what is inside but iss.
 */
#include "core/hint_each.h"

/* The next decryption key of the service's issuers; NULL after the last. */
struct key_walk {
	const struct hint *hint;
	size_t issuer, key;
};

static const struct jwe_key *
next_key(struct key_walk *walk)
{
	const struct policy *policy = walk->hint->in->policy;

	for (; walk->issuer < policy->issuer_count; walk->issuer++) {
		const struct issuer *issuer = &policy->issuers[walk->issuer];

		if (policy_takes_issuer(walk->hint->verdict->service, issuer) &&
		    walk->key < issuer->decryption.count)
			return &issuer->decryption.keys[walk->key++];
		walk->key = 0;
	}
	return NULL;
}

static bool
has_keys(const struct hint *hint)
{
	struct key_walk walk = { .hint = hint };

	return next_key(&walk) != NULL;
}

static void
put_key(struct hint *hint, const struct jwe_key *key)
{
	const char *curve = jwe_kind_row(crypt_key_kind(key->key))->crv;

	if (key->has_kid)
		hint_value(hint, key->kid);
	else
		hint_text(hint, "(one without kid)");
	hint_put(hint, " for %s", key->alg->name);
	if (curve != NULL)
		hint_put(hint, " on %s", curve);
}

/* List the keys, or those of the token's kid, as far as there is room. */
static void
put_keys(struct hint *hint, bool of_kid)
{
	struct key_walk walk = { .hint = hint };
	const struct jwe_key *key;
	size_t count = 0;

	while ((key = next_key(&walk)) != NULL) {
		if (of_kid && !bytes_eq(key->kid, hint->verdict->kid))
			continue;
		if (count++ == hint_list_max(hint))
			break;
		hint_text(hint, count == 1 ? " " : ", ");
		put_key(hint, key);
	}
}

static void
hint_unsupported(struct hint *hint)
{
	if (!has_keys(hint)) {
		hint_text(hint, "five parts: an encrypted token (JWE), and no "
		    "issuer of this service has decryption_keys");
		return;
	}
	hint_text(hint, "the key is for");
	put_keys(hint, false);
	hint_text(hint, ", enc may be A128GCM A256GCM A128CBC-HS256 "
	    "A256CBC-HS512");
}

static void
hint_missing(struct hint *hint)
{
	hint_put(hint, "three parts: it is only signed, and [issuer %s] has "
	    "decryption_keys without encryption = allowed",
	    hint->verdict->issuer->name);
}

static void
hint_no_key(struct hint *hint)
{
	bool has_kid = jwe_has_kid(hint->verdict->jwe);

	if (has_kid) {
		hint_text(hint, "it is encrypted for the key ");
		hint_value(hint, hint->verdict->kid);
	} else {
		hint_text(hint, "it names no key, and no key fits");
	}
	hint_text(hint, "; the decryption_keys of this service are");
	put_keys(hint, false);
	if (has_kid)
		hint_text(hint, ": does its issuer have an old key of this "
		    "host?");
}

static void
hint_ambiguous(struct hint *hint)
{
	hint_text(hint, "it names no key, and more than one fits its alg:");
	put_keys(hint, false);
}

static void
hint_key_alg(struct hint *hint)
{
	hint_text(hint, "its key is");
	put_keys(hint, true);
	hint_text(hint, "; the curve of a token is in its epk");
}

/* The key is one of another issuer than the token inside names. */
static void
hint_other_issuer(struct hint *hint)
{
	hint_text(hint, "iss is ");
	hint_value(hint, jws_unverified_iss(hint->verdict->jws));
	hint_text(hint, ", and the key that it is encrypted for is not among "
	    "the decryption_keys of that issuer");
}

static const struct {
	enum jwt_reason reason;
	void (*say)(struct hint *hint);
} hints[] = {
	{ JWT_ENCRYPTION_UNSUPPORTED, hint_unsupported },
	{ JWT_ENCRYPTION_MISSING, hint_missing },
	{ JWT_KEY_UNKNOWN, hint_no_key },
	{ JWT_KEY_AMBIGUOUS, hint_ambiguous },
	{ JWT_ALG_KEY_MISMATCH, hint_key_alg },
	{ JWT_ISSUER_UNKNOWN, hint_other_issuer },
};

/* Whether iss is one of the service's issuers, so that the key was wrong. */
static bool
is_other_issuer(const struct hint *hint)
{
	return policy_issuer(hint->in->policy, hint->verdict->service,
	    jws_unverified_iss(hint->verdict->jws)) != NULL;
}

bool
hint_is_encryption(const struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;

	if (verdict->reason == JWT_ENCRYPTION_MISSING)
		return verdict->issuer != NULL;
	if (verdict->jwe == NULL)
		return false;
	/* The token inside was refused: a hint would be of the outer header. */
	if (verdict->jws != NULL && jws_parsed(verdict->jws) != JWT_OK)
		return true;
	if (verdict->jws != NULL)
		return verdict->reason == JWT_ISSUER_UNKNOWN &&
		    is_other_issuer(hint);
	return verdict->reason == JWT_ENCRYPTION_UNSUPPORTED ||
	    reason_class(verdict->reason) == JWT_CLASS_KEY;
}

void
hint_encryption(struct hint *hint)
{
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].reason == hint->verdict->reason)
			hints[i].say(hint);
	}
}
