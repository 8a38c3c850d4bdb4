/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of sessions.  They hold refresh tokens, which are good for weeks.
 * So each is in a folder that nobody else can look into, and a folder, a file
 * or a link that another user could have put there is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/complain.h"
#include "login/session_text.h"

#define FOLDER "session"
#define FILE_MODE 0600
#define NOBODY_ELSE (S_IRWXG | S_IRWXO)
#define NO_WRITER (S_IWGRP | S_IWOTH)

/* ---- the folder ------------------------------------------------------------ */

/* Where the environment gives no safe place, login.conf can. */
__attribute__((format(printf, 2, 3))) static enum session_result
refuse(const struct session_store *store, const char *format, ...)
{
	const struct login_section *section = store->section;
	char text[FILE_PATH_MAX + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (section->store == LOGIN_STORE_HOME || section->name[0] == '\0')
		complain("%s", text);
	else
		complain("%s; with store = home in [login %s] the session is "
		    "kept in ~/.local/state/pam-jwt", text, section->name);
	return SESSION_FAULT;
}

static enum session_result
refuse_errno(const struct session_store *store, const char *name)
{
	return refuse(store, "%s: %s", name, strerror(errno));
}

/* Whether a folder is our own, and others have none of these rights. */
static enum session_result
check_folder(const struct session_store *store, const char *name,
    mode_t others)
{
	struct stat st;

	if (fstat(store->folder, &st) != 0)
		return refuse_errno(store, name);
	if (st.st_uid != geteuid())
		return refuse(store, "%s: the folder belongs to another user "
		    "(uid %u)", name, (unsigned)st.st_uid);
	if ((st.st_mode & others) != 0)
		return refuse(store, "%s: others have a right to the folder: "
		    "chmod 700", name);
	return SESSION_OK;
}

/* Go from the open folder into the one of that name, which may be made. */
static enum session_result
enter(struct session_store *store, const char *name, mode_t others, bool make)
{
	int fd;

	if (make && mkdirat(store->folder, name, S_IRWXU) == 0)
		(void)file_sync(store->folder);
	else if (make && errno != EEXIST)
		return refuse_errno(store, name);
	fd = file_open_at(store->folder, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0 && errno == ENOENT)
		return SESSION_NONE;
	if (fd < 0 && errno == ENOTDIR)
		return refuse(store, "%s: a symbolic link, or not a "
		    "folder", name);
	if (fd < 0)
		return refuse_errno(store, name);
	close(store->folder);
	store->folder = fd;
	return check_folder(store, name, others);
}

/*
 * Open the folder that the environment names: it is the user's own.  Nobody but
 * the system makes XDG_RUNTIME_DIR, so without it no login could help; but then
 * there is nothing to list.
 */
static enum session_result
open_top(const char *path, bool make, struct session_store *store)
{
	enum session_result result = SESSION_OK;
	enum file_result opened = FILE_OK;
	struct file file = { .missing = false };
	bool is_home = store->section->store == LOGIN_STORE_HOME;
	bool may_miss = is_home || store->section->name[0] == '\0';

	if (make && is_home)
		opened = file_make_folder(path, S_IRWXU, &file);
	if (opened == FILE_OK)
		opened = file_open_public(path, &store->folder, &file);
	if (opened != FILE_OK && file.missing && !make && may_miss)
		result = SESSION_NONE;
	else if (opened != FILE_OK)
		result = refuse(store, "%s: %s", path, file.fault);
	file_clear(&file);
	return result;
}

static enum session_result
no_place(const struct session_store *store)
{
	if (store->section->store == LOGIN_STORE_HOME)
		return refuse(store, "neither XDG_STATE_HOME nor HOME says "
		    "where the session is");
	return refuse(store, "XDG_RUNTIME_DIR does not say where the session "
	    "is");
}

/* The path of the file, for messages. */
static enum session_result
set_path(const char *folder, struct session_store *store)
{
	if (snprintf(store->path, sizeof(store->path), "%s/" FOLDER "/%s",
	    folder, store->section->name) >= (int)sizeof(store->path))
		return refuse(store, "%s: the path is too long", folder);
	return SESSION_OK;
}

enum session_result
session_open(const struct places *places, const struct login_section *section,
    bool make, struct session_store *out)
{
	const char *folder = places->folder, *slash;
	enum session_result result;
	char top[FILE_PATH_MAX];

	*out = (struct session_store){
		.section = section, .folder = -1, .lock = -1
	};
	if (section->store == LOGIN_STORE_HOME)
		folder = places->state;
	if (folder == NULL)
		return no_place(out);
	result = set_path(folder, out);
	if (result != SESSION_OK)
		return result;
	slash = strrchr(folder, '/');
	snprintf(top, sizeof(top), "%.*s", (int)(slash - folder), folder);
	result = open_top(top, make, out);
	if (result != SESSION_OK)
		return result;
	result = enter(out, slash + 1, NO_WRITER, make);
	if (result != SESSION_OK)
		return result;
	return enter(out, FOLDER, NOBODY_ELSE, make);
}

void
session_close(struct session_store *store)
{
	session_unlock(store);
	if (store->folder >= 0)
		close(store->folder);
	store->folder = -1;
}

/* ---- the lock -------------------------------------------------------------- */

/*
 * The lock is a file of its own, which stays: nobody may wait at one that a
 * rename has taken away.
 */
enum session_result
session_lock(struct session_store *store, unsigned wait_sec)
{
	char name[LOGIN_NAME_MAX_LEN + sizeof(".lock")];
	enum session_result result = SESSION_NONE;
	int fd;

	snprintf(name, sizeof(name), "%s.lock", store->section->name);
	fd = file_open_at(store->folder, name, O_RDWR | O_CREAT | O_NONBLOCK |
	    O_NOCTTY);
	if (fd < 0)
		return refuse_errno(store, name);
	if (file_lock(fd, (int64_t)wait_sec * 1000)) {
		store->lock = fd;
		return SESSION_OK;
	}
	if (errno != ETIMEDOUT)
		result = refuse_errno(store, name);
	close(fd);
	return result;
}

void
session_unlock(struct session_store *store)
{
	if (store->lock >= 0)
		close(store->lock);
	store->lock = -1;
}

/* ---- reading --------------------------------------------------------------- */

static bool
check_file(const struct session_store *store, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return complain("%s: not a regular file", store->path);
	if (st->st_uid != geteuid())
		return complain("%s: it is not your own", store->path);
	if ((st->st_mode & NOBODY_ELSE) != 0)
		return complain("%s: others may read or change it: chmod 600",
		    store->path);
	return true;
}

static bool
read_text(const struct session_store *store, int fd, size_t size,
    struct secret *out)
{
	size_t done = 0;
	ssize_t got;

	if (secret_alloc(size, out) != JWT_OK)
		return complain("memory ran out");
	while (done < size) {
		got = read(fd, out->ptr + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return complain_errno(store->path);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	out->len = done;
	return true;
}

static enum session_result
damaged(const struct session_store *store)
{
	complain("%s: the session is damaged: pam-jwt login %s", store->path,
	    store->section->name);
	return SESSION_NONE;
}

static enum session_result
read_open(const struct session_store *store, int fd, struct session *out)
{
	struct secret text = { .len = 0 };
	enum jwt_reason reason = JWT_INTERNAL;
	struct stat st;

	if (fstat(fd, &st) != 0) {
		complain_errno(store->path);
		return SESSION_FAULT;
	}
	if (!check_file(store, &st))
		return SESSION_FAULT;
	if (st.st_size >= FILE_SIZE_MAX)
		return damaged(store);
	if (read_text(store, fd, (size_t)st.st_size, &text))
		reason = session_parse(&text, out);
	secret_clear(&text);
	if (reason == JWT_OUT_OF_MEMORY)
		complain("memory ran out");
	if (reason == JWT_OUT_OF_MEMORY || reason == JWT_INTERNAL)
		return SESSION_FAULT;
	if (reason != JWT_OK)
		return damaged(store);
	return SESSION_OK;
}

enum session_result
session_read(const struct session_store *store, struct session *out)
{
	enum session_result result;
	int fd;

	*out = (struct session){ .session_until = -1 };
	if (store->folder < 0)
		return SESSION_NONE;
	fd = file_open_at(store->folder, store->section->name,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return SESSION_NONE;
	if (fd < 0 && errno == ELOOP)
		complain("%s: a symbolic link", store->path);
	else if (fd < 0)
		complain_errno(store->path);
	if (fd < 0)
		return SESSION_FAULT;
	result = read_open(store, fd, out);
	close(fd);
	return result;
}

/* ---- writing --------------------------------------------------------------- */

bool
session_write(const struct session_store *store, const struct session *session)
{
	struct secret text;
	enum jwt_reason reason = session_put(session, &text);
	bool ok;

	if (reason != JWT_OK)
		return complain("%s: the session cannot be written: %s",
		    store->path, reason_text(reason));
	ok = file_replace(store->folder, store->section->name,
	    secret_bytes(&text), FILE_MODE) || complain_errno(store->path);
	secret_clear(&text);
	return ok;
}

/* A process that was killed while it wrote may have left NAME.new as well. */
bool
session_remove(const struct session_store *store)
{
	char draft[LOGIN_NAME_MAX_LEN + sizeof(FILE_NEW_SUFFIX)];

	if (store->folder < 0)
		return true;
	snprintf(draft, sizeof(draft), "%s" FILE_NEW_SUFFIX,
	    store->section->name);
	(void)unlinkat(store->folder, draft, 0);
	if (unlinkat(store->folder, store->section->name, 0) != 0 &&
	    errno != ENOENT)
		return complain_errno(store->path);
	return file_sync(store->folder) || complain_errno(store->path);
}
