/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a person at the terminal of the process, as ssh itself would. */
#ifndef JWT_ASKPASS_TERMINAL_H
#define JWT_ASKPASS_TERMINAL_H

#include "core/base/secret.h"

enum terminal_result {
	TERMINAL_ANSWERED,
	TERMINAL_GIVEN_UP,	/* Ctrl-D, or nobody waits for the answer */
	TERMINAL_NONE,		/* no terminal, or a job in the background */
	TERMINAL_FAULT		/* with a message */
};

/*
 * Show the question and read a line into *answer, without its newline.  A
 * signal that ends the process, or stops it, finds the terminal as it was.  The
 * caller must clear *answer, whatever the result.
 *
 * shown  whether the terminal shows what is typed
 */
enum terminal_result terminal_ask(struct bytes question, bool shown,
    struct secret *answer);

/*
 * Show the message, and wait until a signal ends the process or the process
 * that started it is gone.  Returns TERMINAL_ANSWERED after that, or another
 * result at once.
 */
enum terminal_result terminal_show(struct bytes message);

#endif
