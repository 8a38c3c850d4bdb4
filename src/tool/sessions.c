/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt sessions: shows the sessions that tokens opened on this host, and
 * ends them.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/load.h"
#include "tool/input.h"
#include "tool/sessions_end.h"
#include "tool/tool.h"

#define END "pam-jwt sessions end"

struct sessions_options {
	const char *config;
	struct sessions_filter filter;
	bool json;
	bool due;
};

/* The records say who is logged in from where, so they are root's alone. */
static bool
is_root(void)
{
	return geteuid() == 0 ||
	    complain("sessions: only root may look at them and end them");
}

static const struct issuer *
section_of(const struct policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (strcmp(policy->issuers[i].name, name) == 0)
			return &policy->issuers[i];
	}
	return NULL;
}

/*
 * --iss gives an iss or the name of a section.  A name means nothing without
 * the configuration; an iss does, and its section may be gone by now.
 */
static bool
find_issuer(struct sessions_options *options, struct policy *policy)
{
	const char *config = options->config, *iss = options->filter.iss;
	const struct issuer *section = NULL;
	struct diag diag = { 0 };
	char path[INPUT_PATH_SIZE];
	enum jwt_reason reason;

	if (config == NULL)
		config = LOAD_CONFIG_DEFAULT;
	if (iss == NULL)
		return true;
	if (!input_absolute(config, path, sizeof(path)))
		return false;
	reason = load_settings(path, &diag, policy);
	if (reason == JWT_OK)
		section = section_of(policy, iss);
	else if (strchr(iss, ':') == NULL)
		report_diag(&diag, stderr);
	diag_clear(&diag);
	if (section != NULL)
		options->filter.section_iss = section->iss;
	if (section != NULL || strchr(iss, ':') != NULL)
		return true;
	return complain("no [issuer] has this name: %s", iss);
}

static int
list(struct sessions_options *options)
{
	struct sessions sessions = SESSIONS_CLOSED;
	struct policy policy = { 0 };
	int code = EXIT_TROUBLE;

	if (find_issuer(options, &policy) && sessions_read(&sessions) &&
	    sessions_print(&sessions, &options->filter, options->json) &&
	    sessions.damaged == 0)
		code = EXIT_YES;
	sessions_clear(&sessions);
	policy_clear(&policy);
	return code;
}

/*
 * Choose what must end.  A session of another PID namespace cannot be ended
 * from here: its processes have other numbers.
 */
static bool
choose(struct sessions *sessions, const struct sessions_filter *filter)
{
	bool ok = sessions->damaged == 0;
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->item[i];

		if (!sessions_match(&session->record, filter) ||
		    !sessions_lives(session))
			continue;
		if (session->place == SESSIONS_HERE)
			session->why = "by-hand";
		else
			ok = complain("%s is of another PID namespace: end it "
			    "in that container", session->name);
	}
	return ok;
}

static int
end(struct sessions_options *options)
{
	struct sessions sessions = SESSIONS_CLOSED;
	struct policy policy = { 0 };
	int code = EXIT_TROUBLE;
	bool chosen;

	if (find_issuer(options, &policy) && sessions_read(&sessions)) {
		chosen = choose(&sessions, &options->filter);
		if (sessions_end(&sessions) && chosen)
			code = EXIT_YES;
	}
	sessions_clear(&sessions);
	policy_clear(&policy);
	return code;
}

/* Without a filter everything would end, so there must be one. */
static bool
end_agrees(const struct sessions_options *o)
{
	const struct sessions_filter *filter = &o->filter;
	int count = (filter->account != NULL) + (filter->subject != NULL) +
	    (filter->jti != NULL) + (filter->sid != NULL) + o->due;

	if (count != 1)
		return command_fail(END, "it needs one of --account, "
		    "--subject, --jti, --sid and --due, and no second one");
	if (filter->iss != NULL && (filter->account != NULL || o->due))
		return command_fail(END, "--iss goes with --subject, --jti "
		    "and --sid");
	return true;
}

int
tool_sessions_list(int argc, char **argv)
{
	struct sessions_options o = { .json = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &o.config },
		{ .name = "account", .value = &o.filter.account },
		{ .name = "subject", .value = &o.filter.subject },
		{ .name = "iss", .value = &o.filter.iss },
		{ .name = "jti", .value = &o.filter.jti },
		{ .name = "json", .flag = &o.json },
		{ .name = NULL }
	};

	if (!options_parse("pam-jwt sessions list", argc, argv, specs) || !is_root())
		return EXIT_TROUBLE;
	return list(&o);
}

int
tool_sessions_end(int argc, char **argv)
{
	struct sessions_options o = { .json = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &o.config },
		{ .name = "account", .value = &o.filter.account },
		{ .name = "subject", .value = &o.filter.subject },
		{ .name = "iss", .value = &o.filter.iss },
		{ .name = "jti", .value = &o.filter.jti },
		{ .name = "sid", .value = &o.filter.sid },
		{ .name = "due", .flag = &o.due },
		{ .name = NULL }
	};

	if (!options_parse(END, argc, argv, specs) || !end_agrees(&o) || !is_root())
		return EXIT_TROUBLE;
	if (o.due)
		return sessions_due(o.config);
	return end(&o);
}
