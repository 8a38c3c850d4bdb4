/* SPDX-License-Identifier: BSD-2-Clause */
/* The old set: which of its keys stay although they are published no more. */
#include "core/policy/fetched.h"
#include "sync/keyset_maker.h"

static bool
is_same(const struct jwk *a, const struct jwk *b)
{
	return a->has_kid == b->has_kid && bytes_eq(a->kid, b->kid) &&
	    a->alg == b->alg && sig_key_equal(a->key, b->key);
}

const struct jwk *
keyset_find(const struct jwk_set *set, const struct jwk *key)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (is_same(&set->keys[i], key))
			return &set->keys[i];
	}
	return NULL;
}

/* Whether the old set counts now, by the login's own judgement. */
static enum jwt_reason
judge_old(const struct keyset_input *input, bool *counts)
{
	struct issuer issuer = *input->issuer;
	struct diag diag = { 0 };
	struct secret text;
	enum jwt_reason reason = secret_copy(input->old, &text);

	issuer.set = (struct jwk_set){ 0 };
	if (reason != JWT_OK)
		return reason;
	reason = fetched_add(input->policy, &issuer, issuer.name, &text,
	    input->now, &diag);
	*counts = reason == JWT_OK && issuer.fetched == JWT_OK;
	jwk_set_clear(&issuer.set);
	secret_clear(&text);
	diag_clear(&diag);
	return reason;
}

static bool
is_published(const struct maker *in, const struct jwk *key)
{
	size_t i;

	for (i = 0; key->has_kid && i < in->kid_count; i++) {
		if (bytes_eq(in->kids[i], key->kid))
			return true;
	}
	return keyset_find(&in->set, key) != NULL;
}

/* Whether a key of the old set stays although it is not published. */
static bool
may_stay(const struct maker *in, const struct jwk *key)
{
	const struct issuer *issuer = in->input->issuer;

	if (!jwk_counts(key, in->input->now, issuer->leeway_sec,
	    issuer->sync.keep_old_sec))
		return false;
	if (issuer->algorithms_given && (key->algs & issuer->algorithms) == 0)
		return false;
	return !is_published(in, key) && in->set.count < JWK_SET_MAX;
}

/* A copy of an old key, dropped now if it was not before. */
static enum jwt_reason
keep_key(struct maker *in, const struct jwk *key)
{
	struct jwk_set *set = &in->set;
	struct jwk copy = *key;
	struct jwk *more = arena_grow(&set->arena, set->keys, set->count,
	    sizeof(*more));
	const char *kid = arena_copy(&set->arena, key->kid);
	enum jwt_reason reason;

	if (more == NULL || kid == NULL)
		return JWT_OUT_OF_MEMORY;
	set->keys = more;
	copy.kid = bytes_of(kid, key->kid.len);
	if (!key->is_dropped)
		copy.dropped = in->input->now;
	copy.is_dropped = true;
	reason = sig_key_new(sig_key_numbers(key->key), &copy.key);
	if (reason != JWT_OK)
		return reason;
	set->keys[set->count++] = copy;
	in->kept++;
	return JWT_OK;
}

/*
 * The keys of the old set that are published no more, for as long as keep_old
 * lets them stay.  Those of a set that does not count would come to life again.
 */
enum jwt_reason
keyset_keep_old(struct maker *in)
{
	const struct jwk_set *set = &in->old;
	enum jwt_reason reason;
	bool counts;
	size_t i;

	if (set->count == 0 || in->input->issuer->sync.keep_old_sec == 0)
		return JWT_OK;
	reason = judge_old(in->input, &counts);
	if (reason != JWT_OK || !counts)
		return reason;
	for (i = 0; i < set->count; i++) {
		if (!may_stay(in, &set->keys[i]))
			continue;
		reason = keep_key(in, &set->keys[i]);
		if (reason != JWT_OK)
			return reason;
	}
	if (in->kept > 0)
		keyset_note(in->out, "%zu key%s kept, not published any more",
		    in->kept, keyset_plural(in->kept));
	return JWT_OK;
}

