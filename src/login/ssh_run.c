/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our side of ssh: starts it, reads what it writes, ends it.  ssh_child.c has
 * the child's side, and ssh_said.c what it says to people.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "login/ssh_child.h"
#include "login/ssh_said.h"

#define TICK_MSEC	100	/* how often it is asked whether ssh has ended */
#define TICK_LAST_MSEC	5	/* the same, after the last byte */
#define SAID_READS	16	/* of 1 KiB each, before we look at the rest again */
#define TIDY_UP_MSEC	200	/* between SIGTERM and SIGKILL */

/* The pipes of one run; -1: closed. */
enum { IN_READ, IN_WRITE, OUT_READ, OUT_WRITE, ERR_READ, ERR_WRITE, PIPES };

struct run {
	const struct ssh_call *call;
	struct ssh_result *out;
	pid_t child;		/* -1: none, or reaped */
	int status;		/* of waitpid(2), when it is reaped */
	int fd[PIPES];
	struct ssh_said said;
};

/* ---- starting --------------------------------------------------------------- */

static void
close_one(struct run *run, int which)
{
	if (run->fd[which] >= 0)
		(void)close(run->fd[which]);
	run->fd[which] = -1;
}

/* Our ends and those of the child lie above 0 to 2, where it puts its own. */
static bool
open_pipe(struct run *run, int first)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	run->fd[first] = file_above_stdio(fds[0]);
	run->fd[first + 1] = file_above_stdio(fds[1]);
	return run->fd[first] >= 0 && run->fd[first + 1] >= 0;
}

/*
 * The whole line goes into the pipe before there is a reader: it is empty and
 * takes so much, and an ssh that ends at once sends us no SIGPIPE.
 */
static bool
write_input(struct run *run)
{
	struct bytes line = run->call->input;
	bool ok = line.len == 0;

	if (line.len > 0 && line.len < SSH_INPUT_MAX)
		ok = write(run->fd[IN_WRITE], line.ptr, line.len) ==
		    (ssize_t)line.len && write(run->fd[IN_WRITE], "\n", 1) == 1;
	close_one(run, IN_WRITE);
	return ok;
}

static bool
start(struct run *run)
{
	if (!open_pipe(run, IN_READ) || !open_pipe(run, OUT_READ) ||
	    !open_pipe(run, ERR_READ) || !write_input(run))
		return false;
	/* If our caller ignores SIGCHLD, the kernel keeps no exit status. */
	(void)signal(SIGCHLD, SIG_DFL);
	run->child = fork();
	if (run->child == 0)
		ssh_child(run->call, run->fd[IN_READ], run->fd[OUT_WRITE],
		    run->fd[ERR_WRITE]);
	close_one(run, IN_READ);
	close_one(run, OUT_WRITE);
	close_one(run, ERR_WRITE);
	return run->child > 0 &&
	    fcntl(run->fd[OUT_READ], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(run->fd[ERR_READ], F_SETFL, O_NONBLOCK) == 0;
}

/* ---- reading ---------------------------------------------------------------- */

/* Read what there is; false: it is more than any answer has. */
static bool
read_answer(struct run *run)
{
	struct secret *answer = &run->out->answer;
	ssize_t got;

	while (run->fd[OUT_READ] >= 0) {
		if (answer->len > SSH_ANSWER_MAX)
			return false;
		got = read(run->fd[OUT_READ], answer->ptr + answer->len,
		    answer->size - answer->len);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (got <= 0)
			close_one(run, OUT_READ);
		else
			answer->len += (size_t)got;
	}
	return true;
}

/* At most so many reads: who writes without an end must not keep us here. */
static void
read_said(struct run *run)
{
	uint8_t buffer[1024];
	ssize_t got;
	int i;

	for (i = 0; i < SAID_READS && run->fd[ERR_READ] >= 0; i++) {
		got = read(run->fd[ERR_READ], buffer, sizeof(buffer));
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0)
			close_one(run, ERR_READ);
		else
			ssh_said_add(&run->said,
			    bytes_of(buffer, (size_t)got));
	}
}

static bool
has_ended(struct run *run)
{
	pid_t done = waitpid(run->child, &run->status, WNOHANG);

	if (done == 0 || (done < 0 && errno == EINTR))
		return false;
	/* Nobody knows how it ended: not with an exit status of 0. */
	if (done < 0)
		run->status = SIGKILL;
	run->child = -1;
	return true;
}

/* How long to wait for bytes before it is asked whether ssh has ended. */
static int
find_tick(const struct run *run, bool ended, int64_t left)
{
	int tick = TICK_MSEC;

	if (run->fd[OUT_READ] < 0 && run->fd[ERR_READ] < 0)
		tick = TICK_LAST_MSEC;
	if (ended)
		return 0;
	return left < tick ? (int)left : tick;
}

/*
 * What ssh started, such as the master of a ControlPersist, may hold the pipes
 * longer than ssh itself: its end is the end.
 */
static enum ssh_end
converse(struct run *run)
{
	int64_t left;

	while ((left = run->call->end_msec - clock_msec()) > 0) {
		struct pollfd fds[2] = {
			{ .fd = run->fd[OUT_READ], .events = POLLIN },
			{ .fd = run->fd[ERR_READ], .events = POLLIN }
		};
		bool ended = has_ended(run);

		(void)poll(fds, 2, find_tick(run, ended, left));
		if (!read_answer(run))
			return SSH_TOO_LONG;
		read_said(run);
		if (ended)
			return SSH_ENDED;
	}
	return SSH_TOO_SLOW;
}

/* ---- ending ----------------------------------------------------------------- */

/* A silent ssh leads a group of its own, unless it has not come so far. */
static void
signal_child(const struct run *run, int number)
{
	if (!run->call->is_silent || kill(-run->child, number) != 0)
		(void)kill(run->child, number);
}

static void
end_child(struct run *run)
{
	int64_t end_msec = clock_msec() + TIDY_UP_MSEC;

	signal_child(run, SIGTERM);
	while (clock_msec() < end_msec) {
		if (has_ended(run))
			return;
		(void)poll(NULL, 0, TICK_LAST_MSEC);
	}
	signal_child(run, SIGKILL);
	while (waitpid(run->child, NULL, 0) < 0 && errno == EINTR)
		;
	run->child = -1;
}

static enum ssh_end
run_all(struct run *run)
{
	enum ssh_end end;

	if (secret_alloc(SSH_ANSWER_MAX + 1, &run->out->answer) != JWT_OK)
		return SSH_NOT_STARTED;
	run->out->answer.len = 0;
	if (!start(run))
		return SSH_NOT_STARTED;
	end = converse(run);
	if (end != SSH_ENDED || WIFEXITED(run->status))
		return end;
	return SSH_KILLED;
}

void
ssh_run(const struct ssh_call *call, struct ssh_result *out)
{
	struct run run = { .call = call, .out = out, .child = -1,
		.fd = { -1, -1, -1, -1, -1, -1 },
		.said = { .text = out->said, .show = !call->is_silent } };
	int i;

	*out = (struct ssh_result){ .end = SSH_NOT_STARTED,
		.was_shown = !call->is_silent };
	out->end = run_all(&run);
	if (run.child > 0)
		end_child(&run);
	else if (out->end == SSH_ENDED)
		out->status = WEXITSTATUS(run.status);
	ssh_said_end(&run.said);
	for (i = 0; i < PIPES; i++)
		close_one(&run, i);
}

void
ssh_result_clear(struct ssh_result *result)
{
	secret_clear(&result->answer);
	*result = (struct ssh_result){ .end = SSH_NOT_STARTED };
}
