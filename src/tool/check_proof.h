/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that the keys of bound tokens can be proved, for `pam-jwt check`. */
#ifndef JWT_CHECK_PROOF_H
#define JWT_CHECK_PROOF_H

#include "core/policy/policy.h"

/*
 * Add a warning to diag for proof = ssh-key where sshd does not check a key
 * before it asks for the token, and for proof = session where the session
 * stack of sshd does not have us, so that no session has a record.
 *
 * folders   check_stack_folders; a test has its own
 * settings  of check_sshd_ask(); NULL: they are not known
 */
void check_proof_note(const char *const *folders, const char *settings,
    const struct policy *policy, struct diag *diag);

/* Whether settings that `sshd -T` prints prove a key before the token. */
bool check_proof_has_key(const char *settings);

#endif
