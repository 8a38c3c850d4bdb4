/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration from text: every section and key, with its range and
 * default, and the check of what only together makes no sense.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/conf.h"
#include "core/expand.h"
#include "core/media_type.h"
#include "core/policy.h"

#define IN_ISSUER	1U
#define IN_SERVICE	2U
#define IN_STATE	4U

struct parser {
	struct conf_reader reader;
	struct conf_line line;
	struct policy *policy;
	const struct policy_host *host;
	struct diag *diag;
	bool failed;
	unsigned section;		/* IN_…; 0: none, or one with an error */
	struct issuer *issuer;		/* of the section at hand */
	struct service *service;
	unsigned seen;			/* bits of the settings in it */
};

/* Note an error at the line at hand. */
__attribute__((format(printf, 2, 3))) static void
fail(struct parser *in, const char *format, ...)
{
	struct diag_place place = {
		.file = in->reader.file, .line = in->line.line
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	in->failed = true;
	diag_add(in->diag, place, JWT_CONFIG_INVALID, "%s", text);
}

static void
out_of_memory(struct parser *in)
{
	struct diag_place place = { .file = in->reader.file };

	in->failed = true;
	diag_add(in->diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
}

/* For a format: precision and text of a view of bytes. */
#define SHOW(bytes) \
	(int)((bytes).len < 80 ? (bytes).len : 80), (const char *)(bytes).ptr

static const char *
keep(struct parser *in, struct bytes text)
{
	const char *copy = arena_copy(&in->policy->arena, text);

	if (copy == NULL)
		out_of_memory(in);
	return copy;
}

static void
add_word(struct parser *in, struct words *words, const char *word)
{
	const char **more;

	if (word == NULL)
		return;
	more = arena_grow(&in->policy->arena, words->item, words->count,
	    sizeof(*more));
	if (more == NULL) {
		out_of_memory(in);
		return;
	}
	words->item = more;
	words->item[words->count++] = word;
}

/* Every word of the value, each once. */
static void
parse_words(struct parser *in, struct words *words)
{
	struct bytes rest = in->line.value;
	struct bytes word;

	while ((word = conf_word(&rest)).len > 0) {
		if (policy_words_have(words, word))
			fail(in, "%.*s stands there twice", SHOW(word));
		add_word(in, words, keep(in, word));
	}
}

static void
parse_duration(struct parser *in, unsigned max, unsigned *out)
{
	unsigned value;

	if (!conf_duration(in->line.value, &value))
		fail(in, "%.*s is not a duration: a number with its unit, "
		    "90s 15m 12h 7d", SHOW(in->line.value));
	else if (value > max)
		fail(in, "%.*s is more than the %us allowed",
		    SHOW(in->line.value), max);
	else
		*out = value;
}

/* A limit of zero would refuse everybody: surely not meant. */
static void
parse_limit(struct parser *in, unsigned *out)
{
	parse_duration(in, DURATION_MAX_SEC, out);
	if (*out == 0)
		fail(in, "a limit of 0 lets no token in");
}

static void
set_iss(struct parser *in)
{
	if (bytes_has(in->line.value, ' ') || bytes_has(in->line.value, '\t'))
		fail(in, "iss has a blank in it");
	in->issuer->iss = keep(in, in->line.value);
}

static void
set_keys(struct parser *in)
{
	size_t i;

	parse_words(in, &in->issuer->keys);
	for (i = 0; i < in->issuer->keys.count; i++) {
		if (in->issuer->keys.item[i][0] != '/')
			fail(in, "%s is not an absolute path",
			    in->issuer->keys.item[i]);
	}
}

static void
set_algorithms(struct parser *in)
{
	struct bytes rest = in->line.value;
	struct bytes word;
	alg_set all = 0;

	while ((word = conf_word(&rest)).len > 0) {
		alg_set set = alg_by_name(word);

		if (set == 0)
			fail(in, "%.*s is not an algorithm that is supported",
			    SHOW(word));
		all |= set;
	}
	if ((all & ALG_SYMMETRIC) != 0 && (all & ~ALG_SYMMETRIC) != 0)
		fail(in, "HMAC beside other algorithms: one issuer block for "
		    "each, so that a public key is never taken for a secret");
	in->issuer->algorithms = all;
	in->issuer->algorithms_given = true;
}

/* A word with %{…} replaced; NULL after an error. */
static const char *
expand_host(struct parser *in, struct bytes word)
{
	char text[EXPAND_SIZE];
	const char *fault = expand_audience(word, in->host, text);

	if (fault != NULL) {
		fail(in, "%.*s: %s", SHOW(word), fault);
		return NULL;
	}
	return keep(in, bytes_str(text));
}

static void
set_audience(struct parser *in)
{
	struct bytes rest = in->line.value;
	struct bytes word;

	while ((word = conf_word(&rest)).len > 0)
		add_word(in, &in->issuer->audience, expand_host(in, word));
}

static void
set_types(struct parser *in)
{
	size_t i;

	parse_words(in, &in->issuer->types);
	for (i = 0; i < in->issuer->types.count; i++) {
		if (media_type_never_logs_in(bytes_str(
		    in->issuer->types.item[i])))
			fail(in, "tokens of type %s are made for another "
			    "purpose and never log in",
			    in->issuer->types.item[i]);
	}
}

static void
set_leeway(struct parser *in)
{
	parse_duration(in, LEEWAY_MAX_SEC, &in->issuer->leeway_sec);
}

static void
set_max_age(struct parser *in)
{
	parse_limit(in, &in->issuer->max_age_sec);
}

static void
set_max_lifetime(struct parser *in)
{
	parse_limit(in, &in->issuer->max_lifetime_sec);
}

static void
set_revocation(struct parser *in)
{
	if (bytes_eq_str(in->line.value, "require"))
		fail(in, "revocation = require is not built yet: this version "
		    "keeps no state; write revocation = off");
	else if (!bytes_eq_str(in->line.value, "off"))
		fail(in, "revocation is require or off");
}

static void
set_issuers(struct parser *in)
{
	parse_words(in, &in->service->issuers);
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
		out_of_memory(in);
		return;
	}
	list->rule = more;
	list->rule[list->count++] = rule;
}

static void
set_permit(struct parser *in)
{
	add_rule(in, true);
}

static void
set_deny(struct parser *in)
{
	add_rule(in, false);
}

static void
set_single_use(struct parser *in)
{
	if (bytes_eq_str(in->line.value, "yes"))
		fail(in, "single_use = yes is not built yet: this version "
		    "keeps no state");
	else if (!bytes_eq_str(in->line.value, "no"))
		fail(in, "single_use is yes or no");
}

static void
set_prompt(struct parser *in)
{
	if (in->line.value.len > POLICY_PROMPT_MAX)
		fail(in, "a prompt of more than %d bytes", POLICY_PROMPT_MAX);
	in->service->prompt = keep(in, in->line.value);
}

static void
set_help(struct parser *in)
{
	if (in->line.value.len > POLICY_PROMPT_MAX)
		fail(in, "a help text of more than %d bytes",
		    POLICY_PROMPT_MAX);
	in->service->help = keep(in, in->line.value);
}

/* Whose it is, is settled at the login: see host/token_file.h. */
static void
set_token_file(struct parser *in)
{
	char text[EXPAND_SIZE];
	const char *fault = expand_token_file(in->line.value, "u", "0", text);

	if (fault != NULL)
		fail(in, "%.*s: %s", SHOW(in->line.value), fault);
	else if (text[0] != '/')
		fail(in, "token_file is an absolute path");
	in->service->token_file = keep(in, in->line.value);
	in->service->token_file_line = in->line.line;
}

static void
set_session_limit(struct parser *in)
{
	unsigned ignored;

	if (bytes_eq_str(in->line.value, "none"))
		return;
	if (bytes_eq_str(in->line.value, "token") ||
	    conf_duration(in->line.value, &ignored))
		fail(in, "session_limit is not built yet: only none");
	else
		fail(in, "session_limit is none, token or a duration");
}

static void
set_directory(struct parser *in)
{
	fail(in, "the state store is not built yet: leave [state] out");
}

/* Every key there is; the manual and pam_jwt.conf follow this order. */
static const struct {
	unsigned section;
	const char *name;
	bool repeats;
	void (*set)(struct parser *in);
} settings[] = {
	{ IN_ISSUER, "iss", false, set_iss },
	{ IN_ISSUER, "keys", false, set_keys },
	{ IN_ISSUER, "algorithms", false, set_algorithms },
	{ IN_ISSUER, "audience", false, set_audience },
	{ IN_ISSUER, "types", false, set_types },
	{ IN_ISSUER, "leeway", false, set_leeway },
	{ IN_ISSUER, "max_age", false, set_max_age },
	{ IN_ISSUER, "max_lifetime", false, set_max_lifetime },
	{ IN_ISSUER, "revocation", false, set_revocation },
	{ IN_SERVICE, "issuers", false, set_issuers },
	{ IN_SERVICE, "deny", true, set_deny },
	{ IN_SERVICE, "permit", true, set_permit },
	{ IN_SERVICE, "single_use", false, set_single_use },
	{ IN_SERVICE, "prompt", false, set_prompt },
	{ IN_SERVICE, "help", false, set_help },
	{ IN_SERVICE, "session_limit", false, set_session_limit },
	{ IN_SERVICE, "token_file", false, set_token_file },
	{ IN_STATE, "directory", false, set_directory },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))

