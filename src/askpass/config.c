/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads askpass.conf: a few settings, without sections.  An error anywhere
 * makes the whole file invalid, because a setting that is quietly left out
 * would be missed only at a login.
 */
#include <stdio.h>

#include "askpass/config.h"
#include "cli/complain.h"
#include "cli/hosts.h"
#include "cli/userfile.h"
#include "core/base/nearest.h"
#include "core/policy/conf.h"
#include "core/policy/policy.h"

#define PROMPT_WITH_PASSWORD "Token or password:"

struct parser {
	struct conf_reader reader;
	struct conf_line line;
	struct config *config;
};

static void
fail(const struct parser *in, const char *what)
{
	diag_add(in->reader.diag, conf_place(&in->reader, &in->line),
	    JWT_CONFIG_INVALID, "%s", what);
}

/* Without memory no text is left out silently: it is an error. */
static bool
add_text(struct config *config, struct config_list *list,
    struct bytes text)
{
	const char *copy = arena_copy(&config->arena, text);
	const char **more = arena_grow(&config->arena, list->item,
	    list->count, sizeof(*more));

	if (copy == NULL || more == NULL)
		return complain("memory ran out");
	more[list->count++] = copy;
	list->item = more;
	return true;
}

/*
 * Nearly every prompt ends in a colon.  A prompt of a colon alone would give
 * the token to any program that asks for anything.
 */
static bool
set_prompt(struct parser *in, struct config_list *list)
{
	if (bytes_eq_str(in->line.value, ":")) {
		fail(in, "a prompt of a colon and nothing else");
		return true;
	}
	return add_text(in->config, list, in->line.value);
}

static bool
set_timeout(struct parser *in)
{
	struct config *config = in->config;
	unsigned seconds;

	if (config->timeout_sec != 0)
		fail(in, "a second timeout: there can be only one");
	else if (!conf_duration(in->line.value, &seconds) || seconds < 1 ||
	    seconds > TIMEOUT_MAX_SEC)
		fail(in, "timeout is from 1s to 5m");
	else
		config->timeout_sec = seconds;
	return true;
}

static bool
set_command(struct parser *in)
{
	struct config *config = in->config;

	if (config->command != NULL) {
		fail(in, "a second command: there can be only one");
		return true;
	}
	config->command = arena_copy(&config->arena, in->line.value);
	return config->command != NULL || complain("memory ran out");
}

/* Patterns with spaces between them; a second line adds to them. */
static bool
set_host(struct parser *in)
{
	struct bytes rest = in->line.value, word;

	while ((word = conf_word(&rest)).len > 0) {
		const char *fault = hosts_fault(word);

		if (fault != NULL)
			fail(in, fault);
		if (!add_text(in->config, &in->config->hosts, word))
			return false;
	}
	return true;
}

static void
fail_unknown(const struct parser *in)
{
	static const char *const names[] = {
		"command", "prompt", "prompt_override", "timeout", "host"
	};
	struct nearest nearest = nearest_begin(in->line.name);
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nearest_try(&nearest, names[i]);
	snprintf(text, sizeof(text), "not command, prompt, prompt_override, "
	    "timeout or host%s", nearest_text(&nearest));
	fail(in, text);
}

/* False only when memory runs out; errors of the file are in the list. */
static bool
take(struct parser *in, enum conf_event event)
{
	if (event == CONF_SECTION)
		fail(in, "a section: this file has none");
	if (event != CONF_SETTING)
		return true;
	if (bytes_eq_str(in->line.name, "command"))
		return set_command(in);
	if (bytes_eq_str(in->line.name, "prompt"))
		return set_prompt(in, &in->config->prompts);
	if (bytes_eq_str(in->line.name, "prompt_override"))
		return set_prompt(in, &in->config->overrides);
	if (bytes_eq_str(in->line.name, "timeout"))
		return set_timeout(in);
	if (bytes_eq_str(in->line.name, "host"))
		return set_host(in);
	fail_unknown(in);
	return true;
}

/* Such a list would mean no host at all, and nobody wants that. */
static bool
has_positive(const struct config_list *hosts, const char *path)
{
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		if (hosts->item[i][0] != '!')
			return true;
	}
	return hosts->count == 0 || complain("%s: host has negated patterns "
	    "only, so no host gets a token: put a * in front of them", path);
}

static bool
report(const struct diag *diag)
{
	char line[DIAG_LINE_SIZE];
	size_t i;

	for (i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];

		complain("%s%s: %s", entry->file, diag_line(entry, line),
		    entry->text);
	}
	if (diag->reason != JWT_OK && diag->count == 0)
		complain("%s", reason_text(diag->reason));
	return diag->reason == JWT_OK;
}

static bool
parse(struct bytes text, const char *path, struct config *out)
{
	struct diag diag = { .reason = JWT_OK };
	struct parser in = {
		.reader = { .text = text, .file = path,
		    .arena = &out->arena, .diag = &diag },
		.config = out
	};
	enum conf_event event;
	bool ok = true;

	do {
		event = conf_next(&in.reader, &in.line);
		ok = take(&in, event);
	} while (ok && event != CONF_END);
	ok = report(&diag) && ok && has_positive(&out->hosts, path);
	diag_clear(&diag);
	return ok;
}

/*
 * The module's own prompt, and the one that its manual sets for passwords too.
 */
static bool
add_defaults(struct config *config)
{
	return add_text(config, &config->prompts,
	    bytes_str(POLICY_PROMPT_DEFAULT)) && add_text(config,
	    &config->prompts, bytes_str(PROMPT_WITH_PASSWORD));
}

bool
config_load(const char *path, struct config *out)
{
	enum userfile_result result = USERFILE_MISSING;
	struct userfile file = { .written_sec = 0 };
	bool ok;

	*out = (struct config){ .command = NULL };
	if (path != NULL)
		result = userfile_read(path, USERFILE_STEADY, &file);
	ok = result == USERFILE_MISSING || (result == USERFILE_OK &&
	    parse(secret_bytes(&file.text), path, out));
	secret_clear(&file.text);
	if (out->timeout_sec == 0)
		out->timeout_sec = TIMEOUT_DEFAULT_SEC;
	/* A broken file may have lost a prompt: those of all hosts count. */
	if (!ok || out->prompts.count == 0)
		ok = add_defaults(out) && ok;
	return ok;
}

void
config_clear(struct config *config)
{
	arena_clear(&config->arena);
	*config = (struct config){ .command = NULL };
}
