/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the user's own token file in a child process.
 *
 * If a file system hangs, only a child can be given up.  The child takes on the
 * user's file system ids, and keeps its other ids, so that the user can neither
 * trace it nor make it enter a FUSE mount of his.  A signal that he may send to
 * it delays the login by the time limit at most.
 *
 * The host program may have threads.  So between fork() and _exit() the child
 * calls async-signal-safe functions only.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/jose/jws.h"
#include "core/policy/expand.h"
#include "host/clock.h"
#include "host/file.h"
#include "host/token_file.h"

#define BLANKS_MAX	64		/* bytes around a token */
#define TEXT_MAX	(TOKEN_MAX + BLANKS_MAX)
#define ANSWER_SIZE	(1 + TEXT_MAX + 1)	/* enum answer, text, one byte more */
#define ENTRY_MAX	65536		/* bytes of a passwd entry */

/* The first byte that the child writes; the text follows GOOD. */
enum answer {
	GOOD,
	MISSING,
	UNREADABLE,
	NO_REGULAR,
	NOT_OWN,
	OPEN_TO_OTHERS,
	TOO_LONG,
	CHANGED,
	ANSWERS
};

static const char *
answer_text(uint8_t answer)
{
	static const char *const texts[ANSWERS] = {
		[MISSING] = "there is none",
		[UNREADABLE] = "the user cannot read it",
		[NO_REGULAR] = "it is no regular file",
		[NOT_OWN] = "it is not the user's own",
		[OPEN_TO_OTHERS] = "others may read or write it: chmod 600",
		[TOO_LONG] = "it is longer than any token",
		[CHANGED] = "it changed while it was read"
	};

	return answer < ANSWERS ? texts[answer] : "it could not be read";
}

static enum answer
check_stat(const struct stat *st, uid_t owner)
{
	if (!S_ISREG(st->st_mode))
		return NO_REGULAR;
	if (st->st_uid != owner)
		return NOT_OWN;
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return OPEN_TO_OTHERS;
	if (st->st_size > TEXT_MAX)
		return TOO_LONG;
	return GOOD;
}

/* Read up to size bytes; -1 on an error. */
static ssize_t
read_all(int fd, uint8_t *text, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, text + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/*
 * In the child: read an open file into text, which has room for one byte more
 * than TEXT_MAX.  A file that changes while it is read is refused.
 */
static enum answer
read_open(int fd, uid_t owner, uint8_t *text, size_t *len)
{
	struct stat before, after;
	enum answer answer;
	ssize_t got;

	if (fstat(fd, &before) != 0)
		return UNREADABLE;
	answer = check_stat(&before, owner);
	if (answer != GOOD)
		return answer;
	got = read_all(fd, text, TEXT_MAX + 1);
	if (got < 0 || fstat(fd, &after) != 0)
		return UNREADABLE;
	*len = (size_t)got;
	if (!file_is_same(&before, &after) || got != before.st_size)
		return CHANGED;
	return GOOD;
}

/* In the child: a device or a FIFO is not even opened, as that may do harm. */
static enum answer
read_path(const char *path, uid_t owner, uint8_t *text, size_t *len)
{
	enum answer answer;
	struct stat st;
	int fd;

	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT)
			return MISSING;
		return UNREADABLE;
	}
	answer = check_stat(&st, owner);
	if (answer != GOOD)
		return answer;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY |
	    O_CLOEXEC);
	if (fd < 0)
		return UNREADABLE;
	answer = read_open(fd, owner, text, len);
	(void)close(fd);
	return answer;
}

static bool
write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

/*
 * The child: give up all rights to files but the user's, read the file, write
 * the answer.  The process already has the user's supplementary groups, as it
 * is a setuid program that the user started.
 */
