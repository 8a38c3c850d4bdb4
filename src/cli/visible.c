/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A question may come from a server.  This guards against a server that writes
 * escape sequences, or turns the direction of writing, so that a person reads
 * another question.
 */
#include "cli/visible.h"
#include "core/base/utf8.h"

/* The code point of a character whose length utf8_len() has found. */
static uint32_t
code_of(struct bytes character)
{
	static const uint8_t first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = character.ptr[0] & first[character.len];
	size_t i;

	for (i = 1; i < character.len; i++)
		code = code << 6 | (character.ptr[i] & 0x3f);
	return code;
}

/*
 * Controls except newline and tab, line and paragraph separators, and what
 * turns the direction of writing (Unicode Standard Annex 9, section 2).
 */
static bool
is_hidden(struct bytes character)
{
	static const struct { uint32_t from, to; } ranges[] = {
		{ 0x0000, 0x0008 }, { 0x000b, 0x001f }, { 0x007f, 0x009f },
		{ 0x061c, 0x061c }, { 0x200e, 0x200f }, { 0x2028, 0x202e },
		{ 0x2066, 0x2069 }
	};
	uint32_t code = code_of(character);
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (code >= ranges[i].from && code <= ranges[i].to)
			return true;
	}
	return false;
}

void
visible_print(struct bytes text, FILE *out)
{
	while (text.len > 0) {
		size_t len = utf8_len(text);
		bool show = len != 0 && !is_hidden(bytes_of(text.ptr, len));

		if (show)
			fwrite(text.ptr, 1, len, out);
		else
			fprintf(out, "\\x%02x", text.ptr[0]);
		if (!show)
			len = 1;	/* the next byte is no start: shown so */
		text = bytes_of(text.ptr + len, text.len - len);
	}
}
