/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent's side of a fetcher: starts it, talks to it, ends it.  In
 * fetcher_child.c the child gives up its rights before it becomes the fetcher.
 *
 * The parent runs as root and assumes that an attacker has taken over the
 * fetcher: it limits the time and the bytes, and ends the whole process group.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "sync/fetcher.h"
#include "sync/fetcher_child.h"

#define ENTRY_MAX 65536		/* bytes of a passwd entry */
#define START_MSEC 200		/* for the start of a fetcher */

/* One fetcher, and how far the exchange with it has come. */
struct talk {
	pid_t child;		/* leads a session and group of its own */
	int fd;			/* our end of the socket */
	int64_t end_msec;	/* on the clock of clock_msec() */
	struct bytes left;	/* the bytes of the request not sent yet */
	struct secret *answer;	/* one byte more than any answer has */
	size_t len;		/* of the answer so far */
	const char *fault;	/* an error in words */
};

/* ---- program and user --------------------------------------------------- */

bool
fetcher_find(char path[FETCHER_PATH_MAX])
{
	return program_find(FETCHER_PROGRAM, path);
}

/* Find a user; false if it does not exist or is root. */
static bool
find_user(const char *name, struct fetcher_user *out)
{
	struct passwd entry, *found = NULL;
	struct secret text;
	bool ok = false;

	if (secret_alloc(ENTRY_MAX, &text) != JWT_OK)
		return false;
	if (getpwnam_r(name, &entry, (char *)text.ptr, text.len, &found) == 0 &&
	    found != NULL && entry.pw_uid != 0 && entry.pw_gid != 0) {
		*out = (struct fetcher_user){ .uid = entry.pw_uid,
		    .gid = entry.pw_gid, .change = true };
		ok = true;
	}
	secret_clear(&text);
	return ok;
}

bool
fetcher_has_user(const char *name)
{
	struct fetcher_user user;

	return find_user(name, &user);
}

const char *
fetcher_choose(char path[FETCHER_PATH_MAX], struct fetcher_options *out)
{
	bool is_root = getuid() == 0 || geteuid() == 0;

	if (!fetcher_find(path))
		return "there is no " FETCHER_PROGRAM ": install the package "
		    "pam-jwt-net";
	if (is_root && !fetcher_has_user(FETCHER_USER))
		return "there is no user " FETCHER_USER ", and nothing is "
		    "fetched as root: systemd-sysusers makes it, or useradd "
		    "--system " FETCHER_USER;
	out->user = NULL;
	if (is_root)
		out->user = FETCHER_USER;
	out->program = path;
	return NULL;
}

/* No fetcher ever gets root's rights, so root must name another user. */
static bool
choose_user(const char *name, struct fetcher_user *out)
{
	*out = (struct fetcher_user){ .uid = getuid(), .gid = getgid() };
	if (name != NULL)
		return find_user(name, out);
	return getuid() != 0 && geteuid() != 0;
}

/* ---- starting and ending ------------------------------------------------ */

/* Both ends must lie above 0 to 2, where the child puts its own end. */
static bool
make_socket(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	ends[0] = file_above_stdio(ends[0]);
	ends[1] = file_above_stdio(ends[1]);
	if (ends[0] >= 0 && ends[1] >= 0)
		return true;
	if (ends[0] >= 0)
		(void)close(ends[0]);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	return false;
}

static bool
start(const struct fetcher_options *options, struct talk *talk)
{
	struct fetcher_user user;
	pid_t parent = getpid();
	int ends[2];

	talk->fault = "the user of the fetcher is missing, or is root";
	if (!choose_user(options->user, &user))
		return false;
	talk->fault = "the fetcher could not be started";
	if (!make_socket(ends))
		return false;
	/* If our caller ignores SIGCHLD, the kernel keeps no exit status. */
	(void)signal(SIGCHLD, SIG_DFL);
	talk->child = fork();
	if (talk->child == 0)
		fetcher_child(options->program, &user, parent, ends[1]);
	(void)close(ends[1]);
	talk->fd = ends[0];
	return talk->child >= 0;
}

/*
 * End the fetcher and its group, which has nobody else in it before the child
 * has made its session.  Returns its status from waitpid(2).
 */
