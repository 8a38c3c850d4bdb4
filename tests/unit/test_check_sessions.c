/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of session_limit and revoke_on_logout: where our
 * session line stands, and whether something ends the sessions.
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
#include "tool/check_sessions.h"

#define AUTH	"auth required pam_jwt.so\n"
#define OURS	"session required pam_jwt.so\n"
#define LOGIND	"session optional pam_systemd.so\n"
#define LINE	7	/* of the section in the configuration */
#define STATE_LINE 9

static char folder[64];
static const char *const folders[] = { folder, NULL };

static void
put(const char *name, const char *text)
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

static void
drop(const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pam_jwt.XXXXXX");
	assert_non_null(mkdtemp(folder));
	put("other", "session required pam_deny.so\n");
	return 0;
}

static int
remove_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* The settings of all services; zeroed: nothing is wanted of a session. */
static struct service settings;
static const char *star[] = { "*" };
static struct policy policy = {
	.file = LOAD_CONFIG_DEFAULT, .services = &settings, .service_count = 1
};

static void
set(unsigned limit_sec, bool until_exp, bool revoke, bool watch)
{
	settings = (struct service){
		.names = { .item = star, .count = 1 }, .line = LINE,
		.session_limit_sec = limit_sec, .session_until_exp = until_exp,
		.revoke_on_logout = revoke
	};
	policy.state = (struct state_settings){
		.line = STATE_LINE, .watch = watch
	};
}

/* The only warning, of that line and with that text; NULL: none at all. */
static void
expect_with(struct check_enforcers works, unsigned line, const char *text)
{
	struct diag diag = { 0 };
	size_t count = text != NULL;

	check_sessions_note(folders, &policy, &works, &diag);
	if (diag.count != count)
		fail_msg("%zu warnings: %s", diag.count, diag.count == 0 ?
		    text : diag.entries[0].text);
	if (text != NULL && (diag.entries[0].line != line ||
	    strstr(diag.entries[0].text, text) == NULL ||
	    diag.entries[0].reason != JWT_OK))
		fail_msg("%u: %s, not %u: %s", diag.entries[0].line,
		    diag.entries[0].text, line, text);
	diag_clear(&diag);
}

static void
expect(bool is_watched, unsigned line, const char *text)
{
	expect_with((struct check_enforcers){
		.logind = true, .watch = is_watched
	}, line, text);
}

static void
expect_of(const char *name, const char *service, unsigned line,
    const char *text)
{
	put(name, service);
	expect(true, line, text);
	drop(name);
}

