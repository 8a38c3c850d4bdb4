/* SPDX-License-Identifier: BSD-2-Clause */
/* The result of pam-jwt check as JSON, for configuration management and CI. */
#ifndef JWT_CHECK_JSON_H
#define JWT_CHECK_JSON_H

#include "tool/check.h"

struct json_object;

/*
 * Print one object to standard output.  tests->run.results, an array or NULL, is
 * handed over.
 */
void check_json_print(struct check *check);

/* A list of the errors, or of the warnings: file, line, column and text. */
struct json_object *check_json_entries(const struct diag *diag, bool errors);

#endif
