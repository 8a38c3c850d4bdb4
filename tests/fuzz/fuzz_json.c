/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON gate: what it lets through json-c in its strict mode reads too,
 * with the same members, the same strings and the same types; and exact
 * numbers are ordered as their roundings are.  The same input between two
 * quotes is a string, or not, and a reader that takes one character at a time
 * says the same.
 */
#include "core/base/json.h"
#include "core/base/number.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/jsonc.h"
#include "tests/lib/plain_string.h"

/* json-c 0.18 takes all that is not ASCII for control characters if strict. */
#if JSON_C_VERSION_NUM >= 0x001200
#define FLAGS 0
#else
#define FLAGS (JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
#endif

/* json-c's reading of the text; it wants a NUL behind a bare number. */
static struct json_object *
read_strictly(struct bytes text)
{
	struct json_tokener *tokener = json_tokener_new();
	char *copy = malloc(text.len + 1);
	struct json_object *out;

	FUZZ_CHECK(tokener != NULL && copy != NULL);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	json_tokener_set_flags(tokener, FLAGS);
	out = json_tokener_parse_ex(tokener, copy, (int)text.len + 1);
	FUZZ_CHECK(json_tokener_get_error(tokener) == json_tokener_success);
	json_tokener_free(tokener);
	free(copy);
	return out;
}

static void compare(const struct json_node *ours, struct json_object *theirs);

static void
compare_object(const struct json_node *ours, struct json_object *theirs)
{
	const struct json_node *name;
	int count = 0;

	for (name = json_first(ours); name; name = json_next(ours, name)) {
		char *key = fuzz_string(json_text(name));
		struct json_object *value;

		FUZZ_CHECK(strlen(key) == name->len);
		FUZZ_CHECK(json_object_object_get_ex(theirs, key, &value));
		FUZZ_CHECK(json_get(ours, json_text(name)) ==
		    json_value(name));
		compare(json_value(name), value);
		free(key);
		count++;
	}
	FUZZ_CHECK(count == json_object_object_length(theirs));
}

static void
compare_array(const struct json_node *ours, struct json_object *theirs)
{
	const struct json_node *item;
	size_t count = 0;

	for (item = json_first(ours); item; item = json_next(ours, item))
		compare(item, json_object_array_get_idx(theirs, count++));
	FUZZ_CHECK(count == json_object_array_length(theirs));
}

/* Rounding keeps the order, so doubles that differ tell the exact one. */
static void
check_number(struct bytes text)
{
	static const char *const others[] = {
		"0", "1", "-1", "1300819380", "9007199254740991", "1e5"
	};
	char *copy = fuzz_string(text);
	double value = strtod(copy, NULL), other;
	struct number_date date;
	size_t i;

	FUZZ_CHECK(number_is_valid(text));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		int order = number_compare(text, bytes_str(others[i]));

		FUZZ_CHECK(order ==
		    -number_compare(bytes_str(others[i]), text));
		other = strtod(others[i], NULL);
		FUZZ_CHECK(value < other ? order < 0 : value > other ?
		    order > 0 : true);
	}
	FUZZ_CHECK(number_compare(text, text) == 0);
	if (number_date(text, &date) == JWT_OK) {
		char floor[24], ceil[24];

		snprintf(floor, sizeof(floor), "%lld",
		    (long long)date.floor_sec);
		snprintf(ceil, sizeof(ceil), "%lld", (long long)date.ceil_sec);
		FUZZ_CHECK(number_compare(text, bytes_str(floor)) >= 0);
		FUZZ_CHECK(number_compare(text, bytes_str(ceil)) <= 0);
		FUZZ_CHECK(date.ceil_sec - date.floor_sec ==
		    (number_compare(text, bytes_str(floor)) != 0));
	}
	free(copy);
}

static void
compare(const struct json_node *ours, struct json_object *theirs)
{
	switch (ours->type) {
	case JSON_NULL:
		FUZZ_CHECK(theirs == NULL);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		FUZZ_CHECK(json_object_is_type(theirs, json_type_boolean));
		FUZZ_CHECK(json_object_get_boolean(theirs) ==
		    (ours->type == JSON_TRUE));
		break;
	case JSON_NUMBER:
		FUZZ_CHECK(json_object_is_type(theirs, json_type_int) ||
		    json_object_is_type(theirs, json_type_double));
		check_number(json_text(ours));
		break;
	case JSON_STRING:
		FUZZ_CHECK(json_object_is_type(theirs, json_type_string));
		FUZZ_CHECK(bytes_eq(json_text(ours), bytes_of(
		    json_object_get_string(theirs),
		    (size_t)json_object_get_string_len(theirs))));
		break;
	case JSON_ARRAY:
		compare_array(ours, theirs);
		break;
	case JSON_OBJECT:
		compare_object(ours, theirs);
		break;
	}
}

/*
 * json-c 0.16 takes \ud836\udc00, and every pair whose code point ends
 * in d800 to dfff, for lone surrogates, and puts U+FFFD in their place: such
 * characters cannot be compared.
 */
static bool
has_surrogate_look(const struct json_doc *doc)
{
	size_t i, k;

	for (i = 0; i < doc->count; i++) {
		const uint8_t *c = doc->nodes[i].ptr;

		for (k = 0; k + 4 <= doc->nodes[i].len; k++) {
			if (c[k] >= 0xf0 && (c[k + 1] & 0x0f) == 0x0d &&
			    (c[k + 2] & 0x20) != 0)
				return true;
		}
	}
	return false;
}

/* The input as the inside of a string, by the gate and by the plain reader. */
static void
check_string(struct bytes inside)
{
	size_t len = inside.len + 2, plain_len;
	uint8_t *text = malloc(len), *plain = malloc(len);
	struct json_doc doc;
	bool good;

	FUZZ_CHECK(text != NULL && plain != NULL);
	text[0] = text[len - 1] = '"';
	memcpy(text + 1, inside.ptr, inside.len);
	good = plain_string_read(inside, plain, &plain_len);
	FUZZ_CHECK((json_parse_value(text, len, &json_token_limits, &doc) ==
	    JWT_OK) == good);
	if (good) {
		FUZZ_CHECK(json_is(json_root(&doc), JSON_STRING));
		FUZZ_CHECK(bytes_eq(json_text(json_root(&doc)),
		    bytes_of(plain, plain_len)));
	}
	json_clear(&doc);
	free(text);
	free(plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct secret text = fuzz_copy(input);
	struct json_object *theirs;
	struct json_doc doc;

	if (json_parse_value(text.ptr, text.len, &json_token_limits, &doc) ==
	    JWT_OK && !has_surrogate_look(&doc)) {
		theirs = read_strictly(input);
		compare(json_root(&doc), theirs);
		json_object_put(theirs);
	}
	json_clear(&doc);
	free(text.ptr);
	check_string(input);
	return 0;
}
