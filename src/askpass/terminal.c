/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking at /dev/tty.  Three things must not happen: that a terminal is left
 * without echo, that a job in the background takes the keys of another program,
 * and that we wait for an answer that nobody wants any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "askpass/signals.h"
#include "askpass/terminal.h"
#include "cli/complain.h"
#include "cli/visible.h"

#define ANSWER_MAX	4096	/* a line of a terminal is no longer */
#define LOOK_MS		1000	/* how often we look for our parent */

struct terminal {
	int fd;
	FILE *out;		/* owns fd */
	struct termios before;
	bool is_changed;	/* before must be put back */
	struct signals signals;
	int number;		/* the signal that came; 0: none */
};

/* A job in the background would be stopped, and nobody would know why. */
static bool
is_in_foreground(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

static enum terminal_result
start(struct terminal *terminal)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	*terminal = (struct terminal){ .fd = fd, .signals = SIGNALS_NONE };
	if (fd < 0)
		return TERMINAL_NONE;
	if (is_in_foreground(fd))
		terminal->out = fdopen(fd, "w");
	if (terminal->out == NULL) {
		close(fd);
		return TERMINAL_NONE;
	}
	if (!signals_hold(SIGTSTP, &terminal->signals))
		return TERMINAL_FAULT;
	return TERMINAL_ANSWERED;
}

/* Text that was typed before the question is not its answer: drop it. */
static bool
set_echo(struct terminal *terminal, bool shown)
{
	struct termios mode;

	if (tcgetattr(terminal->fd, &terminal->before) != 0)
		return complain_errno("the terminal");
	mode = terminal->before;
	if (!shown)
		mode.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	if (tcsetattr(terminal->fd, TCSAFLUSH, &mode) != 0)
		return complain_errno("the terminal");
	terminal->is_changed = true;
	return true;
}

/*
 * The program that asked may have ended by the same signal, and then the shell
 * has the terminal: setting it must not stop us.
 */
static void
restore(struct terminal *terminal)
{
	sigset_t set, before;

	if (!terminal->is_changed)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	(void)tcsetattr(terminal->fd, TCSADRAIN, &terminal->before);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	terminal->is_changed = false;
}

static void
stop(struct terminal *terminal)
{
	restore(terminal);
	if (terminal->out != NULL)
		(void)fclose(terminal->out);
	signals_release(&terminal->signals);
	/* Ends or stops us; if it is ignored, the question comes again. */
	if (terminal->number != 0)
		(void)raise(terminal->number);
}

/*
 * Wait until there is a key to read.  A pipe whose other end is closed says
 * so: whoever asked is gone, and the keys are for another program.
 */
static enum terminal_result
wait_for_key(struct terminal *terminal)
{
	struct pollfd fds[] = {
		{ .fd = terminal->signals.fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
		{ .fd = terminal->fd, .events = POLLIN }
	};

	do {
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0 &&
		    errno != EINTR) {
			complain_errno("the terminal");
			return TERMINAL_FAULT;
		}
		terminal->number = signals_next(&terminal->signals);
		if (terminal->number != 0 || fds[1].revents != 0)
			return TERMINAL_GIVEN_UP;
	} while (fds[2].revents == 0);
	return TERMINAL_ANSWERED;
}

/* True when the answer has its newline, which is cut off. */
static bool
has_ended(struct secret *answer)
{
	if (answer->len == 0 || answer->ptr[answer->len - 1] != '\n')
		return false;
	answer->len--;
	return true;
}

static enum terminal_result
read_line(struct terminal *terminal, struct secret *answer)
{
	do {
		enum terminal_result result = wait_for_key(terminal);
		ssize_t got;

		if (result != TERMINAL_ANSWERED)
			return result;
		got = read(terminal->fd, answer->ptr + answer->len,
		    answer->size - answer->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return TERMINAL_GIVEN_UP;
		answer->len += (size_t)got;
		if (has_ended(answer))
			return TERMINAL_ANSWERED;
	} while (answer->len < answer->size);
	complain("the answer is longer than %d bytes", ANSWER_MAX);
	return TERMINAL_FAULT;
}

static enum terminal_result
ask_once(struct terminal *terminal, struct bytes question, bool shown,
    struct secret *answer)
{
	enum terminal_result result;

	if (!set_echo(terminal, shown))
		return TERMINAL_FAULT;
	visible_print(question, terminal->out);
	(void)fflush(terminal->out);
	answer->len = 0;
	result = read_line(terminal, answer);
	/* The newline that the person typed was not shown. */
	if (!shown || result != TERMINAL_ANSWERED)
		fputc('\n', terminal->out);
	return result;
}

enum terminal_result
terminal_ask(struct bytes question, bool shown, struct secret *answer)
{
	enum terminal_result result;
	struct terminal terminal;

	if (secret_alloc(ANSWER_MAX, answer) != JWT_OK) {
		complain("memory ran out");
		return TERMINAL_FAULT;
	}
	do {
		result = start(&terminal);
		if (result == TERMINAL_ANSWERED)
			result = ask_once(&terminal, question, shown, answer);
		stop(&terminal);
	} while (terminal.number != 0);
	return result;
}

static enum terminal_result
wait_for_end(struct terminal *terminal)
{
	struct pollfd fd = { .fd = terminal->signals.fd, .events = POLLIN };
	pid_t parent = getppid();

	do {
		if (poll(&fd, 1, LOOK_MS) < 0 && errno != EINTR) {
			complain_errno("the terminal");
			return TERMINAL_FAULT;
		}
		terminal->number = signals_next(&terminal->signals);
	} while (terminal->number == 0 && getppid() == parent);
	return TERMINAL_ANSWERED;
}

enum terminal_result
terminal_show(struct bytes message)
{
	enum terminal_result result;
	struct terminal terminal;

	do {
		result = start(&terminal);
		if (result == TERMINAL_ANSWERED) {
			visible_print(message, terminal.out);
			fputc('\n', terminal.out);
			(void)fflush(terminal.out);
			result = wait_for_end(&terminal);
		}
		stop(&terminal);
	} while (terminal.number != 0);
	return result;
}
