/* SPDX-License-Identifier: BSD-2-Clause */
/* What `pam-jwt check` says of the folders in /run, and of the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/load.h"
#include "pamfolder.h"
#include "tool/check_clock.h"
#include "tool/check_folders.h"

static void
expect(const char *name, const char *text)
{
	struct diag diag = { 0 };

	check_folders_note(pamfolder_list[0], &diag);
	pamfolder_expect(&diag, name, 0, text);
}

static void
test_folders(void **state)
{
	static const struct {
		const char *name;
		const char *effect;
	} rows[] = {
		{ "grants", "does not know its token" },
		{ "sessions", "have no record" },
		{ "wanted", "cannot tell pam-jwt sync" },
	};
	size_t i;

	(void)state;
	expect("grants", NULL);		/* none is there yet */
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *path = pamfolder_path(rows[i].name);

		assert_int_equal(mkdir(path, 0700), 0);
		expect(rows[i].name, NULL);
		assert_int_equal(chmod(pamfolder_path(rows[i].name), 0755), 0);
		expect(rows[i].name, rows[i].effect);
		assert_int_equal(chmod(pamfolder_path(rows[i].name), 0700), 0);
		expect(rows[i].name, NULL);
		if (geteuid() != 0)
			continue;
		assert_int_equal(chown(pamfolder_path(rows[i].name), 1, 0), 0);
		expect(rows[i].name, "another user");
		assert_int_equal(chown(pamfolder_path(rows[i].name), 0, 0), 0);
	}
	assert_int_equal(rmdir(pamfolder_path("wanted")), 0);
	pamfolder_put("wanted", "");
	expect("wanted", "cannot tell pam-jwt sync");
}

static void
clock_says(enum check_clock clock, const char *text)
{
	struct diag diag = { 0 };

	check_clock_note(clock, LOAD_CONFIG_DEFAULT, &diag);
	assert_int_equal(diag.count, text != NULL);
	if (text != NULL) {
		assert_int_equal(diag.entries[0].reason, JWT_OK);
		assert_non_null(strstr(diag.entries[0].text, text));
	}
	diag_clear(&diag);
}

static void
test_clock(void **state)
{
	(void)state;
	clock_says(CHECK_CLOCK_GOOD, NULL);
	clock_says(CHECK_CLOCK_UNKNOWN, NULL);
	clock_says(CHECK_CLOCK_FREE, "is not synchronised");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders), cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
