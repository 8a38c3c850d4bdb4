/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A borrowed view of bytes: pointer and length travel together, because
 * nothing that comes out of a token may be handled as a C string.
 *
 * bytes_eq() is the only comparison of what a token says: length first, then
 * every byte; no case folding, no prefix, no normalisation (RFC 7515 section
 * 5.3).  It is not constant in time: secrets are compared in sig.c.
 */
#ifndef JWT_BYTES_H
#define JWT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *ptr;	/* borrowed; may be NULL when len is 0 */
	size_t len;
};

static inline struct bytes
bytes_of(const void *ptr, size_t len)
{
	return (struct bytes){ .ptr = ptr, .len = len };
}

/*
 * Two arguments for "%.*s": a view of bytes, cut where it is too long for a
 * message.
 */
#define BYTES_SHOW(bytes) \
	(int)((bytes).len < 80 ? (bytes).len : 80), (const char *)(bytes).ptr

/* A view of a C string of our own, without its terminator. */
static inline struct bytes
bytes_str(const char *str)
{
	return bytes_of(str, strlen(str));
}

static inline bool
bytes_eq(struct bytes a, struct bytes b)
{
	/* Most texts that are not equal differ in length or in their start. */
	return a.len == b.len && (a.len == 0 || (a.ptr[0] == b.ptr[0] &&
	    memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool
bytes_eq_str(struct bytes a, const char *str)
{
	return bytes_eq(a, bytes_str(str));
}

/* Whether a starts with b; whether it ends with b. */
static inline bool
bytes_starts(struct bytes a, struct bytes b)
{
	return a.len >= b.len && bytes_eq(bytes_of(a.ptr, b.len), b);
}

static inline bool
bytes_ends(struct bytes a, struct bytes b)
{
	return a.len >= b.len &&
	    bytes_eq(bytes_of(a.ptr + (a.len - b.len), b.len), b);
}

/*
 * Cut off the bytes before the next separator, or all of them if there is no
 * separator; *rest moves after it.
 */
static inline struct bytes
bytes_cut(struct bytes *rest, uint8_t separator)
{
	struct bytes part = *rest;
	const uint8_t *end;

	if (rest->len == 0)
		return part;
	end = memchr(rest->ptr, separator, rest->len);
	part.len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
	rest->ptr += part.len + (end != NULL);
	rest->len -= part.len + (end != NULL);
	return part;
}

/* Whether the bytes have one of that value. */
static inline bool
bytes_has(struct bytes a, uint8_t byte)
{
	return a.len != 0 && memchr(a.ptr, byte, a.len) != NULL;
}

/* The text without spaces, tabs, carriage returns and newlines at its ends. */
static inline struct bytes
bytes_trim(struct bytes a)
{
	while (a.len > 0 && strchr(" \t\r\n", a.ptr[0]) && a.ptr[0] != '\0') {
		a.ptr++;
		a.len--;
	}
	while (a.len > 0 && a.ptr[a.len - 1] != '\0' &&
	    strchr(" \t\r\n", a.ptr[a.len - 1]))
		a.len--;
	return a;
}

#endif
