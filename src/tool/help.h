/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The help of the commands of pam-jwt.  It has every option of a command, as a
 * line that begins with two spaces; the completions of the shells and
 * tests/docs.sh read it.  A line of usage begins with "pam-jwt".
 */
#ifndef JWT_HELP_H
#define JWT_HELP_H

/* help_token.c: keys and tokens */
extern const char help_inspect[];
extern const char help_issue[];
extern const char help_key[];
extern const char help_key_generate[];
extern const char help_key_public[];
extern const char help_key_thumbprint[];
extern const char help_verify[];

/* help_host.c: what belongs to a host */
extern const char help_check[];
extern const char help_revoke[];
extern const char help_sessions[];
extern const char help_sessions_end[];
extern const char help_sessions_list[];
extern const char help_sync[];

/* help_state.c: the store */
extern const char help_state[];
extern const char help_state_init[];
extern const char help_state_list[];
extern const char help_state_pull[];
extern const char help_state_purge[];
extern const char help_state_show[];
extern const char help_state_stats[];

/* help_login.c: what a person does */
extern const char help_login[];
extern const char help_logout[];
extern const char help_token[];

#endif
