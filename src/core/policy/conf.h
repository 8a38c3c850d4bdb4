/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The form of the configuration: sections, settings, comments, continued
 * lines.  What they mean is known to policy_parse.c and the files of the
 * sections.
 */
#ifndef JWT_CONF_H
#define JWT_CONF_H

#include "core/base/diag.h"

enum conf_event {
	CONF_END,
	CONF_SECTION,	/* name: what is between [ and ] */
	CONF_SETTING,	/* name and value, both not empty */
	CONF_ERROR	/* noted in diag; go on with the next line */
};

/* A line, or several joined by a backslash at the end. */
struct conf_line {
	struct bytes name;
	struct bytes value;
	const char *source;	/* the line as a string, joined */
	unsigned line;		/* the first, from 1 */
	unsigned column;	/* of value in source, from 1 */
};

/* Set text, file, arena and diag; zero the rest. */
struct conf_reader {
	struct bytes text;	/* what is left to read; borrowed */
	const char *file;
	struct arena *arena;	/* what the lines are copied to */
	struct diag *diag;
	unsigned line;		/* lines read so far */
};

/* The next line that is not blank or a comment; *out borrows the arena. */
enum conf_event conf_next(struct conf_reader *reader, struct conf_line *out);

/* Where the value of a line is, for a message. */
struct diag_place conf_place(const struct conf_reader *reader,
    const struct conf_line *line);

/*
 * A duration with its unit: 90s, 15m, 12h, 7d; to seconds.  False when it is
 * not one, or beyond what an unsigned of 32 bits holds.
 */
bool conf_duration(struct bytes text, unsigned *out);

/* The next word of *rest, separated by blanks; empty at the end. */
struct bytes conf_word(struct bytes *rest);

/*
 * The same for a word that may stand between double quotes, and hold blanks
 * then; \" and \\ stand for a quote and a backslash there.
 *
 * copy  at least rest->len bytes, for a quoted word; *out borrows it
 *
 * Returns NULL, with *out empty at the end of *rest; or what is wrong, as a
 * static phrase.
 */
const char *conf_quoted_word(struct bytes *rest, char *copy,
    struct bytes *out);

#endif
