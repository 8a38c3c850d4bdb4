/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON for printing: built and formatted by json-c, which nothing else in
 * the program includes.  What is read here has passed the gate of
 * core/json.h first, so json-c's lenience does not matter.
 */
#ifndef JWT_JSON_OUT_H
#define JWT_JSON_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/bytes.h"

struct json_object;

/* A new empty object or array; NULL without memory, which all others take. */
struct json_object *json_out_object(void);
struct json_object *json_out_array(void);

/* Add a member; value NULL or a NULL string is JSON null. */
void json_out_string(struct json_object *object, const char *name,
    const char *value);
void json_out_number(struct json_object *object, const char *name,
    long long value);
void json_out_boolean(struct json_object *object, const char *name,
    bool value);

/* Add a member and hand the value over. */
void json_out_member(struct json_object *object, const char *name,
    struct json_object *value);
void json_out_element(struct json_object *array, struct json_object *value);

/*
 * Text to a value.  Passes the gate first; an empty object when it does not
 * pass or there is no memory.
 */
struct json_object *json_out_parse(struct bytes text);

/* Print on one line, or pretty; frees the value. */
void json_out_print(struct json_object *value, bool pretty, FILE *out);

#endif
