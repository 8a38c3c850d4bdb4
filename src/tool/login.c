/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt login: a person logs in at an identity provider once, and ssh and
 * sudo get tokens until the session is over.
 */
#include <stdio.h>

#include "cli/complain.h"
#include "cli/dump.h"
#include "core/policy/conf.h"
#include "tool/login.h"
#include "tool/tool.h"

/* ---- the command line ------------------------------------------------------ */

/* Whether one of the options is given that show something and end. */
static bool
shows(const struct login_options *options)
{
	return options->status || options->ssh_config || options->shell;
}

static bool
check_shown(const struct login_options *options)
{
	if (options->status + options->ssh_config + options->shell > 1)
		return complain("--status, --ssh-config and --shell exclude "
		    "each other");
	if ((options->quiet || options->json) &&
	    (options->ssh_config || options->shell))
		return complain("--quiet and --json go with a login and with "
		    "--status");
	if (options->quiet && options->json)
		return complain("--quiet and --json exclude each other");
	return true;
}

static bool
check_flow(const struct login_options *options)
{
	bool asks = options->device || options->browser ||
	    options->hosts.count > 0 || options->max_age_text != NULL;

	if (options->device && options->browser)
		return complain("--device and --browser exclude each other");
	if (asks && shows(options))
		return complain("--device, --browser, --host and --max-age go "
		    "with a login alone");
	return true;
}

static bool
take_max_age(struct login_options *options)
{
	unsigned seconds;

	options->max_age = -1;
	if (options->max_age_text == NULL)
		return true;
	if (!conf_duration(bytes_str(options->max_age_text), &seconds))
		return complain("--max-age %s is not a duration: a number with "
		    "its unit, 90s 15m 12h 7d", options->max_age_text);
	options->max_age = seconds;
	return true;
}

static bool
take_name(struct login_call *call)
{
	const struct option_list *names = &call->options.names;

	if (names->count > 1)
		return complain("%s and %s: one login at a time",
		    names->item[0], names->item[1]);
	if (names->count == 1)
		call->name = names->item[0];
	return call->name == NULL || !call->options.shell ||
	    complain("--shell is for all logins, and takes no name");
}

static bool
parse(int argc, char **argv, struct login_call *call)
{
	struct login_options *options = &call->options;
	const struct option_spec specs[] = {
		{ .name = "", .list = &options->names },
		{ .name = "device", .flag = &options->device },
		{ .name = "browser", .flag = &options->browser },
		{ .name = "max-age", .value = &options->max_age_text },
		{ .name = "host", .list = &options->hosts },
		{ .name = "status", .flag = &options->status },
		{ .name = "ssh-config", .flag = &options->ssh_config },
		{ .name = "shell", .flag = &options->shell },
		{ .name = "quiet", .flag = &options->quiet },
		{ .name = "json", .flag = &options->json },
		{ .name = NULL }
	};

	return options_parse("pam-jwt login", argc, argv, specs) && check_shown(options) &&
	    check_flow(options) && take_max_age(options) && take_name(call);
}

/* ---- the command ----------------------------------------------------------- */

static int
log_in(struct login_call *call)
{
	const struct login_section *section = login_conf_choose(&call->conf,
	    call->name);

	if (section == NULL)
		return EXIT_TROUBLE;
	call->name = section->name;
	return login_flow_run(call, section);
}

/*
 * For "Match exec" of ssh, which lets standard error through: whatever is wrong
 * with the session would be told at each ssh, scp and git.
 */
static void
be_silent(void)
{
	(void)!freopen("/dev/null", "w", stderr);
}

static int
run(struct login_call *call)
{
	if (call->options.status && call->options.quiet)
		be_silent();
	if (call->options.shell)
		return login_show_shell();
	if (!dump_forbid())
		return EXIT_TROUBLE;
	if (!places_find(&call->arena, &call->places)) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	if (!login_conf_load(&call->places, &call->conf))
		return EXIT_TROUBLE;
	if (call->options.status)
		return login_show_status(call);
	if (call->options.ssh_config)
		return login_show_ssh_config(call);
	return log_in(call);
}

int
tool_login(int argc, char **argv)
{
	struct login_call call = { .name = NULL };
	int code = EXIT_TROUBLE;

	if (parse(argc, argv, &call))
		code = run(&call);
	login_conf_clear(&call.conf);
	arena_clear(&call.arena);
	options_list_clear(&call.options.names);
	options_list_clear(&call.options.hosts);
	return code;
}