static void
parse_setting(struct parser *in)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (settings[i].section == in->section &&
		    bytes_eq_str(in->line.name, settings[i].name))
			break;
	}
	if (i == SETTINGS_LEN) {
		fail(in, "%.*s is not a key of this section",
		    SHOW(in->line.name));
		return;
	}
	if ((in->seen & 1U << i) != 0 && !settings[i].repeats) {
		fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= 1U << i;
	settings[i].set(in);
}

static bool
is_section_word(struct bytes word)
{
	size_t i;

	for (i = 0; i < word.len; i++) {
		uint8_t c = word.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && strchr("_.-@+", c) == NULL)
			return false;
	}
	return word.len > 0;
}

static void
open_issuer(struct parser *in, struct bytes names)
{
	struct policy *policy = in->policy;
	struct issuer *more;
	struct bytes name = conf_word(&names);
	size_t i;

	if (!is_section_word(name) || bytes_trim(names).len != 0) {
		fail(in, "[issuer NAME] takes one name of letters, digits "
		    "and _ . - @ +");
		return;
	}
	for (i = 0; i < policy->issuer_count; i++) {
		if (bytes_eq_str(name, policy->issuers[i].name))
			fail(in, "a second [issuer %.*s]", SHOW(name));
	}
	more = arena_grow(&policy->arena, policy->issuers,
	    policy->issuer_count, sizeof(*more));
	if (more == NULL) {
		out_of_memory(in);
		return;
	}
	policy->issuers = more;
	in->issuer = &policy->issuers[policy->issuer_count++];
	*in->issuer = (struct issuer){
		.name = keep(in, name), .line = in->line.line,
		.leeway_sec = LEEWAY_DEFAULT_SEC,
		.max_lifetime_sec = LIFETIME_DEFAULT_SEC
	};
	in->section = IN_ISSUER;
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

/* libpam lowers the names of services: one with a capital never matches. */
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
		if (!is_section_word(name) && !bytes_eq_str(name, "*"))
			fail(in, "%.*s is not a PAM service name", SHOW(name));
		else if (has_capital(name))
			fail(in, "%.*s: PAM service names are in lower case",
			    SHOW(name));
		else if (service_is_taken(in->policy, name))
			fail(in, "a second section for the service %.*s",
			    SHOW(name));
		else
			add_word(in, words, keep(in, name));
	}
	if (words->count > 1 && policy_words_have(words, bytes_str("*")))
		fail(in, "[service *] stands alone: it is for all services "
		    "that have no section");
}

