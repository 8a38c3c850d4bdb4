/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes JSON by json-c.  json-c never reads here: values of a token come from
 * the strict parser of the core, one by one.
 */
#include <stdlib.h>

#include <json-c/json.h>

#include "core/base/utf8.h"
#include "tool/json_out.h"
#include "tool/tool.h"

static void
run_out(void)
{
	fputs("pam-jwt: memory ran out\n", stderr);
	exit(EXIT_TROUBLE);
}

/* In json-c NULL is also JSON's null, so a failure must be noticed at once. */
static struct json_object *
not_null(struct json_object *value)
{
	if (value == NULL)
		run_out();
	return value;
}

struct json_object *
json_out_object(void)
{
	return not_null(json_object_new_object());
}

struct json_object *
json_out_array(void)
{
	return not_null(json_object_new_array());
}

static void
add_member(struct json_object *object, const char *name,
    struct json_object *value)
{
	if (json_object_object_add(object, name, value) != 0)
		run_out();
}

static void
add_element(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		run_out();
}

void
json_out_string(struct json_object *object, const char *name,
    const char *value)
{
	struct json_object *text = NULL;

	if (value != NULL)
		text = not_null(json_object_new_string(value));
	add_member(object, name, text);
}

void
json_out_number(struct json_object *object, const char *name,
    long long value)
{
	add_member(object, name, not_null(json_object_new_int64(value)));
}

void
json_out_boolean(struct json_object *object, const char *name, bool value)
{
	add_member(object, name, not_null(json_object_new_boolean(value)));
}

void
json_out_member(struct json_object *object, const char *name,
    struct json_object *value)
{
	add_member(object, name, not_null(value));
}

void
json_out_element(struct json_object *array, struct json_object *value)
{
	add_element(array, not_null(value));
}

/* Copy text and terminate it; core/base/json.h refuses a NUL in a name. */
static char *
c_string(struct bytes text)
{
	char *copy = calloc(1, text.len + 1);

	if (copy == NULL)
		run_out();
	else if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	return copy;
}

/* json-c prints a number as the text that is given here, not as the double. */
static struct json_object *
number_of(struct bytes text)
{
	char *spelling = c_string(text);
	struct json_object *value;

	value = not_null(json_object_new_double_s(0.0, spelling));
	free(spelling);
	return value;
}

struct json_object *
json_out_text(struct bytes text)
{
	if (text.len == 0)
		return not_null(json_object_new_string(""));
	return not_null(json_object_new_string_len((const char *)text.ptr,
	    (int)text.len));
}

/* A value that is not an array or an object; NULL is json-c's null. */
static struct json_object *
scalar_of(const struct json_node *node)
{
	switch (node->type) {
	case JSON_STRING:
		return json_out_text(json_text(node));
	case JSON_NUMBER:
		return number_of(json_text(node));
	case JSON_TRUE:
	case JSON_FALSE:
		return not_null(json_object_new_boolean(
		    node->type == JSON_TRUE));
	default:
		return NULL;
	}
}

static struct json_object *value_of(const struct json_node *node);

static struct json_object *
object_of(const struct json_node *node)
{
	struct json_object *object = json_out_object();
	const struct json_node *name;

	for (name = json_first(node); name; name = json_next(node, name)) {
		char *text = c_string(json_text(name));

		add_member(object, text, value_of(json_value(name)));
		free(text);
	}
	return object;
}

static struct json_object *
array_of(const struct json_node *node)
{
	struct json_object *array = json_out_array();
	const struct json_node *item;

	for (item = json_first(node); item; item = json_next(node, item))
		add_element(array, value_of(item));
	return array;
}

/* The parser limits the depth of the recursion to JSON_TOKEN_DEPTH. */
static struct json_object *
value_of(const struct json_node *node)
{
	switch (node->type) {
	case JSON_OBJECT:
		return object_of(node);
	case JSON_ARRAY:
		return array_of(node);
	default:
		return scalar_of(node);
	}
}

struct json_object *
json_out_node(const struct json_node *node)
{
	if (node == NULL)
		return json_out_object();
	return value_of(node);
}

/* The code point of a well-formed character of len bytes. */
static uint32_t
code_point(const uint8_t *at, size_t len)
{
	uint32_t code = len == 1 ? at[0] : at[0] & (0xffU >> (len + 1));
	size_t i;

	for (i = 1; i < len; i++)
		code = code << 6 | (at[i] & 0x3f);
	return code;
}

/* Print \uXXXX; beyond U+FFFF a surrogate pair (RFC 8259 section 7). */
static void
print_escaped(uint32_t code, FILE *out)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		fprintf(out, "\\u%04x", 0xd800 + (unsigned)(code >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	fprintf(out, "\\u%04x", (unsigned)code);
}

/*
 * Escape every character outside ASCII.  JSON has such characters only in
 * strings, so an escape is valid wherever one is needed.
 */
static void
print_ascii(struct bytes text, FILE *out)
{
	while (text.len > 0) {
		uint32_t code = 0xfffd;	/* for what is not UTF-8 */
		size_t len = utf8_len(text);

		if (len > 0)
			code = code_point(text.ptr, len);
		else
			len = 1;
		if (text.ptr[0] < 0x7f)
			fputc(text.ptr[0], out);
		else
			print_escaped(code, out);
		text = bytes_of(text.ptr + len, text.len - len);
	}
}

void
json_out_print(struct json_object *value, bool pretty, FILE *out)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;

	if (pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	text = json_object_to_json_string_ext(value, flags);
	if (text == NULL)
		run_out();
	else
		print_ascii(bytes_str(text), out);
	fputc('\n', out);
	json_object_put(value);
}