static int
end(const struct talk *talk)
{
	int status = 0;

	(void)kill(-talk->child, SIGKILL);
	(void)kill(talk->child, SIGKILL);
	while (waitpid(talk->child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* ---- talking ------------------------------------------------------------ */

/*
 * Send as much as the socket takes.  An error ends the sending only: a fetcher
 * that reads no more may still answer.
 */
static void
send_some(struct talk *talk)
{
	ssize_t put = send(talk->fd, talk->left.ptr, talk->left.len,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put < 0) {
		talk->left.len = 0;
		return;
	}
	talk->left.ptr += put;
	talk->left.len -= (size_t)put;
	if (talk->left.len == 0)
		(void)shutdown(talk->fd, SHUT_WR);
}

enum step { STEP_MORE, STEP_END, STEP_FAULT };

/*
 * recv() takes only bytes.  The kernel closes a descriptor that the fetcher
 * sends along, so it cannot fill our table of descriptors.
 */
static enum step
receive_some(struct talk *talk)
{
	ssize_t got = recv(talk->fd, talk->answer->ptr + talk->len,
	    talk->answer->len - talk->len, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return STEP_MORE;
	/* ECONNRESET: it closed its end and left some of the request unread. */
	if (got == 0 || (got < 0 && errno == ECONNRESET))
		return STEP_END;
	talk->fault = "the fetcher could not be read";
	if (got < 0)
		return STEP_FAULT;
	talk->len += (size_t)got;
	talk->fault = "the fetcher wrote more than any answer has";
	if (talk->len > EXCHANGE_ANSWER_MAX)
		return STEP_FAULT;
	return STEP_MORE;
}

/* Wait for the socket, but not longer than the time that is left. */
static enum step
wait_once(struct talk *talk)
{
	struct pollfd ready = { .fd = talk->fd, .events = POLLIN };
	int64_t now = clock_msec();

	talk->fault = "the fetcher took too long and was ended";
	if (now < 0 || now >= talk->end_msec)
		return STEP_FAULT;
	if (talk->left.len > 0)
		ready.events |= POLLOUT;
	if (poll(&ready, 1, (int)(talk->end_msec - now)) <= 0)
		return STEP_MORE;
	if ((ready.revents & POLLOUT) != 0 && talk->left.len > 0)
		send_some(talk);
	if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
		return STEP_MORE;
	return receive_some(talk);
}

/* Read the whole answer, valid or not; false, with talk->fault. */
static bool
converse(struct talk *talk)
{
	enum step step;

	do {
		step = wait_once(talk);
	} while (step == STEP_MORE);
	return step == STEP_END;
}

/* Say why there is no valid frame; the exit status is the best hint. */
static const char *
explain(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == FETCHER_EXIT_RIGHTS)
		return "the fetcher could not give up its rights";
	if (WIFEXITED(status) && WEXITSTATUS(status) == FETCHER_EXIT_EXEC)
		return "the program of the fetcher could not be started";
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return "the fetcher wrote no valid answer";
	return "the fetcher ended without an answer";
}

static enum jwt_reason
run(const struct fetcher_options *options, struct talk *talk,
    struct exchange_answer *out)
{
	enum jwt_reason reason;
	bool whole;
	int status;

	if (!start(options, talk))
		return JWT_INTERNAL;
	whole = converse(talk);
	status = end(talk);
	if (!whole)
		return JWT_INTERNAL;
	reason = exchange_read_answer(bytes_of(talk->answer->ptr, talk->len),
	    out);
	if (reason != JWT_OK)
		talk->fault = explain(status);
	return reason;
}

/*
 * Limit the fetcher's time, and within it the server's: so the fetcher can say
 * what the server was slow at before it is ended.  False when no time is left.
 */
static bool
limit_time(const struct fetcher_options *options,
    struct exchange_request *request, struct talk *talk)
{
	int64_t now = clock_msec(), left;
	unsigned timeout_sec = FETCHER_TIMEOUT_SEC;

	if (options->timeout_sec != 0)
		timeout_sec = options->timeout_sec;
	talk->end_msec = now + (int64_t)timeout_sec * 1000;
	if (options->deadline_msec == 0)
		return true;
	if (options->deadline_msec < talk->end_msec)
		talk->end_msec = options->deadline_msec;
	left = (talk->end_msec - now - START_MSEC) / 1000;
	if (left < 1)
		return false;
	if (request->timeout_sec == 0)
		request->timeout_sec = EXCHANGE_TIMEOUT_MAX;
	if (left < request->timeout_sec)
		request->timeout_sec = (unsigned)left;
	return true;
}

enum jwt_reason
fetcher_run(const struct fetcher_options *options,
    const struct exchange_request *request, struct secret *buffer,
    struct exchange_answer *out)
{
	struct talk talk = { .child = -1, .fd = -1, .answer = buffer,
		.fault = "memory ran out" };
	struct exchange_request limited = *request;
	enum jwt_reason reason = JWT_INTERNAL;
	struct secret frame = { 0 };

	*out = EXCHANGE_NO_ANSWER;
	*buffer = (struct secret){ 0 };
	if (!limit_time(options, &limited, &talk)) {
		talk.fault = "no time is left to ask";
		goto out;
	}
	reason = exchange_put_request(&limited, &frame);
	if (reason == JWT_INTERNAL)
		talk.fault = "a value of the request is not valid";
	if (reason != JWT_OK)
		goto out;
	reason = secret_alloc(EXCHANGE_ANSWER_MAX + 1, buffer);
	if (reason != JWT_OK)
		goto out;
	talk.left = secret_bytes(&frame);
	reason = run(options, &talk, out);
out:
	if (reason != JWT_OK)
		out->error = bytes_str(talk.fault);
	if (talk.fd >= 0)
		(void)close(talk.fd);
	secret_clear(&frame);
	return reason;
}
