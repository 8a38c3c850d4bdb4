/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of the module, in a line of /etc/pam.d.  The module refuses a
 * line with a wrong argument, and `pam-jwt check` says so before.
 */
#ifndef JWT_ARGUMENTS_H
#define JWT_ARGUMENTS_H

#include <stdbool.h>

#define ARGUMENTS_ALL "config=/PATH debug use_first_pass try_first_pass " \
	"token_only silent"	/* for messages */

/* Zero it to begin; pam_jwt(8) describes them. */
struct arguments {
	const char *config;	/* borrowed; NULL: not given */
	bool debug;
	bool use_first_pass;
	bool try_first_pass;
	bool token_only;
	bool silent;
};

/* Take one argument; false if it is not known, or was given before. */
bool arguments_take(struct arguments *arguments, const char *argument);

/*
 * Why the arguments do not go together, or not in this PAM service: a static
 * sentence without its full stop; NULL if they do.
 */
const char *arguments_fault(const struct arguments *arguments,
    const char *service);

#endif
