/* SPDX-License-Identifier: BSD-2-Clause */
/* The subcommands of pam-jwt. */
#ifndef JWT_TOOL_H
#define JWT_TOOL_H

#include "cli/exit.h"

/* Each takes the words after its name, and returns an enum tool_exit. */
int tool_check(int argc, char **argv);
int tool_inspect(int argc, char **argv);
int tool_issue(int argc, char **argv);
int tool_issuer(int argc, char **argv);
int tool_key_generate(int argc, char **argv);
int tool_key_public(int argc, char **argv);
int tool_key_thumbprint(int argc, char **argv);
int tool_login(int argc, char **argv);
int tool_logout(int argc, char **argv);
int tool_revoke(int argc, char **argv);
int tool_sessions_end(int argc, char **argv);
int tool_sessions_list(int argc, char **argv);
int tool_state_init(int argc, char **argv);
int tool_state_list(int argc, char **argv);
int tool_state_pull(int argc, char **argv);
int tool_state_show(int argc, char **argv);
int tool_state_purge(int argc, char **argv);
int tool_state_stats(int argc, char **argv);
int tool_sync(int argc, char **argv);
int tool_token(int argc, char **argv);
int tool_verify(int argc, char **argv);

#endif
