/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds words in the text of a test, which the parser has accepted. */
#include "tool/check_words.h"

/* The length of the quoted text at the start, with both quotes. */
static size_t
quoted_len(struct bytes text)
{
	size_t i;

	for (i = 1; i < text.len && text.ptr[i] != '"'; i++) {
		if (text.ptr[i] == '\\')
			i++;
	}
	return i < text.len ? i + 1 : text.len;
}

/* Whether the byte ends a word that has no quotes. */
static bool
is_end(uint8_t byte)
{
	return byte != '\0' && strchr(" \t=!<>(){},\"", byte) != NULL;
}

static size_t
word_len(struct bytes text)
{
	size_t len = 0;

	if (text.len > 0 && text.ptr[0] == '"')
		return quoted_len(text);
	while (len < text.len && !is_end(text.ptr[len]))
		len++;
	return len;
}

struct bytes
check_words_claim(const struct rule_test *test)
{
	struct bytes text = bytes_str(test->text);

	return bytes_of(text.ptr, word_len(text));
}

struct bytes
check_words_rest(const struct rule_test *test)
{
	struct bytes text = bytes_str(test->text);
	size_t len = word_len(text);

	return bytes_trim(bytes_of(text.ptr + len, text.len - len));
}

/* The text after the first word "name" that has no quotes. */
static struct bytes
after_word(struct bytes text, const char *name)
{
	while (text.len > 0) {
		size_t len = word_len(text);
		bool found = bytes_eq_str(bytes_of(text.ptr, len), name);

		if (len == 0)
			len = 1;
		text = bytes_of(text.ptr + len, text.len - len);
		if (found)
			break;
	}
	return bytes_trim(text);
}

/* The claim in front of the operator may be called claim, too. */
struct bytes
check_words_other(const struct rule_test *test)
{
	return after_word(check_words_rest(test), "claim");
}

const char *
check_words_condition(const struct rule *rule)
{
	return (const char *)after_word(bytes_str(rule->text), "if").ptr;
}

bool
check_words_path_is(const struct claim_path *path, const char *name)
{
	return path->count == 1 && bytes_eq_str(path->steps[0], name);
}

bool
check_words_is(const struct rule_test *test, const char *name)
{
	return test->subject == RULE_CLAIM &&
	    check_words_path_is(&test->path, name);
}

bool
check_words_bare(struct bytes text, struct bytes word)
{
	while (text.len > 0) {
		size_t len = word_len(text);

		if (bytes_eq(bytes_of(text.ptr, len), word))
			return true;
		if (len == 0)
			len = 1;
		text = bytes_of(text.ptr + len, text.len - len);
	}
	return false;
}
