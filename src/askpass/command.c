/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and reads the token that it prints.  It waits only
 * for a limited time, because the program that asks waits for us without any
 * limit, and ends everything that the command started.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "askpass/command.h"
#include "askpass/signals.h"
#include "cli/complain.h"
#include "cli/userfile.h"

#define EXIT_NOT_RUN 127	/* a shell's status for a missing command */
#define TIDY_UP_MS 200		/* between SIGTERM and SIGKILL */
#define FINISH_MS 10000		/* the same, when a signal asks us to end */

struct run {
	const struct command *command;
	pid_t child;		/* leads the command's process group */
	int out;		/* the command's standard output */
	struct signals signals;	/* the child ended, or we must end */
	int64_t end_ms;		/* on the clock of now_ms() */
	bool was_asked;		/* a signal asked us to end */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * In the child.  The command must not read the terminal of the program that
 * asks: it would take the user's keys.  In a session of its own it has no
 * terminal, so a command that wants one fails at once.
 */
static _Noreturn void
become(const struct run *run, int out)
{
	int in;

	(void)setsid();
	(void)dup2(out, STDOUT_FILENO);
	in = open("/dev/null", O_RDONLY);
	(void)sigprocmask(SIG_SETMASK, &run->signals.before, NULL);
	if (in >= 0 && dup2(in, STDIN_FILENO) >= 0)
		(void)execv(run->command->path, run->command->argv);
	_exit(EXIT_NOT_RUN);
}

/* Hold the signals that would end us, so that we end the command first. */
static bool
hold_signals(struct run *run)
{
	/* If our caller ignores SIGCHLD, the kernel keeps no exit status. */
	(void)signal(SIGCHLD, SIG_DFL);
	return signals_hold(SIGCHLD, &run->signals);
}

static bool
start(struct run *run)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return complain_errno("a pipe");
	run->child = fork();
	if (run->child == 0)
		become(run, fds[1]);
	close(fds[1]);
	run->out = fds[0];
	if (run->child < 0)
		return complain_errno(run->command->name);
	return fcntl(run->out, F_SETFL, O_NONBLOCK) == 0 ||
	    complain_errno("a pipe");
}

/* False, with a message, when one of the signals asks us to end. */
static bool
read_signals(struct run *run)
{
	int number;

	while ((number = signals_next(&run->signals)) != 0) {
		if (number == SIGCHLD)
			continue;
		run->was_asked = true;
		return complain("ended by signal %d", number);
	}
	return true;
}

/*
 * Wait until fd can be read, unless it is -1, or until the child changes state.
 * False, with a message, when the time is over or a signal asks us to end.
 */
static bool
wait_for(struct run *run, int fd)
{
	struct pollfd fds[2] = {
		{ .fd = run->signals.fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN }
	};
	int64_t left = run->end_ms - now_ms();

	if (left <= 0)
		return complain("%s took longer than %u s and was ended%s",
		    run->command->name, run->command->timeout_sec,
		    run->command->advice);
	if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
		return complain_errno(run->command->name);
	return read_signals(run);
}

static bool
read_all(struct run *run, struct secret *out)
{
	enum userfile_step step;

	if (!userfile_start(out))
		return false;
	do {
		if (!wait_for(run, run->out))
			return false;
		step = userfile_step(run->out, run->command->name, out);
	} while (step == USERFILE_MORE);
	return step == USERFILE_END;
}

/* Reap the child.  Its process id must not be used afterwards. */
static bool
wait_for_exit(struct run *run, int *status)
{
	pid_t done;

	while ((done = waitpid(run->child, status, WNOHANG)) == 0) {
		if (!wait_for(run, -1))
			return false;
	}
	if (done < 0)
		return complain_errno(run->command->name);
	run->child = -1;
	return true;
}

static bool
has_exited(struct run *run, int *out)
{
	int status;

	if (!wait_for_exit(run, &status))
		return false;
	if (WIFSIGNALED(status))
		return complain("%s was ended by signal %d",
		    run->command->name, WTERMSIG(status));
	*out = WEXITSTATUS(status);
	return true;
}

/* Signal the command's group, or the child alone if it has no group yet. */
static void
signal_group(const struct run *run, int number)
{
	if (kill(-run->child, number) != 0)
		(void)kill(run->child, number);
}

/*
 * Wait until nothing of the command holds the pipe any more in which it would
 * print a token, or until the time is over.  Further signals change nothing.
 */
static void
wait_for_close(const struct run *run, int64_t end_ms)
{
	struct pollfd fd = { .fd = run->out };	/* POLLHUP is always told */
	int64_t left;

	while (fd.revents == 0 && (left = end_ms - now_ms()) > 0)
		(void)poll(&fd, 1, (int)left);
}

/*
 * A person who presses ^C at ssh must not lose a login by it.  pam-jwt token,
 * also one that a command runs, finishes a refresh before it obeys SIGTERM: to
 * kill it between the provider's answer and the file that keeps it would end
 * the session.  A command that took too long gets no more time.
 */
static void
end_group(struct run *run)
{
	const struct timespec pause = { .tv_nsec = TIDY_UP_MS * 1000000L };
	int64_t finish_ms = now_ms() + FINISH_MS;

	if (run->end_ms < finish_ms)
		finish_ms = run->end_ms;
	signal_group(run, SIGTERM);
	(void)nanosleep(&pause, NULL);
	if (run->was_asked)
		wait_for_close(run, finish_ms);
	signal_group(run, SIGKILL);
	(void)waitpid(run->child, NULL, 0);
	run->child = -1;
}

bool
command_run(const struct command *command, struct secret *out, int *status)
{
	struct run run = {
		.command = command,
		.child = -1, .out = -1, .signals = SIGNALS_NONE,
		.end_ms = now_ms() + (int64_t)command->timeout_sec * 1000
	};
	bool ok = hold_signals(&run) && start(&run) && read_all(&run, out) &&
	    has_exited(&run, status);

	if (run.child > 0)
		end_group(&run);
	if (run.out >= 0)
		close(run.out);
	signals_release(&run.signals);
	return ok;
}
