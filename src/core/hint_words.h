/* SPDX-License-Identifier: BSD-2-Clause */
/* For the files of hint.c alone: what a hint is written with. */
#ifndef JWT_HINT_WORDS_H
#define JWT_HINT_WORDS_H

#include "core/hint.h"

/* A hint that is being written. */
struct hint {
	const struct verdict_input *in;
	const struct verdict *verdict;
	const char *service;
	enum hint_form form;
	struct line line;
	bool is_next;	/* a sentence is complete: "; " comes before more */
};

/*
 * Write our own text, or the configuration's: " becomes the quote of the form.
 * hint_put() formats like printf, up to 512 bytes; nothing of a token may be
 * among its arguments.
 */
void hint_text(struct hint *hint, const char *text);
void hint_put(struct hint *hint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* End a sentence, which another one may follow. */
void hint_end(struct hint *hint);

/* Write a name or a value in quotes, escaped and bounded; or without quotes. */
void hint_value(struct hint *hint, struct bytes value);
void hint_bytes(struct hint *hint, struct bytes text);

/*
 * Write a value of any type: a string in quotes, a number, the kind of an array
 * or an object, "absent" for NULL.  hint_nodes() writes the elements of an
 * array, as many as the form allows.
 */
void hint_node(struct hint *hint, const struct json_node *node);
void hint_nodes(struct hint *hint, const struct json_node *node);

/* How many entries of a list are written. */
size_t hint_list_max(const struct hint *hint);

/* "2026-11-23 17:40:43 UTC, 5m ago" */
void hint_date(struct hint *hint, int64_t date);

/* Whether a date is in another unit than seconds: that is all to say then. */
bool hint_other_unit(struct hint *hint, const char *name, int64_t date);

/* A claim of the token, which is verified; NULL if it is absent. */
const struct json_node *hint_claim_of(const struct hint *hint,
    const char *name);

#endif
