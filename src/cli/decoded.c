/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes as much of a token as can be decoded, to show it to people. */
#include "cli/decoded.h"
#include "core/base/b64url.h"

/*
 * json_parse() unescapes strings in place, so it gets a copy: json->text keeps
 * the bytes that the token has.
 */
static enum jwt_reason
decode(struct decoded_json *json)
{
	enum jwt_reason reason;

	reason = secret_alloc(b64url_decoded_len(json->raw.len), &json->text);
	if (reason != JWT_OK)
		return reason;
	reason = b64url_decode(json->raw, json->text.ptr);
	if (reason != JWT_OK) {
		secret_clear(&json->text);
		return reason;
	}
	reason = secret_copy(secret_bytes(&json->text), &json->unescaped);
	if (reason != JWT_OK)
		return reason;
	reason = json_parse(json->unescaped.ptr, json->unescaped.len,
	    &json_token_limits, &json->doc);
	if (reason != JWT_OK)
		json_clear(&json->doc);
	return reason;
}

void
decoded_open(struct bytes token, struct decoded *out)
{
	struct bytes rest = token;

	*out = (struct decoded){ .token = token };
	out->header.raw = bytes_cut(&rest, '.');
	out->payload.raw = bytes_cut(&rest, '.');
	out->header.reason = decode(&out->header);
	out->payload.reason = decode(&out->payload);
}

static void
clear_json(struct decoded_json *json)
{
	json_clear(&json->doc);
	secret_clear(&json->text);
	secret_clear(&json->unescaped);
}

void
decoded_clear(struct decoded *decoded)
{
	clear_json(&decoded->header);
	clear_json(&decoded->payload);
}

const struct json_node *
decoded_root(const struct decoded_json *json)
{
	if (json->reason != JWT_OK)
		return NULL;
	return json_root(&json->doc);
}

const struct json_node *
decoded_member(const struct decoded_json *json, const char *name)
{
	return json_get(decoded_root(json), bytes_str(name));
}

struct bytes
decoded_string(const struct decoded_json *json, const char *name)
{
	const struct json_node *node = decoded_member(json, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
}
