/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of an issuer together: which of those that share a name are used,
 * so that a token is verified by the key that it means and by no other.
 */
#include "core/jose/jwk.h"

static bool
have_same_name(const struct jwk *a, const struct jwk *b)
{
	return a->has_kid == b->has_kid && bytes_eq(a->kid, b->kid);
}

void
jwk_set_remove(struct jwk_set *set, size_t index)
{
	sig_key_free(set->keys[index].key);
	set->count--;
	memmove(&set->keys[index], &set->keys[index + 1],
	    (set->count - index) * sizeof(*set->keys));
}

/* Whether one token can mean either of two keys. */
static bool
collide(const struct jwk *a, const struct jwk *b)
{
	return (a->algs & b->algs) != 0 && have_same_name(a, b);
}

/* Remove the repetitions of a key that come after it. */
static void
remove_repeated(struct jwk_set *set, size_t index, struct diag_place place,
    struct diag *diag)
{
	size_t i = index + 1;

	while (i < set->count) {
		if (!collide(&set->keys[index], &set->keys[i]) ||
		    !sig_key_equal(set->keys[index].key, set->keys[i].key)) {
			i++;
			continue;
		}
		diag_add(diag, place, JWT_OK, "a %s stands twice, and is used "
		    "once", alg_kind_name(set->keys[i].kind));
		jwk_set_remove(set, i);
	}
}

/* The number of keys with the name and algorithm of this one, with itself. */
static size_t
count_rivals(const struct jwk_set *set, const struct jwk *key)
{
	size_t count = 0, i;

	for (i = 0; i < set->count; i++)
		count += collide(&set->keys[i], key);
	for (i = 0; i < set->unsound_count; i++)
		count += (set->unsound[i].algs & key->algs) != 0 &&
		    bytes_eq(set->unsound[i].kid, key->kid);
	return count;
}

/* Remove all keys that share the name and the algorithm of this one. */
static enum jwt_reason
remove_rivals(struct jwk_set *set, struct jwk key)
{
	struct bytes *more = arena_grow(&set->arena, set->ambiguous,
	    set->ambiguous_count, sizeof(*more));
	size_t i = 0;

	if (more == NULL)
		return JWT_OUT_OF_MEMORY;
	set->ambiguous = more;
	set->ambiguous[set->ambiguous_count++] = key.kid;
	while (i < set->count) {
		if (collide(&set->keys[i], &key))
			jwk_set_remove(set, i);
		else
			i++;
	}
	return JWT_OK;
}

enum jwt_reason
jwk_set_settle(struct jwk_set *set, struct diag_place place,
    struct diag *diag)
{
	size_t i = 0;

	while (i < set->count) {
		const struct jwk *key = &set->keys[i];
		size_t rivals = 0;

		remove_repeated(set, i, place, diag);
		if (key->has_kid)
			rivals = count_rivals(set, key);
		if (rivals <= 1) {
			i++;
			continue;
		}
		diag_add(diag, place, JWT_OK, "%zu different keys have the kid "
		    "\"%.*s\" and the algorithm %s: none of them is used",
		    rivals, BYTES_SHOW(key->kid), alg_row(key->alg)->name);
		if (remove_rivals(set, *key) != JWT_OK)
			return JWT_OUT_OF_MEMORY;
	}
	return JWT_OK;
}

bool
jwk_counts(const struct jwk *key, int64_t now, unsigned leeway_sec,
    unsigned keep_sec)
{
	return !key->is_dropped ||
	    (key->dropped - now <= (int64_t)leeway_sec &&
	    now - key->dropped < (int64_t)keep_sec);
}

void
jwk_set_expire(struct jwk_set *set, int64_t now, unsigned leeway_sec,
    unsigned keep_sec)
{
	size_t i = 0;

	while (i < set->count) {
		if (jwk_counts(&set->keys[i], now, leeway_sec, keep_sec))
			i++;
		else
			jwk_set_remove(set, i);
	}
}

/* Whether the set has a key of this name and algorithm, used or not. */
static bool
has_rival(const struct jwk_set *set, const struct jwk *key)
{
	size_t i;

	if (!key->has_kid)
		return false;
	for (i = 0; i < set->ambiguous_count; i++) {
		if (bytes_eq(set->ambiguous[i], key->kid))
			return true;
	}
	return count_rivals(set, key) > 0;
}

/* Copy the kids of which no key is used. */
static enum jwt_reason
join_ambiguous(struct jwk_set *set, const struct jwk_set *from)
{
	size_t i;

	for (i = 0; i < from->ambiguous_count; i++) {
		struct bytes kid = from->ambiguous[i];
		const char *copy = arena_copy(&set->arena, kid);
		struct bytes *more = arena_grow(&set->arena, set->ambiguous,
		    set->ambiguous_count, sizeof(*more));

		if (copy == NULL || more == NULL)
			return JWT_OUT_OF_MEMORY;
		set->ambiguous = more;
		set->ambiguous[set->ambiguous_count++] =
		    bytes_of(copy, kid.len);
	}
	return JWT_OK;
}

/* Move one key to the end of the set. */
static enum jwt_reason
take_key(struct jwk_set *set, struct jwk *key)
{
	const char *kid = arena_copy(&set->arena, key->kid);
	struct jwk *more = arena_grow(&set->arena, set->keys, set->count,
	    sizeof(*more));

	if (kid == NULL || more == NULL)
		return JWT_OUT_OF_MEMORY;
	set->keys = more;
	set->keys[set->count] = *key;
	set->keys[set->count++].kid = bytes_of(kid, key->kid.len);
	key->key = NULL;	/* transferred */
	return JWT_OK;
}

/*
 * Whether a fetched key may join the set, which had the keys of own before.  A
 * provider must not replace, or make ambiguous, a key of the host's own files.
 */
static bool
may_join(const struct jwk_set *set, const struct jwk_set *own,
    const struct jwk *key, struct diag_place place, struct diag *diag)
{
	if (has_rival(own, key)) {
		diag_add(diag, place, JWT_OK, "the fetched key with the kid "
		    "\"%.*s\" is not used: a key of this host has that kid",
		    BYTES_SHOW(key->kid));
		return false;
	}
	if (set->count == JWK_SET_MAX) {
		diag_add(diag, place, JWT_OK, "a fetched key is not used: the "
		    "issuer has 256 keys already");
		return false;
	}
	return true;
}

enum jwt_reason
jwk_set_join(struct jwk_set *set, struct jwk_set *from,
    struct diag_place place, struct diag *diag)
{
	const struct jwk_set own = *set;	/* its keys as they were */
	enum jwt_reason reason;
	size_t i;

	set->is_cut = own.is_cut || from->is_cut ||
	    own.count + from->count > JWK_SET_MAX;
	for (i = 0; i < from->count; i++) {
		if (!may_join(set, &own, &from->keys[i], place, diag))
			continue;
		reason = take_key(set, &from->keys[i]);
		if (reason != JWT_OK)
			return reason;
	}
	return join_ambiguous(set, from);
}

void
jwk_set_clear(struct jwk_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		sig_key_free(set->keys[i].key);
	arena_clear(&set->arena);
	*set = (struct jwk_set){ 0 };
}
