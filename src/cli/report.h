/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors and warnings of a load, and bytes of strangers, shown to people. */
#ifndef JWT_REPORT_H
#define JWT_REPORT_H

#include <stdio.h>

#include "core/base/diag.h"
#include "core/base/json.h"

#define REPORT_VALUE_MAX 128	/* bytes shown of one value of a token */
#define REPORT_LIST_MAX 10	/* entries shown of a list */

/*
 * Print every entry as FILE:LINE:COLUMN: error: TEXT, with the line and a
 * caret under the place where a column is known.
 */
void report_diag(const struct diag *diag, FILE *out);

/*
 * Print bytes of a token: printable ASCII as it is, all else as \xNN, and
 * not more than REPORT_VALUE_MAX of them.  report_quoted() puts quotes
 * around.
 */
void report_bytes(struct bytes text, FILE *out);
void report_quoted(struct bytes text, FILE *out);

/*
 * Print a value of a token as it is: a string quoted, of anything else its
 * kind; "absent" for NULL.  report_values() prints those of an array, or one.
 */
void report_value(const struct json_node *node, FILE *out);
void report_values(const struct json_node *node, FILE *out);

#endif
