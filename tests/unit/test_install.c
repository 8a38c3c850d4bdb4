/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of fetched sets on a real file system: who may write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/clock.h"
#include "host/file.h"
#include "sync/install.h"
#include "world.h"

static char top[] = "/tmp/pam_jwt_test.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(top) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

/* A path below the folder of this test; the last four are there. */
static const char *
at(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", top, name);
	return path;
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(at(name), &st), 0);
	return st.st_mode;
}

static bool
is_there(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) == 0;
}

static void
content_is(const char *name, const char *expected)
{
	char text[256];
	int fd = open(at(name), O_RDONLY);
	ssize_t len = read(fd, text, sizeof(text) - 1);

	assert_true(len >= 0);
	text[len] = '\0';
	assert_string_equal(text, expected);
	close(fd);
}

static void
write_plain(const char *name, const char *text)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* Open, and close at once. */
static enum jwt_reason
try_open(const char *name, char fault[INSTALL_FAULT_SIZE])
{
	struct install install;
	enum jwt_reason reason = install_open(at(name), 0, &install);

	assert_int_equal(reason == JWT_OK, install.fault[0] == '\0');
	assert_int_equal(reason == JWT_OK, install.lock > STDERR_FILENO);
	assert_false(install.busy);
	memcpy(fault, install.fault, INSTALL_FAULT_SIZE);
	install_close(&install);
	assert_int_equal(install.folder, -1);
	return reason;
}

static void
opens(const char *name)
{
	char fault[INSTALL_FAULT_SIZE];

	if (try_open(name, fault) != JWT_OK)
		fail_msg("%s: %s", name, fault);
	assert_int_equal(mode_of(name) & 07777, 0755);
}

static void
refuses(const char *name, const char *why)
{
	char fault[INSTALL_FAULT_SIZE];

	assert_int_equal(try_open(name, fault), JWT_STATE_UNAVAILABLE);
	if (strstr(fault, why) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", why, fault);
}

static void
test_made(void **state)
{
	static const mode_t masks[] = { 022, 0, 077 };
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		umask(masks[i]);
		snprintf(name, sizeof(name), "m%zu", i);
		opens(name);
		opens(name);
		snprintf(name, sizeof(name), "n%zu/keys", i);
		opens(name);
		umask(022);
		assert_int_equal(mode_of(name) & 07777, 0755);
		name[2] = '\0';
		assert_int_equal(mode_of(name) & 07777, 0755);
	}
	opens("slashes//keys//");
	refuses("two/more/keys", "No such file or directory");
	assert_false(is_there("two"));
	write_plain("file", "x");
	refuses("file", "not a folder");
	refuses("file/keys", "not a folder");
	/* A link of our own is ours to follow. */
	assert_int_equal(symlink("elsewhere", at("link")), 0);
	assert_int_equal(try_open("link", (char[INSTALL_FAULT_SIZE]){ 0 }),
	    JWT_OK);
	assert_int_equal(mode_of("elsewhere") & 07777, 0755);
}

/* Folders that somebody else could have made, or could change. */
static void
test_trust(void **state)
{
	(void)state;
	assert_int_equal(mkdir(at("open"), 0755), 0);
	assert_int_equal(chmod(at("open"), 0777), 0);
	refuses("open", "writable by group or others");
	refuses("open/keys", "writable by group or others");
	assert_false(is_there("open/keys"));
	assert_int_equal(chmod(at("open"), 01777), 0);
	refuses("open", "may write it: chmod go-w");
	refuses("open/keys", "writable by others");
	assert_false(is_there("open/keys"));
	assert_int_equal(chmod(at("open"), 0775), 0);
	refuses("open", "writable by group or others");
	assert_int_equal(chmod(at("open"), 0755), 0);
	opens("open/keys");
	/* Less than 0755 is the administrator's choice. */
	assert_int_equal(chmod(at("open/keys"), 0700), 0);
	assert_int_equal(try_open("open/keys", (char[INSTALL_FAULT_SIZE]){ 0 }),
	    JWT_OK);
	assert_int_equal(mode_of("open/keys") & 07777, 0700);
	if (geteuid() != 0) {
		print_message("skip - folders of others: needs root\n");
		return;
	}
	assert_int_equal(chown(at("open/keys"), 12345, 12345), 0);
	refuses("open/keys", "another user");
	assert_int_equal(chown(at("open"), 12345, 12345), 0);
	refuses("open/other", "another user");
	assert_false(is_there("open/other"));
}

static void
test_lock(void **state)
{
	struct install first, second;
	int64_t start;

	(void)state;
	assert_int_equal(install_open(at("locked"), 0, &first), JWT_OK);
	/* Others may read the folder, so that they could lock what they read. */
	assert_int_equal(mode_of("locked/.lock"), S_IFREG | 0600);
	assert_int_equal(install_open(at("locked"), 0, &second),
	    JWT_STATE_UNAVAILABLE);
	assert_true(second.busy);
	assert_string_equal(second.fault, "another pam-jwt sync is at work");
	install_close(&second);
	start = clock_msec();
	assert_int_equal(install_open(at("locked"), 1, &second),
	    JWT_STATE_UNAVAILABLE);
	assert_true(second.busy);
	assert_true(clock_msec() - start >= 1000);
	install_close(&second);
	install_close(&first);
	assert_int_equal(install_open(at("locked"), 0, &second), JWT_OK);
	install_close(&second);
	install_close(&second);
	/* Nothing that is put in its place is opened for us to wait at. */
	assert_int_equal(unlink(at("locked/.lock")), 0);
	assert_int_equal(symlink("../victim", at("locked/.lock")), 0);
	refuses("locked", ".lock: Too many levels of symbolic links");
	assert_false(is_there("victim"));
}

