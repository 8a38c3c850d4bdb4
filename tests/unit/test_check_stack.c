/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of the stacks in /etc/pam.d: where our account
 * line stands, and which lines keep it from being asked.  The real libpam is
 * compared with it in tests/pam/stacks.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/load.h"
#include "tool/check_stack.h"

#define AUTH	"auth required pam_jwt.so\n"
#define OURS	"account required pam_jwt.so\n"
#define ENDS	"account sufficient pam_a.so\n"

static char top[64], first[80], second[80];
static const char *const folders[] = { first, second, NULL };

static void
put(const char *folder, const char *name, const char *text)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static int
make_folders(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/pam_jwt.XXXXXX");
	assert_non_null(mkdtemp(top));
	snprintf(first, sizeof(first), "%s/1", top);
	snprintf(second, sizeof(second), "%s/2", top);
	assert_int_equal(mkdir(first, 0755), 0);
	assert_int_equal(mkdir(second, 0755), 0);
	put(first, "other", "account required pam_deny.so\n");
	return 0;
}

static int
remove_folders(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static void
drop(const char *folder, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static bool
is_like(const char *text, const char *wanted)
{
	if (wanted[0] == '^')
		return strncmp(text, wanted + 1, strlen(wanted + 1)) == 0;
	return strstr(text, wanted) != NULL;
}

/*
 * The only warning, of that line and with that text, or with that start after
 * a ^; NULL: none at all.
 */
static void
expect(unsigned line, const char *text)
{
	struct diag diag = { 0 };
	size_t wanted = text != NULL;

	check_stack_note(folders, LOAD_CONFIG_DEFAULT, &diag);
	if (diag.count != wanted)
		fail_msg("%zu warnings: %s", diag.count, diag.count == 0 ?
		    text : diag.entries[0].text);
	if (text != NULL && (diag.entries[0].line != line ||
	    !is_like(diag.entries[0].text, text) ||
	    diag.entries[0].reason != JWT_OK))
		fail_msg("%u: %s, not %u: %s", diag.entries[0].line,
		    diag.entries[0].text, line, text);
	diag_clear(&diag);
}

static void
expect_of(const char *service, unsigned line, const char *text)
{
	put(first, "s", service);
	expect(line, text);
	drop(first, "s");
}

/* Every control that can leave the stack, and its neighbours that cannot. */
static void
test_controls(void **state)
{
	static const struct {
		const char *control;
		const char *why;	/* NULL: does not skip the next line */
	} rows[] = {
		{ "required", NULL }, { "requisite", NULL },
		{ "optional", NULL }, { "SUFFICIENT", "(success=done)" },
		{ "sufficient", "(success=done)" }, { "madeup", NULL },
		{ "[success=ok default=die]", NULL }, { "[default=bad]", NULL },
		{ "[success=ok default=reset]", NULL }, { "[]", NULL },
		{ "[new_authtok_reqd=done success=ok]",
		    "(new_authtok_reqd=done)" },
		/* What ends with a refusal lets nobody in. */
		{ "[success=ok user_unknown=done]", NULL },
		{ "[success=ok new_authtok_reqd=ok ignore=ignore "
		    "default=done]", NULL },
		{ "[default=done success=ok new_authtok_reqd=bad ignore=die]",
		    NULL },
		{ "[success=ok ignore=done]", NULL },
		{ "[new_authtok_reqd=ok default=done]", "(default=done)" },
		{ "[success=ok user_unknown=1]", "(user_unknown=1)" },
		{ "[default=done]", "(default=done)" },
		{ "[success = done]", "(success = done)" },
		{ "[success=1 default=ignore]", "(success=1)" },
		{ "[success=ignore default=12]", "(default=12)" },
		{ "[success=0 default=ignore]", NULL },
		{ "[success=36893488147419103232]", "(success=36893" },
		{ "[success=1x]", NULL }, { "[success=doner]", NULL },
		{ "[success]", NULL }, { "[success=]", NULL },
	};
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), AUTH "account %s pam_a.so\n"
		    OURS "account required pam_b.so\n", rows[i].control);
		expect_of(text, 2, rows[i].why);
		/* After ours only a reset matters. */
		snprintf(text, sizeof(text), AUTH OURS "account %s pam_a.so\n",
		    rows[i].control);
		if (strstr(rows[i].control, "=reset") != NULL)
			expect_of(text, 3, "forget (default=reset)");
		else
			expect_of(text, 0, NULL);
	}
}

