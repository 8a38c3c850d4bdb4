/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps the configuration that accepted a token as PAM data, until the session
 * is open.
 *
 * The account phase and the opening of the session follow within moments in the
 * same process, and need the same settings; so the file is not walked to, read
 * and parsed again for each of them.  Nobody but this process can change PAM
 * data, and an attempt to log in begins with none.  Keys are not kept.
 */
#ifndef JWT_PAM_SETTINGS_H
#define JWT_PAM_SETTINGS_H

#include "pam/call.h"

/*
 * Keep the configuration of a call, which has none afterwards.  Without memory
 * it is freed, and the next phase reads the file.
 */
void settings_keep(struct call *call);

/* Lend call->policy the configuration that was kept of the same file, if any. */
bool settings_find(struct call *call);

/* Free what is kept; no call may use it any more. */
void settings_drop(pam_handle_t *pamh);

#endif
