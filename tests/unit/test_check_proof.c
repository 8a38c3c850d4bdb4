/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of proof: whether sshd checks a key before it asks
 * for the token, and whether its sessions are recorded.
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
#include "tool/check_proof.h"

#define BOTH "authenticationmethods publickey,keyboard-interactive:pam\n"
#define NO_KEY "sshd checks no key"
#define NO_LINE "has no line of pam_jwt.so"

static char folder[64];
static const char *sshd;	/* its settings */
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

/* The only warning has this text; NULL: there is none. */
static void
expect(enum service_proof proof, const char *text)
{
	struct service service = { .proof = proof, .proof_line = 7 };
	struct policy policy = {
		.file = LOAD_CONFIG_DEFAULT, .services = &service,
		.service_count = 1
	};
	struct diag diag = { 0 };

	check_proof_note(folders, sshd, &policy, &diag);
	assert_int_equal(diag.count, text != NULL);
	if (text != NULL) {
		assert_int_equal(diag.entries[0].line, 7);
		assert_int_equal(diag.entries[0].reason, JWT_OK);
		assert_non_null(strstr(diag.entries[0].text, text));
	}
	diag_clear(&diag);
}

static void
test_methods(void **state)
{
	static const struct {
		const char *text;
		bool has_key;
	} cases[] = {
		{ BOTH, true },
		{ "port 22\n" BOTH "usepam yes\n", true },
		{ "authenticationmethods "
		  "publickey,publickey,keyboard-interactive", true },
		{ "authenticationmethods password "
		  "publickey,keyboard-interactive\n", true },
		{ "authenticationmethods "
		  "keyboard-interactive,publickey\n", false },
		{ "authenticationmethods any\n", false },
		{ "authenticationmethods publickey\n", false },
		{ "authenticationmethods publickey keyboard-interactive\n",
		  false },
		{ "authenticationmethods hostbased,keyboard-interactive\n",
		  false },
		{ "x" BOTH, false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (check_proof_has_key(cases[i].text) != cases[i].has_key)
			fail_msg("%s", cases[i].text);
	}
}

static void
test_settings(void **state)
{
	(void)state;
	sshd = NULL;
	expect(SERVICE_PROOF_SSH_KEY, NULL);
	sshd = "authenticationmethods any\n";
	expect(SERVICE_PROOF_SSH_KEY, NO_KEY);
	expect(SERVICE_PROOF_SESSION, NULL);
	expect(SERVICE_PROOF_NONE, NULL);
	sshd = BOTH;
	expect(SERVICE_PROOF_SSH_KEY, NULL);
}

static void
test_stacks(void **state)
{
	(void)state;
	expect(SERVICE_PROOF_SESSION, NULL);
	put("sshd", "auth required pam_jwt.so\n");
	expect(SERVICE_PROOF_SESSION, NO_LINE);
	expect(SERVICE_PROOF_SSH_KEY, NULL);
	put("sshd", "session required pam_jwt.so config=/other\n");
	expect(SERVICE_PROOF_SESSION, NO_LINE);
	put("sshd", "session required pam_jwt.so\n");
	expect(SERVICE_PROOF_SESSION, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods), cmocka_unit_test(test_settings),
		cmocka_unit_test(test_stacks),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
