/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of an issuer over ssh.  The first line of an input is how ssh ended
 * and its exit status, the second one what it said, the rest what it wrote,
 * which is taken for the answer to a login, a refresh and a logout.
 *
 * Nothing but an exit status of 1 ends a session, nothing but one of 0 brings a
 * token, and each word for people is printable ASCII.
 */
#include "core/base/number.h"
#include "core/jose/jws.h"
#include "login/ssh_answer.h"
#include "login/ssh_said.h"
#include "tests/fuzz/fuzz.h"

static const char *const resources[] = { "ssh://one.test", "ssh://two.test" };

static void
check_words(const char *words, bool wanted)
{
	size_t i;

	FUZZ_CHECK((words[0] != '\0') == wanted);
	FUZZ_CHECK(strlen(words) < PROVIDER_WORDS_SIZE);
	for (i = 0; words[i] != '\0'; i++)
		FUZZ_CHECK(words[i] >= ' ' && words[i] <= '~');
}

static void
check_visible(struct bytes text, size_t max)
{
	size_t i;

	FUZZ_CHECK(text.len <= max);
	for (i = 0; i < text.len; i++)
		FUZZ_CHECK(text.ptr[i] > ' ' && text.ptr[i] <= '~');
}

static bool
has_ended(const struct ssh_result *result, int status)
{
	return result->end == SSH_ENDED && result->status == status;
}

static void
read_login(const struct ssh_result *result, size_t count)
{
	const struct ssh_asked asked = {
		.resources = resources, .count = count
	};
	char words[PROVIDER_WORDS_SIZE];
	struct ssh_tokens tokens;
	enum provider_result judged = ssh_answer_login(result, &asked, &tokens,
	    words);
	size_t i;

	check_words(words, judged != PROVIDER_OK);
	FUZZ_CHECK(judged != PROVIDER_OK || has_ended(result, 0));
	FUZZ_CHECK(tokens.count == (judged == PROVIDER_OK ? count : 0));
	check_visible(tokens.refresh_token, SSH_INPUT_MAX - 1);
	for (i = 0; i < tokens.count; i++) {
		FUZZ_CHECK(tokens.item[i].resource == resources[i]);
		FUZZ_CHECK(tokens.item[i].token.len > 0);
		check_visible(tokens.item[i].token, TOKEN_MAX);
	}
	ssh_tokens_clear(&tokens);
}

static void
read_refresh(const struct ssh_result *result)
{
	char words[PROVIDER_WORDS_SIZE];
	struct provider_tokens tokens;
	enum provider_result judged = ssh_answer_refresh(result, &tokens,
	    words);

	check_words(words, judged != PROVIDER_OK);
	FUZZ_CHECK(judged != PROVIDER_OK || has_ended(result, 0));
	FUZZ_CHECK(judged != PROVIDER_OVER || has_ended(result, 1));
	FUZZ_CHECK((judged == PROVIDER_OK) == (tokens.access_token.len > 0));
	check_visible(tokens.access_token, TOKEN_MAX);
	check_visible(tokens.refresh_token, SSH_INPUT_MAX - 1);
	provider_tokens_clear(&tokens);
	FUZZ_CHECK(!ssh_answer_is_lost(result) || !has_ended(result, 1));
	judged = ssh_answer_logout(result, words);
	check_words(words, judged != PROVIDER_OK);
	FUZZ_CHECK((judged == PROVIDER_OK) == has_ended(result, 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_result result = { .end = SSH_ENDED };
	struct ssh_said said = { .text = result.said };
	struct bytes rest = bytes_of(data, size);
	struct bytes status = fuzz_until(&rest, '\n');
	struct bytes half = fuzz_until(&rest, '\n');
	int64_t number = 0;

	(void)number_digits(status, 999, &number);
	result.status = (int)number % 256;
	if (number >= 256)
		result.end = (enum ssh_end)(number / 256);
	ssh_said_add(&said, half);
	ssh_said_add(&said, bytes_str("\n"));
	ssh_said_add(&said, half);
	ssh_said_end(&said);
	FUZZ_CHECK(strlen(result.said) < SSH_SAID_SIZE);
	result.answer = fuzz_copy(rest);
	read_login(&result, 1);
	read_login(&result, 2);
	read_refresh(&result);
	FUZZ_CHECK(bytes_eq(secret_bytes(&result.answer), rest));
	free(result.answer.ptr);
	return 0;
}
