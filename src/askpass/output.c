/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes an answer, which is a secret. */
#include <signal.h>
#include <unistd.h>

#include "askpass/output.h"
#include "cli/complain.h"
#include "cli/userfile.h"

bool
output_line(struct bytes answer)
{
	struct secret line;
	bool ok;

	if (secret_alloc(answer.len + 1, &line) != JWT_OK)
		return complain("memory ran out");
	if (answer.len > 0)
		memcpy(line.ptr, answer.ptr, answer.len);
	line.ptr[answer.len] = '\n';
	/* If the program that asked is gone, that is an error, not a signal. */
	(void)signal(SIGPIPE, SIG_IGN);
	ok = userfile_write(STDOUT_FILENO, secret_bytes(&line)) ||
	    complain_errno("standard output");
	secret_clear(&line);
	return ok;
}