static void
open_service(struct parser *in, struct bytes names)
{
	struct policy *policy = in->policy;
	struct service *more;

	if (bytes_trim(names).len == 0) {
		fail(in, "[service NAME...] takes at least one PAM service "
		    "name, or *");
		return;
	}
	more = arena_grow(&policy->arena, policy->services,
	    policy->service_count, sizeof(*more));
	if (more == NULL) {
		out_of_memory(in);
		return;
	}
	policy->services = more;
	in->service = &policy->services[policy->service_count++];
	*in->service = (struct service){
		.line = in->line.line, .prompt = POLICY_PROMPT_DEFAULT
	};
	add_service_names(in, names);
	in->section = IN_SERVICE;
}

static void
parse_section(struct parser *in)
{
	struct bytes rest = in->line.name;
	struct bytes kind = conf_word(&rest);

	in->section = 0;
	in->seen = 0;
	if (bytes_eq_str(kind, "issuer"))
		open_issuer(in, rest);
	else if (bytes_eq_str(kind, "service"))
		open_service(in, rest);
	else if (bytes_eq_str(kind, "state") && bytes_trim(rest).len == 0)
		in->section = IN_STATE;
	else
		fail(in, "[%.*s] is not a section: [issuer NAME], "
		    "[service NAME...], [state]", SHOW(in->line.name));
	if (in->section == IN_STATE)
		set_directory(in);
}

