/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON by json-c, for output only. */
#include <json-c/json.h>

#include "core/json.h"
#include "core/secret.h"
#include "tool/json_out.h"

struct json_object *
json_out_object(void)
{
	return json_object_new_object();
}

struct json_object *
json_out_array(void)
{
	return json_object_new_array();
}

void
json_out_string(struct json_object *object, const char *name,
    const char *value)
{
	json_out_member(object, name,
	    value == NULL ? NULL : json_object_new_string(value));
}

void
json_out_number(struct json_object *object, const char *name,
    long long value)
{
	json_out_member(object, name, json_object_new_int64(value));
}

void
json_out_boolean(struct json_object *object, const char *name, bool value)
{
	json_out_member(object, name, json_object_new_boolean(value));
}

void
json_out_member(struct json_object *object, const char *name,
    struct json_object *value)
{
	if (object == NULL || json_object_object_add(object, name, value) != 0)
		json_object_put(value);
}

void
json_out_element(struct json_object *array, struct json_object *value)
{
	if (array == NULL || json_object_array_add(array, value) != 0)
		json_object_put(value);
}

/* The gate unescapes in place, so it gets a copy. */
static bool
passes_gate(struct bytes text)
{
	struct secret copy;
	struct json_doc doc;
	bool ok;

	if (secret_copy(text, &copy) != JWT_OK)
		return false;
	ok = json_parse_value(copy.ptr, copy.len, &json_file_limits,
	    &doc) == JWT_OK;
	json_clear(&doc);
	secret_clear(&copy);
	return ok;
}

struct json_object *
json_out_parse(struct bytes text)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_FILE_DEPTH + 2);
	struct json_object *value = NULL;

	if (tokener != NULL && text.len < INT32_MAX && passes_gate(text))
		value = json_tokener_parse_ex(tokener,
		    (const char *)text.ptr, (int)text.len);
	if (tokener != NULL)
		json_tokener_free(tokener);
	return value != NULL ? value : json_out_object();
}

void
json_out_print(struct json_object *value, bool pretty, FILE *out)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;

	flags |= pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
	    JSON_C_TO_STRING_PLAIN;
	text = json_object_to_json_string_ext(value, flags);
	fprintf(out, "%s\n", text == NULL ? "{}" : text);
	json_object_put(value);
}
