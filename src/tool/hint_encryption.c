/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what is wrong with the way in which a token is encrypted. */
#include "cli/report.h"
#include "tool/hint_encryption.h"

static const struct json_node *
member(const struct explain *explain, const char *name)
{
	return decoded_member(&explain->decoded->header, name);
}

/* The next decryption key of the service's issuers; NULL after the last. */
struct key_walk {
	const struct explain *explain;
	size_t issuer, key;
};

static const struct jwe_key *
next_key(struct key_walk *walk, const struct issuer **issuer)
{
	const struct policy *policy = walk->explain->policy;

	for (; walk->issuer < policy->issuer_count; walk->issuer++) {
		*issuer = &policy->issuers[walk->issuer];
		if (policy_takes_issuer(walk->explain->verdict->service,
		    *issuer) && walk->key < (*issuer)->decryption.count)
			return &(*issuer)->decryption.keys[walk->key++];
		walk->key = 0;
	}
	return NULL;
}

/* List the keys, or those of the token's kid, as far as there is room. */
static void
put_keys(const struct explain *explain, bool of_kid, FILE *out)
{
	struct key_walk walk = { .explain = explain };
	const struct issuer *issuer;
	const struct jwe_key *key;
	size_t count = 0;

	while ((key = next_key(&walk, &issuer)) != NULL) {
		if (of_kid && !bytes_eq(key->kid, explain->verdict->kid))
			continue;
		if (count++ == REPORT_LIST_MAX)
			break;
		fputs(count == 1 ? " " : ", ", out);
		if (key->has_kid)
			report_quoted(key->kid, out);
		else
			fputs("(one without kid)", out);
		fprintf(out, " for %s", key->alg->name);
		if (jwe_kind_row(crypt_key_kind(key->key))->crv != NULL)
			fprintf(out, " on %s",
			    jwe_kind_row(crypt_key_kind(key->key))->crv);
	}
}

static bool
has_keys(const struct explain *explain)
{
	struct key_walk walk = { .explain = explain };
	const struct issuer *issuer;

	return next_key(&walk, &issuer) != NULL;
}

static void
put_algorithms(const struct explain *explain, FILE *out)
{
	fputs("alg is ", out);
	report_value(member(explain, "alg"), out);
	fputs(", enc is ", out);
	report_value(member(explain, "enc"), out);
}

static void
hint_unsupported(const struct explain *explain, FILE *out)
{
	static const char *const names[] = { "zip", "p2s", "p2c" };
	size_t i;

	if (!has_keys(explain)) {
		fputs("five parts: an encrypted token (JWE), and no issuer of "
		    "this service has decryption_keys", out);
		return;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (member(explain, names[i]) == NULL)
			continue;
		fprintf(out, "its header has %s, which is not supported",
		    names[i]);
		return;
	}
	if (jwe_parsed(explain->verdict->jwe) == JWT_OK) {
		fputs("the token inside is encrypted, too", out);
		return;
	}
	put_algorithms(explain, out);
	fputs("; the key is for", out);
	put_keys(explain, false, out);
	fputs(", enc may be A128GCM A256GCM A128CBC-HS256 A256CBC-HS512", out);
}

static void
hint_missing(const struct explain *explain, FILE *out)
{
	const struct issuer *issuer = explain->verdict->issuer;

	fprintf(out, "three parts: it is only signed, and [issuer %s] has "
	    "decryption_keys without encryption = allowed", issuer->name);
}

static void
hint_no_key(const struct explain *explain, FILE *out)
{
	bool has_kid = jwe_has_kid(explain->verdict->jwe);

	if (has_kid) {
		fputs("it is encrypted for the key ", out);
		report_quoted(explain->verdict->kid, out);
	} else {
		fputs("it names no key, and no key fits: ", out);
		put_algorithms(explain, out);
	}
	fputs("; the decryption_keys of this service are", out);
	put_keys(explain, false, out);
	if (has_kid)
		fputs(": does its issuer have an old key of this host?", out);
}

static void
hint_ambiguous(const struct explain *explain, FILE *out)
{
	fputs("it names no key, and more than one fits its alg:", out);
	put_keys(explain, false, out);
}

static void
hint_key_alg(const struct explain *explain, FILE *out)
{
	put_algorithms(explain, out);
	fputs(", and its key is", out);
	put_keys(explain, true, out);
	fputs("; the curve of a token is in its epk", out);
}

/* The key is one of another issuer than the token inside names. */
static void
hint_other_issuer(const struct explain *explain, FILE *out)
{
	fputs("iss is ", out);
	report_value(decoded_member(&explain->decoded->payload, "iss"), out);
	fputs(", and the key that it is encrypted for is not among the "
	    "decryption_keys of that issuer", out);
}

static const struct {
	enum jwt_reason reason;
	void (*say)(const struct explain *explain, FILE *out);
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
is_other_issuer(const struct explain *explain)
{
	return policy_issuer(explain->policy, explain->verdict->service,
	    jws_unverified_iss(explain->verdict->jws)) != NULL;
}

bool
hint_is_encryption(const struct explain *explain)
{
	const struct verdict *verdict = explain->verdict;

	if (verdict->reason == JWT_ENCRYPTION_MISSING)
		return verdict->issuer != NULL;
	if (verdict->jwe == NULL)
		return false;
	/* The token inside was refused: a hint would be of the outer header. */
	if (verdict->jws != NULL && jws_parsed(verdict->jws) != JWT_OK)
		return true;
	if (verdict->jws != NULL)
		return verdict->reason == JWT_ISSUER_UNKNOWN &&
		    is_other_issuer(explain);
	return verdict->reason == JWT_ENCRYPTION_UNSUPPORTED ||
	    reason_class(verdict->reason) == JWT_CLASS_KEY;
}

void
hint_encryption(const struct explain *explain, FILE *out)
{
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].reason == explain->verdict->reason)
			hints[i].say(explain, out);
	}
}
