/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Becomes ssh.  The options that are always given keep what a person has
 * configured for other hosts from the issuer's: no terminal, no agent, no
 * display and no forwarding reaches it, and no local command runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "login/ssh_child.h"

#define OPTIONS_MAX 16	/* more than there are below */

static void
add(char **argv, size_t *count, const char *word)
{
	/* execvp() changes no word: POSIX explains the missing const. */
	memcpy(&argv[(*count)++], &word, sizeof(word));
}

/* The words after "--" are never options, whatever they begin with. */
static void
fill(const struct ssh_call *call, char *argv[OPTIONS_MAX + SSH_WORDS_MAX])
{
	static const char *const options[] = { "ssh", "-T", "-a", "-x",
		"-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no" };
	size_t count = 0, i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		add(argv, &count, options[i]);
	if (call->is_silent) {
		add(argv, &count, "-o");
		add(argv, &count, "BatchMode=yes");
	}
	add(argv, &count, "--");
	add(argv, &count, call->destination);
	for (i = 0; i < call->count && i < SSH_WORDS_MAX - 1; i++)
		add(argv, &count, call->words[i]);
	argv[count] = NULL;
}

/* ssh must not inherit that we block or ignore signals. */
static void
reset_signals(void)
{
	sigset_t none;
	int number;

	for (number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * pam-jwt-askpass is the askpass of whoever uses this, and would ask us for the
 * token that we are about to get.
 */
static void
set_environment(void)
{
	(void)unsetenv("SSH_ASKPASS");
	(void)unsetenv("SSH_ASKPASS_REQUIRE");
}

_Noreturn void
ssh_child(const struct ssh_call *call, int in, int out, int err)
{
	char *argv[OPTIONS_MAX + SSH_WORDS_MAX];

	fill(call, argv);
	if (call->is_silent)
		(void)setsid();
	reset_signals();
	set_environment();
	if (dup2(in, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(out, STDOUT_FILENO) == STDOUT_FILENO &&
	    dup2(err, STDERR_FILENO) == STDERR_FILENO)
		(void)execvp("ssh", argv);
	(void)dprintf(err, SSH_CANNOT_RUN ": %s\n", strerror(errno));
	_exit(SSH_EXIT_NOT_RUN);
}
