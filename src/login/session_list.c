/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sessions of a folder, by name.  A section of login.conf may have been
 * renamed or removed, or keep its session elsewhere now: its refresh token is
 * still on the disk, and still good.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/login_value.h"
#include "login/session.h"

static bool
is_known(const struct session_names *names, struct bytes name)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (bytes_eq_str(name, names->names[i]))
			return true;
	}
	return false;
}

/* A lock is no session; what a killed writer left beside one counts as one. */
static bool
add_name(struct bytes file, struct arena *arena, struct session_names *out)
{
	const struct bytes suffix = bytes_str(FILE_NEW_SUFFIX);
	char *name;

	if (file.len > suffix.len && bytes_eq(suffix, bytes_of(file.ptr +
	    file.len - suffix.len, suffix.len)))
		file.len -= suffix.len;
	if (!login_value_is_name(file) || is_known(out, file))
		return true;
	name = arena_copy(arena, file);
	out->names = arena_grow(arena, out->names, out->count,
	    sizeof(*out->names));
	if (name == NULL || out->names == NULL)
		return complain("memory ran out");
	out->names[out->count++] = name;
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Its own descriptor: closedir() closes it, and it has a position. */
static DIR *
open_folder(int folder)
{
	int fd = file_open_at(folder, ".", O_RDONLY | O_DIRECTORY);
	DIR *directory;

	if (fd < 0)
		return NULL;
	directory = fdopendir(fd);
	if (directory == NULL)
		close(fd);
	return directory;
}

bool
session_list(const struct session_store *store, struct arena *arena,
    struct session_names *out)
{
	const struct dirent *entry;
	bool ok = true;
	DIR *directory;

	*out = (struct session_names){ .count = 0 };
	directory = open_folder(store->folder);
	if (directory == NULL)
		return complain_errno("the folder of the sessions");
	while (ok && (entry = readdir(directory)) != NULL)
		ok = add_name(bytes_str(entry->d_name), arena, out);
	closedir(directory);
	if (out->count > 1)
		qsort(out->names, out->count, sizeof(*out->names), compare);
	return ok;
}
