/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers questions of other programs as if we were not there. */
#ifndef JWT_ASKPASS_FOREIGN_H
#define JWT_ASKPASS_FOREIGN_H

#include "cli/exit.h"
#include "core/base/arena.h"

/*
 * Whether ssh wants no secret: it sets SSH_ASKPASS_PROMPT to ask whether a key
 * may be used, or to say that one must be touched.
 */
bool foreign_is_hint(void);

/*
 * Let the program of PAM_JWT_ASKPASS_NEXT answer or, without that variable, the
 * person at the terminal.  Returns the exit status, with a message where
 * nobody answers.  Does not return where the program takes over.
 */
enum tool_exit foreign_answer(char *prompt, struct arena *arena);

#endif
