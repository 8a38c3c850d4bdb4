/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token decoded for showing.  Nothing in it is verified, and no decision may
 * use it: decisions use struct claims.
 */
#ifndef JWT_DECODED_H
#define JWT_DECODED_H

#include "core/base/json.h"
#include "core/base/secret.h"

/* A header or a payload. */
struct decoded_json {
	struct bytes raw;	/* as it is in the token; borrowed */
	struct secret text;	/* decoded; empty when it is not base64url */
	struct secret unescaped;	/* doc borrows from it */
	struct json_doc doc;	/* empty unless reason is JWT_OK */
	enum jwt_reason reason;
};

struct decoded {
	struct bytes token;	/* borrowed */
	struct decoded_json header;
	struct decoded_json payload;
};

/*
 * Decode what can be decoded of any bytes; the reason of each says whether
 * it is an object.  The caller must clear *out.
 */
void decoded_open(struct bytes token, struct decoded *out);
void decoded_clear(struct decoded *decoded);

/* The object of a header or payload, or its member; NULL without it. */
const struct json_node *decoded_root(const struct decoded_json *json);
const struct json_node *decoded_member(const struct decoded_json *json,
    const char *name);

/* The text of a string member; empty when it is absent or something else. */
struct bytes decoded_string(const struct decoded_json *json, const char *name);

#endif
