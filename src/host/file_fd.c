/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors, opened with the same care by all who open files. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/file.h"

const char *
file_errno_text(int error)
{
	const char *text = strerrordesc_np(error);

	return text == NULL ? "unknown error" : text;
}

int
file_above_stdio(int fd)
{
	int moved;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	/* EINVAL means that RLIMIT_NOFILE is below the number asked for. */
	if (moved < 0)
		errno = EMFILE;
	return moved;
}

int
file_open_at(int folder, const char *name, int flags)
{
	int fd;

	do {
		fd = openat(folder, name, flags | O_CLOEXEC | O_NOFOLLOW,
		    S_IRUSR | S_IWUSR);
	} while (fd < 0 && errno == EINTR);
	return file_above_stdio(fd);
}

bool
file_has_descriptors(void)
{
	int fd[FILE_SPARE];
	size_t count = 0;
	bool has_all;

	while (count < FILE_SPARE &&
	    (fd[count] = file_open_at(AT_FDCWD, "/", O_PATH)) >= 0)
		count++;
	has_all = count == FILE_SPARE;
	while (count > 0)
		close(fd[--count]);
	return has_all;
}

bool
file_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}
