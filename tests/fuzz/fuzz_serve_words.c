/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of an ssh client to the issuer.  Words that are taken can be
 * written again from what was read, to the last byte: nothing was left out,
 * completed or read in a second way.
 */
#include "issuerd/serve_words.h"
#include "tests/fuzz/fuzz.h"

static void
put(char **out, const char *word)
{
	size_t len = strlen(word);

	memcpy(*out, word, len);
	*out += len;
}

/* The options may stand in either order. */
static size_t
write_words(const struct serve_words *words, bool bearer_first, char *out)
{
	static const char *const verbs[] = {
		"", "login", "refresh", "logout", "whoami"
	};
	char *start = out;
	size_t i;

	put(&out, verbs[words->verb]);
	if (words->bearer && bearer_first)
		put(&out, " --bearer");
	if (words->compact)
		put(&out, " --compact");
	if (words->bearer && !bearer_first)
		put(&out, " --bearer");
	for (i = 0; i < words->audience_count; i++) {
		put(&out, " ");
		memcpy(out, words->audience[i].ptr, words->audience[i].len);
		out += words->audience[i].len;
	}
	return (size_t)(out - start);
}

static void
check_taken(const struct serve_words *words, struct bytes text)
{
	static char first[SERVE_WORDS_MAX + 64], second[sizeof(first)];
	size_t i, len = write_words(words, true, first);

	FUZZ_CHECK(write_words(words, false, second) == len);
	FUZZ_CHECK(bytes_eq(text, bytes_of(first, len)) ||
	    bytes_eq(text, bytes_of(second, len)));
	FUZZ_CHECK(words->verb == SERVE_LOGIN ||
	    (!words->bearer && !words->compact));
	FUZZ_CHECK(words->verb == SERVE_LOGIN || words->audience_count <= 1);
	for (i = 0; i < words->audience_count; i++)
		FUZZ_CHECK(grants_audience_is_valid(words->audience[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));
	struct serve_words words;
	const char *fault = serve_words_read(secret_bytes(&text), &words);

	if (fault == NULL)
		check_taken(&words, secret_bytes(&text));
	free(text.ptr);
	return 0;
}
