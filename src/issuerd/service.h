/* SPDX-License-Identifier: BSD-2-Clause */
/* How the commands begin that strangers reach: serve and cgi. */
#ifndef JWT_ISSUER_SERVICE_H
#define JWT_ISSUER_SERVICE_H

#include <stdbool.h>

/*
 * Drop the environment, and make the process one that can hold secrets: it
 * leaves no core dump, nobody reads its memory, its answer stays in no buffer,
 * and messages go to the log alone.
 *
 * False, perhaps with a message on standard error: the process must end.  It
 * must also end if standard input or output is closed: the next file or socket
 * would get that number, and then a connection to the log would get the tokens.
 */
bool service_start(void);

#endif
