/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt token: prints the token for a host, out of a login session.
 *
 * ssh, sudo and scripts call it for each login, so a good token comes from the
 * file alone.  Nothing that it holds may get out but by standard output: no
 * other process of the user can look into this one, and it leaves no core.
 */
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/options.h"
#include "cli/userfile.h"
#include "core/policy/conf.h"
#include "login/renew.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt token"

struct token_options {
	struct option_list names;	/* of a section; at most one */
	const char *host;
	const char *min_validity;
};

struct run {
	const struct token_options *options;
	struct arena arena;
	struct places places;
	struct login_conf conf;
	struct renew_wanted wanted;
};

/* ---- which token ---------------------------------------------------------- */

static bool
set_min_validity(struct run *run)
{
	const char *text = run->options->min_validity;
	unsigned seconds;

	run->wanted.min_validity = RENEW_MIN_VALIDITY_SEC;
	if (text == NULL)
		return true;
	if (!conf_duration(bytes_str(text), &seconds))
		return complain("--min-validity: %s is not a duration, as 60s "
		    "or 5m", text);
	run->wanted.min_validity = seconds;
	return true;
}

/* A host comes from a prompt, and must not write to the terminal. */
static bool
check_host(const char *host)
{
	size_t i;

	for (i = 0; host != NULL && host[i] != '\0'; i++) {
		if (host[i] <= ' ' || host[i] > '~')
			return complain("--host: it has a character that no "
			    "name has");
	}
	return true;
}

static int
find_by_host(struct run *run)
{
	const char *host = run->options->host;

	run->wanted.section = login_conf_for_host(&run->conf, host);
	if (run->wanted.section != NULL)
		return EXIT_YES;
	complain("%s gets no token: no [login] in login.conf has it among its "
	    "hosts", host);
	return EXIT_NO;
}

/* EXIT_YES: the section is found. */
static int
find_section(struct run *run)
{
	const struct option_list *names = &run->options->names;
	const char *name = names->count > 0 ? names->item[0] : NULL;
	const char *host = run->options->host;

	if (name == NULL && host != NULL && run->conf.count > 0)
		return find_by_host(run);
	run->wanted.section = login_conf_choose(&run->conf, name);
	if (run->wanted.section == NULL)
		return EXIT_TROUBLE;
	if (host == NULL || login_conf_matches(run->wanted.section, host))
		return EXIT_YES;
	complain("%s gets no token: [login %s] does not have it among its "
	    "hosts", host, run->wanted.section->name);
	return EXIT_NO;
}

/* ---- the command ---------------------------------------------------------- */

/* In one piece, and past the buffer of stdout, which nobody wipes. */
static bool
print(struct bytes token)
{
	struct secret line;
	bool ok;

	if (secret_alloc(token.len + 1, &line) != JWT_OK)
		return complain("memory ran out");
	memcpy(line.ptr, token.ptr, token.len);
	line.ptr[token.len] = '\n';
	ok = userfile_write(STDOUT_FILENO, secret_bytes(&line)) ||
	    complain_errno("standard output");
	secret_clear(&line);
	return ok;
}

static int
renew_and_print(struct run *run)
{
	struct secret token;
	int code = EXIT_TROUBLE;

	switch (renew_token(&run->places, &run->wanted, &token)) {
	case RENEW_OK:
		if (print(secret_bytes(&token)))
			code = EXIT_YES;
		break;
	case RENEW_LOGIN:
		code = EXIT_NO;
		break;
	case RENEW_TROUBLE:
		break;
	}
	secret_clear(&token);
	return code;
}

static int
find_and_print(struct run *run)
{
	int found;

	run->wanted.host = run->options->host;
	if (!set_min_validity(run) || !check_host(run->wanted.host))
		return EXIT_TROUBLE;
	if (!places_find(&run->arena, &run->places)) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	if (!login_conf_load(&run->places, &run->conf))
		return EXIT_TROUBLE;
	found = find_section(run);
	if (found != EXIT_YES)
		return found;
	if (!login_conf_resource(run->wanted.section, run->wanted.host,
	    &run->arena, &run->wanted.resource))
		return EXIT_TROUBLE;
	return renew_and_print(run);
}

static int
run_with(const struct token_options *options)
{
	struct run run = { .options = options };
	int code;

	if (options->names.count > 1) {
		command_fail(COMMAND, "%s and %s: one login at a time",
		    options->names.item[0], options->names.item[1]);
		return EXIT_TROUBLE;
	}
	if (!dump_forbid())
		return EXIT_TROUBLE;
	code = find_and_print(&run);
	login_conf_clear(&run.conf);
	arena_clear(&run.arena);
	return code;
}

int
tool_token(int argc, char **argv)
{
	struct token_options options = { .host = NULL };
	const struct option_spec specs[] = {
		{ .name = "", .list = &options.names },
		{ .name = "host", .value = &options.host },
		{ .name = "min-validity", .value = &options.min_validity },
		{ .name = NULL }
	};
	int code = EXIT_TROUBLE;

	if (options_parse(COMMAND, argc, argv, specs))
		code = run_with(&options);
	options_list_clear(&options.names);
	return code;
}
