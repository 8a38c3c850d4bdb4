/* SPDX-License-Identifier: BSD-2-Clause */
/* Trusted files on a real file system, and the log line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/logline.h"
#include "host/file.h"
#include "host/hostname.h"
#include "world.h"

static char folder[] = "/tmp/pam_jwt_test.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static char *
path_of(const char *name)
{
	return world_text("%s/%s", folder, name);
}

static void
write_file(const char *name, mode_t mode, size_t size)
{
	char *path = path_of(name);
	int fd;

	unlink(path);	/* who is not root cannot open one of mode 0400 again */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	free(path);
}

static enum file_result
read_path(const char *path, bool *readable)
{
	struct file file;
	enum file_result result = file_read(path, &file);

	*readable = file.readable;
	assert_true((result == FILE_OK) == (file.fault[0] == '\0'));
	file_clear(&file);
	return result;
}

static enum file_result
read_name(const char *name, bool *readable)
{
	char *path = path_of(name);
	enum file_result result = read_path(path, readable);

	free(path);
	return result;
}

static void
test_modes(void **state)
{
	unsigned mode;
	bool readable;

	(void)state;
	for (mode = 0400; mode <= 0777; mode++) {
		if ((mode & 0400) == 0)
			continue;
		write_file("f", (mode_t)mode, 10);
		assert_int_equal(read_name("f", &readable),
		    (mode & 022) != 0 ? FILE_UNSAFE : FILE_OK);
		if ((mode & 022) == 0)
			assert_int_equal(readable, (mode & 044) != 0);
	}
	write_file("big", 0600, FILE_SIZE_MAX - 1);
	assert_int_equal(read_name("big", &readable), FILE_OK);
	write_file("big", 0600, FILE_SIZE_MAX);
	assert_int_equal(read_name("big", &readable), FILE_UNSAFE);
	assert_int_equal(read_name("absent", &readable), FILE_UNREADABLE);
	assert_int_equal(read_path("relative", &readable), FILE_UNREADABLE);
	assert_int_equal(read_path("/dev/zero", &readable), FILE_UNSAFE);
	assert_int_equal(read_path(folder, &readable), FILE_UNSAFE);
	if (getuid() == 0) {
		char *path = path_of("f");

		write_file("f", 0644, 10);
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_int_equal(read_path(path, &readable), FILE_UNSAFE);
		free(path);
	} else {
		printf("skip - file owners: needs root\n");
	}
}

/* ---- paths of root alone ------------------------------------------------- */

/* A file system of our own, as no folder of the machine is ours to change. */
static bool
has_own_mount(void)
{
	return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("none", "/mnt", "tmpfs", 0, "mode=755") == 0;
}

