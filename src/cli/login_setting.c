/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings of a section of login.conf, each with its checks.  Nothing that
 * somebody writes is ever ignored.
 */
#include <stdarg.h>
#include <stdio.h>

#include "cli/hosts.h"
#include "cli/login_setting.h"
#include "cli/login_value.h"
#include "core/base/nearest.h"
#include "core/base/number.h"
#include "core/base/url.h"

#define PORT_MAX 65535

/* ---- errors and copies ---------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void
add_fault(struct login_parser *in, const char *format, va_list args)
{
	struct diag_place place = {
		.file = in->reader.file, .line = in->line.line
	};
	char text[512];

	vsnprintf(text, sizeof(text), format, args);
	diag_add(in->reader.diag, place, JWT_CONFIG_INVALID, "%s", text);
}

void
login_setting_fail(struct login_parser *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_fault(in, format, args);
	va_end(args);
}

__attribute__((format(printf, 2, 3))) static void
fail(struct login_parser *in, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_fault(in, format, args);
	va_end(args);
}

void
login_setting_no_memory(struct login_parser *in)
{
	diag_add(in->reader.diag, (struct diag_place){
	    .file = in->reader.file }, JWT_OUT_OF_MEMORY, "memory ran out");
}

const char *
login_setting_keep(struct login_parser *in, struct bytes text)
{
	const char *copy = arena_copy(in->arena, text);

	if (copy == NULL)
		login_setting_no_memory(in);
	return copy;
}

/* ---- kinds of values ------------------------------------------------------ */

static void
set_path(struct login_parser *in, const char **out)
{
	if (in->line.value.ptr[0] != '/')
		fail(in, "%.*s is not an absolute path",
		    BYTES_SHOW(in->line.value));
	*out = login_setting_keep(in, in->line.value);
}

/* One of the words; its number is the value. */
static unsigned
choose(struct login_parser *in, const char *const words[3])
{
	unsigned i;

	for (i = 0; i < 3 && words[i] != NULL; i++) {
		if (bytes_eq_str(in->line.value, words[i]))
			return i;
	}
	fail(in, "%.*s is %s%s%s%s%s", BYTES_SHOW(in->line.name), words[0],
	    words[2] == NULL ? " or " : ", ", words[1],
	    words[2] == NULL ? "" : " or ", words[2] == NULL ? "" : words[2]);
	return 0;
}

/* ---- the settings --------------------------------------------------------- */

/* An address that tokens may be sent to. */
static void
check_address(struct login_parser *in)
{
	const char *fault;
	enum url_kind kind = url_kind(in->line.value, &fault);

	if (kind == URL_REFUSED)
		fail(in, "%.*s is not an address of a provider: %s",
		    BYTES_SHOW(in->line.name), fault);
	else if (kind == URL_HTTP)
		fail(in, "%.*s must start with https://: http is only for a "
		    "provider at 127.0.0.1 or [::1]",
		    BYTES_SHOW(in->line.name));
}

static void
set_iss(struct login_parser *in)
{
	check_address(in);
	if (url_has_query(in->line.value))
		fail(in, "iss has a query, which no issuer has");
	in->section->iss = login_setting_keep(in, in->line.value);
}

static void
set_client(struct login_parser *in)
{
	if (!login_value_is_visible(in->line.value, true))
		fail(in, "client has a character outside ASCII");
	in->section->client = login_setting_keep(in, in->line.value);
}

static void
set_client_secret_file(struct login_parser *in)
{
	set_path(in, &in->section->client_secret_file);
}

/* The request separates the words by exactly one space. */
static void
set_scope(struct login_parser *in)
{
	struct bytes rest = in->line.value, word;
	char *scope = arena_alloc(in->arena, rest.len + 1);
	size_t len = 0;

	if (scope == NULL) {
		login_setting_no_memory(in);
		return;
	}
	while ((word = conf_word(&rest)).len > 0) {
		if (!login_value_is_scope(word))
			fail(in, "%.*s is not a scope", BYTES_SHOW(word));
		if (len > 0)
			scope[len++] = ' ';
		memcpy(scope + len, word.ptr, word.len);
		len += word.len;
	}
	in->section->scope = scope;
}

