/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of fetched sets: made, locked, and written whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "host/file.h"
#include "sync/install.h"

#define LOCK_NAME	".lock"	/* no issuer has a name with a dot in front */
#define FOLDER_MODE	0755
#define FILE_MODE	0644

__attribute__((format(printf, 2, 3))) static enum jwt_reason
fail(struct install *install, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(install->fault, sizeof(install->fault), format, args);
	va_end(args);
	return JWT_STATE_UNAVAILABLE;
}

/* What became of a walk to the folder. */
static enum jwt_reason
judge(struct install *install, enum file_result result, struct file *file)
{
	enum jwt_reason reason = JWT_OK;

	if (result == FILE_NO_MEMORY)
		reason = JWT_OUT_OF_MEMORY;
	else if (result != FILE_OK)
		reason = fail(install, "%.200s", file->fault);
	file_clear(file);
	return reason;
}

static enum jwt_reason
open_folder(const char *path, struct install *install)
{
	struct file file;
	enum file_result result = file_make_folder(path, FOLDER_MODE, &file);
	enum jwt_reason reason = judge(install, result, &file);

	if (reason != JWT_OK)
		return reason;
	result = file_open_public(path, &install->folder, &file);
	return judge(install, result, &file);
}

/*
 * A file of its own, which stays: nobody waits at one that a rename took away.
 * It is root's alone, as everybody who may open it may lock it.
 */
static enum jwt_reason
lock(unsigned wait_sec, struct install *install)
{
	int fd = file_open_at(install->folder, LOCK_NAME, O_RDWR | O_CREAT |
	    O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fail(install, "%s: %s", LOCK_NAME,
		    file_errno_text(errno));
	if (file_lock(fd, (int64_t)wait_sec * 1000)) {
		install->lock = fd;
		return JWT_OK;
	}
	install->busy = errno == ETIMEDOUT;
	close(fd);
	if (install->busy)
		return fail(install, "another pam-jwt sync is at work");
	return fail(install, "%s: it cannot be locked", LOCK_NAME);
}

enum jwt_reason
install_open(const char *path, unsigned wait_sec, struct install *out)
{
	enum jwt_reason reason;

	*out = (struct install){ .folder = -1, .lock = -1 };
	reason = open_folder(path, out);
	if (reason != JWT_OK)
		return reason;
	return lock(wait_sec, out);
}

enum jwt_reason
install_file(struct install *install, const char *name, struct bytes text)
{
	if (!file_replace(install->folder, name, text, FILE_MODE))
		return fail(install, "%.100s: %s", name,
		    file_errno_text(errno));
	return JWT_OK;
}

void
install_close(struct install *install)
{
	if (install->lock >= 0)
		close(install->lock);
	if (install->folder >= 0)
		close(install->folder);
	install->folder = -1;
	install->lock = -1;
}
