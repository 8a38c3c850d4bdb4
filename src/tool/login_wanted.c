/* SPDX-License-Identifier: BSD-2-Clause */
/* The hosts that a login asks the provider for, as resources (RFC 8707). */
#include "cli/complain.h"
#include "cli/hosts.h"
#include "tool/login_run.h"

static bool
add_resource(struct login_run *run, const char *host)
{
	const char *resource;
	size_t i;

	if (!login_conf_resource(run->section, host, &run->arena, &resource))
		return false;
	for (i = 0; i < run->count; i++) {
		if (strcmp(run->resources[i], resource) == 0)
			return true;
	}
	if (run->count == SESSION_TOKENS_MAX) {
		complain("warning: [login %s] has more than %d hosts: %s gets a "
		    "token only if --host names it", run->section->name,
		    SESSION_TOKENS_MAX, host);
		return true;
	}
	run->resources = arena_grow(&run->arena, run->resources, run->count,
	    sizeof(*run->resources));
	if (run->resources == NULL)
		return complain("memory ran out");
	run->resources[run->count++] = resource;
	return true;
}

/* --host comes first: that is the host which the person thinks of. */
static bool
add_wanted_hosts(struct login_run *run)
{
	const struct option_list *hosts = &run->call->options.hosts;
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		if (!login_conf_matches(run->section, hosts->item[i]))
			return complain("%s is not one of the hosts of [login "
			    "%s]", hosts->item[i], run->section->name);
		if (!add_resource(run, hosts->item[i]))
			return false;
	}
	return true;
}

/* A pattern names no host that could be asked for. */
static bool
find_resources(struct login_run *run)
{
	const struct login_section *section = run->section;
	size_t i;

	if (!add_wanted_hosts(run))
		return false;
	for (i = 0; i < section->hosts_len; i++) {
		if (hosts_is_name(section->hosts[i]) &&
		    !add_resource(run, section->hosts[i]))
			return false;
	}
	if (run->count > 0)
		return true;
	if (section->resource != NULL && strchr(section->resource, '%'))
		return complain("[login %s] has patterns alone in hosts, and "
		    "each host has a token of its own: say for which ones you "
		    "log in, with --host", section->name);
	return add_resource(run, NULL);
}

static int64_t
find_max_age(const struct login_run *run)
{
	if (run->call->options.max_age >= 0)
		return run->call->options.max_age;
	return run->section->max_age;
}

bool
login_run_want(struct login_run *run)
{
	if (!find_resources(run))
		return false;
	run->flow.wanted = (struct provider_wanted){
		.resources = run->resources, .count = run->count,
		.max_age = find_max_age(run)
	};
	run->flow.resource = run->resources[0];
	return true;
}
