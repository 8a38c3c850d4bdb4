/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of the module: each one, and each that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arguments.h"

static void
test_take(void **state)
{
	static const struct {
		const char *argument;
		bool is_known;
	} rows[] = {
		{ "config=/etc/x", true }, { "debug", true },
		{ "use_first_pass", true }, { "try_first_pass", true },
		{ "token_only", true }, { "silent", true },
		{ "config=x", false }, { "config=", false },
		{ "config", false }, { "verbose", false }, { "Debug", false },
		{ "debug=1", false }, { "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arguments arguments = { .config = NULL };

		assert_int_equal(arguments_take(&arguments, rows[i].argument),
		    rows[i].is_known);
		/* None may be there twice. */
		assert_false(arguments_take(&arguments, rows[i].argument));
	}
}

static void
test_fault(void **state)
{
	struct arguments both = {
		.use_first_pass = true, .try_first_pass = true
	};
	struct arguments one = { .try_first_pass = true };
	struct arguments only = { .token_only = true };

	(void)state;
	assert_non_null(arguments_fault(&both, "login"));
	assert_null(arguments_fault(&one, "sshd"));
	assert_null(arguments_fault(&only, "login"));
	assert_non_null(arguments_fault(&only, "sshd"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take), cmocka_unit_test(test_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
