/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-askpass: answers the module's prompts for ssh and sudo, each with the
 * bytes of the token that it asks for.
 *
 * The token is a credential, so it is given only to a prompt that is surely the
 * module's; every other prompt goes to another program, or to the person.
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>

#include "askpass/foreign.h"
#include "askpass/output.h"
#include "askpass/parts_file.h"
#include "askpass/prompt.h"
#include "askpass/source.h"
#include "askpass/token.h"
#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/userfile.h"
#include "core/jose/shape.h"

struct call {
	char *prompt;		/* from argv */
	struct arena arena;
	struct places places;
	struct config config;
	size_t from;		/* first byte asked for, from 1; 0: not ours */
	struct source source;
	struct secret text;	/* the token, as it was read */
	struct bytes token;	/* a view of text, without spaces around */
};

static enum tool_exit
usage(void)
{
	fputs("usage: SSH_ASKPASS=pam-jwt-askpass SSH_ASKPASS_REQUIRE=force "
	    "ssh HOST\n"
	    "       SUDO_ASKPASS=/usr/bin/pam-jwt-askpass sudo -A COMMAND\n"
	    "\nssh and sudo run it with their prompt as the one argument; "
	    "see pam-jwt-askpass(1).\n", stderr);
	return EXIT_TROUBLE;
}

/*
 * Get the token.  A command may print another token at each call, so the later
 * parts must come from the one that was kept with the first part.
 */
static bool
get_token(struct call *call)
{
	enum userfile_result kept = USERFILE_MISSING;

	if (!source_find(&call->config, &call->places, &call->source))
		return false;
	if (call->source.changes && call->from == 1)
		parts_file_remove(call->places.parts);
	else if (call->source.changes)
		kept = parts_file_read(call->places.parts, PARTS_FILE_PARTS_SEC,
		    &call->text);
	if (kept == USERFILE_MISSING && !source_read(&call->source,
	    &call->config, &call->text))
		return false;
	call->token = shape_trim(secret_bytes(&call->text));
	return kept != USERFILE_FAULT;
}

/*
 * If the last part has exactly PARTS_LEN bytes, sshd asks once more, from the
 * byte after the token.
 */
static bool
has_byte(const struct call *call)
{
	return call->from <= call->token.len + 1 || complain("the token has %zu "
	    "bytes, and the prompt asks for more, from byte %zu: is it the "
	    "same token as before?", call->token.len, call->from);
}

/*
 * Give one part, or a space when nothing is left: sudo takes an empty answer
 * for no answer.  A token that changes is kept until its last part was given.
 */
static bool
deal(const struct call *call)
{
	struct bytes part = bytes_of(call->token.ptr + call->from - 1,
	    call->token.len - (call->from - 1));

	if (part.len < PARTS_LEN) {
		if (part.len == 0)
			part = bytes_str(" ");
		if (!output_line(part))
			return false;
		if (call->source.changes)
			parts_file_remove(call->places.parts);
		return true;
	}
	part.len = PARTS_LEN;
	if (call->from == 1 && call->source.changes &&
	    !parts_file_write(&call->places, call->places.parts, call->token))
		return false;
	return output_line(part);
}

/* Give the first bytes, and keep the rest for the next prompt. */
static bool
deal_left(const struct call *call)
{
	struct bytes part = call->token, left = call->token;

	if (part.len <= PARTS_LEN) {
		parts_file_remove(call->places.rest);
		return output_line(part);
	}
	part.len = PARTS_LEN;
	left = bytes_of(left.ptr + PARTS_LEN, left.len - PARTS_LEN);
	if (call->places.rest == NULL)
		return complain("the prompt does not say which part of the "
		    "token it asks for, and without XDG_RUNTIME_DIR the place "
		    "cannot be kept");
	return parts_file_write(&call->places, call->places.rest, left) &&
	    output_line(part);
}

/*
 * sudo -p and passprompt_override replace every prompt by one that does not say
 * which part it asks for.  If it comes again within PARTS_FILE_REST_SEC, it
 * asks for the next part.
 */
static enum tool_exit
answer_override(struct call *call)
{
	enum userfile_result kept = parts_file_read(call->places.rest,
	    PARTS_FILE_REST_SEC, &call->text);

	if (kept == USERFILE_FAULT)
		return EXIT_TROUBLE;
	call->from = 1;
	if (kept == USERFILE_OK)
		call->token = secret_bytes(&call->text);
	else if (!get_token(call))
		return EXIT_TROUBLE;
	else if (!token_check(call->token, (int64_t)time(NULL)))
		return EXIT_NO;
	if (!deal_left(call))
		return EXIT_TROUBLE;
	return EXIT_YES;
}

static enum tool_exit
answer(struct call *call)
{
	bool is_override, is_valid;

	if (!places_find(&call->arena, &call->places)) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	is_valid = config_load(call->places.config, &call->config);
	call->from = prompt_from(bytes_str(call->prompt), &call->config);
	is_override = call->from == 0 &&
	    prompt_is_override(bytes_str(call->prompt), &call->config);
	if (call->from == 0 && !is_override)
		return foreign_answer(call->prompt, &call->arena);
	if (!is_valid)
		return EXIT_TROUBLE;
	if (is_override)
		return answer_override(call);
	if (!get_token(call))
		return EXIT_TROUBLE;
	if (!token_check(call->token, (int64_t)time(NULL)) || !has_byte(call))
		return EXIT_NO;
	if (!deal(call))
		return EXIT_TROUBLE;
	return EXIT_YES;
}

int
main(int argc, char **argv)
{
	struct call call = { .from = 0 };
	enum tool_exit code;

	if (argc != 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "--version") == 0)
		return (int)usage();
	/* A core dump would have the token in it. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		complain_errno("prctl");
		return (int)EXIT_TROUBLE;
	}
	call.prompt = argv[1];
	if (foreign_is_hint())
		code = foreign_answer(call.prompt, &call.arena);
	else
		code = answer(&call);
	secret_clear(&call.text);
	config_clear(&call.config);
	arena_clear(&call.arena);
	return (int)code;
}
