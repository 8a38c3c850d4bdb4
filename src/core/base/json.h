/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON gate: RFC 8259 and nothing more, narrowed to I-JSON (RFC 7493)
 * where two readers could disagree.
 *
 * The gate is also the only reader.  It leaves a flat table of the values it
 * saw, and everything else looks values up there.  The alternative, to check
 * the bytes first and let json-c read them again, was measured and rejected:
 * json-c up to 0.17 answers "success" with members missing when memory runs
 * out, cuts names at \u0000 and needs 264 bytes of heap for a byte of
 * `[{},{}]`.  One reader cannot disagree with itself, takes one allocation
 * that fails closed, and keeps json-c out of setuid programs.  The command
 * uses json-c for printing, on text that this gate has passed.
 *
 * Refused: anything RFC 8259 does not allow (so also NaN, comments, a second
 * value, raw control characters, a byte order mark), UTF-8 that is not
 * well-formed, lone surrogates, \u0000 in a member name, two members of one
 * name in an object after undoing the escapes, and more than the limits.
 */
#ifndef JWT_JSON_H
#define JWT_JSON_H

#include "core/base/bytes.h"
#include "core/reason.h"

enum json_node_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/*
 * One value.  A container is followed by what it holds: for an array its
 * elements, for an object a JSON_STRING (the name) before each value.
 */
struct json_node {
	const uint8_t *ptr;	/* string: unescaped; number: its text; borrowed */
	uint32_t len;		/* bytes at ptr; containers: 0 */
	uint32_t span;		/* nodes of this value, itself included */
	uint32_t marks;		/* object: those of its names; see json_mark() */
	enum json_node_type type;
};

struct json_doc {
	struct json_node *nodes;	/* owned */
	size_t count;
	size_t size;
};

struct json_limits {
	unsigned depth;		/* containers inside each other */
	unsigned members;	/* members of all objects together */
};

/* For the header and the payload of a token, which may come from a stranger. */
extern const struct json_limits json_token_limits;
/* For files that an administrator put there: key sets. */
extern const struct json_limits json_file_limits;

#define JSON_TOKEN_DEPTH	16	/* real tokens use 3 or 4 */
#define JSON_TOKEN_MEMBERS	256
#define JSON_FILE_DEPTH		16
#define JSON_FILE_MEMBERS	16384	/* 256 keys with every member known */
#define JSON_OBJECT_MEMBERS	256	/* of one object, in a file as well */

/*
 * Read text, all of which must be one JSON object.  Strings are unescaped in
 * place, so text is changed, and out borrows it.
 *
 * Returns JWT_OK, JWT_JSON_INVALID, JWT_JSON_DUPLICATE, JWT_JSON_LIMIT or
 * JWT_OUT_OF_MEMORY.  The caller must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason json_parse(uint8_t *text, size_t len,
    const struct json_limits *limits, struct json_doc *out);

/* The same, but any value may be at the top. */
JWT_MUST_USE enum jwt_reason json_parse_value(uint8_t *text, size_t len,
    const struct json_limits *limits, struct json_doc *out);

/* Free the table, but not the text; doc may be empty. */
void json_clear(struct json_doc *doc);

/* The value at the top; NULL for an empty document. */
const struct json_node *json_root(const struct json_doc *doc);

/*
 * One of 32 bits for a name.  Most names that an object does not have have a bit
 * that none of its names has.
 */
static inline uint32_t
json_mark(struct bytes name)
{
	size_t sum = name.len;

	if (name.len > 0)
		sum += name.ptr[0] + (size_t)4 * name.ptr[name.len - 1];
	return (uint32_t)1 << sum % 32;
}

/*
 * The value of a member; NULL if object is NULL, is not an object, or has no
 * such member.  A member whose value is null is there: do not take it for
 * absent.
 */
const struct json_node *json_get(const struct json_node *object,
    struct bytes name);

/* Whether node is not NULL and is of that type. */
static inline bool
json_is(const struct json_node *node, enum json_node_type type)
{
	return node != NULL && node->type == type;
}

/* The text of a string or number; empty for anything else. */
static inline struct bytes
json_text(const struct json_node *node)
{
	if (node == NULL)
		return bytes_of(NULL, 0);
	return bytes_of(node->ptr, node->len);
}

/*
 * Walk a container:
 *	for (item = json_first(c); item; item = json_next(c, item))
 * In an object the items are the names, and json_value(item) the value.
 */
static inline const struct json_node *
json_first(const struct json_node *container)
{
	if (container->span <= 1)
		return NULL;
	return container + 1;
}

static inline const struct json_node *
json_next(const struct json_node *container, const struct json_node *item)
{
	const struct json_node *next = item + item->span;

	if (container->type == JSON_OBJECT)
		next = item + 1 + item[1].span;
	if (next >= container + container->span)
		return NULL;
	return next;
}

static inline const struct json_node *
json_value(const struct json_node *name)
{
	return name + 1;
}

#endif
