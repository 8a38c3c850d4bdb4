/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens in several answers.  The first byte of the input is l for sshd, where
 * the length decides, and anything else for the form.  Then each line is an
 * answer, after a letter: < and > put spaces in front of it or after it up to
 * the length of a part, ( and ) up to the ssh client's, and any other letter
 * leaves it as it is.  Whatever is answered, the lengths stay inside the text,
 * the prompts end, and what may be a token is never taken for a password.
 */
#include "core/parts.h"
#include "core/verdict.h"
#include "tests/fuzz/fuzz.h"

static size_t
length_of(uint8_t letter, size_t len)
{
	size_t wanted = len;

	if (letter == '<' || letter == '>')
		wanted = PARTS_LEN;
	if (letter == '(' || letter == ')')
		wanted = SSH_ANSWER_MAX;
	return wanted > len ? wanted : len;
}

/* The answer of a line, padded. */
static struct secret
answer_of(struct bytes line)
{
	uint8_t letter = line.len > 0 ? line.ptr[0] : 'a';
	struct bytes text = bytes_of(NULL, 0);
	struct secret padded, answer;
	size_t before = 0;

	if (line.len > 1)
		text = bytes_of(line.ptr + 1, line.len - 1);
	if (secret_alloc(length_of(letter, text.len), &padded) != JWT_OK)
		abort();
	memset(padded.ptr, ' ', padded.len);
	if (letter == '<' || letter == '(')
		before = padded.len - text.len;
	if (text.len > 0)
		memcpy(padded.ptr + before, text.ptr, text.len);
	answer = fuzz_copy(secret_bytes(&padded));
	secret_clear(&padded);
	return answer;
}

static void
check_state(const struct parts *parts)
{
	FUZZ_CHECK(parts->count >= 1 && parts->count <= PARTS_MAX);
	FUZZ_CHECK(parts->first_len <= parts->text.len);
	FUZZ_CHECK(parts->last_len <= parts->answers_len);
	FUZZ_CHECK(parts->text.len <= parts->answers_len);
	FUZZ_CHECK(parts->state != PARTS_WANTED || parts->count < PARTS_MAX);
}

/* The token that is handed on is the one that the text would give now. */
static void
check_end(struct parts *parts)
{
	struct bytes token = shape_trim(secret_bytes(&parts->text));
	struct verdict_input again = { .jws = NULL };
	enum jwt_reason reason;
	struct jws *jws;
	struct jwe *jwe;

	parts_take_token(parts, &jws, &jwe);
	verdict_parse(token, &again);
	FUZZ_CHECK((jws == NULL) != (jwe == NULL));
	FUZZ_CHECK((jws == NULL) == (again.jws == NULL));
	if (jws != NULL) {
		reason = jws_parsed(again.jws);
		FUZZ_CHECK(jws_parsed(jws) == reason);
		FUZZ_CHECK(jws_len(jws) == token.len);
	} else {
		reason = jwe_parsed(again.jwe);
		FUZZ_CHECK(jwe_parsed(jwe) == reason);
		FUZZ_CHECK(jwe_len(jwe) == token.len);
	}
	if (reason == JWT_OK || shape_is_start(token))
		FUZZ_CHECK(shape_is_token_like(secret_bytes(&parts->text)));
	jws_free(again.jws);
	jwe_free(again.jwe);
	jws_free(jws);
	jwe_free(jwe);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct parts parts = { .state = PARTS_WANTED };
	enum parts_rule rule = PARTS_BY_FORM;

	if (size > 0 && data[0] == 'l')
		rule = PARTS_BY_LENGTH;
	(void)fuzz_until(&rest, '\n');
	while (parts.state == PARTS_WANTED) {
		struct secret answer = answer_of(fuzz_until(&rest, '\n'));

		FUZZ_CHECK(parts_add(&parts, rule, secret_bytes(&answer)) ==
		    JWT_OK);
		secret_clear(&answer);
		check_state(&parts);
	}
	check_end(&parts);
	parts_clear(&parts);
	return 0;
}
