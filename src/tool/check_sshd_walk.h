/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads sshd_config line by line, for `pam-jwt check`. */
#ifndef JWT_CHECK_SSHD_WALK_H
#define JWT_CHECK_SSHD_WALK_H

#include "core/base/diag.h"

/* A setting; all but the places is borrowed from the file. */
struct check_sshd_line {
	struct diag_place place;
	struct diag_place match;	/* the Match line; file NULL: none */
	struct bytes name;
	struct bytes value;		/* without the spaces around it */
};

/*
 * Call for each setting, in the order in which sshd reads them, also in files
 * that are included, until visit returns true.  Returns what it returned last.
 *
 * config  CHECK_SSHD_CONFIG; a test has its own
 * arena   owns the names of the places
 */
bool check_sshd_walk(const char *config, struct arena *arena,
    bool (*visit)(void *context, const struct check_sshd_line *line),
    void *context);

/* Whether a word is this name; capitals do not count. */
bool check_sshd_is_word(struct bytes word, const char *name);

#endif
