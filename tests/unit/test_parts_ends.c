/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the prompts for parts end: at the longest token, at a header that no
 * token starts with, and at a program that gives one answer to all prompts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/parts.h"
#include "tests/lib/world.h"

#define RS256	"eyJhbGciOiJSUzI1NiJ9"
#define ODD	257	/* bytes of a signature that no common key makes */
#define PART	RS256 ".e30AAAAAAAAAAAAA"

static void
add(struct parts *parts, enum parts_rule rule, struct bytes answer,
    enum parts_state wanted)
{
	assert_int_equal(parts_add(parts, rule, answer), JWT_OK);
	assert_int_equal(parts->state, wanted);
}

/* The state after one answer, by form. */
static enum parts_state
state_after(struct bytes answer)
{
	struct parts parts = { .state = PARTS_COMPLETE };
	enum parts_state state;

	assert_int_equal(parts_add(&parts, PARTS_BY_FORM, answer), JWT_OK);
	state = parts.state;
	assert_false(parts.has_one_answer);
	parts_clear(&parts);
	return state;
}

/* A signature may go on up to the length of the longest token. */
static void
test_longest(void **state)
{
	char *token = world_text(RS256 ".%0*d.%0343d", TOKEN_MAX - 364, 0, 0);

	(void)state;
	assert_int_equal(strlen(token), TOKEN_MAX + 1);
	assert_int_equal(state_after(bytes_of(token, TOKEN_MAX + 1)),
	    PARTS_COMPLETE);
	token[TOKEN_MAX] = '\0';
	memcpy(token + TOKEN_MAX - 344, ".0", 2);
	assert_int_equal(state_after(bytes_str(token)), PARTS_WANTED);
	free(token);
}

/*
 * The header is sound, and its signature odd, so that more might follow; but
 * the first name is longer than that of a header may be in a part.
 */
static void
test_no_start(void **state)
{
	static const uint8_t signature[ODD];
	char *start = world_join("{\"alg\":\"RS256\",\"a\":1}", "{}",
	    bytes_of(signature, ODD));
	char *header = world_text("{\"%097d\":1,\"alg\":\"RS256\"}", 0);
	char *other = world_join(header, "{}", bytes_of(signature, ODD));

	(void)state;
	assert_int_equal(state_after(bytes_str(start)), PARTS_WANTED);
	assert_int_equal(state_after(bytes_str(other)), PARTS_COMPLETE);
	free(other);
	free(header);
	free(start);
}

/* An answer may be NULL. */
static void
test_nothing(void **state)
{
	(void)state;
	assert_int_equal(state_after(bytes_of(NULL, 0)), PARTS_COMPLETE);
}

/* By form: the answer after the first tells. */
static void
test_one_answer(void **state)
{
	struct parts parts = { .state = PARTS_COMPLETE };
	struct bytes part = bytes_str(PART);

	(void)state;
	add(&parts, PARTS_BY_FORM, part, PARTS_WANTED);
	add(&parts, PARTS_BY_FORM, part, PARTS_CUT);
	assert_true(parts.has_one_answer);
	parts_clear(&parts);
	/* An empty one is another. */
	add(&parts, PARTS_BY_FORM, part, PARTS_WANTED);
	add(&parts, PARTS_BY_FORM, bytes_str(""), PARTS_CUT);
	assert_false(parts.has_one_answer);
	parts_clear(&parts);
	/* There were others between the first and its second time. */
	add(&parts, PARTS_BY_FORM, part, PARTS_WANTED);
	add(&parts, PARTS_BY_FORM, bytes_str("eHh4"), PARTS_WANTED);
	add(&parts, PARTS_BY_FORM, part, PARTS_CUT);
	assert_false(parts.has_one_answer);
	parts_clear(&parts);
}

/*
 * By length: two equal answers, of which the second lacks the spaces of the
 * first and so ends the prompts.  The text is one of them, and the bytes after
 * it, where the other one was, are wiped.
 */
static void
test_one_answer_by_length(void **state)
{
	char *text = world_text("%0490d", 0);
	char *spaced = world_text("%s%10s", text, "");
	struct parts parts = { .state = PARTS_COMPLETE };
	size_t i;

	(void)state;
	add(&parts, PARTS_BY_LENGTH, bytes_str(spaced), PARTS_WANTED);
	assert_false(parts.has_one_answer);
	add(&parts, PARTS_BY_LENGTH, bytes_str(text), PARTS_COMPLETE);
	assert_true(parts.has_one_answer);
	assert_int_equal(parts.count, 2);
	assert_true(bytes_eq_str(secret_bytes(&parts.text), spaced));
	assert_true(parts.text.size >= 500 + 490);
	for (i = 500; i < parts.text.size; i++)
		assert_int_equal(parts.text.ptr[i], 0);
	parts_clear(&parts);
	/* Two that differ are both kept. */
	add(&parts, PARTS_BY_LENGTH, bytes_str(spaced), PARTS_WANTED);
	add(&parts, PARTS_BY_LENGTH, bytes_str("0"), PARTS_COMPLETE);
	assert_false(parts.has_one_answer);
	assert_int_equal(parts.text.len, 501);
	parts_clear(&parts);
	free(spaced);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_no_start),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_one_answer),
		cmocka_unit_test(test_one_answer_by_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