static _Noreturn void
serve(const char *path, uint8_t *text, int out)
{
	uid_t user = getuid();
	gid_t group = getgid();
	size_t len = 0;

	text[0] = UNREADABLE;
	(void)setfsgid(group);
	(void)setfsuid(user);
	/* Call again: the result is the id that the first call has set. */
	if (setfsuid(user) == (int)user && setfsgid(group) == (int)group)
		text[0] = (uint8_t)read_path(path, user, text + 1, &len);
	(void)write_all(out, text, 1 + (text[0] == GOOD ? len : 0));
	explicit_bzero(text, ANSWER_SIZE);
	_exit(0);
}

/* Read what the child writes until it ends; -1 if the time is up. */
static ssize_t
receive(int fd, uint8_t *text, size_t size)
{
	int64_t start = clock_msec();
	size_t len = 0;

	while (len < size) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int64_t now = clock_msec();
		int64_t left = start + TOKEN_FILE_TIMEOUT_MSEC - now;
		ssize_t got;

		if (start < 0 || now < start || left <= 0)
			return -1;
		if (poll(&ready, 1, (int)left) <= 0)
			continue;
		got = read(fd, text + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* End the child, even if it waits for a file system that hangs. */
static void
end_child(pid_t child)
{
	(void)kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * fork() with all signals blocked in the child, because the signal handlers of
 * the host program must not run there.  The host's own mask does not change.
 */
static pid_t
fork_quietly(void)
{
	sigset_t all, before;
	pid_t child;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return -1;
	child = fork();
	if (child != 0)
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return child;
}

/* Have a child write its answer into text; returns its length, or -1. */
static ssize_t
ask_child(const char *path, uint8_t *text)
{
	ssize_t len = -1;
	pid_t child;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -1;
	child = fork_quietly();
	if (child == 0)
		serve(path, text, fds[1]);
	(void)close(fds[1]);
	if (child > 0) {
		len = receive(fds[0], text, ANSWER_SIZE);
		end_child(child);
	}
	(void)close(fds[0]);
	return len;
}

static enum jwt_reason
read_by_child(struct token_file *file)
{
	struct secret answer;
	enum jwt_reason reason = secret_alloc(ANSWER_SIZE, &answer);
	ssize_t len;

	if (reason != JWT_OK)
		return reason;
	len = ask_child(file->path, answer.ptr);
	file->fault = answer_text(len > 0 ? answer.ptr[0] : ANSWERS);
	if (file->fault == NULL)
		reason = secret_copy(bytes_of(answer.ptr + 1,
		    (size_t)len - 1), &file->text);
	secret_clear(&answer);
	return reason;
}

/* False if there is no such account. */
static bool
find_uid(const char *user, uid_t *out)
{
	struct passwd entry, *found = NULL;
	char *buffer = malloc(ENTRY_MAX);
	bool ok;

	ok = buffer != NULL && getpwnam_r(user, &entry, buffer, ENTRY_MAX,
	    &found) == 0 && found != NULL;
	if (ok)
		*out = entry.pw_uid;
	free(buffer);
	return ok;
}

enum jwt_reason
token_file_read(const char *path, const char *user, struct token_file *out)
{
	char uid_text[24];
	uid_t uid;

	*out = (struct token_file){ .fault = "there is no such account" };
	if (!find_uid(user, &uid))
		return JWT_OK;
	out->fault = "another user started this program";
	if (uid != getuid())
		return JWT_OK;
	out->fault = "root's file does not count: any service runs as root";
	if (uid == 0)
		return JWT_OK;
	snprintf(uid_text, sizeof(uid_text), "%lu", (unsigned long)uid);
	_Static_assert(sizeof(out->path) == EXPAND_SIZE, "a path has room");
	out->fault = expand_token_file(bytes_str(path), user, uid_text,
	    out->path);
	if (out->fault != NULL)
		return JWT_OK;
	return read_by_child(out);
}

void
token_file_clear(struct token_file *file)
{
	secret_clear(&file->text);
	*file = (struct token_file){ .fault = NULL };
}
