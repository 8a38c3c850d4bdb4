/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of programs: its order, the names in the log, PAM services. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/programs.h"

/* Whoever prints the table relies on its order, and on each name for a key. */
static void
test_rows(void **state)
{
	const struct program *program, *other;
	size_t last = 0, i, k;

	(void)state;
	for (i = 0; (program = programs_row(i)) != NULL; i++) {
		assert_true(program->answer_max >= last);
		last = program->answer_max;
		for (k = 0; k < i; k++) {
			other = programs_row(k);
			assert_string_not_equal(program->name, other->name);
		}
	}
	assert_true(i > 20);
	assert_null(programs_row(i));
	assert_null(programs_row(SIZE_MAX));
}

/* All that the log ever says, and nothing for the lengths beside these. */
static void
test_names(void **state)
{
	static const struct {
		size_t len;
		const char *names;
	} rows[] = {
		{ 127, "OpenVPN" },
		{ 504, "i3lock" },
		{ 510, "xdm" },
		{ 511, "sudo, doas, polkit, GDM and vlock" },
		{ 512, "xrdp" },
		{ 1022, "swaylock" },
		{ 1023, "the ssh client" },
		{ 4095, "su, login and any terminal" }
	};
	char names[PROGRAMS_NAMES_SIZE];
	size_t len, i = 0;

	(void)state;
	for (len = 0; len < 70000; len++) {
		bool is_row = i < sizeof(rows) / sizeof(rows[0]) &&
		    rows[i].len == len;

		programs_names(len, names);
		assert_string_equal(names, is_row ? rows[i].names : "");
		assert_int_equal(programs_cut_at(len), is_row);
		i += is_row;
	}
	assert_int_equal(i, sizeof(rows) / sizeof(rows[0]));
}

static void
test_services(void **state)
{
	static const char *const takers[] = {
		"login", "greetd", "lightdm", "gdm-password", "sddm"
	};
	static const char *const others[] = {
		"", "sshd", "su", "logins", "logi", "Login", "gdm"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		assert_true(programs_take_user(takers[i]));
		assert_false(programs_is_sudo(takers[i]));
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(programs_take_user(others[i]));
		assert_false(programs_is_sudo(others[i]));
	}
	assert_true(programs_is_sudo("sudo"));
	assert_true(programs_is_sudo("sudo-i"));
	assert_false(programs_is_sudo("sudo-"));
	assert_false(programs_take_user("sudo"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
