/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt check --who: who can log in as an account. */
#ifndef JWT_CHECK_WHO_H
#define JWT_CHECK_WHO_H

#include <stdbool.h>

/*
 * Load the configuration, and list every rule of every service that can lead to
 * the account, with its place and for whom it is.
 *
 * config  absolute
 *
 * Returns an enum tool_exit: yes, also if nobody can, or trouble.
 */
int check_who(const char *config, const char *account, bool json);

#endif
