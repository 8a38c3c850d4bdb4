/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of [service NAME...], and the checks that they fit together. */
#include <stdio.h>

#include "core/base/nearest.h"
#include "core/policy/expand.h"
#include "core/policy/parser.h"

#define NAMES_SIZE 64

void
policy_set_issuers(struct parser *in)
{
	parser_words(in, &in->service->issuers);
}

static void
add_rule(struct parser *in, bool permit)
{
	struct rule_list *list = &in->service->rules;
	struct rule *more;
	struct rule rule;

	if (rule_parse(in->line.value, conf_place(&in->reader, &in->line),
	    permit, &in->policy->arena, in->diag, &rule) != JWT_OK) {
		in->failed = true;
		return;
	}
	more = arena_grow(&in->policy->arena, list->rule, list->count,
	    sizeof(*more));
	if (more == NULL) {
		parser_no_memory(in);
		return;
	}
	list->rule = more;
	list->rule[list->count++] = rule;
}

void
policy_set_permit(struct parser *in)
{
	add_rule(in, true);
}

void
policy_set_deny(struct parser *in)
{
	add_rule(in, false);
}

void
policy_set_single_use(struct parser *in)
{
	parser_choice(in, "yes", "no", &in->service->single_use);
}

void
policy_set_revoke_on_logout(struct parser *in)
{
	parser_choice(in, "yes", "no", &in->service->revoke_on_logout);
}

void
policy_set_clients(struct parser *in)
{
	parser_choice(in, "yes", "no", &in->service->clients);
}

void
policy_set_prompt(struct parser *in)
{
	if (in->line.value.len > POLICY_PROMPT_MAX)
		parser_fail(in, "a prompt of more than %d bytes", POLICY_PROMPT_MAX);
	in->service->prompt = parser_keep(in, in->line.value);
}

void
policy_set_help(struct parser *in)
{
	if (in->line.value.len > POLICY_PROMPT_MAX)
		parser_fail(in, "a help text of more than %d bytes",
		    POLICY_PROMPT_MAX);
	in->service->help = parser_keep(in, in->line.value);
}

/* A login looks up who owns the file; here only its form can be checked. */
void
policy_set_token_file(struct parser *in)
{
	char text[EXPAND_SIZE];
	const char *fault = expand_token_file(in->line.value, "u", "0", text);

	if (fault != NULL)
		parser_fail(in, "%.*s: %s", BYTES_SHOW(in->line.value), fault);
	else if (text[0] != '/')
		parser_fail(in, "token_file is an absolute path");
	in->service->token_file = parser_keep(in, in->line.value);
	in->service->token_file_line = in->line.line;
}

void
policy_set_session_limit(struct parser *in)
{
	struct service *service = in->service;

	if (bytes_eq_str(in->line.value, "token"))
		service->session_until_exp = true;
	else if (!bytes_eq_str(in->line.value, "none"))
		parser_limit(in, &service->session_limit_sec);
}

static bool
service_is_taken(const struct policy *policy, struct bytes name)
{
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		if (policy_words_have(&policy->services[i].names, name))
			return true;
	}
	return false;
}

/* libpam changes names of services to lowercase: a capital never matches. */
static bool
has_capital(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z')
			return true;
	}
	return false;
}

static void
add_service_names(struct parser *in, struct bytes names)
{
	struct words *words = &in->service->names;
	struct bytes name;

	while ((name = conf_word(&names)).len > 0) {
		if (!parser_is_name(name) && !bytes_eq_str(name, "*"))
			parser_fail(in, "%.*s is not a PAM service name",
			    BYTES_SHOW(name));
		else if (has_capital(name))
			parser_fail(in,
			    "%.*s: PAM service names are in lower case",
			    BYTES_SHOW(name));
		else if (service_is_taken(in->policy, name))
			parser_fail(in, "a second section for the service %.*s",
			    BYTES_SHOW(name));
		else
			parser_add_word(in, words, parser_keep(in, name));
	}
	if (words->count > 1 && policy_words_have(words, bytes_str("*")))
		parser_fail(in, "[service *] is alone: it is for all services "
		    "that have no section");
}

