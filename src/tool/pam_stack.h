/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of a PAM service, in the order in which libpam asks them, and
 * how far each of them may leap: pam.conf(5).
 */
#ifndef JWT_PAM_STACK_H
#define JWT_PAM_STACK_H

#include "core/base/arena.h"

#define PAM_STACK_DEPTH 16	/* files that include each other */

struct pam_line {
	const char *file;
	unsigned line;		/* from 1 */
	unsigned level;		/* of substacks inside each other */
	const char *control;	/* "required", or what is between [ and ] */
	bool is_keyword;
	const char *module;	/* as written; the file's name for a substack */
	const char *arguments;
};

/* Set arena and folders; zero the rest. */
struct pam_stack {
	struct arena *arena;		/* of all that is read */
	const char *const *folders;	/* the first that has the file counts; NULL ends */
	struct pam_line *lines;
	size_t count;
	const char *fault;		/* of the first file that cannot be read, or NULL */
};

/*
 * Read the lines of one type ("auth", "account", ...) of a service with what
 * they include.  A service that has none gets those of "other", as from
 * libpam.  False when memory runs out.
 */
bool pam_stack_read(struct pam_stack *stack, const char *service,
    const char *type);

/*
 * Whether the result of one line may keep a later one from being asked:
 * because it ends the stack other than by a refusal, or jumps over it.
 *
 * why  the result and what it does, as "success=done"; a part of control, or
 *      of a text that lives for ever
 */
bool pam_stack_may_skip(const struct pam_stack *stack, size_t line,
    size_t later, struct bytes *why);

/*
 * What the control of a line does for a result such as "perm_denied": "bad",
 * "ignore", "2", ...
 */
struct bytes pam_line_action(const struct pam_line *line, const char *result);

/* Whether a line calls the module, wherever that is installed. */
bool pam_line_is_of(const struct pam_line *line, const char *module);

#endif