static void
test_our_control(void **state)
{
	static const struct {
		const char *control;
		const char *text;	/* NULL: every refusal counts */
	} rows[] = {
		{ "required", NULL }, { "requisite", NULL },
		{ "[success=ok ignore=ignore default=die]", NULL },
		{ "[success=ok default=bad]", NULL }, { "[success=ok]", NULL },
		{ "[default=ignore perm_denied=die auth_err=bad "
		    "authinfo_unavail=die buf_err=die system_err=bad]", NULL },
		{ "[default=ok]", NULL },
		{ "sufficient", "not heeded" }, { "optional", "not heeded" },
		{ "[success=ok default=ignore]", "not heeded" },
		{ "[success=ok default=reset]", "not heeded" },
		{ "[success=ok default=1]", "not heeded" },
		{ "[perm_denied=ignore default=die]", "not heeded" },
		{ "[default=die auth_err=ignore]", "not heeded" },
		{ "[default=die authinfo_unavail=ignore]", "not heeded" },
		{ "[default=die buf_err=ignore]", "not heeded" },
		{ "[default=die system_err=ignore]", "not heeded" },
		{ "[default=die service_err=ignore]", NULL },
		{ "[success=done default=die]", "ends the stack for a token" },
	};
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), AUTH "account %s pam_jwt.so\n"
		    "account required pam_a.so\n", rows[i].control);
		expect_of(text, 2, rows[i].text);
	}
}

#define RESET	"account [success=ok default=reset] pam_a.so\n"
#define DIES	"account requisite pam_jwt.so\n"
#define INNER	"account substack inner\n"

