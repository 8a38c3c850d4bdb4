/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes as much of a token as can be decoded, to show it to people. */
#include "cli/decoded.h"
#include "core/base/b64url.h"

/*
 * json_parse() unescapes strings in place, so it gets a copy: part->text keeps
 * the bytes that the token has.
 */
static enum jwt_reason
decode(struct decoded_part *part)
{
	enum jwt_reason reason;

	reason = secret_alloc(b64url_decoded_len(part->raw.len), &part->text);
	if (reason != JWT_OK)
		return reason;
	reason = b64url_decode(part->raw, part->text.ptr);
	if (reason != JWT_OK) {
		secret_clear(&part->text);
		return reason;
	}
	reason = secret_copy(secret_bytes(&part->text), &part->unescaped);
	if (reason != JWT_OK)
		return reason;
	reason = json_parse(part->unescaped.ptr, part->unescaped.len,
	    &json_token_limits, &part->doc);
	if (reason != JWT_OK)
		json_clear(&part->doc);
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
clear_part(struct decoded_part *part)
{
	json_clear(&part->doc);
	secret_clear(&part->text);
	secret_clear(&part->unescaped);
}

void
decoded_clear(struct decoded *decoded)
{
	clear_part(&decoded->header);
	clear_part(&decoded->payload);
}

const struct json_node *
decoded_root(const struct decoded_part *part)
{
	if (part->reason != JWT_OK)
		return NULL;
	return json_root(&part->doc);
}

const struct json_node *
decoded_member(const struct decoded_part *part, const char *name)
{
	return json_get(decoded_root(part), bytes_str(name));
}

struct bytes
decoded_string(const struct decoded_part *part, const char *name)
{
	const struct json_node *node = decoded_member(part, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
}
