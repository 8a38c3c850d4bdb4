/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty file, made without being opened: nothing is followed, or waits. */
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"
#include "host/wanted.h"

void
wanted_leave(const char *name)
{
	struct file file;
	int folder;

	if (geteuid() != 0 ||
	    file_open_folder(WANTED_FOLDER, &folder, &file) != FILE_OK)
		return;
	(void)mknodat(folder, name, S_IFREG | S_IRUSR | S_IWUSR, 0);
	close(folder);
}
