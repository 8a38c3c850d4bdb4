/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the word that somebody meant who mistyped one: "did you mean".  It is
 * for messages alone; a mistyped word is never taken for the one it is near to.
 */
#ifndef JWT_NEAREST_H
#define JWT_NEAREST_H

#include "core/base/bytes.h"

#define NEAREST_MAX	32	/* bytes; a longer word gets no suggestion */

/* A word, and the candidate that is nearest to it so far. */
struct nearest {
	struct bytes word;	/* borrowed */
	const char *best;	/* borrowed; NULL: none is near enough */
	unsigned distance;	/* of best */
	char text[NEAREST_MAX + 24];
};

/* Begin with a word that was not understood. */
struct nearest nearest_begin(struct bytes word);

/*
 * Try a candidate.  It is near if one typing error in a short word, or two in
 * one of five bytes and more, make the word of it.  A typing error is a letter
 * that is missing, wrong or too many, or two that changed places; capitals do
 * not count.  Of two that are equally near the first stays.
 */
void nearest_try(struct nearest *nearest, const char *candidate);

/* The end of a message: "; did you mean audience?", or "". */
const char *nearest_text(struct nearest *nearest);

#endif