/* Whoever waits goes on when the other one has ended, however that was. */
static void
test_wait(void **state)
{
	struct install install;
	int status, ready[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (install_open(at("waited"), 0, &install) != JWT_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(200000);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(install_open(at("waited"), 60, &install), JWT_OK);
	install_close(&install);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ready[0]);
	close(ready[1]);
}

static enum jwt_reason
put(struct install *install, const char *text)
{
	return install_file(install, "corp.jwks", bytes_str(text));
}

static void
test_file(void **state)
{
	struct install install;

	(void)state;
	assert_int_equal(install_open(at("files"), 0, &install), JWT_OK);
	umask(0777);
	assert_int_equal(put(&install, "old"), JWT_OK);
	umask(0);
	content_is("files/corp.jwks", "old");
	assert_int_equal(mode_of("files/corp.jwks"), S_IFREG | 0644);
	assert_int_equal(put(&install, "new"), JWT_OK);
	umask(022);
	assert_int_equal(mode_of("files/corp.jwks"), S_IFREG | 0644);
	content_is("files/corp.jwks", "new");
	assert_false(is_there("files/corp.jwks.new"));
	assert_int_equal(put(&install, ""), JWT_OK);
	content_is("files/corp.jwks", "");
	install_close(&install);
}

/* What a sync that was killed, or somebody else, left there. */
static void
test_left(void **state)
{
	struct install install;

	(void)state;
	assert_int_equal(install_open(at("left"), 0, &install), JWT_OK);
	write_plain("left/corp.jwks.new", "a much longer text of before");
	assert_int_equal(put(&install, "one"), JWT_OK);
	content_is("left/corp.jwks", "one");
	write_plain("victim", "mine");
	assert_int_equal(symlink("../victim", at("left/corp.jwks.new")), 0);
	assert_int_equal(put(&install, "two"), JWT_OK);
	content_is("left/corp.jwks", "two");
	content_is("victim", "mine");
	/* A link in the place of the set is replaced, and not followed. */
	assert_int_equal(unlink(at("left/corp.jwks")), 0);
	assert_int_equal(symlink("../victim", at("left/corp.jwks")), 0);
	assert_int_equal(put(&install, "three"), JWT_OK);
	assert_int_equal(mode_of("left/corp.jwks"), S_IFREG | 0644);
	content_is("victim", "mine");
	install_close(&install);
}

static void
fails(struct install *install, const char *why)
{
	assert_int_equal(put(install, "new"), JWT_STATE_UNAVAILABLE);
	if (strstr(install->fault, why) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", why, install->fault);
	content_is("errors/corp.jwks", "old");
}

static void
test_errors(void **state)
{
	const struct rlimit none = { 0, RLIM_INFINITY };
	struct rlimit before;
	struct install install;
	char name[FILE_NAME_MAX + 2];

	(void)state;
	assert_int_equal(install_open(at("errors"), 0, &install), JWT_OK);
	assert_int_equal(put(&install, "old"), JWT_OK);
	assert_int_equal(mkdir(at("errors/corp.jwks.new"), 0755), 0);
	fails(&install, "corp.jwks: File exists");
	assert_int_equal(rmdir(at("errors/corp.jwks.new")), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	fails(&install, "corp.jwks: File too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(is_there("errors/corp.jwks.new"));
	assert_int_equal(mkdir(at("errors/dir.jwks"), 0755), 0);
	assert_int_equal(install_file(&install, "dir.jwks", bytes_str("x")),
	    JWT_STATE_UNAVAILABLE);
	assert_false(is_there("errors/dir.jwks.new"));
	memset(name, 'n', sizeof(name));
	name[FILE_NAME_MAX + 1] = '\0';
	assert_int_equal(install_file(&install, name, bytes_str("x")),
	    JWT_STATE_UNAVAILABLE);
	name[FILE_NAME_MAX] = '\0';
	assert_int_equal(install_file(&install, name, bytes_str("x")), JWT_OK);
	assert_int_equal(put(&install, "new"), JWT_OK);
	content_is("errors/corp.jwks", "new");
	install_close(&install);
}

/* Of /run/pam_jwt/wanted the mode is another. */
static void
test_private(void **state)
{
	struct file file;
	int fd;

	(void)state;
	assert_int_equal(file_make_folder(at("run/wanted"), 0700, &file),
	    FILE_OK);
	assert_int_equal(mode_of("run") & 07777, 0755);
	assert_int_equal(mode_of("run/wanted") & 07777, 0700);
	assert_int_equal(file_open_folder(at("run/wanted"), &fd, &file),
	    FILE_OK);
	close(fd);
	assert_int_equal(chmod(at("run/wanted"), 0750), 0);
	assert_int_equal(file_open_folder(at("run/wanted"), &fd, &file),
	    FILE_UNSAFE);
	assert_int_equal(file_open_public(at("run/wanted"), &fd, &file),
	    FILE_OK);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_private),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
