/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers that were joined leave nothing behind where memory runs out, or where
 * the text becomes another kind of token.  A token that could not be parsed for
 * lack of memory is not tried again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/parts.h"
#include "nomemory.h"

#define TEN	"AAAAAAAAAA"
#define SIGNATURE TEN TEN TEN TEN TEN TEN TEN TEN "AAAAAA"

/* {"alg":"ES256"} and {}; an encrypted one ends after its header. */
static const char token[] = "eyJhbGciOiJFUzI1NiJ9.e30." SIGNATURE;
static const char encrypted[] =
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSJ9..AAAA";

/* The first bytes of a text as one answer, and the rest as another. */
static enum jwt_reason
add_both(struct parts *parts, const char *text, size_t first)
{
	enum jwt_reason reason = parts_add(parts, PARTS_BY_FORM,
	    bytes_of(text, first));

	if (reason != JWT_OK || text[first] == '\0')
		return reason;
	return parts_add(parts, PARTS_BY_FORM, bytes_str(text + first));
}

/* Returns how many allocations there were, of which one failed. */
static unsigned long
fail_at(unsigned long at, const char *text, size_t first)
{
	struct parts parts = { .state = PARTS_COMPLETE };
	struct jws *jws;
	struct jwe *jwe;
	long live = nomemory.live;
	unsigned long count;
	enum parts_state state;
	enum jwt_reason reason;

	nomemory_arm(NOMEMORY_OURS, at, false);
	reason = add_both(&parts, text, first);
	count = nomemory_disarm();
	if (reason != JWT_OK)
		assert_int_equal(reason, JWT_OUT_OF_MEMORY);
	state = parts.state;
	parts_take_token(&parts, &jws, &jwe);
	/* The last one is of the parser, which is not called again. */
	if (reason == JWT_OK && at == count && at > 0) {
		assert_int_equal(state, PARTS_COMPLETE);
		assert_true(jws == NULL ||
		    jws_parsed(jws) == JWT_OUT_OF_MEMORY);
		assert_true(jwe == NULL ||
		    jwe_parsed(jwe) == JWT_OUT_OF_MEMORY);
	}
	jws_free(jws);
	jwe_free(jwe);
	parts_clear(&parts);
	assert_int_equal(nomemory.live, live);
	return count;
}

static void
check(const char *text, size_t first)
{
	unsigned long count = fail_at(0, text, first), at;

	for (at = 1; at <= count; at++)
		fail_at(at, text, first);
}

static void
test_answers(void **state)
{
	(void)state;
	check(token, sizeof(token) - 1);
	check(token, 40);
	check(token, 10);
	check("eyJhbGciOiJFUzI1NiJ9.e30.AAAA", 29);
	check("hunter2", 7);
	check(encrypted, sizeof(encrypted) - 1);
}

/* A text with too many dots is no encrypted token any more. */
static void
test_other_form(void **state)
{
	struct parts parts = { .state = PARTS_COMPLETE };
	struct jws *jws;
	struct jwe *jwe;

	(void)state;
	assert_int_equal(parts_add(&parts, PARTS_BY_FORM,
	    bytes_str(encrypted)), JWT_OK);
	assert_int_equal(parts.state, PARTS_WANTED);
	assert_non_null(parts.jwe);
	assert_int_equal(parts_add(&parts, PARTS_BY_FORM,
	    bytes_str(".A.A.A.A")), JWT_OK);
	parts_take_token(&parts, &jws, &jwe);
	assert_non_null(jws);
	assert_null(jwe);
	jws_free(jws);
	parts_clear(&parts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_other_form),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
