/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a process ready for secrets, before a library can look around. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/dump.h"
#include "issuerd/service.h"

/* Words of a library would reach the client, or the log of its web server. */
static bool
close_stderr(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool ok = null >= 0 && dup2(null, STDERR_FILENO) == STDERR_FILENO;

	if (null > STDERR_FILENO)
		close(null);
	return ok;
}

bool
service_start(void)
{
	if (clearenv() != 0)
		return complain_errno("clearenv");
	if (fcntl(STDIN_FILENO, F_GETFD) < 0 ||
	    fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return complain("standard input or output is closed");
	(void)umask(077);
	(void)signal(SIGPIPE, SIG_IGN);
	/* The answer has secrets, and nobody wipes a buffer of stdio. */
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	openlog("pam-jwt-issuer", LOG_PID, LOG_AUTHPRIV);
	return dump_forbid() && close_stderr();
}
