/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of sshd for the account of the issuer: each must be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "issuerd/sshd_settings.h"

/* In the form of sshd -T, among others. */
static const char *const right[] = {
	"port 22",
	"pubkeyauthentication yes",
	"permittty no",
	"permituserrc no",
	"disableforwarding yes",
	"exposeauthinfo yes",
	"forcecommand /usr/bin/pam-jwt issuer serve",
	"authorizedkeyscommand /usr/bin/pam-jwt issuer people "
	"--authorized-keys",
	"authorizedkeyscommanduser tokens",
	"authorizedkeysfile none",
	"acceptenv none",
	"authenticationmethods publickey",
	"trustedusercakeys none"
};
#define RIGHT_LEN (sizeof(right) / sizeof(right[0]))

/* The right lines, with one of them replaced, or dropped for NULL. */
static size_t
count_faults(size_t replaced, const char *line, char first[256])
{
	struct diag diag = { .reason = JWT_OK };
	char text[2048] = "";
	size_t i, count;

	for (i = 0; i < RIGHT_LEN; i++) {
		const char *with = i == replaced ? line : right[i];

		if (with != NULL)
			strcat(strcat(text, with), "\n");
	}
	sshd_settings_check(bytes_str(text), &diag);
	count = diag.count;
	assert_int_equal(count == 0, diag.reason == JWT_OK);
	first[0] = '\0';
	if (count > 0)
		snprintf(first, 256, "%s", diag.entries[0].text);
	diag_clear(&diag);
	return count;
}

/* Exactly one fault, whose message has these words. */
static void
refuses(size_t replaced, const char *line, const char *why)
{
	char first[256];
	size_t count = count_faults(replaced, line, first);

	if (count != 1 || strstr(first, why) == NULL)
		fail_msg("line %zu: %zu faults: %s", replaced, count, first);
}

static void
takes(size_t replaced, const char *line)
{
	char first[256];

	if (count_faults(replaced, line, first) != 0)
		fail_msg("line %zu: %s", replaced, first);
}

static void
test_right(void **state)
{
	(void)state;
	takes(0, "port 22");
	takes(0, NULL);
}

/* Any other line, and no line, is a fault: for all but the port. */
static void
test_each(void **state)
{
	char line[64], first[256];
	size_t i;

	(void)state;
	for (i = 1; i < RIGHT_LEN; i++) {
		snprintf(line, sizeof(line), "%.*s other",
		    (int)strcspn(right[i], " "), right[i]);
		refuses(i, line, "is other and must be ");
		/* Without the line of AcceptEnv nothing is taken. */
		if (strncmp(right[i], "acceptenv", 9) == 0)
			takes(i, NULL);
		else
			refuses(i, NULL, "is not there and must be ");
		snprintf(line, sizeof(line), "%s x", right[i]);
		assert_int_equal(count_faults(i, line, first), 1);
	}
	refuses(2, "permittty yes", "PermitTTY is yes and must be no");
	refuses(11, "authenticationmethods any", "AuthenticationMethods");
	refuses(11, "authenticationmethods publickey password", "publickey");
	refuses(9, "authorizedkeysfile .ssh/authorized_keys", "none");
}

/* A second line counts as well. */
static void
test_several(void **state)
{
	(void)state;
	refuses(12, "trustedusercakeys /etc/ssh/ca.pub", "TrustedUserCAKeys is "
	    "/etc/ssh/ca.pub and must be none");
	refuses(10, "acceptenv none\nacceptenv LD_*", "AcceptEnv is LD_*");
	refuses(10, "acceptenv LANG\nacceptenv none", "AcceptEnv is LANG");
}

static void
test_commands(void **state)
{
	static const char *const serves[] = {
		"forcecommand none",
		"forcecommand pam-jwt issuer serve",
		"forcecommand /usr/bin/pam-jwt serve",
		"forcecommand /usr/bin/pam-jwt issuer login",
		"forcecommand /usr/bin/pam-jwt issuer serve --x",
		"forcecommand /usr/bin/xpam-jwt issuer serve",
		"forcecommand /bin/sh -c x;/usr/bin/pam-jwt issuer serve",
		"forcecommand /a;/usr/bin/pam-jwt issuer serve",
		"forcecommand /$(x)/pam-jwt issuer serve",
		"forcecommand x/usr/bin/pam-jwt issuer serve",
		"forcecommand /usr/libexec/pam-jwt-issuer x serve",
		"forcecommand  serve"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(serves) / sizeof(serves[0]); i++)
		refuses(6, serves[i], "must be /usr/bin/pam-jwt issuer serve");
	refuses(6, "forcecommand /usr/local/bin/pam-jwt issuer serve",
	    "must be the program of AuthorizedKeysCommand");
	refuses(7, "authorizedkeyscommand /usr/bin/pam-jwt issuer people",
	    "AuthorizedKeysCommand is ");
	takes(6, "forcecommand /usr/libexec/pam-jwt-issuer serve\n"
	    "authorizedkeyscommand /usr/libexec/pam-jwt-issuer people "
	    "--authorized-keys");
}

static void
test_empty(void **state)
{
	struct diag diag = { .reason = JWT_OK };

	(void)state;
	sshd_settings_check(bytes_of(NULL, 0), &diag);
	assert_int_equal(diag.count, RIGHT_LEN - 2);
	diag_clear(&diag);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_empty)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