/* Every stack, with each setting that wants something of a session. */
static void
test_stacks(void **state)
{
	static const struct {
		const char *service;
		unsigned line;
		const char *limit;	/* with session_limit; NULL: nothing */
		const char *watch;	/* the same, session_enforcer = watch */
		const char *revoke;	/* with revoke_on_logout alone */
	} rows[] = {
		{ AUTH OURS LOGIND, 0, NULL, NULL, NULL },
		{ AUTH OURS "-session optional pam_systemd.so\n", 0, NULL,
		    NULL, NULL },
		{ AUTH LOGIND OURS, 2, "pam_systemd stands before", NULL,
		    NULL },
		{ AUTH LOGIND OURS LOGIND, 2, "pam_systemd stands before",
		    NULL, NULL },
		{ AUTH OURS, 2, "needs pam_systemd.so after", NULL, NULL },
		{ AUTH OURS "#" LOGIND, 2, "needs pam_systemd.so after", NULL,
		    NULL },
		{ AUTH OURS "session optional pam_systemd_home.so\n", 2,
		    "needs pam_systemd.so after", NULL, NULL },
		{ AUTH LOGIND, 1, "no session line, which session_limit",
		    "no session line, which session_limit",
		    "no session line, which revoke_on_logout" },
		{ AUTH, 1, "no session line", "no session line",
		    "no session line" },
		{ AUTH "session required pam_jwt.so config=/other\n" LOGIND, 1,
		    "no session line", "no session line", "no session line" },
		{ AUTH "session optional pam_jwt.so\n" LOGIND, 2, "not heeded",
		    "not heeded", NULL },
		{ AUTH "session sufficient pam_jwt.so\n" LOGIND, 2,
		    "not heeded", "not heeded", NULL },
		{ AUTH "session [success=ok default=die] pam_jwt.so\n" LOGIND,
		    0, NULL, NULL, NULL },
		{ AUTH "@include missing\n", 1, "missing", "missing",
		    "missing" },
		{ "auth required pam_unix.so\n" LOGIND, 0, NULL, NULL, NULL },
		{ "auth required pam_jwt.so config=/other\n" LOGIND, 0, NULL,
		    NULL, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(3600, false, false, false);
		expect_of("x", rows[i].service, rows[i].line, rows[i].limit);
		set(0, true, true, false);
		expect_of("x", rows[i].service, rows[i].line, rows[i].limit);
		set(3600, false, false, true);
		expect_of("x", rows[i].service, rows[i].line, rows[i].watch);
		set(0, false, true, false);
		expect_of("x", rows[i].service, rows[i].line,
		    rows[i].revoke);
		set(0, false, false, false);
		expect_of("x", rows[i].service, 0, NULL);
	}
}

/* Inside a session of logind another one cannot be had. */
static void
test_inside(void **state)
{
	static const char *const names[] = {
		"su", "su-l", "sudo", "sudo-i", "doas"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		set(3600, false, false, false);
		expect_of(names[i], AUTH OURS LOGIND, LINE,
		    "refuses every session that is begun inside");
		expect_of(names[i], AUTH LOGIND, 1, "no session line");
		set(3600, false, false, true);
		expect_of(names[i], AUTH OURS LOGIND, 0, NULL);
		set(0, false, true, false);
		expect_of(names[i], AUTH OURS LOGIND, 0, NULL);
	}
	set(3600, false, false, false);
	expect_of("login", AUTH OURS LOGIND, 0, NULL);
	put("su", AUTH OURS LOGIND);
	put("sudo", AUTH OURS);
	expect(true, LINE, "su, sudo: session_limit refuses");
	drop("su");
	drop("sudo");
}

/* No token opens a session there. */
static void
test_without(void **state)
{
	static const char *const names[] = {
		"polkit-1", "cron", "crond", "atd"
	};
	size_t i;

	(void)state;
	set(3600, false, true, false);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_of(names[i], AUTH OURS, 0, NULL);
	expect_of("polkit", AUTH OURS, 2, "needs pam_systemd.so after");
}

/* The section of another service does not count. */
static void
test_sections(void **state)
{
	static const char *sshd[] = { "sshd" };

	(void)state;
	set(3600, false, false, false);
	settings.names.item = sshd;
	expect_of("x", AUTH, 0, NULL);
	expect_of("sshd", AUTH, 1, "sshd: pam_jwt.so has this auth line");
}

/* Where setcred comes before the session, logind is told in time. */
static void
test_setcred_first(void **state)
{
	static const struct {
		const char *name;
		bool is_told;
	} rows[] = {
		{ "sshd", true }, { "greetd", true }, { "lightdm", true },
		{ "cockpit", true }, { "login", false }, { "x", false },
	};
	size_t i;

	(void)state;
	set(3600, false, false, false);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_of(rows[i].name, AUTH LOGIND OURS,
		    rows[i].is_told ? 0 : 2, rows[i].is_told ? NULL :
		    "pam_systemd stands before");
	expect_of("sshd", AUTH OURS, 2, "needs pam_systemd.so after");
}

/* What can be revoked must be known by a record. */
static void
test_revocable(void **state)
{
	static const char *const names[] = {
		"sshd", "login", "greetd", "lightdm", "gdm-password", "sddm",
		"cockpit"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		set(0, false, false, false);
		expect_of(names[i], AUTH, 1, "which revoke --end-sessions");
		expect_of(names[i], AUTH OURS, 0, NULL);
		policy.state.line = 0;
		expect_of(names[i], AUTH, 0, NULL);
	}
	set(0, false, false, false);
	expect_of("sudo", AUTH, 0, NULL);
}

static void
test_timer(void **state)
{
	(void)state;
	set(3600, false, false, false);
	expect(true, 0, NULL);
	expect(false, LINE, "what logind does not end goes on");
	set(0, true, false, false);
	expect(false, LINE, "what logind does not end goes on");
	set(3600, false, false, true);
	expect(true, 0, NULL);
	expect(false, STATE_LINE, "every session with a limit is refused");
	/* A token may bring a limit of its own. */
	set(0, false, false, true);
	expect(false, STATE_LINE, "every session with a limit is refused");
	set(0, false, true, false);
	expect(false, 0, NULL);
	expect_with((struct check_enforcers){ 0 }, 0, NULL);
}

/* A host without systemd: the timer alone ends nothing there. */
static void
test_no_logind(void **state)
{
	struct check_enforcers works = { .watch = true };

	(void)state;
	set(3600, false, false, false);
	expect_with(works, LINE, "systemd does not run here");
	set(0, true, false, false);
	expect_with(works, LINE, "systemd does not run here");
	set(3600, false, false, true);
	expect_with(works, 0, NULL);
	works.watch = false;
	expect_with(works, STATE_LINE, "let cron run it each minute");
	set(3600, false, false, false);
	expect_with(works, LINE, "write session_enforcer = watch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stacks), cmocka_unit_test(test_inside),
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_setcred_first),
		cmocka_unit_test(test_revocable),
		cmocka_unit_test(test_sections), cmocka_unit_test(test_timer),
		cmocka_unit_test(test_no_logind),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
