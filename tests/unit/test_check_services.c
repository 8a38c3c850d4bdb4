/* SPDX-License-Identifier: BSD-2-Clause */
/* What `pam-jwt check` says of sections and of the services of PAM. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/load.h"
#include "pamfolder.h"
#include "tool/check_services.h"

#define LINE	7	/* of the section */
#define OURS	"auth required pam_jwt.so\n"
#define DEFAULT	"permit = as claim sub counts"

static const char *other;	/* name of the section; NULL: it has one */

/* The warnings of a configuration with this one section; NULL: without. */
static void
look(const char *name, struct diag *diag)
{
	const char *names[] = { name, other };
	struct service section = {
		.names = { .item = names, .count = other == NULL ? 1 : 2 },
		.line = LINE
	};
	struct policy policy = {
		.file = LOAD_CONFIG_DEFAULT, .services = &section,
		.service_count = name != NULL
	};

	*diag = (struct diag){ .count = 0 };
	check_services_note(pamfolder_list, &policy, diag);
}

/* The only warning is about the section. */
static void
expect_section(const char *name, const char *text)
{
	struct diag diag;

	look(name, &diag);
	assert_int_equal(diag.count, text != NULL);
	if (text != NULL) {
		assert_int_equal(diag.entries[0].line, LINE);
		assert_int_equal(diag.entries[0].reason, JWT_OK);
		if (strstr(diag.entries[0].text, text) == NULL)
			fail_msg("%s", diag.entries[0].text);
	}
	diag_clear(&diag);
}

static void
expect(const char *name, const char *file, unsigned line, const char *text)
{
	struct diag diag;

	look(name, &diag);
	pamfolder_expect(&diag, file, line, text);
}

static void
test_missing(void **state)
{
	static const struct {
		const char *name;
		const char *text;
	} rows[] = {
		{ "ssh", "did you mean sshd?" },
		{ "sshd-session", "did you mean sshd?" },
		{ "gdm", "did you mean gdm-password?" },
		{ "suod", "did you mean sudo?" },
		{ "nowhere", "write the name of the file in" },
		/* Spelt right, and not on this host. */
		{ "greetd", NULL }, { "*", NULL },
	};
	size_t i;

	(void)state;
	pamfolder_put("other", "auth required pam_deny.so\n");
	pamfolder_put("sshd", "auth required pam_unix.so\n");
	pamfolder_put("sudo", "auth required pam_unix.so\n");
	pamfolder_put("gdm-password", "auth required pam_unix.so\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_section(rows[i].name, rows[i].text);
}

static void
test_stack(void **state)
{
	(void)state;
	expect_section("sshd", "sshd has no auth line of pam_jwt.so");
	pamfolder_put("sshd", "account required pam_jwt.so\n");
	expect_section("sshd", "sshd has no auth line of pam_jwt.so");
	pamfolder_put("sshd", "auth required pam_jwt.so config=/x\n");
	expect_section("sshd", "sshd has no auth line of pam_jwt.so");
	pamfolder_put("common-auth", OURS);
	pamfolder_put("sshd", "@include common-auth\n");
	expect_section("sshd", NULL);
	/* One section for many, of which one asks us. */
	other = "sudo";
	expect_section("sshd", NULL);
	pamfolder_drop("sshd");
	expect_section("sshd", "sudo has no auth line of pam_jwt.so");
	other = NULL;
}

static void
test_pair(void **state)
{
	(void)state;
	pamfolder_put("sudo", OURS);
	other = "sudo-i";
	expect_section("sudo", NULL);
	pamfolder_put("sudo-i", "auth required pam_unix.so\n");
	expect_section("sudo", "sudo-i has no auth line of pam_jwt.so, and");
	pamfolder_put("sudo-i", OURS);
	expect_section("sudo", NULL);
	pamfolder_put("sudo", "auth required pam_unix.so\n");
	expect_section("sudo", "sudo has no auth line of pam_jwt.so, and");
	pamfolder_drop("sudo");
	pamfolder_drop("sudo-i");
	other = NULL;
}

static void
test_default(void **state)
{
	(void)state;
	pamfolder_put("s", "auth include common-auth\n");
	expect("s", "s", 0, NULL);
	expect("*", "s", 0, NULL);
	expect(NULL, "s", 0, NULL);
	expect("greetd", "common-auth", 1, "s: no [service] has this name");
	pamfolder_put("t", "auth substack common-auth\n");
	expect("greetd", "common-auth", 1, "s, t: no [service]");
	expect("s", "common-auth", 1, "t: no [service] has this name, so "
	    DEFAULT);
	pamfolder_drop("s");
	pamfolder_put("t", "account required pam_jwt.so\n");
	expect("greetd", "t", 0, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing), cmocka_unit_test(test_stack),
		cmocka_unit_test(test_pair), cmocka_unit_test(test_default),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
