/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt logout of a client, in the place of tool/logout.c: it ends sessions.
 * A machine that no token logs in to keeps no revocations.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/options.h"
#include "tool/logout_session.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt logout"

static int
log_out(const struct option_list *names)
{
	struct logout_sessions sessions;

	if (names->count > 1) {
		command_fail(COMMAND, "one NAME, or none");
		return EXIT_TROUBLE;
	}
	logout_sessions(names->count == 1 ? names->item[0] : NULL, &sessions);
	if (sessions.code == EXIT_YES && sessions.ended == 0)
		puts("not logged in");
	return sessions.code;
}

int
tool_logout(int argc, char **argv)
{
	struct option_list names = { .count = 0 };
	const struct option_spec specs[] = {
		{ .name = "", .list = &names },
		{ .name = NULL }
	};
	int code = EXIT_TROUBLE;

	if (options_parse(COMMAND, argc, argv, specs) && dump_forbid())
		code = log_out(&names);
	options_list_clear(&names);
	return code;
}
