/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the words of an ssh client.  They come from the network, so everything
 * that is not exactly one of the commands is refused.
 */
#include "issuerd/serve_words.h"

/* ---- one command -------------------------------------------------------- */

static bool
has_audience(const struct serve_words *words, struct bytes audience)
{
	size_t i;

	for (i = 0; i < words->audience_count; i++) {
		if (bytes_eq(words->audience[i], audience))
			return true;
	}
	return false;
}

static const char *
add_audience(struct serve_words *out, struct bytes word)
{
	if (!grants_audience_is_valid(word))
		return "a word is neither an option nor an audience";
	if (has_audience(out, word))
		return "an audience is there twice";
	if (out->audience_count == SERVE_AUDIENCES_MAX)
		return "there are more than 50 audiences";
	out->audience[out->audience_count++] = word;
	return NULL;
}

/* Set the option that a word names; *fault says whether it was set before. */
static bool
take_option(struct serve_words *out, struct bytes word, const char **fault)
{
	bool *option;

	if (bytes_eq_str(word, "--compact"))
		option = &out->compact;
	else if (bytes_eq_str(word, "--bearer"))
		option = &out->bearer;
	else
		return false;
	if (*option)
		*fault = "an option is there twice";
	*option = true;
	return true;
}

static const char *
read_login(struct bytes rest, struct serve_words *out)
{
	const char *fault = NULL;

	while (rest.len > 0 && fault == NULL) {
		struct bytes word = bytes_cut(&rest, ' ');

		if (out->audience_count > 0 ||
		    !take_option(out, word, &fault))
			fault = add_audience(out, word);
	}
	return fault;
}

static const char *
read_refresh(struct bytes rest, struct serve_words *out)
{
	struct bytes word = bytes_cut(&rest, ' ');

	if (rest.len > 0)
		return "a refresh is for one audience";
	if (word.len == 0)
		return NULL;
	return add_audience(out, word);
}

static const char *
read_nothing(struct bytes rest, struct serve_words *out)
{
	(void)out;
	if (rest.len > 0)
		return "the command takes no further words";
	return NULL;
}

/* ---- all of them -------------------------------------------------------- */

/*
 * Printable ASCII with one space between two words: then the log and the
 * administrator see what the reader sees.
 */
static bool
is_plain(struct bytes text)
{
	uint8_t before = ' ';
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c < ' ' || c >= 0x7f || (c == ' ' && before == ' '))
			return false;
		before = c;
	}
	return before != ' ';
}

const char *
serve_words_read(struct bytes text, struct serve_words *out)
{
	static const struct {
		const char *word;
		enum serve_verb verb;
		const char *(*read)(struct bytes rest,
		    struct serve_words *out);
	} verbs[] = {
		{ "login", SERVE_LOGIN, read_login },
		{ "refresh", SERVE_REFRESH, read_refresh },
		{ "logout", SERVE_LOGOUT, read_nothing },
		{ "whoami", SERVE_WHOAMI, read_nothing },
	};
	struct bytes rest = text, word;
	size_t i;

	*out = (struct serve_words){ .verb = SERVE_HELP };
	if (text.len == 0)
		return NULL;
	if (text.len > SERVE_WORDS_MAX)
		return "the words are too long";
	if (!is_plain(text))
		return "the words are not printable ASCII with single spaces";
	word = bytes_cut(&rest, ' ');
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (bytes_eq_str(word, verbs[i].word)) {
			out->verb = verbs[i].verb;
			return verbs[i].read(rest, out);
		}
	}
	return "there is no such command";
}
