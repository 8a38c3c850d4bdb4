/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens decoded for people, as far as it goes. */
#include "cli/decoded.h"
#include "core/base/b64url.h"

/* The gate unescapes in place, so it gets a copy of the text. */
static enum jwt_reason
decode(struct look_part *part)
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
look_open(struct bytes token, struct look *out)
{
	struct bytes rest = token;

	*out = (struct look){ .token = token };
	out->header.raw = bytes_cut(&rest, '.');
	out->payload.raw = bytes_cut(&rest, '.');
	out->header.reason = decode(&out->header);
	out->payload.reason = decode(&out->payload);
}

static void
clear_part(struct look_part *part)
{
	json_clear(&part->doc);
	secret_clear(&part->text);
	secret_clear(&part->unescaped);
}

void
look_clear(struct look *look)
{
	clear_part(&look->header);
	clear_part(&look->payload);
}

const struct json_node *
look_root(const struct look_part *part)
{
	if (part->reason != JWT_OK)
		return NULL;
	return json_root(&part->doc);
}

const struct json_node *
look_member(const struct look_part *part, const char *name)
{
	return json_get(look_root(part), bytes_str(name));
}

struct bytes
look_string(const struct look_part *part, const char *name)
{
	const struct json_node *node = look_member(part, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
}
