/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader of token files: what it takes, what it leaves of its host, and
 * what it costs where a file system hangs.  As root it plays a setuid
 * program: another real user, and root's rights.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/jose/jws.h"
#include "host/token_file.h"

#define SOMEBODY 54321	/* a uid that nobody has */

static char folder[] = "/tmp/pam_jwt.token.XXXXXX";
static char path[64];
static uid_t me;

/* In place of libc's: the only accounts are me, root and somebody else. */
int
getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
    struct passwd **out)
{
	(void)buffer;
	(void)size;
	*out = NULL;
	*entry = (struct passwd){ .pw_uid = me };
	if (strcmp(name, "root") == 0)
		entry->pw_uid = 0;
	else if (strcmp(name, "other") == 0)
		entry->pw_uid = me + 1;
	else if (strcmp(name, "me") != 0)
		return 0;
	*out = entry;
	return 0;
}

/* In place of libc's: a file system that hangs, for one path. */
int
fstatat(int fd, const char *name, struct stat *st, int flags)
{
	if (strcmp(name, "/hangs") == 0)
		pause();
	return fd == AT_FDCWD && flags == AT_SYMLINK_NOFOLLOW ?
	    lstat(name, st) : -1;
}

static void
write_file(const char *text, mode_t mode)
{
	FILE *file;

	(void)unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(lchown(path, me, (gid_t)-1), 0);
}

/* The fault for a user and a path; "" when text is what is expected. */
static const char *
read_as(const char *user, const char *name, const char *text)
{
	static char fault[128];
	struct token_file file;

	assert_int_equal(token_file_read(name, user, &file), JWT_OK);
	snprintf(fault, sizeof(fault), "%s", file.fault == NULL ? "" :
	    file.fault);
	if (file.fault == NULL && text != NULL)
		assert_true(bytes_eq_str(secret_bytes(&file.text), text));
	else
		assert_int_equal(file.text.len, 0);
	token_file_clear(&file);
	assert_null(file.text.ptr);
	return fault;
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	me = getuid() == 0 ? SOMEBODY : getuid();
	if (chmod(folder, 0755) != 0 || (getuid() == 0 &&
	    (setresgid(SOMEBODY, 0, 0) != 0 || setresuid(me, 0, 0) != 0)))
		return -1;
	snprintf(path, sizeof(path), "%s/me.jwt", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static void
test_good(void **state)
{
	char name[64];

	(void)state;
	write_file("a.b.c\n", 0600);
	assert_string_equal(read_as("me", path, "a.b.c\n"), "");
	snprintf(name, sizeof(name), "%s/%%{user}.jwt", folder);
	assert_string_equal(read_as("me", name, "a.b.c\n"), "");
	write_file("a.b.c", 0400);
	assert_string_equal(read_as("me", path, "a.b.c"), "");
	write_file("", 0600);
	assert_string_equal(read_as("me", path, ""), "");
}

/* Whose file it is: the real user's, never root's, never another's. */
static void
test_whose(void **state)
{
	(void)state;
	write_file("a.b.c", 0600);
	assert_string_equal(read_as("other", path, NULL),
	    "another user started this program");
	assert_string_equal(read_as("nobody-at-all", path, NULL),
	    "there is no such account");
	assert_non_null(strstr(read_as("root", path, NULL), "another user"));
	if (geteuid() != 0)
		return;
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_non_null(strstr(read_as("root", path, NULL), "root's file"));
	assert_int_equal(setresuid(me, 0, 0), 0);
	assert_int_equal(lchown(path, me + 1, (gid_t)-1), 0);
	assert_string_equal(read_as("me", path, NULL),
	    "it is not the user's own");
	assert_int_equal(lchown(path, 0, (gid_t)-1), 0);
	assert_string_equal(read_as("me", path, NULL),
	    "it is not the user's own");
}

static void
test_modes(void **state)
{
	static const mode_t modes[] = {
		0640, 0620, 0610, 0604, 0602, 0601, 0644, 0666, 0777
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		write_file("a.b.c", modes[i]);
		assert_string_equal(read_as("me", path, NULL),
		    "others may read or write it: chmod 600");
	}
}

static void
test_no_file(void **state)
{
	(void)state;
	(void)unlink(path);
	assert_string_equal(read_as("me", path, NULL), "there is none");
	assert_string_equal(read_as("me", "/dev/zero", NULL),
	    "it is no regular file");
	assert_string_equal(read_as("me", "/", NULL), "it is no regular file");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(lchown(path, me, (gid_t)-1), 0);
	assert_string_equal(read_as("me", path, NULL),
	    "it is no regular file");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_string_equal(read_as("me", path, NULL),
	    "it is no regular file");
	/* 1023 bytes fit, and there is no such file; 1024 do not. */
	{
		char name[1030];

		memset(name, '/', sizeof(name));
		name[1023] = '\0';
		assert_non_null(strstr(read_as("me", name, NULL), "regular"));
		name[1023] = '/';
		name[1024] = '\0';
		assert_non_null(strstr(read_as("me", name, NULL), "1023"));
	}
}

/* A token and blanks around it fit; one more byte does not. */
static void
test_size(void **state)
{
	static char text[TOKEN_MAX + 66];
	size_t len;

	(void)state;
	for (len = TOKEN_MAX + 64; len <= TOKEN_MAX + 65; len++) {
		memset(text, 'a', len);
		text[len] = '\0';
		write_file(text, 0600);
		if (len == TOKEN_MAX + 64)
			assert_string_equal(read_as("me", path, text), "");
		else
			assert_string_equal(read_as("me", path, NULL),
			    "it is longer than any token");
	}
}

static int64_t
msec(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One second, and nobody is left behind. */
static void
test_hangs(void **state)
{
	int64_t start = msec(), took;

	(void)state;
	assert_string_equal(read_as("me", "/hangs", NULL),
	    "it could not be read");
	took = msec() - start;
	assert_true(took >= TOKEN_FILE_TIMEOUT_MSEC - 50);
	assert_true(took < TOKEN_FILE_TIMEOUT_MSEC + 500);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static volatile sig_atomic_t caught;

static void
catch(int number)
{
	(void)number;
	caught = caught + 1;
}

static int
count_descriptors(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Signals, descriptors and ids of the host are as before. */
static void
test_guest(void **state)
{
	int before = count_descriptors();
	struct sigaction ours = { .sa_handler = catch }, then;
	sigset_t mask;

	(void)state;
	write_file("a.b.c", 0600);
	assert_int_equal(sigaction(SIGTERM, &ours, NULL), 0);
	assert_string_equal(read_as("me", path, "a.b.c"), "");
	assert_int_equal(sigaction(SIGTERM, NULL, &then), 0);
	assert_ptr_equal(then.sa_handler, catch);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
	assert_int_equal(sigismember(&mask, SIGINT), 0);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(getuid(), me);
	assert_int_equal(caught, 0);
	/* A host that ignores its children, as a daemon may. */
	assert_true(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	assert_string_equal(read_as("me", path, "a.b.c"), "");
	assert_true(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
}

/* Without descriptors, and without the right to a child: not used. */
static void
test_limits(void **state)
{
	struct rlimit old, none = { 0, 0 };

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none.rlim_max = old.rlim_max;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_string_equal(read_as("me", path, NULL),
	    "it could not be read");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_string_equal(read_as("me", path, "a.b.c"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_whose),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_guest),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