static void
set_resource(struct login_parser *in)
{
	const char *resource = login_setting_keep(in, in->line.value);
	const char *example, *fault;

	in->section->resource = resource;
	if (resource == NULL)
		return;
	fault = login_conf_expand(resource, "host", in->arena, &example);
	if (fault != NULL)
		fail(in, "resource: %s", fault);
	else if (!login_value_is_uri(bytes_str(example)))
		fail(in, "resource must be an absolute URI without #, as "
		    "ssh://%%{host} is (RFC 8707)");
}

static void
set_audience(struct login_parser *in)
{
	if (!login_value_is_visible(in->line.value, false))
		fail(in, "audience must be one word of ASCII");
	else if (bytes_has(in->line.value, '%'))
		fail(in, "audience is sent as it is: %%{host} is only for "
		    "resource");
	in->section->audience = login_setting_keep(in, in->line.value);
}

static void
set_use(struct login_parser *in)
{
	static const char *const words[3] = { "access_token", "id_token" };

	in->section->use = (enum login_use)choose(in, words);
}

static bool
has_pattern(const struct login_section *section, struct bytes word)
{
	size_t i;

	for (i = 0; i < section->hosts_len; i++) {
		if (bytes_eq_str(word, section->hosts[i]))
			return true;
	}
	return false;
}

static void
add_pattern(struct login_parser *in, struct bytes word)
{
	struct login_section *section = in->section;
	const char *fault = hosts_fault(word);
	const char **more = arena_grow(in->arena, section->hosts,
	    section->hosts_len, sizeof(*more));
	const char *pattern = login_setting_keep(in, word);

	if (more == NULL || pattern == NULL) {
		login_setting_no_memory(in);
		return;
	}
	if (fault != NULL)
		fail(in, "%.*s: %s", BYTES_SHOW(word), fault);
	if (has_pattern(section, word))
		fail(in, "%.*s is there twice", BYTES_SHOW(word));
	more[section->hosts_len++] = pattern;
	section->hosts = more;
}

static void
set_hosts(struct login_parser *in)
{
	struct bytes rest = in->line.value, word;
	bool has_positive = false;

	while ((word = conf_word(&rest)).len > 0) {
		has_positive |= word.ptr[0] != '!';
		add_pattern(in, word);
	}
	if (!has_positive)
		fail(in, "hosts has negated patterns only, so no host gets a "
		    "token: put a * in front of them");
}

static void
set_flow(struct login_parser *in)
{
	static const char *const words[3] = { "auto", "device", "browser" };

	in->section->flow = (enum login_flow)choose(in, words);
}

static void
set_ports(struct login_parser *in)
{
	struct login_section *section = in->section;
	struct bytes rest = in->line.value, word;
	int64_t port;

	while ((word = conf_word(&rest)).len > 0) {
		if (!number_digits(word, PORT_MAX, &port) || port == 0) {
			fail(in, "%.*s is not a port: 1 to 65535",
			    BYTES_SHOW(word));
		} else if (section->ports_len == LOGIN_PORTS_MAX) {
			fail(in, "more than %d ports", LOGIN_PORTS_MAX);
			return;
		} else {
			section->ports[section->ports_len++] = (unsigned)port;
		}
	}
}

/* It becomes a part of the redirect_uri, so it must need no escape. */
static void
set_redirect_path(struct login_parser *in)
{
	char url[URL_MAX + 1];
	const char *fault = "it must start with a slash";
	struct bytes path = in->line.value;
	int len = snprintf(url, sizeof(url), "http://127.0.0.1%.*s",
	    (int)(path.len < URL_MAX ? path.len : URL_MAX),
	    (const char *)path.ptr);

	if (path.ptr[0] == '/')
		(void)url_kind(bytes_of(url, (size_t)len), &fault);
	if (fault == NULL && bytes_has(path, '?'))
		fault = "it has a query";
	if (fault != NULL)
		fail(in, "redirect_path: %s", fault);
	in->section->redirect_path = login_setting_keep(in, path);
}

