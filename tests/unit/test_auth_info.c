/* SPDX-License-Identifier: BSD-2-Clause */
/* The file of sshd that says which key was proved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "issuerd/auth_info.h"

/* Keys that were made for these tests; CERT is a certificate of FIRST. */
#define FIRST "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDPY1TJ19tUr7Q43ag4Ug/HMPXR4CRjsRVSR" \
    "D/sKE/HT"
#define SECOND "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIHSXHNUO949zwSYFVLLYC9WQrmIpnSE+Igi8" \
    "1R1jvjrY"
#define SK_FIRST "sk-ssh-ed25519@openssh.com " \
    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIDPY1TJ19tUr7Q43" \
    "ag4Ug/HMPXR4CRjsRVSRD/sKE/HTAAAABHNzaDo="
#define CERT "ssh-ed25519-cert-v01@openssh.com " \
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAILDkhWzo" \
    "XbboS9ifW+kCVUvpmbM/ECmjRcoVqbAZZAHTAAAAIDPY1TJ19tUr7Q43ag4U" \
    "g/HMPXR4CRjsRVSRD/sKE/HTAAAAAAAAAAAAAAABAAAAAXgAAAAJAAAABWFs" \
    "aWNlAAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9y" \
    "d2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAA" \
    "FnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAA" \
    "AAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5" \
    "AAAAIA/Q35IsQxwj1Uw6qSTYu7lyN+o/N71CawizfJzEGj79AAAAUwAAAAtz" \
    "c2gtZWQyNTUxOQAAAEBGL2Ta72G31egKUzzLrnKzhK6AeXBb2V0sy3jvwd4m" \
    "0jbvF8P+XSUA57TGwI+UvJrapc1TBH4IG2wsn5celFcC"

/* ---- the text ---- */

static void
test_taken(void **state)
{
	struct sshkey key, same;

	(void)state;
	assert_null(auth_info_parse(bytes_str("publickey " FIRST "\n"), &key));
	assert_int_equal(sshkey_read_line(bytes_str(FIRST), &same), SSHKEY_OK);
	assert_string_equal(key.fingerprint, same.fingerprint);
	assert_string_equal(key.jkt, same.jkt);
	assert_null(auth_info_parse(bytes_str("publickey " SK_FIRST "\n"),
	    &key));
	assert_string_equal(key.type, "sk-ssh-ed25519@openssh.com");
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "whole line" },
		{ "\n", "other than a key" },
		{ "publickey " FIRST, "whole line" },
		{ "publickey " FIRST "\npublickey " FIRST "\n", "one method" },
		{ "publickey " FIRST "\npublickey " SECOND "\n", "one method" },
		{ "publickey " FIRST "\npassword\n", "one method" },
		{ "publickey " FIRST "\n\n", "one method" },
		{ "\npublickey " FIRST "\n", "one method" },
		{ "password\n", "other than a key" },
		{ "hostbased " FIRST "\n", "other than a key" },
		{ "publickey/x " FIRST "\n", "other than a key" },
		{ "Publickey " FIRST "\n", "other than a key" },
		{ " publickey " FIRST "\n", "other than a key" },
		{ FIRST "\n", "other than a key" },
		{ "publickey\n", "does not accept" },
		{ "publickey " FIRST " alice\n", "does not accept" },
		{ "publickey  " FIRST "\n", "does not accept" },
		{ "publickey " FIRST "\r\n", "does not accept" },
		{ "publickey ssh-ed25519 AAAA\n", "does not accept" },
		{ "publickey ssh-dss AAAA\n", "does not accept" },
		{ "publickey " CERT "\n", "certificate" },
	};
	struct sshkey key;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = auth_info_parse(bytes_str(cases[i].text),
		    &key);

		if (fault == NULL || strstr(fault, cases[i].why) == NULL)
			fail_msg("%s: %s, wanted %s", cases[i].text,
			    fault == NULL ? "taken" : fault, cases[i].why);
		assert_null(key.type);
		assert_string_equal(key.fingerprint, "");
	}
}

/* ---- the file ---- */

struct place {
	char folder[64];
	char path[96];
};

static int
set_up(void **state)
{
	static struct place place;
	FILE *file;

	snprintf(place.folder, sizeof(place.folder), "/tmp/auth_info.XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	assert_int_equal(chmod(place.folder, 0755), 0);
	snprintf(place.path, sizeof(place.path), "%s/sshauth.x", place.folder);
	file = fopen(place.path, "w");
	assert_non_null(file);
	fputs("publickey " FIRST "\n", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(place.path, 0600), 0);
	*state = &place;
	return 0;
}

static int
tear_down(void **state)
{
	const struct place *place = *state;

	(void)unlink(place->path);
	(void)rmdir(place->folder);
	return 0;
}

/* In a child of that user: 0 taken, 1 refused. */
static int
read_as(uid_t uid, const char *path)
{
	struct sshkey key;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && setresuid(uid, uid, uid) != 0)
			_exit(2);
		_exit(auth_info_load(path, &key) != NULL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static uid_t
own(const struct place *place)
{
	if (geteuid() != 0)
		return geteuid();
	assert_int_equal(chown(place->folder, 12345, 0), 0);
	assert_int_equal(chown(place->path, 12345, 0), 0);
	return 12345;
}

static void
test_file(void **state)
{
	const struct place *place = *state;
	uid_t uid = own(place);

	assert_int_equal(read_as(uid, place->path), 0);
	assert_int_equal(read_as(uid, "/nonexistent/sshauth.x"), 1);
	assert_int_equal(read_as(uid, "sshauth.x"), 1);
	assert_int_equal(read_as(uid, ""), 1);
	assert_int_equal(read_as(uid, place->folder), 1);
	assert_int_equal(chmod(place->path, 0640), 0);
	assert_int_equal(read_as(uid, place->path), 1);
	assert_int_equal(chmod(place->path, 0604), 0);
	assert_int_equal(read_as(uid, place->path), 1);
	assert_int_equal(chmod(place->path, 0620), 0);
	assert_int_equal(read_as(uid, place->path), 1);
}

static void
test_owner(void **state)
{
	const struct place *place = *state;

	if (geteuid() != 0)
		skip();
	(void)own(place);
	assert_int_equal(chmod(place->path, 0644), 0);
	assert_int_equal(read_as(12346, place->path), 1);
	assert_int_equal(chown(place->path, 0, 0), 0);
	assert_int_equal(chown(place->folder, 0, 0), 0);
	assert_int_equal(chmod(place->path, 0600), 0);
	assert_int_equal(read_as(0, place->path), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
		cmocka_unit_test_setup_teardown(test_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_owner, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
