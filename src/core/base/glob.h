/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The patterns of `matches` in a rule.  A pattern stands for the whole text,
 * and one star stays within a segment.
 */
#ifndef JWT_GLOB_H
#define JWT_GLOB_H

#include "core/base/bytes.h"

#define GLOB_MAX	256	/* bytes of a pattern: states of the matcher */
#define GLOB_TEXT_MAX	1024	/* bytes of a claim that rules match */

/*
 * Whether pattern matches the whole of text.  `*` stands for any bytes but /
 * and :, `**` for any bytes at all, everything else for itself.  Takes at
 * most GLOB_MAX steps for each byte of text.  False for a longer pattern.
 */
bool glob_match(struct bytes pattern, struct bytes text);

#endif
