/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of what `pam-jwt revoke` has noted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tool/revoked.h"

#define MANY 1000

/* The list has copies: what it was made of may be gone. */
static void
test_copies(void **state)
{
	struct revoked_list list = { .count = 0 };
	char text[16];
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		struct revoked fact = { .kind = STATE_SESSION, .iss = "i",
			.cutoff = (int64_t)i };

		snprintf(text, sizeof(text), "%zu", i);
		fact.value = bytes_str(text);
		fact.sub = bytes_str(text);
		assert_true(revoked_add(&list, &fact));
	}
	memset(text, 'x', sizeof(text));
	assert_int_equal(list.count, MANY);
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "%zu", i);
		assert_true(bytes_eq_str(list.item[i].value, text));
		assert_true(bytes_eq_str(list.item[i].sub, text));
		assert_int_equal(list.item[i].cutoff, i);
		assert_int_equal(list.item[i].kind, STATE_SESSION);
		assert_string_equal(list.item[i].iss, "i");
	}
	revoked_clear(&list);
	assert_int_equal(list.count, 0);
}

/* An account has no iss, all tokens of an issuer no value. */
static void
test_empty(void **state)
{
	const struct revoked all = { .kind = STATE_ISSUER, .iss = "i" };
	const struct revoked account = { .kind = STATE_ACCOUNT,
		.value = bytes_str("alice") };
	struct revoked_list list = { .count = 0 };

	(void)state;
	revoked_clear(&list);
	assert_true(revoked_add(&list, &all));
	assert_true(revoked_add(&list, &account));
	assert_int_equal(list.item[0].value.len, 0);
	assert_int_equal(list.item[0].sub.len, 0);
	assert_null(list.item[1].iss);
	assert_true(bytes_eq_str(list.item[1].value, "alice"));
	revoked_clear(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
