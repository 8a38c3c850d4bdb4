/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-askpass: answers the module's prompts for ssh and sudo, each with the
 * bytes of the token that it asks for.
 *
 * The token is a credential, so it is given only to a prompt that is surely the
 * module's; every other prompt goes to another program, or to the person.
 */
#include <stdio.h>

#include "askpass/answer.h"
#include "askpass/foreign.h"
#include "askpass/prompt.h"
#include "askpass/told.h"
#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/exit.h"
#include "core/base/version.h"

struct call {
	char *prompt;		/* from argv */
	struct arena arena;
	struct places places;
	struct config config;
};

static void
print_usage(FILE *out)
{
	fputs("usage: SSH_ASKPASS=pam-jwt-askpass SSH_ASKPASS_REQUIRE=force "
	    "ssh HOST\n"
	    "       SUDO_ASKPASS=/usr/bin/pam-jwt-askpass sudo -A COMMAND\n"
	    "\nssh and sudo run it with their prompt as the one argument. Its "
	    "settings are in\n~/.config/pam-jwt/askpass.conf; pam-jwt-askpass(1) "
	    "has all of them.\n", out);
}

static enum tool_exit
answer_prompt(struct call *call, const struct told *told)
{
	struct answer_query query = {
		.prompt = bytes_str(call->prompt), .config = &call->config,
		.places = &call->places, .arena = &call->arena
	};
	bool is_valid = config_load(call->places.config, &call->config);

	/* A command may tell the person to do something: show it each time. */
	if (call->config.command == NULL)
		told_be_quiet(told);
	query.from = prompt_from(query.prompt, &call->config);
	if (query.from == 0 && !prompt_is_override(query.prompt, &call->config))
		return foreign_answer(call->prompt, &call->arena);
	if (!is_valid)
		return EXIT_TROUBLE;
	return answer_give(&query);
}

static enum tool_exit
answer(struct call *call)
{
	enum tool_exit code;
	struct told told;

	if (!places_find(&call->arena, &call->places)) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	if (!told_find(&call->places, &call->arena, &told))
		return EXIT_TROUBLE;
	code = answer_prompt(call, &told);
	told_note(&told, code == EXIT_YES);
	return code;
}

int
main(int argc, char **argv)
{
	struct call call = { .prompt = NULL };
	enum tool_exit code;

	if (argc != 2) {
		print_usage(stderr);
		return (int)EXIT_TROUBLE;
	}
	if (command_is_help(argv[1])) {
		print_usage(stdout);
		return command_finish(EXIT_YES);
	}
	if (command_is_version(argv[1])) {
		puts("pam-jwt-askpass " VERSION);
		return command_finish(EXIT_YES);
	}
	if (!dump_forbid())
		return (int)EXIT_TROUBLE;
	call.prompt = argv[1];
	if (foreign_is_hint())
		code = foreign_answer(call.prompt, &call.arena);
	else
		code = answer(&call);
	config_clear(&call.config);
	arena_clear(&call.arena);
	return (int)code;
}
