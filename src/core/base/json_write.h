/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON text (RFC 8259), written piece by piece into a buffer that is wiped.
 *
 * Callers need not look at each piece: a writer that has failed once, because
 * memory ran out, the text became too long, a string is not UTF-8, or a piece
 * stands where JSON has no place for it, holds nothing any more and stays
 * failed, and json_write_finish() says why.  So a piece can never be missing
 * from a text that comes out.
 *
 * The writer adds commas, colons and quotes.  The caller must not write a name
 * twice into an object, and must give json_write_raw() one whole value.
 */
#ifndef JWT_JSON_WRITE_H
#define JWT_JSON_WRITE_H

#include "core/base/bytes.h"
#include "core/base/secret.h"

#define JSON_WRITE_DEPTH 16	/* objects and arrays inside each other */

/* Set by json_write_start(); json_write.c alone looks at the members. */
struct json_write {
	struct secret text;	/* owned */
	size_t limit;
	enum jwt_reason reason;	/* of the first failure */
	uint32_t objects;	/* a bit for each open level: an object */
	unsigned depth;
	bool has_item;		/* the next one comes after a comma */
	bool has_name;		/* its value must come next */
	bool is_whole;		/* the value at the top is there */
};

/* Begin a text of at most limit bytes.  Takes no memory yet. */
void json_write_start(struct json_write *json, size_t limit);

/* Open an object or an array; close the one that was opened last. */
void json_write_object(struct json_write *json);
void json_write_array(struct json_write *json);
void json_write_close(struct json_write *json);

/* The name of the member whose value comes next. */
void json_write_name(struct json_write *json, struct bytes name);

/* A value: a string in UTF-8, which may hold U+0000; an integer. */
void json_write_string(struct json_write *json, struct bytes value);
void json_write_integer(struct json_write *json, int64_t value);

/* A string: the bytes in base64url without padding (RFC 7515 section 2). */
void json_write_b64url(struct json_write *json, struct bytes value);

/* One JSON value as it is; json_parse_value() must have accepted it. */
void json_write_raw(struct json_write *json, struct bytes value);

/* A member whose value is a string; name and value end with NUL. */
void json_write_member(struct json_write *json, const char *name,
    const char *value);

/*
 * Hand the text over: *out is a new buffer, without a terminator, and json is
 * as json_write_clear() leaves it.  On failure *out is empty.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY; JWT_JSON_LIMIT beyond the limit or the
 * depth; JWT_JSON_INVALID for a string that is not UTF-8; JWT_INTERNAL for a
 * piece in the wrong place, and for a text that is not whole.
 */
JWT_MUST_USE enum jwt_reason json_write_finish(struct json_write *json,
    struct secret *out);

/* Wipe a text that is not wanted any more. */
void json_write_clear(struct json_write *json);

#endif
