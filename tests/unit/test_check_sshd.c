/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of the settings of sshd, and where they stand.  The
 * real sshd is in tests/cli/around.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "host/load.h"
#include "pamfolder.h"
#include "tool/check_sshd.h"
#include "tool/check_sshd_ask.h"
#include "tool/check_sshd_place.h"

#define GOOD "usepam yes\nkbdinteractiveauthentication yes\n" \
	"passwordauthentication no\nmaxauthtries 6\n" \
	"authenticationmethods any\n"

static void
expect(const char *settings, const char *text)
{
	struct diag diag = { 0 };
	char place[160];

	snprintf(place, sizeof(place), "%s", pamfolder_path("sshd_config"));
	check_sshd_note(pamfolder_list, LOAD_CONFIG_DEFAULT, settings, place,
	    &diag);
	pamfolder_expect(&diag, "sshd_config", 0, text);
}

/* Each setting on both sides of the line. */
static void
test_settings(void **state)
{
	static const struct {
		const char *settings;
		const char *text;
	} rows[] = {
		{ GOOD, NULL },
		{ "", NULL },
		{ "usepam no\n" GOOD, "write UsePAM yes" },
		/* Then nothing else counts. */
		{ "usepam no\nkbdinteractiveauthentication no\n",
		    "write UsePAM yes" },
		{ "kbdinteractiveauthentication no\n" GOOD,
		    "asks for no token" },
		{ "kbdinteractiveauthentication no\n"
		  "passwordauthentication yes\n" GOOD, "takes 1024 bytes" },
		{ "kbdinteractiveauthentication no\n"
		  "passwordauthentication yes\n"
		  "authenticationmethods publickey,password\n",
		    "takes 1024 bytes" },
		{ "passwordauthentication yes\n" GOOD, "cut at 1023 bytes" },
		{ "passwordauthentication yes\nauthenticationmethods "
		  "keyboard-interactive password\n", "cut at 1023 bytes" },
		{ "passwordauthentication yes\nauthenticationmethods "
		  "publickey,keyboard-interactive:pam\n", NULL },
		{ "authenticationmethods publickey\n" GOOD,
		    "AuthenticationMethods has no list" },
		{ "authenticationmethods publickey,keyboard-interactive:pam\n"
		    GOOD, NULL },
		{ "authenticationmethods publickey keyboard-interactive\n" GOOD,
		    NULL },
		{ "maxauthtries 2\n" GOOD, "MaxAuthTries is less than 3" },
		{ "maxauthtries 3\n" GOOD, NULL },
		{ "maxauthtries\n" GOOD, NULL },
	};
	size_t i;

	(void)state;
	pamfolder_put("other", "auth required pam_deny.so\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pamfolder_put("sshd", "auth required pam_jwt.so\n");
		expect(rows[i].settings, rows[i].text);
		/* Where sshd does not ask us, all is well. */
		pamfolder_put("sshd", "auth required pam_unix.so\n"
		    "account required pam_jwt.so\n");
		expect(rows[i].settings, NULL);
		pamfolder_put("sshd", "auth required pam_jwt.so config=/x\n");
		expect(rows[i].settings, NULL);
	}
}

/* What one block is told; the text of sshd_config may be in two files. */
static void
expect_block(const char *config, const char *settings, unsigned line,
    const char *text)
{
	struct diag diag = { 0 };
	char place[160];

	pamfolder_put("sshd_config", config);
	snprintf(place, sizeof(place), "%s", pamfolder_path("sshd_config"));
	check_sshd_note(pamfolder_list, LOAD_CONFIG_DEFAULT, settings, place,
	    &diag);
	pamfolder_expect(&diag, "sshd_config", line, text);
}

#define BLOCK "Port 22\nMatch User bob\n"

