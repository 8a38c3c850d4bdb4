/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors and warnings of a load, shown to people. */
#ifndef JWT_REPORT_H
#define JWT_REPORT_H

#include <stdio.h>

#include "core/diag.h"

/*
 * Print every entry as FILE:LINE:COLUMN: error: TEXT, with the line and a
 * caret under the place where a column is known.
 */
void report_diag(const struct diag *diag, FILE *out);

/* Print bytes of a token: printable ASCII as it is, all else as \xNN. */
void report_bytes(struct bytes text, FILE *out);

#endif
