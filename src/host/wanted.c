/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes an empty file with mknodat(), which does not open it: no symbolic link
 * is followed, and no FIFO can make the login wait.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"
#include "host/wanted.h"

/* The folder, if it is root's alone and we are root; otherwise -1. */
static int
open_folder(void)
{
	struct file file;
	int folder;

	if (geteuid() != 0 ||
	    file_open_folder(WANTED_FOLDER, &folder, &file) != FILE_OK)
		return -1;
	return folder;
}

void
wanted_leave(const char *name)
{
	int folder = open_folder();

	if (folder < 0)
		return;
	(void)mknodat(folder, name, S_IFREG | S_IRUSR | S_IWUSR, 0);
	close(folder);
}

bool
wanted_is_left(const char *name)
{
	int folder = open_folder();
	struct stat st;
	bool is_left;

	if (folder < 0)
		return false;
	is_left = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	close(folder);
	return is_left;
}

void
wanted_remove(const char *name)
{
	int folder = open_folder();

	if (folder < 0)
		return;
	(void)unlinkat(folder, name, 0);
	close(folder);
}
