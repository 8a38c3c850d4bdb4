/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tries the folders in /run as a login does.  Something that makes them with a
 * wrong owner or mode (a script, a container that shares /run) is noticed
 * otherwise only when sessions cannot be listed or ended.
 */
#include <stdio.h>
#include <unistd.h>

#include "host/file.h"
#include "tool/check_folders.h"

static const struct {
	const char *name;
	const char *effect;
} rows[] = {
	{ "grants", "until then a session by ssh does not know its token" },
	{ "sessions", "until then sessions have no record, and those with a "
	    "limit are refused" },
	{ "wanted", "until then a login that misses a key cannot tell pam-jwt "
	    "sync" },
};

void
check_folders_note(const char *top, struct diag *diag)
{
	char path[FILE_PATH_MAX];
	struct file file;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diag_place place = { .file = path };

		snprintf(path, sizeof(path), "%s/%s", top, rows[i].name);
		if (file_open_folder(path, &fd, &file) == FILE_OK)
			close(fd);
		else if (!file.missing)
			diag_add(diag, place, JWT_OK, "%s; %s", file.fault,
			    rows[i].effect);
	}
}
