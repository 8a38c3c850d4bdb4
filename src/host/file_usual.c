/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens a file in the way that it nearly always is: below folders of root, and
 * without a symbolic link.
 *
 * Nobody but root can change such a path, so its folders are looked at by name
 * and the file is opened by name: one system call for each folder, where the
 * walk of file.c takes three.  A login opens ten of them.
 */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "host/file.h"

/*
 * Whether root alone can replace what root has in a folder.  That holds for one
 * that others may write if it has the sticky bit, as /tmp has.
 */
static bool
is_roots_folder(const char *path)
{
	struct stat st;

	return fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_uid == 0 &&
	    ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    (st.st_mode & S_ISVTX) != 0);
}

/*
 * Look at each folder from / on.  What was looked at cannot change any more, so
 * the name of the next one is looked up through it and nothing else.
 */
static bool
is_usual(const char *path)
{
	char folder[FILE_PATH_MAX];
	size_t len;

	if (path[0] != '/' || strlen(path) >= sizeof(folder) ||
	    !is_roots_folder("/"))
		return false;
	for (len = 1; path[len] != '\0'; len++) {
		if (path[len] != '/')
			continue;
		memcpy(folder, path, len);
		folder[len] = '\0';
		if (!is_roots_folder(folder))
			return false;
	}
	return true;
}

int
file_open_usual(const char *path, int flags)
{
	if (!is_usual(path))
		return -1;
	return file_open_at(AT_FDCWD, path, flags);
}
