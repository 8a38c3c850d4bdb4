/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of lines of /etc/pam.d that libpam cannot load, or
 * that the module refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pamfolder.h"
#include "tool/check_lines.h"

/* The module is a file beside the services, which libpam would not mind. */
static void
expect_of(const char *file, unsigned line, const char *text)
{
	struct diag diag = { 0 };

	check_lines_note(pamfolder_list, pamfolder_list, &diag);
	pamfolder_expect(&diag, file, line, text);
}

static void
expect(const char *lines, unsigned line, const char *text)
{
	pamfolder_put("s", lines);
	expect_of("s", line, text);
}

static void
test_names(void **state)
{
	static const struct {
		const char *module;
		bool is_meant;	/* for ours, and nothing of that name is there */
	} rows[] = {
		{ "pam_jwt.so", false }, { "pam-jwt.so", true },
		{ "pamjwt.so", true }, { "pam_jwt", true },
		{ "pam_jwt.so.so", true }, { "PAM_JWT.so", true },
		{ "libpam-jwt.so", true }, { "/lib/security/pam-jwt.so", true },
		{ "pam_jtw.so", true }, { "pam_jwt.s", true },
		{ "pam_unix.so", false }, { "pam_jwks.so", false },
		{ "jwt.so", false }, { "pam_jwt_other_name.so", false },
		{ "pam-jwt-there.so", false },
	};
	char line[100];
	size_t i;

	(void)state;
	pamfolder_put("pam_jwt.so", "");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line), "# x\nauth required %s\n",
		    rows[i].module);
		expect(line, 2, rows[i].is_meant ? "write pam_jwt.so" : NULL);
	}
	/* A copy that somebody has made under another name. */
	pamfolder_put("pam-jwt.so", "");
	expect("auth required pam-jwt.so\n", 0, NULL);
	pamfolder_drop("pam-jwt.so");
}

static void
test_missing(void **state)
{
	char line[300];

	(void)state;
	expect("auth required /nonexistent/pam_jwt.so\n", 1,
	    "there is no /nonexistent/pam_jwt.so");
	expect("-auth required $ISA/pam_jwt.so\n", 0, NULL);
	snprintf(line, sizeof(line), "session required %s\n",
	    pamfolder_path("pam_jwt.so"));
	expect(line, 0, NULL);
	pamfolder_drop("pam_jwt.so");
	expect("\nsession required pam_jwt.so\n", 2, "install libpam-jwt");
	/* What other modules are called is not our affair. */
	expect("session required pam_nowhere.so\n", 0, NULL);
	expect("auth substack pam-jwt.so\n", 0, NULL);
	pamfolder_put("pam_jwt.so", "");
}

static void
test_arguments(void **state)
{
	static const struct {
		const char *arguments;
		const char *text;
	} rows[] = {
		{ "", NULL }, { "debug silent", NULL },
		{ "config=/etc/x try_first_pass", NULL },
		{ "[config=/etc/a b] debug", NULL },
		{ "verbose", "\"verbose\" is not known" },
		{ "debug [debug]", "there twice" },
		{ "config=x", "\"config=x\"" },
		{ "use_first_pass try_first_pass", "exclude each other" },
		{ "token_only", "token_only is for login" },
	};
	static const char *const types[] = {
		"auth", "account", "password", "session"
	};
	char line[200];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (k = 0; k < 4; k++) {
			snprintf(line, sizeof(line), "%s required pam_jwt.so "
			    "%s\n", types[k], rows[i].arguments);
			expect(line, 1, rows[i].text);
		}
	}
	pamfolder_put("login", "auth required pam_jwt.so token_only\n");
	expect("auth required pam_permit.so\n", 0, NULL);
	pamfolder_drop("login");
}

/* One warning for a line, with each service that includes it. */
static void
test_included(void **state)
{
	(void)state;
	pamfolder_put("common-auth", "auth required pam_jwt.so verbose\n");
	pamfolder_put("a", "@include common-auth\n");
	pamfolder_put("s", "auth substack common-auth\n");
	expect_of("common-auth", 1, "a, s: pam_jwt.so refuses this line");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_missing),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_included),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
