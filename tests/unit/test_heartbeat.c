/* SPDX-License-Identifier: BSD-2-Clause */
/* The sign of life of `sessions end --due`, and texts that are not one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/boot.h"
#include "host/heartbeat.h"

static char folder[64];
static int folder_fd;
static struct boot boot;

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pam_jwt.XXXXXX");
	assert_non_null(mkdtemp(folder));
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(folder_fd >= 0);
	boot_read(&boot);
	return 0;
}

static int
remove_folder(void **state)
{
	char command[100];

	(void)state;
	close(folder_fd);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void
put(const char *text, mode_t mode)
{
	char name[HEARTBEAT_NAME_SIZE];
	int fd;

	assert_true(heartbeat_name(name));
	fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The age that a sign of this boot says, left at a time of its clock. */
static int64_t
age_of(int64_t left)
{
	char text[100];

	snprintf(text, sizeof(text), "%s %lld\n", boot.id, (long long)left);
	put(text, 0600);
	return heartbeat_age(folder);
}

static void
test_left(void **state)
{
	char name[HEARTBEAT_NAME_SIZE];
	struct stat st;

	(void)state;
	assert_true(heartbeat_name(name));
	assert_int_equal(heartbeat_age(folder), -1);
	assert_true(heartbeat_leave(folder_fd));
	assert_in_range(heartbeat_age(folder), 0, 60);
	assert_int_equal(fstatat(folder_fd, name, &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	/* That of another PID namespace says nothing about this one. */
	assert_int_equal(renameat(folder_fd, name, folder_fd, "heartbeat.1"),
	    0);
	assert_int_equal(heartbeat_age(folder), -1);
	assert_int_equal(renameat(folder_fd, "heartbeat.1", folder_fd,
	    "heartbeat"), 0);
	assert_int_equal(heartbeat_age(folder), -1);
}

static void
test_age(void **state)
{
	(void)state;
	assert_in_range(age_of(0), boot.now, boot.now + 60);
	if (boot.now > 100)
		assert_in_range(age_of(boot.now - 100), 100, 160);
	/* A time that has not come was not left in this boot. */
	assert_int_equal(age_of(boot.now + 1000), -1);
}

static void
test_strange(void **state)
{
	static const char *const numbers[] = {
		" -1\n", " +1\n", "  1\n", " \n", "\n", "", " 1x\n", " 1\n\n",
		" 1\n1\n", " 1 1\n", " 99999999999999999999\n"
	};
	char text[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", boot.id, numbers[i]);
		put(text, 0600);
		if (heartbeat_age(folder) != -1)
			fail_msg("accepted: %s", numbers[i]);
	}
	put("", 0600);
	assert_int_equal(heartbeat_age(folder), -1);
	put("00000000-0000-0000-0000-000000000000 1\n", 0600);
	assert_int_equal(heartbeat_age(folder), -1);
	put(" 1\n", 0600);
	assert_int_equal(heartbeat_age(folder), -1);
}

/* Whoever could leave it could keep limits that nothing enforces. */
static void
test_unsafe(void **state)
{
	char text[100];

	(void)state;
	snprintf(text, sizeof(text), "%s 1\n", boot.id);
	put(text, 0600);
	assert_true(heartbeat_age(folder) >= 0);
	put(text, 0620);
	assert_int_equal(heartbeat_age(folder), -1);
	put(text, 0602);
	assert_int_equal(heartbeat_age(folder), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left), cmocka_unit_test(test_age),
		cmocka_unit_test(test_strange), cmocka_unit_test(test_unsafe),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
