/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first use of libcrypto in a process, while no allocation of libcrypto
 * succeeds.  Included after nomemory.h.
 */
#ifndef TESTS_NOMEMORY_START_H
#define TESTS_NOMEMORY_START_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/reason.h"

#define NOMEMORY_START_SECONDS	10

/*
 * OpenSSL 3.5 has no way out if it lacks memory for its first locks: it ends the
 * process, and 3.5.9 waits for itself, until the time of the login is up.
 * Nobody gets in by either.
 */
static bool
nomemory_may_end_by(int number)
{
	if (OpenSSL_version_num() < 0x30500000L)
		return false;
	return number == SIGABRT || number == SIGALRM;
}

/* In a process of its own: nothing of libcrypto can be started. */
static void
nomemory_expect_start(enum jwt_reason (*start)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		signal(SIGSEGV, SIG_DFL);
		alarm(NOMEMORY_START_SECONDS);
		nomemory_arm(NOMEMORY_LIBCRYPTO, 1, true);
		_exit((int)start());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		assert_true(nomemory_may_end_by(WTERMSIG(status)));
	else
		assert_int_equal(WEXITSTATUS(status), JWT_OUT_OF_MEMORY);
}

#endif
