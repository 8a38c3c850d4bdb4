/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps a token, or the rest of one, between two prompts, in a folder that only
 * the user may write.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "askpass/parts_file.h"
#include "cli/complain.h"

enum userfile_result
parts_file_read(const char *path, int64_t max_sec, struct secret *out)
{
	enum userfile_result result;
	struct userfile file;
	int64_t age;

	if (path == NULL)
		return USERFILE_MISSING;
	result = userfile_read(path, USERFILE_PRIVATE, &file);
	age = (int64_t)time(NULL) - file.written_sec;
	/* The kernel's time of a file may be a tick ahead of time(). */
	if (result == USERFILE_OK && (age < -1 || age > max_sec))
		result = USERFILE_MISSING;
	if (result == USERFILE_OK)
		*out = file.text;
	else
		secret_clear(&file.text);
	return result;
}

/* In a folder that others may write, somebody could exchange the token. */
static bool
make_folder(const char *path)
{
	struct stat st;

	if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
		return complain_errno(path);
	if (stat(path, &st) != 0)
		return complain_errno(path);
	if (!S_ISDIR(st.st_mode))
		return complain("%s: not a folder", path);
	if (st.st_uid != geteuid())
		return complain("%s: it is not your own", path);
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    complain("%s: others may change it: chmod 700", path);
}

/* Write a draft and rename it: a reader finds the whole token or none. */
static bool
write_draft(char *draft, const char *path, struct bytes token)
{
	int fd = mkostemp(draft, O_CLOEXEC);	/* with mode 0600 */
	bool ok;

	if (fd < 0)
		return complain_errno(draft);
	ok = userfile_write(fd, token);
	ok = close(fd) == 0 && ok;
	if (ok && rename(draft, path) == 0)
		return true;
	complain_errno(path);
	(void)unlink(draft);
	return false;
}

bool
parts_file_write(const struct places *places, const char *path,
    struct bytes text)
{
	char *draft;
	bool ok;

	if (path == NULL)
		return true;
	draft = strdup(places->draft);
	if (draft == NULL)
		return complain("memory ran out");
	ok = make_folder(places->folder) && write_draft(draft, path, text);
	free(draft);
	return ok;
}

void
parts_file_remove(const char *path)
{
	if (path != NULL)
		(void)unlink(path);
}
