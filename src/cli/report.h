/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints errors and warnings, and values of tokens, safely for a terminal. */
#ifndef JWT_REPORT_H
#define JWT_REPORT_H

#include <stdio.h>

#include "core/base/diag.h"
#include "core/base/json.h"

#define REPORT_VALUE_MAX 128	/* bytes shown of one value of a token */
#define REPORT_LIST_MAX 10	/* entries shown of a list */

/*
 * Print every entry as FILE:LINE:COLUMN: error: TEXT.  If the column is known,
 * print the line as well, with a caret under the place.
 */
void report_diag(const struct diag *diag, FILE *out);

/*
 * Print at most REPORT_VALUE_MAX bytes of a token: printable ASCII as it is,
 * any other byte as \xNN.  report_quoted() puts quotes around them.
 */
void report_bytes(struct bytes text, FILE *out);
void report_quoted(struct bytes text, FILE *out);

/*
 * Print a value of a token: a string in quotes, a number as it is, the kind of
 * an array or an object, and "absent" for NULL.  report_values() prints the
 * elements of an array, or a single value.
 */
void report_value(const struct json_node *node, FILE *out);
void report_values(const struct json_node *node, FILE *out);

#endif
