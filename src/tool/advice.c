/* SPDX-License-Identifier: BSD-2-Clause */
/* Warnings about the host around the configuration. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/state.h"
#include "tool/advice.h"

#define SUDOERS		"/etc/sudoers"
#define SUDOERS_FOLDER	"/etc/sudoers.d"

/*
 * Whether some test of a condition has that operator.  No deeper than
 * RULE_DEPTH_MAX and the ands and ors in between.
 */
static bool
has_op(const struct rule_cond *cond, enum rule_op op)
{
	const struct rule_cond *child;

	if (cond == NULL)
		return false;
	if (cond->kind == RULE_TEST)
		return cond->test.op == op;
	for (child = cond->child; child != NULL; child = child->next) {
		if (has_op(child, op))
			return true;
	}
	return false;
}

/* Whether a login to the service has to be one of just now. */
static bool
wants_each_time(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		if (has_op(service->rules.rule[i].cond, RULE_WITHIN))
			return true;
	}
	return service->single_use;
}

static bool
is_of_sudo(const struct service *service)
{
	return policy_words_have(&service->names, bytes_str("sudo")) ||
	    policy_words_have(&service->names, bytes_str("sudo-i"));
}

enum finding { FOUND, NOT_FOUND, NOT_READABLE };

/* A line "Defaults ... timestamp_timeout=0"; comments do not count. */
static bool
is_no_ticket(const char *line)
{
	const char *at;
	size_t zeros;

	line += strspn(line, " \t");
	if (strncmp(line, "Defaults", strlen("Defaults")) != 0)
		return false;
	at = strstr(line, "timestamp_timeout");
	if (at == NULL)
		return false;
	at += strlen("timestamp_timeout");
	at += strspn(at, " \t=");
	zeros = strspn(at, "0.");
	return zeros > 0 && strchr(", \t\n", at[zeros]) != NULL;
}

static enum finding
look_into(const char *path)
{
	enum finding finding = NOT_FOUND;
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return NOT_READABLE;
	while (finding == NOT_FOUND && getline(&line, &size, file) >= 0) {
		if (is_no_ticket(line))
			finding = FOUND;
	}
	free(line);
	fclose(file);
	return finding;
}

/* Names with a dot, or a ~ at the end, sudo does not read: sudoers(5). */
static bool
is_read_by_sudo(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '.') == NULL && len > 0 && name[len - 1] != '~';
}

static enum finding
look_into_folder(const char *folder)
{
	enum finding finding = NOT_FOUND;
	DIR *stream = opendir(folder);
	struct dirent *entry;
	char path[512];

	if (stream == NULL)
		return NOT_FOUND;
	while (finding != FOUND && (entry = readdir(stream)) != NULL) {
		if (!is_read_by_sudo(entry->d_name) ||
		    snprintf(path, sizeof(path), "%s/%s", folder,
		    entry->d_name) >= (int)sizeof(path))
			continue;
		finding = look_into(path);
	}
	closedir(stream);
	return finding;
}

/* Without sudoers there is no sudo that would have a ticket. */
static void
note_ticket(const struct policy *policy, const struct service *service,
    struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = service->line
	};
	enum finding finding;

	if (!is_of_sudo(service) || !wants_each_time(service))
		return;
	finding = look_into(SUDOERS);
	if (finding == NOT_FOUND)
		finding = look_into_folder(SUDOERS_FOLDER);
	if (finding == NOT_READABLE && access(SUDOERS, F_OK) != 0)
		return;
	if (finding == NOT_READABLE)
		diag_add(diag, place, JWT_OK, "sudo needs \"Defaults "
		    "timestamp_timeout=0\" for single_use and within: else "
		    "one token lasts for 15 minutes of commands; %s cannot be "
		    "read to see whether it has it", SUDOERS);
	else if (finding == NOT_FOUND)
		diag_add(diag, place, JWT_OK, "no \"Defaults timestamp_timeout"
		    "=0\" in %s: one token lasts for 15 minutes of commands, "
		    "whatever single_use and within say", SUDOERS);
}

/* Who is not root cannot tell: the state is root's. */
static void
note_state(const struct policy *policy, struct diag *diag)
{
	const struct state_settings *settings = &policy->state;
	struct diag_place place = {
		.file = policy->file, .line = settings->line
	};
	struct state_dir dir;

	if (!settings->wanted || geteuid() != 0 ||
	    (settings->redis != REDIS_NONE && !settings->redis_pulled))
		return;
	if (state_dir_open(settings->directory, &dir) != JWT_OK)
		diag_add(diag, place, JWT_OK, "%s: %s", settings->directory,
		    dir.fault);
	state_dir_close(&dir);
}

void
advice_note(const struct policy *policy, struct diag *diag)
{
	size_t i;

	for (i = 0; i < policy->service_count; i++)
		note_ticket(policy, &policy->services[i], diag);
	note_state(policy, diag);
}
