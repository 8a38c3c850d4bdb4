/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The faults of a configuration or a key file.  All of them are listed and not
 * only the first, each with its file, its line and, where it is known, its
 * column: an administrator can mend them at once.
 *
 * An error has the reason that a login gives for it; a warning has JWT_OK.
 */
#ifndef JWT_DIAG_H
#define JWT_DIAG_H

#include "core/base/arena.h"
#include "core/reason.h"

struct diag_entry {
	enum jwt_reason reason;	/* JWT_OK: a warning */
	const char *file;	/* in the arena */
	unsigned line;		/* from 1; 0: the file as a whole */
	unsigned column;	/* from 1; 0: the line as a whole */
	const char *text;	/* the fault and its remedy; in the arena */
	const char *source;	/* the line that column counts in, or NULL */
};

struct diag {
	struct arena arena;
	struct diag_entry *entries;
	size_t count;
	enum jwt_reason reason;	/* of the first error; JWT_OK: none */
};

/* The place of a fault; copied by diag_add(). */
struct diag_place {
	const char *file;
	unsigned line;
	unsigned column;
	const char *source;
};

/*
 * Note an error (reason) or a warning (JWT_OK).  If memory runs out, the text
 * is lost, but diag->reason still tells that there was an error.
 */
void diag_add(struct diag *diag, struct diag_place place,
    enum jwt_reason reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The first error; NULL if there was no error, or its text was lost. */
const struct diag_entry *diag_first_error(const struct diag *diag);

/*
 * Write the text that follows the file name of an entry: ":12", or "" if the
 * entry is about the whole file.  Returns out.
 */
#define DIAG_LINE_SIZE	12	/* a colon and 32 bits */
const char *diag_line(const struct diag_entry *entry, char out[DIAG_LINE_SIZE]);

void diag_clear(struct diag *diag);

#endif