static bool
is_usual(const char *path)
{
	int fd = file_open_usual(path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The file is read in either way, with the same result. */
static void
check_usual(const char *path, bool usual, enum file_result result)
{
	bool readable;

	assert_int_equal(is_usual(path), usual);
	assert_int_equal(read_path(path, &readable), result);
}

/* Whether /a/b/f is usual where / is /mnt. */
static bool
is_usual_below(mode_t mode)
{
	int status = -1;
	pid_t child;

	assert_int_equal(chmod("/mnt", mode), 0);
	child = fork();
	if (child == 0)
		_exit(chroot("/mnt") != 0 ? 2 : is_usual("/a/b/f"));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(chmod("/mnt", 0755), 0);
	return WEXITSTATUS(status) == 1;
}

/*
 * The short way is for paths that root alone can change: each guard of it lets
 * the walk decide, which knows links, owners and sticky folders.
 */
static void
test_usual_paths(void **state)
{
	char deep[FILE_PATH_MAX + 8] = "/mnt/a/";
	size_t len;

	(void)state;
	if (!has_own_mount()) {
		printf("skip - paths of root alone: needs a mount namespace\n");
		return;
	}
	assert_int_equal(mkdir("/mnt/a", 0755), 0);
	assert_int_equal(mkdir("/mnt/a/b", 0755), 0);
	assert_int_equal(close(open("/mnt/a/b/f", O_CREAT | O_WRONLY, 0644)), 0);
	check_usual("/mnt/a/b/f", true, FILE_OK);
	check_usual("/mnt//a/b/../b/./f", true, FILE_OK);
	check_usual("/mnt/a/b/none", false, FILE_UNREADABLE);
	assert_true(is_usual("/"));
	assert_true(is_usual_below(0755));
	assert_false(is_usual_below(0777));
	assert_false(is_usual("mnt/a/b/f"));
	/* Each folder: group, others, both with the sticky bit, another owner. */
	assert_int_equal(chmod("/mnt/a", 0775), 0);
	check_usual("/mnt/a/b/f", false, FILE_UNSAFE);
	assert_int_equal(chmod("/mnt/a", 0757), 0);
	check_usual("/mnt/a/b/f", false, FILE_UNSAFE);
	assert_int_equal(chmod("/mnt/a", 01777), 0);
	check_usual("/mnt/a/b/f", true, FILE_OK);
	assert_int_equal(chown("/mnt/a/b", 1, 0), 0);
	check_usual("/mnt/a/b/f", false, FILE_UNSAFE);
	assert_int_equal(chown("/mnt/a/b", 0, 0), 0);
	assert_int_equal(symlink("b", "/mnt/a/s"), 0);
	check_usual("/mnt/a/s/f", false, FILE_UNSAFE);
	assert_int_equal(chmod("/mnt/a", 0755), 0);
	assert_int_equal(chown("/mnt/a", 1, 0), 0);
	check_usual("/mnt/a/b/f", false, FILE_UNSAFE);
	assert_int_equal(chown("/mnt/a", 0, 0), 0);
	assert_int_equal(chmod("/mnt/a/b", 0775), 0);
	check_usual("/mnt/a/b/f", false, FILE_UNSAFE);
	assert_int_equal(chmod("/mnt/a/b", 0755), 0);
	/* A link on the way, and one at the end, are for the walk. */
	assert_int_equal(symlink("b", "/mnt/a/l"), 0);
	check_usual("/mnt/a/l/f", false, FILE_OK);
	assert_int_equal(symlink("f", "/mnt/a/b/l"), 0);
	check_usual("/mnt/a/b/l", false, FILE_OK);
	/* What the file itself is, is looked at as before. */
	assert_int_equal(chmod("/mnt/a/b/f", 0666), 0);
	check_usual("/mnt/a/b/f", true, FILE_UNSAFE);
	check_usual("/mnt/a/b", true, FILE_UNSAFE);
	assert_int_equal(mkfifo("/mnt/a/b/p", 0644), 0);
	assert_int_equal(file_open_usual("/mnt/a/b/p", O_WRONLY | O_NONBLOCK),
	    -1);
	for (len = strlen(deep); len < sizeof(deep) - 1; len++)
		deep[len] = '/';
	assert_false(is_usual(deep));
	deep[FILE_PATH_MAX - 1] = '\0';
	assert_true(is_usual(deep));
	assert_int_equal(umount("/mnt"), 0);
}

/* A folder that is opened in the short way is judged as one of the walk. */
static void
test_usual_folders(void **state)
{
	struct file file;
	int fd;

	(void)state;
	if (!has_own_mount()) {
		printf("skip - folders of root alone: needs a mount namespace\n");
		return;
	}
	assert_int_equal(mkdir("/mnt/s", 0700), 0);
	assert_int_equal(file_open_folder("/mnt/s", &fd, &file), FILE_OK);
	close(fd);
	assert_int_equal(chmod("/mnt/s", 0750), 0);
	assert_int_equal(file_open_folder("/mnt/s", &fd, &file), FILE_UNSAFE);
	assert_int_equal(fd, -1);
	assert_int_equal(file_open_public("/mnt/s", &fd, &file), FILE_OK);
	close(fd);
	assert_int_equal(chmod("/mnt/s", 0770), 0);
	assert_int_equal(file_open_public("/mnt/s", &fd, &file), FILE_UNSAFE);
	assert_int_equal(chmod("/mnt/s", 0700), 0);
	assert_int_equal(chown("/mnt/s", 1, 0), 0);
	assert_int_equal(file_open_folder("/mnt/s", &fd, &file), FILE_UNSAFE);
	assert_int_equal(file_open_folder("/mnt/none", &fd, &file),
	    FILE_UNREADABLE);
	assert_true(file.missing);
	assert_int_equal(umount("/mnt"), 0);
}

static void
make_link(const char *target, const char *name)
{
	char *path = path_of(name);

	assert_int_equal(symlink(target, path), 0);
	free(path);
}

/* Links in our own folder are followed, in a shared one they are not. */
static void
test_links_and_folders(void **state)
{
	char *sub = path_of("sub"), *shared = path_of("shared");
	char *fifo = path_of("fifo"), *target = path_of("g");
	bool readable;

	(void)state;
	write_file("g", 0644, 5);
	make_link("g", "link");
	assert_int_equal(read_name("link", &readable), FILE_OK);
	make_link(target, "absolute");
	assert_int_equal(read_name("absolute", &readable), FILE_OK);
	make_link("loop", "loop");
	assert_int_equal(read_name("loop", &readable), FILE_UNSAFE);
	assert_int_equal(mkdir(sub, 0755), 0);
	write_file("sub/h", 0644, 5);
	assert_int_equal(read_name("sub/h", &readable), FILE_OK);
	assert_int_equal(read_name("sub/../g", &readable), FILE_OK);
	assert_int_equal(chmod(sub, 0775), 0);
	assert_int_equal(read_name("sub/h", &readable), FILE_UNSAFE);
	assert_int_equal(chmod(sub, 0757), 0);
	assert_int_equal(read_name("sub/h", &readable), FILE_UNSAFE);
	assert_int_equal(mkdir(shared, 0755), 0);
	assert_int_equal(chmod(shared, 01777), 0);
	write_file("shared/h", 0644, 5);
	assert_int_equal(read_name("shared/h", &readable), FILE_OK);
	make_link("h", "shared/link");
	assert_int_equal(read_name("shared/link", &readable), FILE_UNSAFE);
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(read_path(fifo, &readable), FILE_UNSAFE);
	free(sub);
	free(shared);
	free(fifo);
	free(target);
}

static unsigned
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

/* No descriptor is left, also where the host has closed its first three. */
static void
test_descriptors(void **state)
{
	unsigned before = count_descriptors();
	bool readable;
	int status;
	pid_t child;

	(void)state;
	(void)read_name("g", &readable);
	(void)read_name("loop", &readable);
	(void)read_name("sub/h", &readable);
	(void)read_name("absent", &readable);
	assert_int_equal(count_descriptors(), before);
	child = fork();
	if (child == 0) {
		close(0);
		close(1);
		close(2);
		if (read_name("g", &readable) != FILE_OK)
			_exit(1);
		_exit(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == -1 &&
		    fcntl(2, F_GETFD) == -1 ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
test_logline(void **state)
{
	struct issuer issuer = { .name = "corp" };
	struct rule rule = { .line = 12 };
	struct verdict verdict = {
		.reason = JWT_EXPIRED, .issuer = &issuer, .rule = &rule,
		.kid = bytes_str("k"), .id = { .sub = bytes_str("a b"),
		.jti = bytes_str("j\"1\n"), .exp = 7 }
	};
	struct logline_caller caller = {
		.uid = 0, .euid = 0, .tty = "ssh", .rhost = "10.1.2.3",
		.user = "alice"
	};
	struct hint_facts facts = { .verdict = &verdict };
	char out[LOGLINE_SIZE];

	(void)state;
	logline_format(&caller, &facts, out);
	assert_string_equal(out, "authentication failure; logname= uid=0 "
	    "euid=0 tty=ssh ruser= rhost=10.1.2.3 user=alice reason=expired "
	    "issuer=corp sub=\"a b\" jti=\"j\\x221\\x0a\" kid=\"k\" rule=12");
	verdict.reason = JWT_OK;
	logline_format(&caller, &facts, out);
	assert_string_equal(out, "accepted; tty=ssh ruser= rhost=10.1.2.3 "
	    "user=alice reason=ok issuer=corp sub=\"a b\" "
	    "jti=\"j\\x221\\x0a\" kid=\"k\" exp=7 rule=12");
	/* A user cannot write a field of his own. */
	caller.user = "x reason=ok issuer=y";
	verdict.reason = JWT_EXPIRED;
	logline_format(&caller, &facts, out);
	assert_non_null(strstr(out, "user=x\\x20reason\\x3dok\\x20"));
	assert_null(strstr(out, " reason=ok"));
}

/* Every byte in every field: one line of printable ASCII, below the limit. */
static void
test_log_bounds(void **state)
{
	static char big[65536];
	struct verdict verdict = { .reason = JWT_INTERNAL };
	struct logline_caller caller = { 0 };
	struct hint_facts facts = { .verdict = &verdict };
	char out[LOGLINE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(big) - 1; i++)
		big[i] = (char)(i % 255 + 1);
	caller.user = caller.rhost = caller.tty = caller.ruser = big;
	verdict.id.sub = verdict.id.jti = verdict.kid = bytes_of(big,
	    sizeof(big));
	logline_format(&caller, &facts, out);
	assert_true(strlen(out) < LOGLINE_SIZE);
	for (i = 0; out[i] != '\0'; i++)
		assert_true(out[i] >= ' ' && out[i] < 0x7f);
}

/* Names that tell hosts apart, and those that any host may have. */
static void
test_own_names(void **state)
{
	static const char *const own[] = {
		"web1", "web1.example.org", "local", "localhos", "localhost-1",
		"localhosts", "mylocalhost", "localhost1a", "l", "none"
	};
	static const char *const any[] = {
		"", "localhost", "LocalHost", "localhost.localdomain",
		"localhost.example.org", "localhost6",
		"localhost4.localdomain4", "(none)"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		assert_true(hostname_is_own(bytes_str(own[i])));
	for (i = 0; i < sizeof(any) / sizeof(any[0]); i++)
		assert_false(hostname_is_own(bytes_str(any[i])));
}

static void
test_machine_ids(void **state)
{
	static const char *const bad[] = {
		"", "uninitialized", "00000000000000000000000000000000",
		"0123456789abcdef0123456789abcde",
		"0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789ABCDEF",
		"0123456789abcdef0123456789abcdeg",
		"01234567-89ab-cdef-0123-456789abcdef"
	};
	size_t i;

	(void)state;
	assert_true(hostname_is_machine_id(bytes_str(
	    "0123456789abcdef0123456789abcdef")));
	assert_true(hostname_is_machine_id(bytes_str(
	    "00000000000000000000000000000001")));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(hostname_is_machine_id(bytes_str(bad[i])));
}

static void
test_static_names(void **state)
{
	static const struct {
		const char *kernel;
		const char *file;
		bool is_static;
	} rows[] = {
		{ "web1", "web1\n", true }, { "web1", "web1", true },
		{ "web1", "# mine\n\n web1 \n", true },
		{ "web1", "web1.example.org\n", true },
		{ "web1.example.org", "web1.example.org\n", true },
		{ "web1.evil.example", "web1.example.org\n", false },
		{ "web1.evil.example", "web1\n", false },
		{ "evil", "web1\n", false }, { "web", "web1\n", false },
		{ "web1", "", false }, { "web1", "# web1\n", false },
		{ "web2", "web1\nweb2\n", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(hostname_is_static(bytes_str(rows[i].kernel),
		    bytes_str(rows[i].file)), rows[i].is_static);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_usual_paths),
		cmocka_unit_test(test_usual_folders),
		cmocka_unit_test(test_links_and_folders),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_logline),
		cmocka_unit_test(test_log_bounds),
		cmocka_unit_test(test_own_names),
		cmocka_unit_test(test_machine_ids),
		cmocka_unit_test(test_static_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
