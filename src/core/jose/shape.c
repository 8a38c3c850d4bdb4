/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells tokens, and parts of tokens, from passwords.  Nothing is parsed here:
 * a few bytes of the header are decoded, on the stack, and wiped.
 */
#include "core/base/b64url.h"
#include "core/jose/shape.h"

#define START_LEN 128	/* characters of a header that are looked at */

struct bytes
shape_trim(struct bytes answer)
{
	const struct bytes start = bytes_str("\033[200~");
	const struct bytes end = bytes_str("\033[201~");

	answer = bytes_trim(answer);
	if (bytes_starts(answer, start))
		answer = bytes_of(answer.ptr + start.len,
		    answer.len - start.len);
	if (bytes_ends(answer, end))
		answer.len -= end.len;
	return bytes_trim(answer);
}

bool
shape_has_token_chars(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] != '.' && !b64url_is_char(text.ptr[i]))
			return false;
	}
	return true;
}

size_t
shape_count_dots(struct bytes text)
{
	size_t dots = 0, i;

	for (i = 0; i < text.len; i++)
		dots += text.ptr[i] == '.';
	return dots;
}

/* The place of the next character that is no space (RFC 8259 section 2). */
static size_t
skip_spaces(struct bytes text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' ||
	    text.ptr[at] == '\r' || text.ptr[at] == '\n'))
		at++;
	return at;
}

/* A JSON object up to what follows its first name: {"alg": */
static bool
is_object_start(struct bytes text)
{
	size_t at = skip_spaces(text, 0), open;

	if (at == text.len || text.ptr[at] != '{')
		return false;
	at = skip_spaces(text, at + 1);
	if (at == text.len || text.ptr[at] != '"')
		return false;
	for (open = ++at; at < text.len && text.ptr[at] != '"'; at++) {
		if (text.ptr[at] < 0x20 || text.ptr[at] > 0x7e)
			return false;
	}
	if (at == open || at + 1 >= text.len)
		return false;
	return text.ptr[at + 1] == ':' || skip_spaces(text, at + 1) > at + 1;
}

bool
shape_is_start(struct bytes text)
{
	uint8_t start[START_LEN / 4 * 3];
	struct bytes rest = text, header;
	bool ok;

	if (text.len == 0 || !shape_has_token_chars(text))
		return false;
	header = bytes_cut(&rest, '.');
	header.len = header.len < START_LEN ? header.len / 4 * 4 : START_LEN;
	ok = b64url_decode(header, start) == JWT_OK &&
	    is_object_start(bytes_of(start, header.len / 4 * 3));
	explicit_bzero(start, sizeof(start));
	return ok;
}

bool
shape_is_token_like(struct bytes answer)
{
	if (shape_is_start(answer))
		return true;
	/* Every JSON object that starts with {" starts with ey in base64url. */
	if (!bytes_starts(answer, bytes_str("ey")))
		return false;
	/* A token with a blemish, or cut, is still no password. */
	return answer.len > 100 || (shape_has_token_chars(answer) &&
	    shape_count_dots(answer) == 2);
}