static void
parse_lines(struct parser *in)
{
	enum conf_event event;
	bool skipping = false;

	while ((event = conf_next(&in->reader, &in->line)) != CONF_END) {
		if (event == CONF_ERROR) {
			in->failed = true;
		} else if (event == CONF_SECTION) {
			parse_section(in);
			/* One error for a section, not one for each line. */
			skipping = in->section == 0 || in->section == IN_STATE;
		} else if (in->section != 0 && !skipping) {
			parse_setting(in);
		} else if (!skipping) {
			fail(in, "a setting before the first [section]");
		}
	}
}

static void
check_issuer(struct parser *in, const struct issuer *issuer)
{
	const struct policy *policy = in->policy;
	const struct issuer *other;

	in->line.line = issuer->line;
	if (issuer->iss == NULL)
		fail(in, "[issuer %s] has no iss", issuer->name);
	if (issuer->keys.count == 0)
		fail(in, "[issuer %s] has no keys", issuer->name);
	if (issuer->audience.count == 0)
		fail(in, "[issuer %s] has no audience: without one a token for "
		    "any other host would log in here", issuer->name);
	for (other = policy->issuers; other < issuer; other++) {
		if (issuer->iss != NULL && other->iss != NULL &&
		    bytes_eq_str(bytes_str(issuer->iss), other->iss))
			fail(in, "[issuer %s] has the iss of [issuer %s]",
			    issuer->name, other->name);
	}
}

/*
 * Programs that let in whoever comes from the network or stands before the
 * screen: a file on the host would let in anybody who types its owner's name.
 */
static bool
lets_strangers_in(struct bytes service)
{
	static const char *const names[] = {
		"*", "sshd", "ssh", "login", "remote", "rlogin", "greetd", "xdm",
		"kdm", "kde", "lxdm", "slim", "wdm", "nodm", "ly", "cockpit",
		"vsftpd", "dovecot", "postgresql", "xrdp-sesman", "other"
	};
	static const char *const families[] = { "gdm", "lightdm", "sddm" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_eq_str(service, names[i]))
			return true;
	}
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (bytes_starts(service, bytes_str(families[i])))
			return true;
	}
	return false;
}

static void
check_token_file(struct parser *in, const struct service *service)
{
	size_t i;

	in->line.line = service->token_file_line;
	for (i = 0; i < service->names.count; i++) {
		if (lets_strangers_in(bytes_str(service->names.item[i])))
			fail(in, "token_file is for sudo, su and screen lockers "
			    "named one by one: in [service %s] anybody who "
			    "knows a name would come in by its owner's file",
			    service->names.item[i]);
	}
}

static void
check_service(struct parser *in, const struct service *service)
{
	const struct policy *policy = in->policy;
	size_t i, k;

	if (service->token_file != NULL)
		check_token_file(in, service);
	in->line.line = service->line;
	for (i = 0; i < service->issuers.count; i++) {
		for (k = 0; k < policy->issuer_count; k++) {
			if (bytes_eq_str(bytes_str(service->issuers.item[i]),
			    policy->issuers[k].name))
				break;
		}
		if (k == policy->issuer_count)
			fail(in, "there is no [issuer %s]",
			    service->issuers.item[i]);
	}
}

/* Programs that know themselves under two names: a laxer one is a hole. */
static void
warn_of_siblings(const struct parser *in)
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

static void
check_whole(struct parser *in)
{
	const struct policy *policy = in->policy;
	size_t i;

	in->line = (struct conf_line){ 0 };
	if (policy->issuer_count == 0 && !in->failed)
		fail(in, "no [issuer NAME]: nobody can log in");
	for (i = 0; i < policy->issuer_count; i++)
		check_issuer(in, &policy->issuers[i]);
	for (i = 0; i < policy->service_count; i++)
		check_service(in, &policy->services[i]);
	warn_of_siblings(in);
}

enum jwt_reason
policy_parse(struct bytes text, const char *file,
    const struct policy_host *host, struct diag *diag, struct policy *out)
{
	struct parser in = {
		.reader = { .text = text, .file = file, .diag = diag },
		.policy = out, .host = host, .diag = diag
	};

	*out = (struct policy){ 0 };
	in.reader.arena = &out->arena;
	out->file = arena_copy(&out->arena, bytes_str(file));
	if (out->file == NULL)
		return JWT_OUT_OF_MEMORY;
	parse_lines(&in);
	check_whole(&in);
	if (diag->reason == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	return in.failed || diag->reason != JWT_OK ? JWT_CONFIG_INVALID :
	    JWT_OK;
}
