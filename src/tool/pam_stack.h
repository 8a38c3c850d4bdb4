/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of a PAM service, in the order in which libpam asks them, and how
 * many lines each of them may skip: pam.conf(5).
 */
#ifndef JWT_PAM_STACK_H
#define JWT_PAM_STACK_H

#include "core/base/arena.h"

#define PAM_STACK_DEPTH 16	/* levels of files that include others */
#define PAM_STACK_FILES 256	/* read for one type of a service */
#define PAM_STACK_LINES 1024	/* of one type of a service; most have ten */

struct pam_line {
	const char *file;
	unsigned line;		/* from 1 */
	unsigned level;		/* how many substacks it is inside of */
	const char *control;	/* "required", or the text between [ and ] */
	bool is_keyword;
	const char *module;	/* as written; for a substack the file */
	const char *arguments;
};

/* Set arena and folders; zero the rest. */
struct pam_stack {
	struct arena *arena;		/* owns everything that is read */
	const char *const *folders;	/* by precedence; NULL last */
	struct pam_line *lines;
	size_t count;
	unsigned files;			/* read so far, each time that one is */
	const char *fault;		/* of the first bad file, or NULL */
};

/*
 * Read the lines of one type ("auth", "account", ...) of a service, with the
 * files that they include.  A service without such lines gets those of "other",
 * as libpam does it.  What is beyond a limit is left out, and the fault says so.
 * False when memory runs out.
 */
bool pam_stack_read(struct pam_stack *stack, const char *service,
    const char *type);

/*
 * Whether the result of one line may keep a later one from being asked, because
 * it ends the stack without a refusal, or jumps over the later line.
 *
 * why  the result and its action, such as "success=done"; borrowed from the
 *      stack, or static
 */
bool pam_stack_may_skip(const struct pam_stack *stack, size_t line,
    size_t later, struct bytes *why);

/*
 * The action of a line for a result such as "perm_denied": "bad", "ignore",
 * "2", ...
 */
struct bytes pam_line_action(const struct pam_line *line, const char *result);

/*
 * The first later line that may undo a refusal of a line by "reset", and *why,
 * as above; the count of lines if none may.  If the refusal ends the substack
 * (ends), the lines that are left in it are not asked.
 */
size_t pam_stack_find_reset(const struct pam_stack *stack, size_t line,
    bool ends, struct bytes *why);

/* Whether a line calls the module, in whatever folder it is installed. */
bool pam_line_is_of(const struct pam_line *line, const char *module);

#endif