/* What a Match block changes, on both sides of the line. */
static void
test_match(void **state)
{
	static const struct {
		const char *config;
		unsigned line;
		const char *text;	/* NULL: no warning */
	} rows[] = {
		{ BLOCK, 0, NULL },
		{ BLOCK "KbdInteractiveAuthentication yes\n", 0, NULL },
		{ BLOCK "X11Forwarding no\n", 0, NULL },
		{ BLOCK "KbdInteractiveAuthentication no\n", 3,
		    "^in the Match block of line 2: "
		    "KbdInteractiveAuthentication no: sshd asks for no token" },
		{ BLOCK "kbdinteractiveauthentication = NO # why\n", 3,
		    "asks for no token" },
		{ BLOCK "ChallengeResponseAuthentication no\n", 3,
		    "asks for no token" },
		/* The first of two counts, and another block is another one. */
		{ BLOCK "KbdInteractiveAuthentication yes\n"
		    "KbdInteractiveAuthentication no\n", 0, NULL },
		{ BLOCK "MaxAuthTries 1\nMaxAuthTries 2\n", 3, "MaxAuthTries" },
		{ BLOCK "KbdInteractiveAuthentication yes\nMatch User x\n"
		    "KbdInteractiveAuthentication no\n", 5,
		    "^in the Match block of line 4: " },
		{ BLOCK "KbdInteractiveAuthentication no\nMatch User x\n"
		    "X11Forwarding no\n", 3, "^in the Match block of line 2: " },
		/* Whoever names the methods wants them. */
		{ BLOCK "KbdInteractiveAuthentication no\n"
		    "AuthenticationMethods publickey\n", 0, NULL },
		{ BLOCK "AuthenticationMethods publickey\nMaxAuthTries 1\n", 0,
		    NULL },
		{ BLOCK "KbdInteractiveAuthentication no\n"
		    "AuthenticationMethods keyboard-interactive\n", 3,
		    "asks for no token" },
		{ BLOCK "PasswordAuthentication yes\n"
		    "KbdInteractiveAuthentication no\n"
		    "AuthenticationMethods password\n", 4, "takes 1024 bytes" },
		{ BLOCK "PasswordAuthentication yes\n", 3, "cut at 1023 bytes" },
		{ BLOCK "MaxAuthTries 2\n", 3, "MaxAuthTries is less than 3" },
		{ BLOCK "MaxAuthTries 3\n", 0, NULL },
	};
	size_t i;

	(void)state;
	pamfolder_put("sshd", "auth required pam_jwt.so\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_block(rows[i].config, GOOD, rows[i].line, rows[i].text);
	/* What is said of all connections is not said again. */
	expect_block(BLOCK "MaxAuthTries 1\n", "maxauthtries 2\n" GOOD, 0,
	    "^MaxAuthTries is less than 3");
	expect_block(BLOCK "PasswordAuthentication yes\n",
	    "kbdinteractiveauthentication no\npasswordauthentication yes\n", 0,
	    "^KbdInteractiveAuthentication no: tokens come by the password");
	/* The block makes a setting wrong that stands outside of it. */
	expect_block(BLOCK "AuthenticationMethods any\n",
	    "passwordauthentication yes\n"
	    "authenticationmethods publickey,keyboard-interactive\n" GOOD, 2,
	    "^in the Match block of line 2: PasswordAuthentication yes");
	pamfolder_put("sshd", "auth required pam_unix.so\n");
	expect_block(BLOCK "MaxAuthTries 2\n", GOOD, 0, NULL);
}

/* A Match line counts to the end of its file, and in what it includes. */
static void
test_match_includes(void **state)
{
	(void)state;
	pamfolder_put("sshd", "auth required pam_jwt.so\n");
	pamfolder_put("x.inc", "Match User bob\n");
	expect_block("Include x.inc\nMaxAuthTries 2\n", GOOD, 0, NULL);
	pamfolder_put("x.inc", "X11Forwarding no\n");
	expect_block(BLOCK "Include x.inc\nMaxAuthTries 2\n", GOOD, 4,
	    "^in the Match block of line 2: MaxAuthTries");
	pamfolder_put("x.inc", "Match Address 192.0.2.0/24\n");
	expect_block(BLOCK "Include x.inc\nMaxAuthTries 2\n", GOOD, 4,
	    "^in the Match block of line 2: MaxAuthTries");
	pamfolder_drop("x.inc");
	pamfolder_drop("sshd_config");
}

static void
place_is(const char *name, unsigned line)
{
	struct arena arena = { 0 };
	char config[160];
	struct diag_place place;

	snprintf(config, sizeof(config), "%s", pamfolder_path("sshd_config"));
	place = check_sshd_place(config, "UsePAM", &arena);
	assert_string_equal(place.file, pamfolder_path(name));
	assert_int_equal(place.line, line);
	arena_clear(&arena);
}

static void
place_of(const char *text, const char *name, unsigned line)
{
	pamfolder_put("sshd_config", text);
	place_is(name, line);
}

static void
test_place(void **state)
{
	(void)state;
	place_is("sshd_config", 0);
	place_of("Port 22\n# UsePAM yes\n\tusepam yes\nUsePAM no\n",
	    "sshd_config", 3);
	place_of("UsePAM=yes\n", "sshd_config", 1);
	place_of("UsePAMx yes\nMatch user bob\nUsePAM yes\n", "sshd_config", 0);
	place_of("Match user bob\nInclude *.drop\n", "sshd_config", 0);
	pamfolder_put("a.drop", "Port 22\nMatch user x\nUsePAM no\n");
	pamfolder_put("b.drop", "\nUsePAM no\n");
	place_of("Include missing *.drop\nUsePAM yes\n", "b.drop", 2);
	place_of("UsePAM yes\nInclude *.drop\n", "sshd_config", 1);
	place_of("Include /nonexistent/*\nUsePAM yes\n", "sshd_config", 2);
	/* A file that includes itself. */
	place_of("Include sshd_config\nUsePAM yes\n", "sshd_config", 2);
}

/* What a program in the place of sshd prints; NULL: nothing to go by. */
static void
says(const char *text, mode_t mode, const char *settings)
{
	char *said;

	pamfolder_put("program.sh", text);
	assert_int_equal(chmod(pamfolder_path("program.sh"), mode), 0);
	said = check_sshd_ask(pamfolder_path("program.sh"));
	if (settings == NULL)
		assert_null(said);
	else
		assert_string_equal(said, settings);
	free(said);
}

static void
test_ask(void **state)
{
	(void)state;
	assert_null(check_sshd_ask("/nonexistent/sshd"));
	says("#!/bin/sh\n[ \"$*\" = -T ] && echo usepam yes\n", 0755,
	    "usepam yes\n");
	/* Its configuration is bad, or it says far too much. */
	says("#!/bin/sh\necho x; exit 255\n", 0755, NULL);
	says("#!/bin/sh\nhead -c 100000 /dev/zero\n", 0755, NULL);
	says("#!/bin/sh\n", 0644, NULL);
}

static void
test_value(void **state)
{
	static const char settings[] = "usepam yes\nbanner none \nx\n";

	(void)state;
	assert_true(check_sshd_is(settings, "usepam", "yes"));
	assert_false(check_sshd_is(settings, "usepam", "ye"));
	assert_false(check_sshd_is(settings, "sepam", "yes"));
	assert_true(check_sshd_is(settings, "banner", "none"));
	assert_int_equal(check_sshd_value(settings, "x").len, 0);
	assert_int_equal(check_sshd_value(settings, "y").len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings), cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_includes),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_ask), cmocka_unit_test(test_value),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
