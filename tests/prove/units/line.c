/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One piece of a line, from each state that a line can be in: it is terminated,
 * and "..." still fits after the last place.  That holds after the piece, too,
 * and so in a line of any length: a piece has 1 or 4 bytes and looks only at the
 * room that is left, of which a buffer of LEN bytes has every case.
 */
#include "core/base/line.c"

static char room[LEN];

static void
set_line(struct line *line, size_t len, size_t last)
{
	any_bytes(room, sizeof(room));
	*line = line_begin(room, sizeof(room));
	line->len = len;
	line->last = last;
	line->is_cut = any_bool();
	line->text[len] = '\0';
}

static void
look_at(const struct line *line)
{
	//@ assert line->len < line->size;
	//@ assert line->last <= line->len;
	//@ assert line->last + LINE_CUT_LEN < line->size;
	//@ assert line->is_cut || line->text[line->len] == 0;
}

static void
put_each(size_t len, size_t last)
{
	const char text[] = { (char)Frama_C_interval(1, 127), '\0' };
	struct line line;

	set_line(&line, len, last);
	line_put_byte(&line, (uint8_t)Frama_C_interval(0, 255),
	    any_bool() ? LINE_QUOTED : LINE_BARE);
	look_at(&line);
	set_line(&line, len, last);
	line_put(&line, text);
	look_at(&line);
}

void
main(void)
{
	size_t len, last;

	for (len = 0; len < LEN; len++) {
		for (last = 0; last <= len && last + LINE_CUT_LEN < LEN; last++)
			put_each(len, last);
	}
}
