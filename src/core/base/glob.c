/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A matcher without backtracking: it keeps the set of places in the pattern
 * that the text so far can have led to.  The text is a claim, which may be a
 * user's own choice, and no text makes this matcher slow.
 */
#include "core/base/glob.h"

/* Length of the star at a place in the pattern; 0 if no star is there. */
static size_t
star_len(struct bytes pattern, size_t at)
{
	if (at >= pattern.len || pattern.ptr[at] != '*')
		return 0;
	if (at + 1 < pattern.len && pattern.ptr[at + 1] == '*')
		return 2;
	return 1;
}

/* Add a place, and the places after stars that stand for no byte. */
static void
reach(struct bytes pattern, bool *places, size_t at)
{
	size_t len;

	places[at] = true;
	while ((len = star_len(pattern, at)) != 0) {
		at += len;
		places[at] = true;
	}
}

/* The places that one byte leads to from one place, which is not the end. */
static void
step(struct bytes pattern, bool *places, size_t at, uint8_t byte)
{
	size_t len = star_len(pattern, at);

	if (len == 2 || (len == 1 && byte != '/' && byte != ':'))
		reach(pattern, places, at);
	else if (len == 0 && pattern.ptr[at] == byte)
		reach(pattern, places, at + 1);
}

/*
 * Cut what comes before the first star from both; false if it differs.  Most
 * patterns differ there from most members of a list.
 */
static bool
cut_prefix(struct bytes *pattern, struct bytes *text)
{
	struct bytes rest = *pattern, prefix = bytes_cut(&rest, '*');

	if (!bytes_starts(*text, prefix))
		return false;	/* the matcher would see it later */
	*pattern = bytes_of(pattern->ptr + prefix.len,
	    pattern->len - prefix.len);
	*text = bytes_of(text->ptr + prefix.len, text->len - prefix.len);
	return true;
}

bool
glob_match(struct bytes pattern, struct bytes text)
{
	bool now[GLOB_MAX + 1], next[GLOB_MAX + 1];
	size_t size, i, at;

	if (pattern.len > GLOB_MAX || !cut_prefix(&pattern, &text))
		return false;
	size = pattern.len + 1;		/* places: also the end */
	memset(now, 0, size);
	reach(pattern, now, 0);
	for (i = 0; i < text.len && memchr(now, 1, size); i++) {
		memset(next, 0, size);
		for (at = 0; at < pattern.len; at++) {
			if (now[at])
				step(pattern, next, at, text.ptr[i]);
		}
		memcpy(now, next, size);
	}
	return i == text.len && now[pattern.len];
}
