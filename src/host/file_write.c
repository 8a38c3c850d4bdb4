/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes files whole: a reader sees the old file or the new one, and a power
 * cut leaves one of the two.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"

#define LOCK_PAUSE_NSEC	100000	/* at first; then longer */
#define LOCK_PAUSE_MAX_NSEC 5000000

bool
file_sync(int fd)
{
	int code;

	do {
		code = fsync(fd);
	} while (code != 0 && errno == EINTR);
	return code == 0;
}

bool
file_lock(int fd, int64_t wait_msec)
{
	const int64_t start = clock_msec();
	struct timespec pause = { .tv_nsec = LOCK_PAUSE_NSEC };

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (clock_msec() - start >= wait_msec) {
			errno = ETIMEDOUT;
			return false;
		}
		(void)nanosleep(&pause, NULL);
		if (pause.tv_nsec < LOCK_PAUSE_MAX_NSEC)
			pause.tv_nsec += pause.tv_nsec / 4;
	}
	return true;
}

bool
file_write(int fd, struct bytes text)
{
	ssize_t put;

	while (text.len > 0) {
		put = write(fd, text.ptr, text.len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text.ptr += put;
		text.len -= (size_t)put;
	}
	return true;
}

/* Make a new file with all of the text; false with errno. */
static bool
write_new(int folder, const char *name, struct bytes text, mode_t mode)
{
	int fd = file_open_at(folder, name, O_WRONLY | O_CREAT | O_EXCL);
	bool ok = false;
	int error;

	if (fd < 0)
		return false;
	if (!file_write(fd, text))
		goto out;
	/* Set its mode last: until then nobody else can read it. */
	if (fchmod(fd, mode) != 0)
		goto out;
	ok = file_sync(fd);
out:
	error = errno;
	close(fd);
	errno = error;
	return ok;
}

/* Remove a file that may exist; errno stays as it was. */
static void
remove_left(int folder, const char *name)
{
	int error = errno;

	(void)unlinkat(folder, name, 0);
	errno = error;
}

bool
file_replace(int folder, const char *name, struct bytes text, mode_t mode)
{
	char temporary[FILE_NAME_MAX + sizeof(FILE_NEW_SUFFIX)];

	errno = ENAMETOOLONG;
	if (strlen(name) > FILE_NAME_MAX)
		return false;
	snprintf(temporary, sizeof(temporary), "%s%s", name, FILE_NEW_SUFFIX);
	remove_left(folder, temporary);
	if (!write_new(folder, temporary, text, mode) ||
	    renameat(folder, temporary, folder, name) != 0) {
		remove_left(folder, temporary);
		return false;
	}
	return file_sync(folder);
}
