/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writer of JSON against the gate: lines are written as names, strings,
 * base64url and numbers, and read back as what they were; or they are refused,
 * because one is not UTF-8 or the text too long.
 */
#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/base/utf8.h"
#include "tests/fuzz/fuzz.h"

#define LIMIT ((size_t)8192)

static bool
is_utf8(struct bytes text)
{
	size_t len;

	for (; text.len > 0; text = bytes_of(text.ptr + len, text.len - len)) {
		len = utf8_len(text);
		if (len == 0)
			return false;
	}
	return true;
}

/* [{line: line}, base64url, length, …]: every kind of value. */
static void
write_lines(struct json_write *json, struct bytes rest)
{
	json_write_array(json);
	while (rest.len > 0) {
		struct bytes line = fuzz_until(&rest, '\n');

		json_write_object(json);
		json_write_name(json, line);
		json_write_string(json, line);
		json_write_close(json);
		json_write_b64url(json, line);
		json_write_integer(json, (int64_t)line.len);
	}
	json_write_close(json);
}

static void
compare(const struct json_node *array, struct bytes rest)
{
	const struct json_node *item = json_first(array), *name;
	char number[24];

	while (rest.len > 0) {
		struct bytes line = fuzz_until(&rest, '\n');

		name = json_first(item);
		FUZZ_CHECK(bytes_eq(json_text(name), line));
		FUZZ_CHECK(bytes_eq(json_text(json_value(name)), line));
		item = json_next(array, item);
		FUZZ_CHECK(json_is(item, JSON_STRING));
		item = json_next(array, item);
		snprintf(number, sizeof(number), "%zu", line.len);
		FUZZ_CHECK(json_is(item, JSON_NUMBER) &&
		    bytes_eq_str(json_text(item), number));
		item = json_next(array, item);
	}
	FUZZ_CHECK(item == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct json_write json;
	struct secret out;
	struct json_doc doc = { 0 };
	enum jwt_reason reason;

	/* The gate refuses U+0000 in a name, which nobody has to write. */
	if (size > 0 && memchr(data, '\0', size) != NULL)
		return 0;
	json_write_start(&json, LIMIT);
	write_lines(&json, input);
	reason = json_write_finish(&json, &out);
	FUZZ_CHECK(reason != JWT_JSON_INVALID || !is_utf8(input));
	FUZZ_CHECK(reason == JWT_OK || out.ptr == NULL);
	FUZZ_CHECK(reason == JWT_OK || reason == JWT_JSON_INVALID ||
	    reason == JWT_JSON_LIMIT);
	if (reason == JWT_OK) {
		FUZZ_CHECK(is_utf8(input) && out.len <= LIMIT);
		FUZZ_CHECK(json_parse_value(out.ptr, out.len,
		    &json_file_limits, &doc) == JWT_OK);
		compare(json_root(&doc), input);
	}
	json_clear(&doc);
	secret_clear(&out);
	return 0;
}
