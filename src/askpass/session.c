/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs pam-jwt.  It is looked for where we are ourselves, and where it was
 * installed, but never in PATH: somebody who can set that must not get a
 * program of theirs into a login.
 */
#include <stdio.h>
#include <unistd.h>

#include "askpass/command.h"
#include "askpass/session.h"
#include "cli/complain.h"

#ifndef BINDIR	/* the Makefile sets it */
#define BINDIR "/usr/bin"
#endif
#define PROGRAM "pam-jwt"
#define SESSION_PATH_MAX 1024

static bool
find_in(const char *folder, int folder_len, char path[SESSION_PATH_MAX])
{
	int len = snprintf(path, SESSION_PATH_MAX, "%.*s/%s", folder_len, folder,
	    PROGRAM);

	return len > 0 && len < SESSION_PATH_MAX && access(path, X_OK) == 0;
}

static bool
find_program(char path[SESSION_PATH_MAX])
{
	char own[SESSION_PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own));

	while (len > 0 && (size_t)len < sizeof(own) && own[len - 1] != '/')
		len--;
	if (len > 1 && (size_t)len < sizeof(own) &&
	    find_in(own, (int)len - 1, path))
		return true;
	return find_in(BINDIR, (int)strlen(BINDIR), path) ||
	    complain("%s is neither in the folder of this program nor in %s",
	    PROGRAM, BINDIR);
}

/* A host that is in no list by its name gets a token only by --host. */
static enum tool_exit
complain_login(const struct login_section *section, const char *host)
{
	if (login_conf_needs_host(section, host))
		complain("no token for %s; run: pam-jwt login %s --host %s",
		    host, section->name, host);
	else
		complain("no token for %s; run: pam-jwt login %s", host,
		    section->name);
	return EXIT_NO;
}

static enum tool_exit
judge(int status, const struct login_section *section, const char *host)
{
	if (status == EXIT_YES)
		return EXIT_YES;
	if (status == EXIT_NO)
		return complain_login(section, host);
	complain("no token for %s: pam-jwt token ended with exit status %d",
	    host, status);
	return EXIT_TROUBLE;
}

enum tool_exit
session_get(const struct login_section *section, const char *host,
    struct arena *arena, struct secret *out)
{
	const char *const words[] = { PROGRAM, "token", section->name,
	    "--host", host };
	char *argv[sizeof(words) / sizeof(words[0]) + 1] = { NULL };
	char path[SESSION_PATH_MAX];
	struct command command = { .name = "pam-jwt token", .path = path,
	    .argv = argv, .timeout_sec = SESSION_SEC, .advice = "" };
	size_t i;
	int status;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		argv[i] = arena_copy(arena, bytes_str(words[i]));
		if (argv[i] == NULL) {
			complain("memory ran out");
			return EXIT_TROUBLE;
		}
	}
	if (!find_program(path) || !command_run(&command, out, &status))
		return EXIT_TROUBLE;
	return judge(status, section, host);
}