void
policy_open_service(struct parser *in, struct bytes names)
{
	struct policy *policy = in->policy;
	struct service *more;

	if (bytes_trim(names).len == 0) {
		parser_fail(in, "[service NAME...] takes at least one PAM service "
		    "name, or *");
		return;
	}
	more = arena_grow(&policy->arena, policy->services,
	    policy->service_count, sizeof(*more));
	if (more == NULL) {
		parser_no_memory(in);
		return;
	}
	policy->services = more;
	in->service = &policy->services[policy->service_count++];
	*in->service = (struct service){
		.line = in->line.line, .prompt = POLICY_PROMPT_DEFAULT
	};
	add_service_names(in, names);
	in->section = PARSER_SERVICE;
}

/*
 * The programs that only a user who is logged in already can start.  In other
 * programs a token file on the host would let strangers in: somebody who types
 * a user's name at a login, or presses a key at a locked screen.  New programs
 * of that kind appear all the time, so this list has the ones that are safe.
 */
static const char *const with_token_file[] = {
	"sudo", "sudo-i", "su", "su-l", "doas", "polkit-1"
};

#define WITH_TOKEN_FILE	(sizeof(with_token_file) / sizeof(*with_token_file))

static bool
takes_token_file(struct bytes service)
{
	size_t i;

	for (i = 0; i < WITH_TOKEN_FILE; i++) {
		if (bytes_eq_str(service, with_token_file[i]))
			return true;
	}
	return false;
}

/* Write the list for a message. */
static void
format_token_file_names(char out[NAMES_SIZE])
{
	size_t used = 0, i;

	for (i = 0; i < WITH_TOKEN_FILE && used < NAMES_SIZE; i++)
		used += (size_t)snprintf(out + used, NAMES_SIZE - used,
		    "%s%s", i == 0 ? "" : " ", with_token_file[i]);
}

static void
check_token_file(struct parser *in, const struct service *service)
{
	char names[NAMES_SIZE];
	size_t i;

	in->line.line = service->token_file_line;
	format_token_file_names(names);
	for (i = 0; i < service->names.count; i++) {
		if (!takes_token_file(bytes_str(service->names.item[i])))
			parser_fail(in, "token_file is for the services %s, "
			    "named one by one: in [service %s] somebody else "
			    "could come in by the owner's file", names,
			    service->names.item[i]);
	}
}

static void
fail_issuer(struct parser *in, const char *name)
{
	struct nearest nearest = nearest_begin(bytes_str(name));
	size_t i;

	for (i = 0; i < in->policy->issuer_count; i++)
		nearest_try(&nearest, in->policy->issuers[i].name);
	parser_fail(in, "there is no [issuer %s]%s", name,
	    nearest_text(&nearest));
}

void
policy_check_service(struct parser *in, const struct service *service)
{
	const struct policy *policy = in->policy;
	size_t i, k;

	if (service->token_file != NULL)
		check_token_file(in, service);
	policy_check_proof(in, service);
	in->line.line = service->line;
	for (i = 0; i < service->issuers.count; i++) {
		for (k = 0; k < policy->issuer_count; k++) {
			if (bytes_eq_str(bytes_str(service->issuers.item[i]),
			    policy->issuers[k].name))
				break;
		}
		if (k == policy->issuer_count)
			fail_issuer(in, service->issuers.item[i]);
	}
}

/* Warn if one of two names of a program is covered: the other may be laxer. */
void
policy_warn_of_siblings(const struct parser *in)
{
	static const char *const pairs[][2] = {
		{ "sudo", "sudo-i" }, { "su", "su-l" },
		{ "runuser", "runuser-l" }, { "login", "remote" }
	};
	size_t i, side;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (side = 0; side < 2; side++) {
			struct diag_place place = { .file = in->reader.file };

			if (!service_is_taken(in->policy,
			    bytes_str(pairs[i][side])) || service_is_taken(
			    in->policy, bytes_str(pairs[i][1 - side])))
				continue;
			diag_add(in->diag, place, JWT_OK, "[service %s] does "
			    "not cover %s, which has other rules then; if they "
			    "should be the same, write [service %s %s]",
			    pairs[i][side], pairs[i][1 - side], pairs[i][0],
			    pairs[i][1]);
		}
	}
}
