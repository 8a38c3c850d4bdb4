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

static void
play(struct dialogue *d)
{
	static char line[LINE_SIZE];

	if (d->left == 0 || strstr(d->seen, d->steps[0]) == NULL)
		return;
	/* login flushes its input when it starts to read: let it. */
	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	read_line(d->steps[1], line);
	if (write(d->terminal, line, strlen(line)) < 0)
		perror("write");
	d->steps += 2;
	d->left -= 2;
	d->seen_len = 0;
	d->seen[0] = '\0';
}

/* Take what the terminal shows; false at its end. */
static int
listen_once(struct dialogue *d)
{
	char bytes[1024];
	ssize_t got = read(d->terminal, bytes, sizeof(bytes));
	static int hung_up;
	size_t i;

	/* login hangs its terminal up and opens it again: wait a little. */
	if (got < 0 && errno == EIO && hung_up++ < HANG_UPS_MAX)
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
		if (!listen_once(d))
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
