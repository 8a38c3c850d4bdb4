/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows a text that somebody else wrote, for people to read at a terminal. */
#ifndef JWT_VISIBLE_H
#define JWT_VISIBLE_H

#include <stdio.h>

#include "core/base/bytes.h"

/*
 * Print all of a text in UTF-8.  Newlines and tabs stay; other control
 * characters, those that change the direction of writing, and bytes that are
 * not UTF-8 are shown as \xNN.
 */
void visible_print(struct bytes text, FILE *out);

#endif
