/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of a password beside a strict section: each rule
 * that makes a section strict, and each stack that lets a password in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/load.h"
#include "pamfolder.h"
#include "tool/check_door.h"

#define FIRST	"auth sufficient pam_jwt.so\n"
#define ONLY	"auth required pam_jwt.so\n"
#define UNIX	"auth required pam_unix.so\n"
#define STRICT	"deny = if rhost not in 192.0.2.0/24"

static struct policy policy;

/* A configuration whose section of the service has this setting. */
static void
parse(const char *service, const char *setting)
{
	const struct policy_host host = { .hostname = NULL };
	struct diag diag = { 0 };
	char conf[600];

	snprintf(conf, sizeof(conf), "[issuer i]\niss = https://i\n"
	    "keys = /k\naudience = a\n[service %s]\n%s\n", service,
	    setting);
	if (policy_parse(bytes_str(conf), LOAD_CONFIG_DEFAULT, &host, &diag,
	    &policy) != JWT_OK)
		fail_msg("%s: %s", setting, diag.entries[0].text);
	diag_clear(&diag);
}

/* The only warning is of a password. */
static void
expect(const char *service, const char *setting, unsigned line,
    const char *text)
{
	struct diag diag = { 0 };

	parse(service, setting);
	check_door_note(pamfolder_list, &policy, &diag);
	policy_clear(&policy);
	pamfolder_expect(&diag, service, line, text);
}

static void
test_rules(void **state)
{
	static const struct {
		const char *service;
		const char *setting;
		const char *demand;	/* NULL: not strict */
	} rows[] = {
		{ "s", STRICT, "(rhost)" },
		{ "s", "permit = as claim sub if groups has \"a\" and "
		  "(not amr has \"pwd\" or acr = \"2\")", "(amr or acr)" },
		{ "s", "permit = as claim sub if acr = \"2\"", "(amr or acr)" },
		{ "s", "permit = as claim sub if auth_time within 15m",
		  "(within)" },
		{ "s", "deny = if not time 08:00-18:00", "(time)" },
		{ "sshd", "permit = as claim sub if sshkey = ssh-ed25519\n"
		  "proof = ssh-key", "(proof)" },
		{ "sudo", "proof = session", "(proof)" },
		{ "sshd", "proof = ssh-key\nrequire_proof = yes",
		  "(require_proof)" },
		{ "s", "permit = as claim sub", NULL },
		{ "s", "permit = as claim sub if groups has \"a\"", NULL },
		{ "s", "permit = as root if user = root", NULL },
		{ "s", "permit = as claim sub if /x/amr has \"hwk\"", NULL },
		{ "s", "single_use = yes", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pamfolder_put(rows[i].service, FIRST UNIX);
		expect(rows[i].service, rows[i].setting,
		    rows[i].demand != NULL, rows[i].demand);
		pamfolder_put(rows[i].service, ONLY);
		expect(rows[i].service, rows[i].setting, 0, NULL);
		pamfolder_drop(rows[i].service);
	}
}

static void
test_stacks(void **state)
{
	static const struct {
		const char *stack;
		unsigned line;	/* of ours; 0: no password gets in */
	} rows[] = {
		{ FIRST UNIX, 1 },
		{ FIRST "auth required pam_sss.so\n", 1 },
		{ FIRST "auth requisite pam_deny.so\n", 0 },
		{ FIRST, 0 },
		{ ONLY UNIX, 0 },
		{ UNIX ONLY, 0 },
		{ UNIX FIRST, 2 },
		{ "auth sufficient pam_unix.so\n" ONLY, 2 },
		{ "auth [success=1 default=ignore] pam_unix.so\n" ONLY
		  "auth required pam_permit.so\n", 2 },
		{ "auth [success=1 default=ignore] pam_unix.so\n"
		  "auth requisite pam_deny.so\n" ONLY, 0 },
		{ "auth sufficient pam_rootok.so\n" ONLY, 0 },
		{ "auth [success=done default=die] pam_jwt.so\n" UNIX, 0 },
		{ "auth [success=2 default=ignore] pam_jwt.so\n"
		  "auth [success=1 default=ignore] pam_unix.so\n"
		  "auth requisite pam_deny.so\n"
		  "auth required pam_permit.so\n", 1 },
		/* Two lines of ours: one that is heeded is enough. */
		{ FIRST UNIX ONLY, 0 },
		{ FIRST "auth include common-auth\n", 1 },
		{ FIRST "auth substack common-auth\n", 1 },
		{ "auth sufficient pam_jwt.so config=/x\n" UNIX, 0 },
		{ UNIX, 0 },
	};
	size_t i;

	(void)state;
	pamfolder_put("other", "auth required pam_deny.so\n");
	pamfolder_put("common-auth", UNIX);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pamfolder_put("s", rows[i].stack);
		expect("s", STRICT, rows[i].line, rows[i].line == 0 ? NULL :
		    "a password lets in without the rules");
	}
}

#define YES "pubkeyauthentication yes\n"
#define METHODS YES "authenticationmethods "

static void
expect_key(const char *setting, const char *settings, bool is_wanted)
{
	struct diag diag = { 0 };
	char config[160];

	snprintf(config, sizeof(config), "%s", pamfolder_path("sshd_config"));
	parse("sshd", setting);
	check_door_note_keys(pamfolder_list, &policy, settings, config, &diag);
	policy_clear(&policy);
	pamfolder_expect(&diag, "sshd_config", is_wanted ? 2 : 0, is_wanted ?
	    "an ssh key alone lets in without the rules" : NULL);
}

static void
test_keys(void **state)
{
	static const struct {
		const char *settings;
		bool is_open;
	} rows[] = {
		{ YES, true }, { "pubkeyauthentication no\n", false },
		{ METHODS "any\n", true }, { METHODS "publickey\n", true },
		{ METHODS "publickey,publickey\n", true },
		{ METHODS "publickey,keyboard-interactive:pam\n", false },
		{ METHODS "keyboard-interactive publickey\n", true },
		{ METHODS "keyboard-interactive\n", false },
	};
	size_t i;

	(void)state;
	pamfolder_put("sshd_config", "Port 22\nPubkeyAuthentication yes\n");
	pamfolder_put("sshd", ONLY);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect_key(STRICT, rows[i].settings, rows[i].is_open);
		expect_key("permit = as claim sub", rows[i].settings, false);
	}
	/* check_proof says that no key is checked before the token. */
	expect_key("proof = ssh-key", METHODS "any\n", false);
	expect_key("proof = ssh-key", METHODS
	    "publickey,keyboard-interactive publickey\n", true);
	/* A Match block that opens the door, and one that does so on purpose. */
	pamfolder_put("sshd_config", "Match User bob\nPubkeyAuthentication yes\n");
	expect_key(STRICT, "pubkeyauthentication no\n", true);
	expect_key(STRICT, METHODS "keyboard-interactive\n", false);
	expect_key("permit = as claim sub", "pubkeyauthentication no\n", false);
	pamfolder_put("sshd_config", "Match User bob\nPubkeyAuthentication yes\n"
	    "AuthenticationMethods publickey\n");
	expect_key(STRICT, "pubkeyauthentication no\n", false);
	pamfolder_put("sshd_config", "Match User bob\nX11Forwarding yes\n");
	expect_key(STRICT, "pubkeyauthentication no\n", false);
	pamfolder_put("sshd", UNIX);
	expect_key(STRICT, YES, false);
	pamfolder_drop("sshd");
	pamfolder_drop("sshd_config");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules), cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, pamfolder_make,
	    pamfolder_remove);
}
