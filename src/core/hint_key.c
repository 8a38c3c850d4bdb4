/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about the issuer and its keys.  The token is not verified: iss and kid
 * are all that is said of it.
 */
#include "core/base/letter.h"
#include "core/hint_each.h"

static struct bytes
without_slash(struct bytes text)
{
	if (text.len > 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return text;
}

/* Describe a small difference; NULL if the two differ in more than that. */
static const char *
issuer_difference(struct bytes iss, struct bytes known)
{
	if (bytes_eq(iss, known))
		return "is known, but issuers of this service leaves it out";
	if (bytes_eq(without_slash(iss), without_slash(known)))
		return "differs only by a trailing slash";
	if (letters_eq(iss, known))
		return "differs only by upper and lower case";
	return NULL;
}

static void
put_iss(struct hint *hint, struct bytes iss)
{
	hint_text(hint, "iss is ");
	if (iss.len == 0)
		hint_text(hint, "absent, or not a string");
	else
		hint_value(hint, iss);
}

void
hint_issuer(struct hint *hint)
{
	const struct policy *policy = hint->in->policy;
	struct bytes iss = jws_unverified_iss(hint->verdict->jws);
	size_t i;

	put_iss(hint, iss);
	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];
		const char *how = issuer_difference(iss,
		    bytes_str(issuer->iss));

		if (how != NULL) {
			hint_put(hint, ", which %s; [issuer %s] has ", how,
			    issuer->name);
			hint_text(hint, issuer->iss);
			return;
		}
	}
	hint_text(hint, "; configured:");
	for (i = 0; i < policy->issuer_count && i < hint_list_max(hint); i++) {
		hint_text(hint, " ");
		hint_text(hint, policy->issuers[i].iss);
	}
}

/* ---- key ---- */

static void
put_kid(struct hint *hint)
{
	if (hint->verdict->kid.len == 0) {
		hint_text(hint, "the token has no kid");
		return;
	}
	hint_text(hint, "the token's kid is ");
	hint_value(hint, hint->verdict->kid);
}

/* Whether the issuer has several keys of the token's kid, and uses none. */
static bool
is_ambiguous(const struct hint *hint)
{
	const struct jwk_set *set = &hint->verdict->issuer->set;
	size_t i;

	for (i = 0; i < set->ambiguous_count; i++) {
		if (bytes_eq(set->ambiguous[i], hint->verdict->kid))
			return true;
	}
	return false;
}

void
hint_key(struct hint *hint)
{
	const struct issuer *issuer = hint->verdict->issuer;
	size_t i;

	put_kid(hint);
	if (is_ambiguous(hint)) {
		hint_put(hint, ", and issuer %s has different keys of that kid "
		    "for one algorithm, so none of them is used",
		    issuer->name);
		return;
	}
	hint_put(hint, ", the keys of issuer %s are", issuer->name);
	for (i = 0; i < issuer->set.count && i < hint_list_max(hint); i++) {
		const struct jwk *key = &issuer->set.keys[i];

		hint_text(hint, " ");
		if (key->has_kid)
			hint_value(hint, key->kid);
		else
			hint_put(hint, "(a %s without kid)",
			    alg_kind_name(key->kind));
	}
	if (issuer->set.count > hint_list_max(hint))
		hint_text(hint, " ...");
	hint_text(hint, ": does the issuer have new keys?");
}

void
hint_stale(struct hint *hint)
{
	const struct issuer *issuer = hint->verdict->issuer;

	hint_put(hint, "issuer %s has no fetched keys that count; ",
	    issuer->name);
	if (issuer->synced > 0) {
		hint_text(hint, "those it has are of ");
		hint_date(hint, issuer->synced);
		hint_text(hint, "; ");
	}
	hint_put(hint, "pam-jwt check says why, pam-jwt sync %s fetches them",
	    issuer->name);
}

/* Show the algorithms of the issuer, and that of the key. */
void
hint_algorithm(struct hint *hint)
{
	const struct issuer *issuer = hint->verdict->issuer;
	alg_set rest;
	size_t i;

	if (issuer == NULL)
		return;		/* the name of the alg was enough to refuse */
	hint_put(hint, "issuer %s may use", issuer->name);
	for (rest = issuer->algorithms; rest != 0; rest &= rest - 1)
		hint_put(hint, " %s",
		    alg_row((enum alg_id)__builtin_ctz(rest))->name);
	for (i = 0; i < issuer->set.count; i++) {
		const struct jwk *key = &issuer->set.keys[i];

		if (!key->has_kid || key->algs == 0 ||
		    !bytes_eq(key->kid, hint->verdict->kid))
			continue;
		hint_put(hint, ", and the key of its kid is for %s",
		    alg_row(key->alg)->name);
		return;
	}
}

void
hint_signature(struct hint *hint)
{
	put_kid(hint);
	hint_put(hint, "; the token was changed, or issuer %s signs with "
	    "another key than the one in its key file",
	    hint->verdict->issuer->name);
}
