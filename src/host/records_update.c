/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes a record that its session may remove, or mark as refused, at any
 * moment.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "host/records.h"

#define DRAFT_SIZE (RECORDS_NAME_SIZE + sizeof(RECORDS_SEEN_SUFFIX))

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool
exchange(int folder, const char *a, const char *b)
{
	return renameat2(folder, a, folder, b, RENAME_EXCHANGE) == 0;
}

/* Put the draft in its place, and another file than the expected one back. */
static bool
put(int folder, const char *draft, const char *name, const struct stat *file)
{
	struct stat replaced;

	if (!exchange(folder, draft, name))
		return errno == ENOENT;
	if (fstatat(folder, draft, &replaced, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	return is_same(&replaced, file) || exchange(folder, draft, name) ||
	    errno == ENOENT;
}

/*
 * A rename would make a file that was removed meanwhile; an exchange fails
 * without it, and shows which file was replaced.
 */
enum jwt_reason
records_update(int folder, const char *name, const struct stat *file,
    const struct record *record)
{
	char draft[DRAFT_SIZE];
	enum jwt_reason reason;
	int error;

	snprintf(draft, sizeof(draft), "%s" RECORDS_SEEN_SUFFIX, name);
	reason = records_put(folder, draft, record);
	if (reason != JWT_OK)
		return reason;
	if (!put(folder, draft, name, file))
		reason = JWT_INTERNAL;
	error = errno;
	(void)unlinkat(folder, draft, 0);
	errno = error;
	return reason;
}