static void
set_max_age(struct login_parser *in)
{
	unsigned seconds;

	if (!conf_duration(in->line.value, &seconds))
		fail(in, "%.*s is not a duration: a number with its unit, "
		    "90s 15m 12h 7d", BYTES_SHOW(in->line.value));
	else
		in->section->max_age = seconds;
}

static void
set_store(struct login_parser *in)
{
	static const char *const words[3] = { "runtime", "home" };

	in->section->store = (enum login_store)choose(in, words);
}

static void
set_dpop(struct login_parser *in)
{
	if (!bytes_eq_str(in->line.value, "ssh-agent") &&
	    !login_value_is_fingerprint(in->line.value))
		fail(in, "dpop must be ssh-agent, or the fingerprint of a key "
		    "as ssh-keygen -l prints it: SHA256:...");
	in->section->dpop = login_setting_keep(in, in->line.value);
}

static void
set_ca_file(struct login_parser *in)
{
	set_path(in, &in->section->ca_file);
}

static void
set_issuer(struct login_parser *in)
{
	if (!login_value_is_destination(in->line.value))
		fail(in, "issuer must be a user and a host for ssh: "
		    "tokens@HOST or ssh://tokens@HOST:PORT");
	in->section->issuer = login_setting_keep(in, in->line.value);
}

static void
set_token_endpoint(struct login_parser *in)
{
	check_address(in);
	in->section->token_endpoint = login_setting_keep(in, in->line.value);
}

static bool
choose_yes(struct login_parser *in)
{
	static const char *const words[3] = { "no", "yes" };

	return choose(in, words) == 1;
}

static void
set_compact(struct login_parser *in)
{
	in->section->compact = choose_yes(in);
}

static void
set_bearer(struct login_parser *in)
{
	in->section->bearer = choose_yes(in);
}

/* All settings; the manual has them in this order. */
static const struct {
	const char *name;
	void (*set)(struct login_parser *in);
} settings[] = {
	{ "iss", set_iss },
	{ "client", set_client },
	{ "client_secret_file", set_client_secret_file },
	{ "scope", set_scope },
	{ "resource", set_resource },
	{ "audience", set_audience },
	{ "use", set_use },
	{ "hosts", set_hosts },
	{ "flow", set_flow },
	{ "ports", set_ports },
	{ "redirect_path", set_redirect_path },
	{ "max_age", set_max_age },
	{ "store", set_store },
	{ "dpop", set_dpop },
	{ "ca_file", set_ca_file },
	{ "issuer", set_issuer },
	{ "token_endpoint", set_token_endpoint },
	{ "compact", set_compact },
	{ "bearer", set_bearer },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_LEN <= 64, "struct login_parser has a bit for each");

bool
login_setting_is_given(const struct login_parser *in, const char *name)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (strcmp(settings[i].name, name) == 0)
			return (in->seen >> i & 1) != 0;
	}
	return false;
}

static void
fail_unknown(struct login_parser *in)
{
	struct nearest nearest = nearest_begin(in->line.name);
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++)
		nearest_try(&nearest, settings[i].name);
	fail(in, "%.*s is not a setting of this section%s",
	    BYTES_SHOW(in->line.name), nearest_text(&nearest));
}

void
login_setting_take(struct login_parser *in)
{
	size_t i = 0;

	while (i < SETTINGS_LEN && !bytes_eq_str(in->line.name,
	    settings[i].name))
		i++;
	if (i == SETTINGS_LEN) {
		fail_unknown(in);
		return;
	}
	if ((in->seen >> i & 1) != 0) {
		fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= UINT64_C(1) << i;
	settings[i].set(in);
}
