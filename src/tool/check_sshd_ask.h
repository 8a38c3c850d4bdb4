/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks sshd for its settings, for `pam-jwt check`. */
#ifndef JWT_CHECK_SSHD_ASK_H
#define JWT_CHECK_SSHD_ASK_H

#include "core/base/bytes.h"

#define CHECK_SSHD	"/usr/sbin/sshd"

/*
 * The settings that `sshd -T` prints; the caller frees them.  NULL if sshd does
 * not say: it is not there, its configuration is bad, or memory ran out.
 *
 * sshd  its path: CHECK_SSHD; a test has its own
 */
char *check_sshd_ask(const char *sshd);

/*
 * The value of a setting, without the spaces around it; empty if it is not
 * among the settings.
 *
 * name  in lowercase, as sshd prints it
 */
struct bytes check_sshd_value(const char *settings, const char *name);

/* Whether the value of a setting is "yes", or "no". */
bool check_sshd_is(const char *settings, const char *name, const char *value);

#endif
