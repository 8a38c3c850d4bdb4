/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh asks again and again when it gets no answer: up to six times, and by two
 * methods.  The fault is told at the first prompt; told once more for each of
 * the others it would bury itself.
 */
#ifndef JWT_ASKPASS_TOLD_H
#define JWT_ASKPASS_TOLD_H

#include "askpass/parts_file.h"

/* The mark of the ssh or sudo that asks; it is only seen by its own prompts. */
struct told {
	struct parts_file files;
	bool is_known;		/* which program asks, and a place for a mark */
};

/* False, with a message, for want of memory. */
bool told_find(const struct places *places, struct arena *arena,
    struct told *out);

/* Say nothing more on standard error if this program was told before. */
void told_be_quiet(const struct told *told);

/* Note that it was told, or that it got an answer. */
void told_note(const struct told *told, bool is_answered);

#endif
