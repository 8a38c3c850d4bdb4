/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds and prints JSON by json-c, which no other file includes.  json-c reads
 * nothing here: values of a token are handed over one by one, as the parser of
 * core/base/json.h has read them.
 *
 * When memory runs out, the program ends with a message, because json-c would
 * leave members out.
 */
#ifndef JWT_JSON_OUT_H
#define JWT_JSON_OUT_H

#include <stdio.h>

#include "core/base/json.h"

struct json_object;

/* A new empty object or array. */
struct json_object *json_out_object(void);
struct json_object *json_out_array(void);

/* Add a member; a NULL string is JSON null. */
void json_out_string(struct json_object *object, const char *name,
    const char *value);
void json_out_number(struct json_object *object, const char *name,
    long long value);
void json_out_boolean(struct json_object *object, const char *name,
    bool value);

/*
 * Add a member or an element; the value must not be NULL, and is handed over.
 */
void json_out_member(struct json_object *object, const char *name,
    struct json_object *value);
void json_out_element(struct json_object *array, struct json_object *value);

/* A string, in UTF-8. */
struct json_object *json_out_text(struct bytes text);

/*
 * Make json-c's value of one that the parser has read; numbers keep their
 * spelling.  NULL gives an empty object.
 */
struct json_object *json_out_node(const struct json_node *node);

/*
 * Print the value in ASCII, on one line or pretty, and free it.  Against other
 * characters: a terminal may obey some, and some look like letters that they
 * are not.
 */
void json_out_print(struct json_object *value, bool pretty, FILE *out);

#endif
