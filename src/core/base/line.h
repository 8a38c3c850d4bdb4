/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text that is written into a buffer piece by piece: lines of the log, and
 * hints.
 *
 * The text of a stranger is escaped byte by byte, and all of it is bounded.  If
 * a piece does not fit, the text ends in "..." at a place that is not inside of
 * an escape, and every later piece is left out.
 */
#ifndef JWT_LINE_H
#define JWT_LINE_H

#include "core/base/bytes.h"

struct line {
	char *text;		/* always terminated */
	size_t size;		/* of the buffer; more than LINE_CUT_LEN */
	size_t len;
	size_t last;		/* the last place where "..." would fit */
	bool is_cut;
};

#define LINE_CUT_LEN 3		/* of "..." */

/* How a byte is written that could end a value, or begin another one. */
enum line_form {
	LINE_BARE,	/* outside of quotes: space, = and ; are escaped, too */
	LINE_QUOTED	/* between quotes */
};

struct line line_begin(char *buffer, size_t size);

/* Write a text as it is: our own, in printable ASCII. */
void line_put(struct line *line, const char *text);

/*
 * Write one byte of any text: printable ASCII but " and \ as it is, others as
 * \xNN.
 */
void line_put_byte(struct line *line, uint8_t byte, enum line_form form);

/* Write one byte as \xNN. */
void line_put_escape(struct line *line, uint8_t byte);

/* Write at most max bytes of any text like that, and "..." for the others. */
void line_put_bytes(struct line *line, struct bytes value, size_t max,
    enum line_form form);

#endif
