/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives the answer to the program that asked. */
#ifndef JWT_ASKPASS_OUTPUT_H
#define JWT_ASKPASS_OUTPUT_H

#include <stdbool.h>

#include "core/base/bytes.h"

/*
 * Write the answer and a newline to standard output at once, so that nobody
 * reads half of it.  False, with a message, when that fails.
 */
bool output_line(struct bytes answer);

#endif
