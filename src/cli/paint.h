/* SPDX-License-Identifier: BSD-2-Clause */
/* Colour and ticks for people at a terminal; a pipe or a file gets neither. */
#ifndef JWT_PAINT_H
#define JWT_PAINT_H

#include <stdbool.h>
#include <stdio.h>

/* Whether the locale of the environment has UTF-8. */
bool paint_has_utf8(void);

/* Print a tick or a cross; in UTF-8 if the locale has it, otherwise + or x. */
void paint_mark(bool good, FILE *out);

/* Print everything up to paint_end() in green, or in bold red. */
void paint_begin(bool good, FILE *out);
void paint_end(FILE *out);

#endif
