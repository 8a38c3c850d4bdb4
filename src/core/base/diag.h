/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a configuration or a key file: all of it, not only the
 * first thing, each with file, line and, where known, column.
 *
 * An error has a reason, which the login gives; a warning has JWT_OK.
 */
#ifndef JWT_DIAG_H
#define JWT_DIAG_H

#include "core/base/arena.h"
#include "core/reason.h"

struct diag_entry {
	enum jwt_reason reason;	/* JWT_OK: a warning */
	const char *file;	/* of the arena */
	unsigned line;		/* from 1; 0: the file as a whole */
	unsigned column;	/* from 1; 0: the line as a whole */
	const char *text;	/* what is wrong and what to do; of the arena */
	const char *source;	/* the line that column counts in, or NULL */
};

struct diag {
	struct arena arena;
	struct diag_entry *entries;
	size_t count;
	enum jwt_reason reason;	/* of the first error; JWT_OK: none */
};

/* Where something is. */
struct diag_place {
	const char *file;
	unsigned line;
	unsigned column;
	const char *source;
};

/*
 * Note an error (reason) or a warning (JWT_OK).  Copies what it is given.
 * Without memory the text is lost, but not that there was an error.
 */
void diag_add(struct diag *diag, struct diag_place place,
    enum jwt_reason reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The first error, NULL when there is none or its text was lost. */
const struct diag_entry *diag_first_error(const struct diag *diag);

void diag_clear(struct diag *diag);

#endif
