/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges what sshd does for the account of the issuer.  The account may run one
 * command and nothing else: a forwarding would reach the socket of the agent
 * that signs, and a key of its own would log in without being in issuer.people.
 */
#ifndef JWT_SSHD_SETTINGS_H
#define JWT_SSHD_SETTINGS_H

#include "core/base/diag.h"

#define SSHD_SETTINGS_SOURCE "sshd -T -C user=tokens"	/* in messages */

/*
 * Note in diag each setting that is not as it must be.
 *
 * text  the output of SSHD_SETTINGS_SOURCE
 */
void sshd_settings_check(struct bytes text, struct diag *diag);

#endif
