/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys that the user of a login has proved. */
#ifndef JWT_PAM_PROOF_H
#define JWT_PAM_PROOF_H

#include "pam/call.h"

/*
 * Fill call->proof: in sshd with the keys that it has checked, otherwise with
 * those of the session around, if the service asks for them.  Returns JWT_OK or
 * JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason proof_find(struct call *call);

#endif