/* A reset forgets what was known since its substack began. */
static void
test_resets(void **state)
{
	static const struct {
		const char *service, *inner;
		unsigned line;	/* of the warning; 0: none */
	} rows[] = {
		{ AUTH OURS RESET, "", 3 },
		{ AUTH RESET OURS, "", 0 },
		{ AUTH OURS "account [success=ok user_unknown = reset] "
		    "pam_a.so\n", "", 3 },
		{ AUTH DIES RESET, "", 0 },	/* it is not asked */
		{ AUTH "account [success=ok default=die perm_denied=bad] "
		    "pam_jwt.so\n" RESET, "", 3 },
		/* Its substack began after our refusal. */
		{ AUTH OURS INNER, RESET, 0 },
		{ AUTH OURS INNER RESET, "account required pam_b.so\n", 4 },
		/* "die" ends only the substack. */
		{ AUTH INNER, DIES RESET, 0 },
		{ AUTH INNER RESET, DIES, 3 },
		{ AUTH INNER, OURS RESET, 2 },
		{ AUTH "account include inner\n", OURS RESET, 2 },
		{ AUTH "account include inner\n", DIES RESET, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(second, "inner", rows[i].inner);
		expect_of(rows[i].service, rows[i].line, rows[i].line == 0 ?
		    NULL : "pam_a.so makes libpam forget (");
		drop(second, "inner");
	}
}

static void
test_lines(void **state)
{
	static const struct {
		const char *service;
		unsigned line;
		const char *text;
	} rows[] = {
		{ AUTH OURS, 0, NULL },
		{ "auth required pam_b.so\naccount sufficient pam_a.so\n", 0,
		    NULL },
		{ AUTH, 1, "no account line" },
		{ AUTH "account required pam_a.so\n", 1, "no account line" },
		{ AUTH "#" OURS, 1, "no account line" },
		{ AUTH "session required pam_jwt.so\n", 1, "no account line" },
		{ AUTH "auth sufficient pam_a.so\n" OURS, 0, NULL },
		{ AUTH "# account sufficient pam_a.so\n" OURS, 0, NULL },
		{ AUTH "account required pam_a.so # sufficient\n" OURS, 0,
		    NULL },
		{ AUTH "account sufficient pam_a.so # x \\\n" OURS, 2,
		    "success=done" },
		{ AUTH "# x \\\naccount sufficient pam_a.so\n" OURS, 3,
		    "success=done" },
		{ AUTH "account [success=1] pam_a.so\n" OURS OURS, 0, NULL },
		{ AUTH "-account sufficient pam_a.so\n" OURS, 2,
		    "success=done" },
		{ AUTH "Account\tSufficient\tpam_a.so\n" OURS, 2,
		    "success=done" },
		{ AUTH "account \\\n sufficient \\\n pam_a.so\n" OURS, 2,
		    "success=done" },
		{ AUTH "account [success=ok \\\n default=done] pam_a.so\n"
		    OURS, 2, "default=done" },
		{ AUTH "account required /lib/security/pam_jwt.so\n", 0, NULL },
		{ AUTH "account required not_pam_jwt.so\n", 1,
		    "no account line" },
		{ AUTH OURS ENDS OURS, 0, NULL },
		{ AUTH ENDS OURS OURS, 2, "before pam_jwt.so is asked" },
		{ "auth required pam_jwt.so config=/other\n", 0, NULL },
		{ AUTH "account required pam_jwt.so config=/other\n", 1,
		    "no account line" },
		{ AUTH "account required pam_jwt.so config=/other config="
		    LOAD_CONFIG_DEFAULT "\n", 0, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_of(rows[i].service, rows[i].line, rows[i].text);
}

static void
test_includes(void **state)
{
	(void)state;
	put(first, "common-in", "auth sufficient pam_a.so\n" ENDS);
	put(second, "vendor", ENDS);
	expect_of(AUTH "account include common-in\n" OURS, 2, "pam_a.so");
	expect_of(AUTH "@include common-in\n" OURS, 2, "pam_a.so");
	expect_of(AUTH OURS "@include common-in\n", 0, NULL);
	expect_of(AUTH "auth include common-in\n" OURS, 0, NULL);
	expect_of(AUTH "account include vendor\n" OURS, 1, "pam_a.so");
	/* An end goes no further than its substack. */
	expect_of(AUTH "account substack common-in\n" OURS, 0, NULL);
	put(first, "common-ours", ENDS OURS);
	expect_of(AUTH "account substack common-ours\n", 1, "pam_a.so");
	put(first, "common-ours", OURS);
	expect_of(AUTH "account substack common-ours\n", 0, NULL);
	expect_of(AUTH ENDS "account substack common-ours\n", 2, "pam_a.so");
	/* For a jump a substack is one line. */
	expect_of(AUTH "account [success=1] pam_a.so\n"
	    "account substack common-in\n" OURS, 0, NULL);
	expect_of(AUTH "account [success=2] pam_a.so\n"
	    "account substack common-in\n" OURS, 2, "success=2");
	put(first, "common-two", "account [success=9] pam_a.so\n"
	    "account required pam_b.so\n");
	expect_of(AUTH "account substack common-two\n" OURS, 0, NULL);
	expect_of(AUTH "account include common-two\n" OURS, 1, "success=9");
	drop(first, "common-in");
	expect_of(AUTH "account include common-in\n" OURS, 1, "No such file or directory");
	put(first, "common-in", "account include common-in\n");
	expect_of(AUTH "account include common-in\n" OURS, 1,
	    "includes itself");
	drop(first, "common-in");
	drop(first, "common-ours");
	drop(first, "common-two");
	drop(second, "vendor");
}

/* The name of the last file of a chain, each of which includes two others. */
static void
put_chain(const char *line)
{
	char name[16], text[80];
	int i;

	for (i = 1; i < PAM_STACK_DEPTH - 1; i++) {
		snprintf(name, sizeof(name), "chain%d", i);
		snprintf(text, sizeof(text), "account include chain%d\n"
		    "account include chain%d\n", i + 1, i + 1);
		put(first, name, text);
	}
	snprintf(name, sizeof(name), "chain%d", i);
	put(first, name, line);
}

/*
 * A stack that libpam could not use either must not keep the check busy: files
 * that are read 2^14 times, also without any line of the type, and many lines.
 */
static void
test_limits(void **state)
{
	static char text[(PAM_STACK_LINES + 1) * sizeof(ENDS)];
	struct pam_stack stack = { .folders = folders };
	struct arena arena = { 0 };
	size_t i;

	(void)state;
	put_chain("auth required pam_a.so\n");
	expect_of(AUTH "account include chain1\n" OURS, 1,
	    "includes too many files");
	put_chain("account required pam_a.so\n");
	expect_of(AUTH "account include chain1\n" OURS, 1,
	    "includes too many files");
	for (i = 0; i <= PAM_STACK_LINES; i++)
		memcpy(text + i * strlen(ENDS), ENDS, sizeof(ENDS));
	put(first, "lines", text);
	stack.arena = &arena;
	assert_true(pam_stack_read(&stack, "lines", "account"));
	assert_int_equal(stack.count, PAM_STACK_LINES);
	assert_non_null(strstr(stack.fault, "too many lines"));
	arena_clear(&arena);
	text[PAM_STACK_LINES * strlen(ENDS)] = '\0';
	put(first, "lines", text);
	stack = (struct pam_stack){ .folders = folders, .arena = &arena };
	assert_true(pam_stack_read(&stack, "lines", "account"));
	assert_int_equal(stack.count, PAM_STACK_LINES);
	assert_null(stack.fault);
	arena_clear(&arena);
	drop(first, "lines");
}

/* A service without account lines has those of "other". */
static void
test_other(void **state)
{
	(void)state;
	put(first, "other", "account required pam_deny.so\n" OURS);
	expect_of(AUTH, 0, NULL);
	put(first, "other", ENDS OURS);
	expect_of(AUTH, 1, "pam_a.so");
	expect_of(AUTH "account required pam_a.so\n", 1, "no account line");
	put(first, "other", "account required pam_deny.so\n");
}

static void
test_services(void **state)
{
	static const char *const copies[] = {
		"s~", "s.pam-old", "s.dpkg-old", "s.rpmsave", "s.bak", ".s",
		"common-s"
	};
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "g"
	};
	struct diag diag = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		put(first, copies[i], AUTH);
		expect(0, NULL);
		drop(first, copies[i]);
	}
	/* The name of the service is of the first folder that has it. */
	put(second, "s", AUTH);
	expect(1, "s: pam_jwt.so");
	expect_of(AUTH OURS, 0, NULL);
	expect_of(AUTH, 1, "^s: pam_jwt.so");
	drop(second, "s");
	/* One warning for one line, whoever includes it. */
	put(first, "common-account", ENDS OURS);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(first, names[i], AUTH "@include common-account\n");
	expect(1, "a, b, c, d, e, f and 1 more: pam_a.so");
	drop(first, "g");
	expect(1, "a, b, c, d, e, f: pam_a.so");
	for (i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++)
		drop(first, names[i]);
	/* Another line of ours is another matter. */
	put(first, "common-account", ENDS);
	put(first, "a", AUTH "@include common-account\n" OURS);
	put(first, "b", AUTH "@include common-account\n" OURS);
	check_stack_note(folders, LOAD_CONFIG_DEFAULT, &diag);
	assert_int_equal(diag.count, 2);
	diag_clear(&diag);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_our_control),
		cmocka_unit_test(test_resets),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_services),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
