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

/* Free a key of the set; those after it move up. */
static void
remove_key(struct jwk_set *set, size_t index)
{
	sig_key_free(set->keys[index].key);
	set->count--;
	memmove(&set->keys[index], &set->keys[index + 1],
	    (set->count - index) * sizeof(*set->keys));
}

/* Whether two keys can be meant by the same tokens. */
static bool
collide(const struct jwk *a, const struct jwk *b)
{
	return (a->algs & b->algs) != 0 && have_same_name(a, b);
}

/* Keys that stand once more after this one. */
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
		remove_key(set, i);
	}
}

/* How many keys share the name and the algorithm of this one, itself too. */
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
			remove_key(set, i);
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
		size_t rivals;

		remove_repeated(set, i, place, diag);
		rivals = key->has_kid ? count_rivals(set, key) : 0;
		if (rivals <= 1) {
			i++;
			continue;
		}
		diag_add(diag, place, JWT_OK, "%zu different keys have the kid "
		    "\"%.*s\" and the algorithm %s: none of them is used",
		    rivals, key->kid.len < 80 ? (int)key->kid.len : 80,
		    (const char *)key->kid.ptr, alg_row(key->alg)->name);
		if (remove_rivals(set, *key) != JWT_OK)
			return JWT_OUT_OF_MEMORY;
	}
	return JWT_OK;
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
