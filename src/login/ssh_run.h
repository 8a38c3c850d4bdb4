/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the ssh of PATH, which asks an issuer of tokens at another host.  The
 * other end is a stranger until ssh has checked its key, and what it writes is
 * taken as hostile bytes after that, too: in bounds, and in a limited time.
 */
#ifndef JWT_SSH_RUN_H
#define JWT_SSH_RUN_H

#include "core/base/secret.h"

#define SSH_ANSWER_MAX	524288	/* bytes; 50 tokens have about 100 K */
#define SSH_INPUT_MAX	4096	/* bytes of a line; a pipe takes that at once */
#define SSH_SAID_SIZE	2048	/* bytes of messages; its largest has 1 K */
#define SSH_WORDS_MAX	64	/* of a command: 50 audiences, and some more */

/* It says this, and why, where there is no ssh; it ends with the status. */
#define SSH_CANNOT_RUN	"ssh cannot be run"
#define SSH_EXIT_NOT_RUN 127
#define SSH_EXIT_FAILED	255	/* of ssh itself */

struct ssh_call {
	const char *destination;	/* of login_value_is_destination() */
	const char *words[SSH_WORDS_MAX];	/* of the command over there */
	size_t count;
	struct bytes input;	/* a line, without its end; empty: none */
	/*
	 * Nobody is asked, and ssh has no terminal: so neither ^C nor its own
	 * questions come between a request and its answer.  Otherwise what it
	 * says is shown while it runs.
	 */
	bool is_silent;
	int64_t end_msec;	/* it is ended then; on clock_msec() */
};

enum ssh_end {
	SSH_ENDED,		/* by itself, with a status */
	SSH_KILLED,		/* by a signal of somebody else */
	SSH_TOO_SLOW,
	SSH_TOO_LONG,		/* more than SSH_ANSWER_MAX bytes */
	SSH_NOT_STARTED		/* no memory, no process */
};

struct ssh_result {
	enum ssh_end end;
	int status;		/* with SSH_ENDED: its exit status */
	struct secret answer;	/* owned; what it wrote to standard output */
	/* The end of what it said beside: whole lines of printable ASCII. */
	char said[SSH_SAID_SIZE];
	bool was_shown;		/* a person has read that already */
};

/* The caller must clear *out, whatever happens. */
void ssh_run(const struct ssh_call *call, struct ssh_result *out);
void ssh_result_clear(struct ssh_result *result);

#endif
