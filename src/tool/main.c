/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt: the list of its commands, in the order in which a reader needs them.
 * A client (JWT_CLIENT) has no commands that are about the host they run on.
 */
#include "cli/command.h"
#include "tool/help.h"
#include "tool/tool.h"

#ifdef JWT_CLIENT
#define EXAMPLES \
	"\nExamples:\n" \
	"  pam-jwt login\n" \
	"  pam-jwt inspect token\n" \
	"\nMore is in pam-jwt(1).\n"
#else
#define EXAMPLES \
	"\nExamples:\n" \
	"  sudo pam-jwt check\n" \
	"  pam-jwt verify --service sshd token\n" \
	"\nMore is in pam-jwt(1).\n"
#endif

static const struct command key_commands[] = {
	{ "generate", "make a key pair", tool_key_generate,
	  help_key_generate, NULL },
	{ "public", "print the public part of a private key", tool_key_public,
	  help_key_public, NULL },
	{ "thumbprint", "print the thumbprint of a key", tool_key_thumbprint,
	  help_key_thumbprint, NULL },
	COMMAND_END
};

#ifndef JWT_CLIENT
static const struct command state_commands[] = {
	{ "init", "make the state directory", tool_state_init,
	  help_state_init, NULL },
	{ "show", "say whether an account or a token is refused",
	  tool_state_show, help_state_show, NULL },
	{ "list", "list the facts", tool_state_list,
	  help_state_list, NULL },
	{ "stats", "count the facts", tool_state_stats,
	  help_state_stats, NULL },
	{ "purge", "remove what no token can need any more", tool_state_purge,
	  help_state_purge, NULL },
	{ "pull", "copy from Redis what was revoked", tool_state_pull,
	  help_state_pull, NULL },
	COMMAND_END
};

static const struct command sessions_commands[] = {
	{ "list", "show the sessions that a token opened", tool_sessions_list,
	  help_sessions_list, NULL },
	{ "end", "end sessions", tool_sessions_end,
	  help_sessions_end, NULL },
	COMMAND_END
};
#endif

static const struct command commands[] = {
#ifndef JWT_CLIENT
	{ NULL, "Set up a host:", NULL, NULL, NULL },
	{ "check", "read the configuration, and say what is wrong",
	  tool_check, help_check, NULL },
	{ "sync", "fetch the keys of the issuers", tool_sync, help_sync, NULL },
	{ "state", "make the store of revocations, and maintain it",
	  NULL, help_state, state_commands },
#endif
	{ NULL, "Look at a token:", NULL, NULL, NULL },
#ifndef JWT_CLIENT
	{ "verify", "accept or refuse a token as the module does, and say why",
	  tool_verify, help_verify, NULL },
#endif
	{ "inspect", "show what a token says, without verifying it",
	  tool_inspect, help_inspect, NULL },
#ifndef JWT_CLIENT
	{ NULL, "Take access away:", NULL, NULL, NULL },
	{ "revoke", "refuse a token, a session, a person or an account",
	  tool_revoke, help_revoke, NULL },
	{ "sessions", "show or end the sessions that a token opened",
	  NULL, help_sessions, sessions_commands },
#endif
	{ NULL, "Log in to other hosts:", NULL, NULL, NULL },
	{ "login", "log in at an identity provider, once a day",
	  tool_login, help_login, NULL },
	{ "token", "print the token for a host", tool_token, help_token, NULL },
	{ "logout", "end the login", tool_logout, help_logout, NULL },
	{ NULL, "Make keys and tokens:", NULL, NULL, NULL },
	{ "key", "make a key pair, print a public key or a thumbprint",
	  NULL, help_key, key_commands },
	{ "issue", "sign a token with a key of your own",
	  tool_issue, help_issue, NULL },
#ifndef JWT_CLIENT
	{ "issuer", "run an issuer of tokens (package pam-jwt-issuer)",
	  tool_issuer, NULL, NULL },
#endif
	COMMAND_END
};

int
main(int argc, char **argv)
{
	static const struct command_set set = {
		.program = "pam-jwt", .commands = commands, .more = EXAMPLES
	};

	return command_main(&set, argc, argv);
}
