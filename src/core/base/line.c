/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each byte of a stranger's text passes through line_put_byte(), which leaves
 * no control character, no quote and no separator as it was.
 */
#include "core/base/line.h"

struct line
line_begin(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct line){ .text = buffer, .size = size };
}

/* End the text where there is room to say that more would follow. */
static void
cut(struct line *line)
{
	line->is_cut = true;
	line->len = line->last;
	memcpy(line->text + line->len, "...", LINE_CUT_LEN + 1);
	line->len += LINE_CUT_LEN;
}

/* Write what must not be cut in the middle. */
static void
put_whole(struct line *line, const char *text, size_t len)
{
	if (line->is_cut)
		return;
	if (len >= line->size - line->len) {
		cut(line);
		return;
	}
	memcpy(line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
	if (line->len + LINE_CUT_LEN < line->size)
		line->last = line->len;
}

void
line_put(struct line *line, const char *text)
{
	for (; *text != '\0'; text++)
		put_whole(line, text, 1);
}

static bool
is_plain(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=' &&
	    c != ';';
}

void
line_put_escape(struct line *line, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";
	const char text[] = { '\\', 'x', digits[byte >> 4], digits[byte & 0xf] };

	put_whole(line, text, sizeof(text));
}

void
line_put_byte(struct line *line, uint8_t byte, enum line_form form)
{
	const char text = (char)byte;

	if (is_plain(byte) || (form == LINE_QUOTED &&
	    (byte == ' ' || byte == '=' || byte == ';')))
		put_whole(line, &text, 1);
	else
		line_put_escape(line, byte);
}

void
line_put_bytes(struct line *line, struct bytes value, size_t max,
    enum line_form form)
{
	size_t i;

	for (i = 0; i < value.len && i < max; i++)
		line_put_byte(line, value.ptr[i], form);
	if (value.len > max)
		line_put(line, "...");
}
