/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module's prompts, as programs show them:
 *
 *	Token:
 *	(alice@bastion) Token:
 *	[sudo: authenticate] Token:
 *	Token part 2 (from byte 501):
 *
 * or the text of sudo -p, which replaces all of them.
 */
#ifndef JWT_PROMPT_H
#define JWT_PROMPT_H

#include "askpass/config.h"

/*
 * The first byte that the prompt asks for, counted from 1; 0 for a prompt that
 * is not the module's.
 */
size_t prompt_from(struct bytes prompt, const struct config *config);

/* Whether it is a prompt_override, which cannot say which part it asks for. */
bool prompt_is_override(struct bytes prompt, const struct config *config);

#endif
