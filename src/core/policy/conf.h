/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The form of the configuration: sections, settings, comments, continued
 * lines.  policy_parse.c and the files of the sections know what they mean.
 */
#ifndef JWT_CONF_H
#define JWT_CONF_H

#include "core/base/diag.h"

enum conf_event {
	CONF_END,
	CONF_SECTION,	/* name: the text between [ and ] */
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
	struct bytes text;	/* the rest of the file; borrowed */
	const char *file;
	struct arena *arena;	/* the lines are copied to it */
	struct diag *diag;
	unsigned line;		/* lines read so far */
};

/* Get the next line that is not empty or a comment; *out borrows the arena. */
enum conf_event conf_next(struct conf_reader *reader, struct conf_line *out);

/* The place of the value of a line, for a message. */
struct diag_place conf_place(const struct conf_reader *reader,
    const struct conf_line *line);

/*
 * Convert a duration with its unit (90s, 15m, 12h, 7d) to seconds.  False if it
 * is not a duration, or is too long for an unsigned of 32 bits.
 */
bool conf_duration(struct bytes text, unsigned *out);

/* Cut the next word off *rest, up to a space or tab; empty at the end. */
struct bytes conf_word(struct bytes *rest);

/*
 * The same, but a word may stand between double quotes and hold spaces.  There
 * \" and \\ stand for a quote and a backslash.
 *
 * copy  at least rest->len bytes, for a quoted word; *out borrows it
 *
 * Returns NULL, with *out empty at the end of *rest, or a static phrase that
 * names the fault.
 */
const char *conf_quoted_word(struct bytes *rest, char *copy,
    struct bytes *out);

#endif
