/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recognizes the module's prompts.  They are read from their end, because
 * programs put text of their own in front.  It is strict against prompts that
 * only look alike: the answer is a credential.
 */
#include "askpass/prompt.h"
#include "askpass/word.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"

#define DIGITS_MAX 5	/* digits of TOKEN_MAX */

/* Strip end from text; false if it is not there. */
static bool
take_end(struct bytes *text, const char *end)
{
	if (!bytes_ends(*text, bytes_str(end)))
		return false;
	text->len -= strlen(end);
	return true;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Strip a decimal number without leading zeros; 0 without one. */
static size_t
take_number(struct bytes *text)
{
	size_t count = 0, value = 0, i;

	while (count < text->len && count < DIGITS_MAX &&
	    is_digit(text->ptr[text->len - 1 - count]))
		count++;
	text->len -= count;
	if (count == 0 || text->ptr[text->len] == '0')
		return 0;
	for (i = 0; i < count; i++)
		value = value * 10 + (size_t)(text->ptr[text->len + i] - '0');
	return value;
}

/* Strip " part N (from byte M):" and return M; 0 if it is not there. */
static size_t
take_part(struct bytes *text)
{
	size_t number, from;

	if (!take_end(text, "):"))
		return 0;
	from = take_number(text);
	if (!take_end(text, " (from byte "))
		return 0;
	number = take_number(text);
	if (!take_end(text, " part "))
		return 0;
	if (number < 2 || number > PARTS_MAX || from < 2 || from > TOKEN_MAX)
		return 0;
	return from;
}

/*
 * Skip what the OpenSSH client puts in front, "(user@host) ", and what a server
 * writes after it to look like that; answer_give() tells them apart.
 */
static struct bytes
after_words(struct bytes text)
{
	size_t len;

	while ((len = word_len(text)) != 0 && len < text.len &&
	    text.ptr[len] == ' ')
		text = bytes_of(text.ptr + len + 1, text.len - len - 1);
	return text;
}

/* sudo-rs puts "[sudo: authenticate] " in front, or the words of its -p. */
static bool
is_from_sudo_rs(struct bytes text)
{
	return bytes_starts(text, bytes_str("[sudo: ")) &&
	    bytes_ends(text, bytes_str("] ")) &&
	    memchr(text.ptr, ']', text.len - 2) == NULL;
}

/*
 * Whether only whole lines, or the text of ssh or sudo-rs, stand in front.  A
 * word does not: "GitHub Token:" asks for somebody else's token.
 */
static bool
is_set_off(struct bytes before)
{
	size_t start = before.len;

	while (start > 0 && before.ptr[start - 1] != '\n')
		start--;
	before = bytes_of(before.ptr + start, before.len - start);
	return is_from_sudo_rs(before) || after_words(before).len == 0;
}

/* Whether text ends in one of the prompts, which has no colon before a part. */
static bool
ends_in_one(struct bytes text, const struct config_list *prompts,
    bool is_part)
{
	size_t i;

	for (i = 0; i < prompts->count; i++) {
		struct bytes before = text;
		struct bytes known = bytes_str(prompts->item[i]);

		if (is_part && bytes_ends(known, bytes_str(":")))
			known.len--;
		if (!bytes_ends(text, known))
			continue;
		before.len -= known.len;
		if (is_set_off(before))
			return true;
	}
	return false;
}

size_t
prompt_from(struct bytes prompt, const struct config *config)
{
	struct bytes text = bytes_trim(prompt);
	struct bytes rest = text;
	size_t from = take_part(&rest);

	if (from != 0 && ends_in_one(rest, &config->prompts, true))
		return from;
	if (ends_in_one(text, &config->prompts, false))
		return 1;
	return 0;
}

bool
prompt_is_override(struct bytes prompt, const struct config *config)
{
	return ends_in_one(bytes_trim(prompt), &config->overrides, false);
}
