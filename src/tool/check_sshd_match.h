/* SPDX-License-Identifier: BSD-2-Clause */
/* The Match blocks of sshd_config, for `pam-jwt check`. */
#ifndef JWT_CHECK_SSHD_MATCH_H
#define JWT_CHECK_SSHD_MATCH_H

#include "core/base/diag.h"

#define CHECK_SSHD_MATCH_MAX 5	/* settings that decide about tokens */

/* A Match block, with its settings that decide about tokens. */
struct check_sshd_block {
	struct diag_place match;	/* its first line */
	struct diag_place places[CHECK_SSHD_MATCH_MAX];
	const char *settings;	/* of the block, as sshd -T prints settings */
	const char *whole;	/* these, and then those outside of blocks */
};

/*
 * Call for each Match block that sets something about tokens.  Blocks are
 * looked at one by one, as if no other one matched.  False if memory ran out.
 *
 * config    CHECK_SSHD_CONFIG; a test has its own
 * settings  of check_sshd_ask()
 */
JWT_MUST_USE bool check_sshd_match_each(const char *config,
    const char *settings,
    void (*look)(void *context, const struct check_sshd_block *block),
    void *context);

/*
 * Where a block sets a setting; its first line if it does not: then another
 * setting of the block makes this one wrong.
 *
 * setting  such as UsePAM; capitals do not count
 */
struct diag_place check_sshd_match_place(const struct check_sshd_block *block,
    const char *setting);

#endif
