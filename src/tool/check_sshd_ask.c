/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks sshd for its settings.  It reads its own files, with their includes and
 * defaults; nobody else knows the defaults of the version that is installed.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/check_sshd_ask.h"

#define SETTINGS_SIZE	65536	/* bytes; sshd -T prints some 5,000 */

/* Read all that a descriptor gives; false if it is more than there is room. */
static bool
read_all(int fd, char *out, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < size) {
		got = read(fd, out + len, size - len);
		if (got > 0)
			len += (size_t)got;
	}
	if (got != 0 || len == size)
		return false;
	out[len] = '\0';
	return true;
}

/* Start "sshd -T" with its output in the pipe; false if it did not start. */
static bool
start(const char *sshd, const int ends[2], pid_t *out)
{
	char program[] = "sshd", option[] = "-T";
	char *argv[] = { program, option, NULL }, *envp[] = { NULL };
	posix_spawn_file_actions_t actions;
	bool ok;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	ok = posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0 &&
	    posix_spawn_file_actions_addclose(&actions, ends[0]) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
	    O_WRONLY, 0) == 0 &&
	    posix_spawn(out, sshd, &actions, NULL, argv, envp) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static bool
read_settings(const char *sshd, char *out)
{
	int ends[2], status = -1;
	bool ok = false, started;
	pid_t pid;

	if (access(sshd, X_OK) != 0 || pipe(ends) != 0)
		return false;
	started = start(sshd, ends, &pid);
	close(ends[1]);
	if (started)
		ok = read_all(ends[0], out, SETTINGS_SIZE);
	close(ends[0]);
	if (!started || waitpid(pid, &status, 0) != pid)
		return false;
	return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *
check_sshd_ask(const char *sshd)
{
	char *settings = malloc(SETTINGS_SIZE);

	if (settings != NULL && read_settings(sshd, settings))
		return settings;
	free(settings);
	return NULL;
}

struct bytes
check_sshd_value(const char *settings, const char *name)
{
	struct bytes text = bytes_str(settings);

	while (text.len > 0) {
		struct bytes line = bytes_cut(&text, '\n');

		if (bytes_eq_str(bytes_cut(&line, ' '), name))
			return bytes_trim(line);
	}
	return bytes_of(NULL, 0);
}

bool
check_sshd_is(const char *settings, const char *name, const char *value)
{
	return bytes_eq_str(check_sshd_value(settings, name), value);
}
