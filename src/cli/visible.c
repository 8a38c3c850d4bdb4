/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A question may come from a server.  Against one that writes escape sequences,
 * or turns the direction of writing, so that a person reads another question.
 */
#include "cli/visible.h"
#include "core/base/utf8.h"

static bool
is_control(uint8_t c)
{
	return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

static bool
is_one_of(struct bytes character, const char *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (bytes_eq_str(character, list[i]))
			return true;
	}
	return false;
}

/*
 * The characters of more than one byte that show nothing themselves: the
 * controls U+0080 to U+009F, line and paragraph separators, and what turns the
 * direction of writing (Unicode Standard Annex 9, section 2).
 */
static bool
is_hidden(struct bytes character)
{
	static const char *const list[] = {
		"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa",
		"\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
		"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7",
		"\xe2\x81\xa8", "\xe2\x81\xa9"
	};

	if (character.len == 1)
		return is_control(character.ptr[0]);
	if (character.len == 2 && character.ptr[0] == 0xc2 &&
	    character.ptr[1] < 0xa0)
		return true;
	return is_one_of(character, list, sizeof(list) / sizeof(list[0]));
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
