/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON for printing, built and formatted by json-c, which nothing else in
 * the program includes.  json-c reads nothing here: what comes from a token
 * is handed over value by value as the gate of core/base/json.h saw it.
 *
 * Without memory the command ends, with a message: json-c would leave
 * members out.
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

/* Add a member or an element, and hand the value over; not NULL. */
void json_out_member(struct json_object *object, const char *name,
    struct json_object *value);
void json_out_element(struct json_object *array, struct json_object *value);

/*
 * A value that the gate has passed, numbers in their own spelling.  NULL
 * gives an empty object.
 */
struct json_object *json_out_node(const struct json_node *node);

/*
 * Print on one line, or pretty, in ASCII: a terminal may take other
 * characters for commands, and some look like what they are not.  Frees the
 * value.
 */
void json_out_print(struct json_object *value, bool pretty, FILE *out);

#endif
