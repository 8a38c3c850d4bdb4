/* SPDX-License-Identifier: BSD-2-Clause */
/* How root's rights are given up, and what other programs print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/clock.h"
#include "issuerd/capture.h"
#include "issuerd/owner.h"

/* ---- owner ---- */

/* In a child: the result of owner_become(), or 9 if rights are left then. */
static int
become(const char *directory, uid_t as)
{
	const char *fault = NULL;
	const gid_t given[] = { 0, 5 };
	gid_t groups[64];
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		enum owner_result result;

		if (as == 0 && getuid() == 0 && setgroups(2, given) != 0)
			_exit(8);
		if (as != 0 && setresuid(as, as, as) != 0)
			_exit(8);
		result = owner_become(directory, &fault);
		if (result != OWNER_OK)
			_exit(fault != NULL ? (int)result : 7);
		if (getuid() == 0 || geteuid() == 0 || setuid(0) == 0)
			_exit(9);
		if (as == 0 && (getgid() == 0 || getegid() == 0))
			_exit(9);
		if (as == 0 && getgroups(64, groups) > 0 && groups[0] == 0)
			_exit(9);
		_exit(OWNER_OK);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* nobody is an account of every system; 4294900000 is of no account. */
static void
test_root(void **state)
{
	const struct passwd *nobody = getpwnam("nobody");
	char folder[] = "/tmp/owner.XXXXXX", link[64];
	uid_t uid;

	(void)state;
	if (getuid() != 0 || nobody == NULL)
		skip();
	uid = nobody->pw_uid;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(become(folder, 0), OWNER_FAULT);
	assert_int_equal(chown(folder, uid, nobody->pw_gid), 0);
	assert_int_equal(become(folder, 0), OWNER_OK);
	assert_int_equal(become(folder, uid), OWNER_OK);
	assert_int_equal(become(folder, 12345), OWNER_FAULT);
	snprintf(link, sizeof(link), "%s/file", folder);
	assert_int_equal(mknod(link, S_IFREG | 0600, 0), 0);
	assert_int_equal(chown(link, uid, nobody->pw_gid), 0);
	assert_int_equal(become(link, 0), OWNER_FAULT);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(chmod(folder, 0710), 0);
	assert_int_equal(become(folder, 0), OWNER_FAULT);
	assert_int_equal(chmod(folder, 0701), 0);
	assert_int_equal(become(folder, 0), OWNER_FAULT);
	assert_int_equal(chmod(folder, 0700), 0);
	snprintf(link, sizeof(link), "%s.link", folder);
	assert_int_equal(symlink(folder, link), 0);
	assert_int_equal(become(link, 0), OWNER_FAULT);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(chown(folder, 4294900000U, 0), 0);
	assert_int_equal(become(folder, 0), OWNER_FAULT);
	assert_int_equal(rmdir(folder), 0);
}

static void
test_missing(void **state)
{
	const char *fault;

	(void)state;
	assert_int_equal(owner_become("/nonexistent/x", &fault),
	    OWNER_MISSING);
	assert_int_equal(owner_become("/dev/null/x", &fault), OWNER_FAULT);
	assert_int_equal(owner_become("/dev/null", &fault), OWNER_FAULT);
}

/* ---- capture ---- */

static enum capture_result
run(const char *script, unsigned timeout_sec, struct secret *out)
{
	char shell[] = "/bin/sh", option[] = "-c";
	char text[256];
	char *const argv[] = { shell, option, text, NULL };

	snprintf(text, sizeof(text), "%s", script);
	return capture_run(argv, timeout_sec, out);
}

static void
test_capture(void **state)
{
	char missing[] = "/nonexistent/sshd";
	char *const argv[] = { missing, NULL };
	struct secret out;

	(void)state;
	assert_int_equal(setenv("SECRET", "x", 1), 0);
	assert_int_equal(run("echo \"a$SECRET\"; cat", 20, &out), CAPTURE_OK);
	assert_true(bytes_eq_str(secret_bytes(&out), "a\n"));
	secret_clear(&out);
	assert_int_equal(run("echo a; exit 1", 20, &out), CAPTURE_FAILED);
	secret_clear(&out);
	assert_int_equal(run("kill -9 $$", 20, &out), CAPTURE_FAILED);
	secret_clear(&out);
	assert_int_equal(capture_run(argv, 20, &out), CAPTURE_MISSING);
	secret_clear(&out);
}

/* The program must come to an end, whatever it does. */
static void
test_limits(void **state)
{
	int64_t start = clock_msec();
	struct secret out;

	(void)state;
	assert_int_equal(run("exec sleep 60", 1, &out), CAPTURE_FAILED);
	secret_clear(&out);
	assert_int_equal(run("exec sleep 60 >/dev/null", 1, &out),
	    CAPTURE_FAILED);
	secret_clear(&out);
	assert_int_equal(run("exec cat /dev/zero", 20, &out), CAPTURE_FAILED);
	secret_clear(&out);
	assert_true(clock_msec() - start < 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_capture),
		cmocka_unit_test(test_limits)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
