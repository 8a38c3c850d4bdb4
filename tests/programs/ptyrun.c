/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a program on a terminal of its own and plays a dialogue: waits for a
 * text, sends a line, and so on.  What the terminal shows goes to stdout.
 *
 *	ptyrun [EXPECT SEND]... -- PROGRAM [ARGUMENT...]
 *
 * SEND is a line without its newline; @FILE sends the first line of a file.
 * Exits with the program's status; 124 after LIMIT_SEC without an end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_SEC	40
#define HANG_UPS_MAX	40	/* 50 ms each, in a row */
#define SEEN_SIZE	65536
#define LINE_SIZE	20000

struct dialogue {
	char **steps;		/* EXPECT SEND EXPECT SEND … */
	int left;		/* steps that are left, in pairs */
	char seen[SEEN_SIZE];	/* shown since the last line was sent */
	size_t seen_len;
	int terminal;
};

/* The line to send, with its newline. */
static void
read_line(const char *send, char line[LINE_SIZE])
{
	FILE *file;

	if (send[0] != '@') {
		snprintf(line, LINE_SIZE, "%s\n", send);
		return;
	}
	file = fopen(send + 1, "r");
	if (file == NULL || fgets(line, LINE_SIZE, file) == NULL)
		snprintf(line, LINE_SIZE, "\n");
	if (file != NULL)
		fclose(file);
}

/*
 * Programs flush their input when they switch the echo off to read a secret:
 * before that nothing may be sent.  Who leaves it on gets a moment.
 */
static void
wait_for_reader(int terminal)
{
	struct termios mode;
	int i;

	for (i = 0; i < 100; i++) {
		if (tcgetattr(terminal, &mode) == 0 &&
		    (mode.c_lflag & ECHO) == 0)
			return;
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
}

static void
play(struct dialogue *d)
{
	static char line[LINE_SIZE];

	if (d->left == 0 || strstr(d->seen, d->steps[0]) == NULL)
		return;
	wait_for_reader(d->terminal);
	read_line(d->steps[1], line);
	if (write(d->terminal, line, strlen(line)) < 0)
		perror("write");
	d->steps += 2;
	d->left -= 2;
	d->seen_len = 0;
	d->seen[0] = '\0';
}

static int
has_ended(pid_t child)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG |
	    WNOWAIT) == 0 && info.si_pid == child;
}

/* Take what the terminal shows; false at its end. */
static int
listen_once(struct dialogue *d, pid_t child)
{
	char bytes[1024];
	ssize_t got = read(d->terminal, bytes, sizeof(bytes));
	static int hung_up;
	size_t i;

	/* login hangs its terminal up and opens it again: wait a little. */
	if (got < 0 && errno == EIO && hung_up++ < HANG_UPS_MAX &&
	    !has_ended(child))
		return nanosleep(&(struct timespec){ .tv_nsec = 50000000 },
		    NULL) == 0;
	if (got <= 0)
		return got < 0 && errno == EINTR;
	hung_up = 0;
	fwrite(bytes, 1, (size_t)got, stdout);
	for (i = 0; i < (size_t)got && d->seen_len < SEEN_SIZE - 1; i++)
		d->seen[d->seen_len++] = bytes[i];
	d->seen[d->seen_len] = '\0';
	return 1;
}

static int
run(struct dialogue *d, pid_t child)
{
	struct pollfd poll_fd = { .fd = d->terminal, .events = POLLIN };
	time_t end = time(NULL) + LIMIT_SEC;
	int status;

	while (time(NULL) < end) {
		if (poll(&poll_fd, 1, 1000) <= 0)
			continue;
		if (!listen_once(d, child))
			break;
		play(d);
	}
	fflush(stdout);
	if (time(NULL) >= end) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return 124;
	}
	close(d->terminal);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	static struct dialogue d;
	int split = 1;
	pid_t child;

	while (split < argc && strcmp(argv[split], "--") != 0)
		split++;
	if (split + 1 >= argc || (split - 1) % 2 != 0) {
		fprintf(stderr, "usage: ptyrun [EXPECT SEND]... -- PROGRAM\n");
		return 2;
	}
	d.steps = argv + 1;
	d.left = split - 1;
	child = forkpty(&d.terminal, NULL, NULL, NULL);
	if (child < 0) {
		perror("forkpty");
		return 2;
	}
	if (child == 0) {
		execvp(argv[split + 1], argv + split + 1);
		perror(argv[split + 1]);
		_exit(127);
	}
	return run(&d, child);
}
