/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt sessions: shows the sessions that tokens opened on this host, and
 * ends them.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "host/load.h"
#include "tool/input.h"
#include "tool/options.h"
#include "tool/sessions.h"
#include "tool/tool.h"

struct sessions_options {
	const char *config;
	struct sessions_filter filter;
	bool json;
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

int
tool_sessions(int argc, char **argv)
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
	const char *word = argc > 0 ? argv[0] : "";

	if (strcmp(word, "list") != 0) {
		complain("sessions: list; see pam-jwt sessions --help");
		return EXIT_TROUBLE;
	}
	if (!options_parse(argc - 1, argv + 1, specs) || !is_root())
		return EXIT_TROUBLE;
	return list(&o);
}
