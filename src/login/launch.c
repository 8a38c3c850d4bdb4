/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the user's browser in the environment, and runs it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "login/launch.h"

#define WORDS_MAX 16	/* of a program of $BROWSER, with its address */

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool
launch_has_browser(void)
{
#ifdef __APPLE__
	return true;
#else
	return is_set("BROWSER") || is_set("DISPLAY") ||
	    is_set("WAYLAND_DISPLAY");
#endif
}

bool
launch_is_remote(void)
{
	return is_set("SSH_CONNECTION") || is_set("SSH_TTY");
}

/* ---- words --------------------------------------------------------------- */

/* A word with the address in the place of its first %s; NULL: no memory. */
static char *
put_address(struct arena *arena, const char *word, const char *url)
{
	const char *at = strstr(word, "%s");
	size_t size = strlen(word) + strlen(url) + 1;
	char *out = arena_alloc(arena, size);

	if (out != NULL)
		(void)snprintf(out, size, "%.*s%s%s", (int)(at - word), word,
		    url, at + strlen("%s"));
	return out;
}

/*
 * Split a program of $BROWSER into words: at spaces, for no shell is asked.
 * False if there is no word, there are too many, or memory ran out.
 */
static bool
split(struct arena *arena, struct bytes text, const char *url,
    char *argv[WORDS_MAX + 1])
{
	bool has_address = false;
	size_t count = 0;

	while (text.len > 0) {
		char *word = arena_copy(arena, bytes_cut(&text, ' '));

		if (word == NULL || count >= WORDS_MAX - 1)
			return false;
		if (word[0] == '\0')
			continue;
		if (strstr(word, "%s") != NULL) {
			has_address = true;
			word = put_address(arena, word, url);
		}
		argv[count++] = word;
	}
	if (count == 0)
		return false;
	if (!has_address)
		argv[count++] = arena_copy(arena, bytes_str(url));
	argv[count] = NULL;
	return argv[count - 1] != NULL;
}

/* ---- running ------------------------------------------------------------- */

/*
 * A session of its own: Ctrl-C here must not end the browser.  It gets none of
 * our terminal, where it would write over our lines.
 */
_Noreturn static void
become(char *const argv[], int failed)
{
	int nothing = open("/dev/null", O_RDWR);

	(void)setsid();
	if (nothing >= 0) {
		(void)dup2(nothing, STDIN_FILENO);
		(void)dup2(nothing, STDOUT_FILENO);
		(void)dup2(nothing, STDERR_FILENO);
	}
	(void)signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	(void)!write(failed, "x", 1);
	_exit(127);
}

/*
 * Run a program without waiting for its end; false if there is no such
 * program.  The pipe is closed by a successful exec.
 */
static bool
run(char *const argv[])
{
	int ends[2];
	ssize_t got;
	char byte;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0)
		become(argv, ends[1]);
	(void)close(ends[1]);
	got = child < 0 ? 1 : read(ends[0], &byte, 1);
	(void)close(ends[0]);
	if (child > 0 && got != 0)
		(void)waitpid(child, NULL, 0);
	return got == 0;
}

/* Try one program with its words. */
static bool
try_program(struct bytes text, const char *url)
{
	char *argv[WORDS_MAX + 1];
	struct arena arena = { 0 };
	bool ok = split(&arena, text, url, argv) && run(argv);

	arena_clear(&arena);
	return ok;
}

bool
launch_browser(const char *url)
{
	const char *browser = getenv("BROWSER");
	struct bytes rest = bytes_of(NULL, 0);

	if (browser != NULL)
		rest = bytes_str(browser);
	while (rest.len > 0) {
		if (try_program(bytes_cut(&rest, ':'), url))
			return true;
	}
	return try_program(bytes_str("xdg-open"), url) ||
	    try_program(bytes_str("open"), url);
}
