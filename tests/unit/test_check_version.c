/* SPDX-License-Identifier: BSD-2-Clause */
/* What `pam-jwt check` says of a module of another version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/version.h"
#include "pamfolder.h"
#include "tool/check_version.h"

#define AUTH "auth required pam_jwt.so\n"

/* Bytes of a file; they may have zeros in them. */
static void
put_bytes(const char *name, const char *bytes, size_t len)
{
	FILE *file = fopen(pamfolder_path(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
expect(const char *text)
{
	struct diag diag = { 0 };

	check_version_note(pamfolder_list, pamfolder_list, &diag);
	pamfolder_expect(&diag, "pam_jwt.so", 0, text);
}

#define MODULE(text) put_bytes("pam_jwt.so", text, sizeof(text) - 1)

static void
test_versions(void **state)
{
	(void)state;
	pamfolder_put("s", AUTH "account required pam_jwt.so\n");
	MODULE("\177ELF\0" VERSION_MARK VERSION "\0rest");
	expect(NULL);
	MODULE("\177ELF\0" VERSION_MARK "9.8.7\0rest");
	expect("^s: this module is 9.8.7, and this command is " VERSION);
	MODULE("\177ELF\0no mark");
	expect("this module is an older version");
	/* Cut off, too long, or with bytes that no version has. */
	MODULE("\177ELF\0" VERSION_MARK VERSION);
	expect("this module is an older version");
	MODULE("\177ELF\0" VERSION_MARK);
	expect("this module is an older version");
	MODULE("\177ELF\0" VERSION_MARK "1\033[2J\0");
	expect("this module is an older version");
	MODULE("\177ELF\0" VERSION_MARK "1234567890123456789012345678901234\0");
	expect("this module is an older version");
	MODULE("\177ELF\0" VERSION_MARK VERSION "1\0");
	expect("this module is " VERSION "1");
}

static void
test_files(void **state)
{
	(void)state;
	MODULE(VERSION_MARK "9.8.7\0");
	pamfolder_put("s", "session required pam_jwt.so\n");
	expect(NULL);
	pamfolder_put("s", "auth required pam_other.so\n");
	expect(NULL);
	pamfolder_put("s", "auth required /nonexistent/pam_jwt.so\n");
	expect(NULL);
	pamfolder_put("s", AUTH);
	expect("^s: this module is 9.8.7");
	pamfolder_put("t", "account required pam_jwt.so\n");
	expect("^s, t: this module is 9.8.7");
	MODULE("");
	expect(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions), cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
