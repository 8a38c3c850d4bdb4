/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs `pam-jwt-net qr`, and shows what it has drawn. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/paint.h"
#include "cli/userfile.h"
#include "host/clock.h"
#include "host/file.h"
#include "login/qr.h"

#define DRAWING_MAX	32768	/* bytes: 80 columns and rows of 3 bytes each */
#define DRAWING_MSEC	3000
#define COLUMNS_DEFAULT	80

struct drawing {
	pid_t child;
	int from;	/* what the child writes */
	struct secret text;
};

/* Columns of the terminal at standard error. */
static size_t
terminal_columns(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return COLUMNS_DEFAULT;
	return size.ws_col;
}

/* Columns of the first line: its characters, without ESC and what is to "m". */
static size_t
drawing_columns(struct bytes text)
{
	struct bytes line = bytes_cut(&text, '\n');
	size_t i, columns = 0;
	bool in_colour = false;

	for (i = 0; i < line.len; i++) {
		uint8_t c = line.ptr[i];

		in_colour = in_colour || c == 0x1b;
		if (!in_colour)
			columns += (c & 0xc0) != 0x80;
		if (c == 'm')
			in_colour = false;
	}
	return columns;
}

static bool
spawn(const char *program, int in, int out, pid_t *child)
{
	char *argv[] = { (char[]){ "pam-jwt-net" }, (char[]){ "qr" }, NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	bool ok;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	ok = posix_spawn_file_actions_adddup2(&actions, in, 0) == 0 &&
	    posix_spawn_file_actions_adddup2(&actions, out, 1) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
	    O_WRONLY, 0) == 0 &&
	    posix_spawn(child, program, &actions, NULL, argv,
	    environment) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	return ok;
}

/* The text is short enough for a pipe, so nothing waits for the child. */
static bool
start(const char *program, struct bytes text, struct drawing *drawing)
{
	int to[2], from[2];
	bool ok;

	if (pipe2(to, O_CLOEXEC) != 0)
		return false;
	if (pipe2(from, O_CLOEXEC) != 0) {
		(void)close(to[0]);
		(void)close(to[1]);
		return false;
	}
	ok = userfile_write(to[1], text) &&
	    spawn(program, to[0], from[1], &drawing->child);
	(void)close(to[0]);
	(void)close(to[1]);
	(void)close(from[1]);
	drawing->from = from[0];
	return ok;
}

/* Read all that the child writes; false if that is too much, or too late. */
static bool
read_drawing(struct drawing *drawing)
{
	struct pollfd ready = { .fd = drawing->from, .events = POLLIN };
	int64_t end = clock_msec() + DRAWING_MSEC;
	ssize_t got = 1;
	size_t len = 0;

	while (got > 0 && len < drawing->text.len) {
		int64_t left = end - clock_msec();

		if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
			return false;
		got = read(drawing->from, drawing->text.ptr + len,
		    drawing->text.len - len);
		if (got > 0)
			len += (size_t)got;
	}
	drawing->text.len = len;
	return got == 0 && len > 0;
}

/* Whether the child ended well; it is ended in any case. */
static bool
finish(const struct drawing *drawing, bool whole)
{
	int status = 0;

	if (!whole)
		(void)kill(drawing->child, SIGKILL);
	return waitpid(drawing->child, &status, 0) == drawing->child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0 && whole;
}

void
qr_show(const struct fetcher_options *fetcher, struct bytes text)
{
	struct drawing drawing = { .child = -1, .from = -1 };

	if (isatty(STDERR_FILENO) != 1 || !paint_has_utf8() ||
	    secret_alloc(DRAWING_MAX, &drawing.text) != JWT_OK)
		return;
	if (start(fetcher->program, text, &drawing) &&
	    finish(&drawing, read_drawing(&drawing)) &&
	    drawing_columns(secret_bytes(&drawing.text)) <=
	    terminal_columns())
		fprintf(stderr, "%.*s\n", (int)drawing.text.len,
		    (const char *)drawing.text.ptr);
	if (drawing.from >= 0)
		(void)close(drawing.from);
	secret_clear(&drawing.text);
}
