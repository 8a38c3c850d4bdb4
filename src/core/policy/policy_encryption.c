/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings decryption_keys and encryption of [issuer NAME], and whether the
 * keys of all issuers fit together.
 */
#include "core/policy/parser.h"

void
policy_set_decryption_keys(struct parser *in)
{
	struct issuer *issuer = in->issuer;
	size_t i;

	parser_words(in, &issuer->decryption_keys);
	for (i = 0; i < issuer->decryption_keys.count; i++) {
		if (issuer->decryption_keys.item[i][0] != '/')
			parser_fail(in, "%s is not an absolute path",
			    issuer->decryption_keys.item[i]);
	}
	if (!issuer->encryption_given)
		issuer->encryption_required = true;
}

void
policy_set_encryption(struct parser *in)
{
	struct issuer *issuer = in->issuer;

	issuer->encryption_given = true;
	parser_choice(in, "required", "allowed", &issuer->encryption_required);
}

/* A file of public keys may be read by all, one of private keys by none. */
static void
check_paths(struct parser *in, const struct issuer *issuer)
{
	const struct policy *policy = in->policy;
	size_t i, k;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct words *keys = &policy->issuers[i].keys;

		for (k = 0; k < keys->count; k++) {
			if (policy_words_have(&issuer->decryption_keys,
			    bytes_str(keys->item[k])))
				parser_fail(in, "[issuer %s]: %s is in keys as "
				    "well, which are public", issuer->name,
				    keys->item[k]);
		}
	}
}

void
policy_check_encryption(struct parser *in, const struct issuer *issuer)
{
	in->line.line = issuer->line;
	check_paths(in, issuer);
	if (issuer->encryption_given && issuer->decryption_keys.count == 0)
		parser_fail(in, "[issuer %s]: encryption needs decryption_keys",
		    issuer->name);
}

/* Whether two different keys have one kid. */
static bool
collide(const struct jwe_key *a, const struct jwe_key *b)
{
	return a->has_kid && b->has_kid && bytes_eq(a->kid, b->kid) &&
	    !jwe_key_equal(a, b);
}

/* Compare a key with the first keys of an issuer. */
static bool
has_rival(const struct issuer *issuer, size_t count, const struct jwe_key *key)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (collide(&issuer->decryption.keys[i], key))
			return true;
	}
	return false;
}

/* Whether a key before this one, of its own issuer or of another, collides. */
static bool
is_second(const struct policy *policy, const struct issuer *issuer,
    size_t index)
{
	const struct jwe_key *key = &issuer->decryption.keys[index];
	const struct issuer *other;

	for (other = policy->issuers; other < issuer; other++) {
		if (has_rival(other, other->decryption.count, key))
			return true;
	}
	return has_rival(issuer, index, key);
}

static enum jwt_reason
compare_keys(const struct policy *policy, const struct issuer *issuer,
    struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = issuer->line
	};
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < issuer->decryption.count; i++) {
		if (!is_second(policy, issuer, i))
			continue;
		reason = JWT_KEY_FILE_INVALID;
		diag_add(diag, place, reason, "[issuer %s]: two different "
		    "decryption_keys have the kid \"%.*s\"", issuer->name,
		    BYTES_SHOW(issuer->decryption.keys[i].kid));
	}
	return reason;
}

enum jwt_reason
policy_compare_decryption(const struct policy *policy, struct diag *diag)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		enum jwt_reason one = compare_keys(policy, &policy->issuers[i],
		    diag);

		if (reason == JWT_OK)
			reason = one;
	}
	return reason;
}
