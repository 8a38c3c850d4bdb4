/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one writer of JSON.  The text may hold a private key or a token, so it is
 * in no other buffer, and a buffer that has become too small is wiped.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "core/base/utf8.h"

#define FIRST_SIZE ((size_t)256)	/* bytes; most texts fit, others double */

/* ---- room ---- */

/* Note the first failure, and wipe the text: a part of it is of no use. */
static void
fail(struct json_write *json, enum jwt_reason reason)
{
	if (json->reason == JWT_OK)
		json->reason = reason;
	secret_clear(&json->text);
}

/* Move the text into a buffer with room for size bytes at least. */
static bool
grow(struct json_write *json, size_t size)
{
	struct secret larger;
	size_t room = json->text.size;

	if (room < FIRST_SIZE)
		room = FIRST_SIZE;
	while (room < size && room <= json->limit / 2)
		room *= 2;
	if (room < size || room > json->limit)
		room = json->limit;
	if (secret_alloc(room, &larger) != JWT_OK) {
		fail(json, JWT_OUT_OF_MEMORY);
		return false;
	}
	larger.len = json->text.len;
	if (json->text.len > 0)
		memcpy(larger.ptr, json->text.ptr, json->text.len);
	secret_clear(&json->text);
	json->text = larger;
	return true;
}

/* Room for len bytes at the end; NULL for a writer that has failed. */
static uint8_t *
extend(struct json_write *json, size_t len)
{
	size_t have = json->text.len;

	if (json->reason != JWT_OK)
		return NULL;
	if (len > json->limit - have) {
		fail(json, JWT_JSON_LIMIT);
		return NULL;
	}
	if (have + len > json->text.size && !grow(json, have + len))
		return NULL;
	json->text.len = have + len;
	return json->text.ptr + have;
}

static void
put(struct json_write *json, struct bytes piece)
{
	uint8_t *place = extend(json, piece.len);

	if (place != NULL && piece.len > 0)
		memcpy(place, piece.ptr, piece.len);
}

static void
put_text(struct json_write *json, const char *text)
{
	put(json, bytes_str(text));
}

/* ---- the places where JSON has a name, and where it has a value ---- */

static bool
is_in_object(const struct json_write *json)
{
	return json->depth > 0 &&
	    (json->objects >> (json->depth - 1) & 1) != 0;
}

/* Refuse a value where JSON has no place for it; write an array's comma. */
static void
begin_value(struct json_write *json)
{
	if (json->is_whole || is_in_object(json) != json->has_name) {
		fail(json, JWT_INTERNAL);
		return;
	}
	if (json->has_item && !json->has_name)
		put_text(json, ",");
	json->has_name = false;
}

static void
end_value(struct json_write *json)
{
	json->has_item = true;
	json->is_whole = json->depth == 0;
}

/* ---- objects and arrays ---- */

static void
open_level(struct json_write *json, bool is_object)
{
	begin_value(json);
	if (json->depth == JSON_WRITE_DEPTH) {
		fail(json, JWT_JSON_LIMIT);
		return;
	}
	json->objects &= ~((uint32_t)1 << json->depth);
	json->objects |= (uint32_t)is_object << json->depth;
	json->depth++;
	json->has_item = false;
	put_text(json, is_object ? "{" : "[");
}

void
json_write_object(struct json_write *json)
{
	open_level(json, true);
}

void
json_write_array(struct json_write *json)
{
	open_level(json, false);
}

void
json_write_close(struct json_write *json)
{
	if (json->depth == 0 || json->has_name) {
		fail(json, JWT_INTERNAL);
		return;
	}
	put_text(json, is_in_object(json) ? "}" : "]");
	json->depth--;
	end_value(json);
}

/* ---- strings ---- */

/* One character, escaped where RFC 8259 section 7 demands it. */
static void
put_character(struct json_write *json, struct bytes character)
{
	uint8_t c = character.ptr[0];
	char escape[8];

	if (c == '"' || c == '\\')
		put_text(json, "\\");
	if (c >= 0x20) {
		put(json, character);
		return;
	}
	snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c);
	put_text(json, escape);
}

/*
 * A string that is not UTF-8 would be read in two ways: a text with one is
 * refused here, as the gate (json.c) refuses it.
 */
static void
put_string(struct json_write *json, struct bytes text)
{
	put_text(json, "\"");
	while (text.len > 0 && json->reason == JWT_OK) {
		size_t len = utf8_len(text);

		if (len == 0) {
			fail(json, JWT_JSON_INVALID);
			return;
		}
		put_character(json, bytes_of(text.ptr, len));
		text = bytes_of(text.ptr + len, text.len - len);
	}
	put_text(json, "\"");
}

void
json_write_name(struct json_write *json, struct bytes name)
{
	if (!is_in_object(json) || json->has_name) {
		fail(json, JWT_INTERNAL);
		return;
	}
	if (json->has_item)
		put_text(json, ",");
	put_string(json, name);
	put_text(json, ":");
	json->has_name = true;
}

void
json_write_string(struct json_write *json, struct bytes value)
{
	begin_value(json);
	put_string(json, value);
	end_value(json);
}

void
json_write_b64url(struct json_write *json, struct bytes value)
{
	uint8_t *place;

	begin_value(json);
	put_text(json, "\"");
	place = extend(json, b64url_encoded_len(value.len));
	if (place != NULL)
		b64url_encode(value, (char *)place);
	put_text(json, "\"");
	end_value(json);
}

void
json_write_member(struct json_write *json, const char *name,
    const char *value)
{
	json_write_name(json, bytes_str(name));
	json_write_string(json, bytes_str(value));
}

/* ---- other values ---- */

void
json_write_integer(struct json_write *json, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	json_write_raw(json, bytes_str(text));
}

void
json_write_raw(struct json_write *json, struct bytes value)
{
	begin_value(json);
	if (value.len == 0)
		fail(json, JWT_INTERNAL);
	put(json, value);
	end_value(json);
}

/* ---- beginning and end ---- */

void
json_write_start(struct json_write *json, size_t limit)
{
	*json = (struct json_write){ .limit = limit, .reason = JWT_OK };
}

enum jwt_reason
json_write_finish(struct json_write *json, struct secret *out)
{
	enum jwt_reason reason;

	*out = (struct secret){ 0 };
	if (!json->is_whole)
		fail(json, JWT_INTERNAL);
	reason = json->reason;
	if (reason == JWT_OK) {
		*out = json->text;
		json->text = (struct secret){ 0 };
	}
	json_write_clear(json);
	return reason;
}

void
json_write_clear(struct json_write *json)
{
	secret_clear(&json->text);
	/* Until json_write_start() is called again, nothing is written. */
	*json = (struct json_write){ .reason = JWT_INTERNAL };
}
