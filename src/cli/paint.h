/* SPDX-License-Identifier: BSD-2-Clause */
/* Colour and ticks for people who look on; nothing of it goes into a pipe. */
#ifndef JWT_PAINT_H
#define JWT_PAINT_H

#include <stdbool.h>
#include <stdio.h>

/* A tick or a cross in front of a line, in UTF-8 where the locale has it. */
void paint_mark(bool good, FILE *out);

/* What follows is green or red and bold, up to paint_end(). */
void paint_begin(bool good, FILE *out);
void paint_end(FILE *out);

#endif
