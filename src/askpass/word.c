/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the words that say who asks. */
#include "askpass/word.h"

size_t
word_len(struct bytes text)
{
	struct bytes line = text, inside;

	line = bytes_cut(&line, '\n');
	if (line.len == 0 || line.ptr[0] != '(')
		return 0;
	inside = bytes_of(line.ptr + 1, line.len - 1);
	if (!bytes_has(inside, ')'))
		return 0;
	inside = bytes_cut(&inside, ')');
	if (!bytes_has(inside, '@'))
		return 0;
	return inside.len + 2;
}

/* One pass: a server may send a prompt that is long and has many words. */
bool
word_is_in(struct bytes text)
{
	bool is_open = false, has_at = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c == ')' && is_open && has_at)
			return true;
		if (c == '(' && !is_open) {
			is_open = true;
			has_at = false;
		}
		if (c == '@')
			has_at = true;
		if (c == ')' || c == '\n')
			is_open = false;
	}
	return false;
}
