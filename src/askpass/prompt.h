/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module's prompts, as programs show them:
 *
 *	Token:
 *	(alice@bastion) Token:
 *	[sudo: authenticate] Token:
 *	Token part 2 (from byte 501):
 *
 * or what sudo -p shows in the place of them all.
 */
#ifndef JWT_PROMPT_H
#define JWT_PROMPT_H

#include "askpass/config.h"

/*
 * The byte that the prompt asks from, counted from 1; 0 for a prompt that is
 * none of the module's.
 */
size_t prompt_from(struct bytes prompt, const struct config *config);

/* Whether it is one that stands for all of them and cannot say which part. */
bool prompt_is_override(struct bytes prompt, const struct config *config);

#endif
