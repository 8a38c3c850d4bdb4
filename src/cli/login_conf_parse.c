/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the text of a login.conf.  Every unknown, repeated or missing key is an
 * error: nothing that somebody writes is ever ignored.
 */
#include <stdarg.h>
#include <stdio.h>

#include "cli/hosts.h"
#include "cli/login_value.h"
#include "core/base/number.h"
#include "core/base/url.h"
#include "core/policy/conf.h"
#include "core/policy/expand.h"

#define PORT_MAX 65535
#define NAME_HINT "letters, digits, - and _, at most 64"

struct parser {
	struct conf_reader reader;
	struct conf_line line;
	struct arena *arena;
	struct login_section *section;	/* NULL: none, or a bad one */
	uint64_t seen;			/* bits of the settings in it */
};

/* ---- errors and copies ---------------------------------------------------- */

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
	diag_add(in->reader.diag, place, JWT_CONFIG_INVALID, "%s", text);
}

static void
no_memory(struct parser *in)
{
	diag_add(in->reader.diag, (struct diag_place){
	    .file = in->reader.file }, JWT_OUT_OF_MEMORY, "memory ran out");
}

static const char *
keep(struct parser *in, struct bytes text)
{
	const char *copy = arena_copy(in->arena, text);

	if (copy == NULL)
		no_memory(in);
	return copy;
}

/* ---- kinds of values ------------------------------------------------------ */

static void
set_path(struct parser *in, const char **out)
{
	if (in->line.value.ptr[0] != '/')
		fail(in, "%.*s is not an absolute path",
		    BYTES_SHOW(in->line.value));
	*out = keep(in, in->line.value);
}

/* One of the words; its number is the value. */
static unsigned
choose(struct parser *in, const char *const words[3])
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

static void
set_iss(struct parser *in)
{
	const char *fault;
	enum url_kind kind = url_kind(in->line.value, &fault);

	if (kind == URL_REFUSED)
		fail(in, "iss is no address of a provider: %s", fault);
	else if (kind == URL_HTTP)
		fail(in, "iss must start with https://: http is only for a "
		    "provider at 127.0.0.1 or [::1]");
	else if (url_has_query(in->line.value))
		fail(in, "iss has a query, which no issuer has");
	in->section->iss = keep(in, in->line.value);
}

static void
set_client(struct parser *in)
{
	if (!login_value_is_visible(in->line.value, true))
		fail(in, "client has a character outside ASCII");
	in->section->client = keep(in, in->line.value);
}

static void
set_client_secret_file(struct parser *in)
{
	set_path(in, &in->section->client_secret_file);
}

/* The request separates the words by exactly one space. */
static void
set_scope(struct parser *in)
{
	struct bytes rest = in->line.value, word;
	char *scope = arena_alloc(in->arena, rest.len + 1);
	size_t len = 0;

	if (scope == NULL) {
		no_memory(in);
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
set_resource(struct parser *in)
{
	const char *resource = keep(in, in->line.value);
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
set_audience(struct parser *in)
{
	if (!login_value_is_visible(in->line.value, false))
		fail(in, "audience is one word of ASCII");
	else if (bytes_has(in->line.value, '%'))
		fail(in, "audience is sent as it is: %%{host} is only for "
		    "resource");
	in->section->audience = keep(in, in->line.value);
}

static void
set_use(struct parser *in)
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
add_pattern(struct parser *in, struct bytes word)
{
	struct login_section *section = in->section;
	const char *fault = hosts_fault(word);
	const char **more = arena_grow(in->arena, section->hosts,
	    section->hosts_len, sizeof(*more));
	const char *pattern = keep(in, word);

	if (more == NULL || pattern == NULL) {
		no_memory(in);
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
set_hosts(struct parser *in)
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
set_flow(struct parser *in)
{
	static const char *const words[3] = { "auto", "device", "browser" };

	in->section->flow = (enum login_flow)choose(in, words);
}

static void
set_ports(struct parser *in)
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
set_redirect_path(struct parser *in)
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
	in->section->redirect_path = keep(in, path);
}

static void
set_max_age(struct parser *in)
{
	unsigned seconds;

	if (!conf_duration(in->line.value, &seconds))
		fail(in, "%.*s is not a duration: a number with its unit, "
		    "90s 15m 12h 7d", BYTES_SHOW(in->line.value));
	else
		in->section->max_age = seconds;
}

static void
set_store(struct parser *in)
{
	static const char *const words[3] = { "runtime", "home" };

	in->section->store = (enum login_store)choose(in, words);
}

static void
refuse_dpop(struct parser *in)
{
	fail(in, "dpop is not built yet: tokens that are bound to a key come "
	    "with a later version");
}

static void
set_ca_file(struct parser *in)
{
	set_path(in, &in->section->ca_file);
}

static void
refuse_issuer(struct parser *in)
{
	fail(in, "issuer is not built yet: tokens from an issuer over ssh come "
	    "with a later version");
}

/* All settings; the manual has them in this order. */
static const struct {
	const char *name;
	void (*set)(struct parser *in);
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
	{ "dpop", refuse_dpop },
	{ "ca_file", set_ca_file },
	{ "issuer", refuse_issuer },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_LEN <= 64, "struct parser has a bit for each");

static bool
was_set(const struct parser *in, const char *name)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (strcmp(settings[i].name, name) == 0)
			return (in->seen >> i & 1) != 0;
	}
	return false;
}

static void
take_setting(struct parser *in)
{
	size_t i = 0;

	while (i < SETTINGS_LEN && !bytes_eq_str(in->line.name,
	    settings[i].name))
		i++;
	if (i == SETTINGS_LEN) {
		fail(in, "%.*s is not a key of this section",
		    BYTES_SHOW(in->line.name));
		return;
	}
	if ((in->seen >> i & 1) != 0) {
		fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= UINT64_C(1) << i;
	settings[i].set(in);
}

/* ---- sections ------------------------------------------------------------- */

/* Check that a section is complete, and that its settings go together. */
static void
close_section(struct parser *in)
{
	static const char *const needed[] = { "iss", "client", "hosts" };
	const struct login_section *section = in->section;
	size_t i;

	if (section == NULL)
		return;
	in->line = (struct conf_line){ .line = section->line };
	/* It has another error already, and needs none of these. */
	for (i = 0; i < 3 && !was_set(in, "issuer"); i++) {
		if (!was_set(in, needed[i]))
			fail(in, "[login %s] has no %s", section->name,
			    needed[i]);
	}
	if (section->resource != NULL && section->audience != NULL)
		fail(in, "[login %s] has resource and audience: a provider "
		    "knows one of the two", section->name);
	if (section->resource != NULL && section->use == LOGIN_ID_TOKEN)
		fail(in, "[login %s] has resource and use = id_token: an ID "
		    "token is for the client and for no resource",
		    section->name);
	in->section = NULL;
}

static bool
is_taken(const struct login_conf *conf, size_t first, struct bytes name)
{
	for (; first < conf->count; first++) {
		if (bytes_eq_str(name, conf->sections[first].name))
			return true;
	}
	return false;
}

static void
add_section(struct parser *in, struct bytes name, struct login_conf *out)
{
	struct login_section *more = arena_grow(in->arena, out->sections,
	    out->count, sizeof(*more));
	const char *copy = keep(in, name);
	const char *file = keep(in, bytes_str(in->reader.file));

	if (more == NULL || copy == NULL || file == NULL) {
		no_memory(in);
		return;
	}
	out->sections = more;
	in->section = &more[out->count++];
	*in->section = (struct login_section){
		.name = copy, .scope = "openid offline_access",
		.redirect_path = "/callback", .max_age = -1, .file = file,
		.line = in->line.line
	};
}

static void
open_section(struct parser *in, size_t first, struct login_conf *out)
{
	struct bytes rest = in->line.name;
	struct bytes kind = conf_word(&rest);
	struct bytes name = conf_word(&rest);

	in->seen = 0;
	if (!bytes_eq_str(kind, "login") || bytes_trim(rest).len > 0)
		fail(in, "[%.*s] is not a section: [login NAME]",
		    BYTES_SHOW(in->line.name));
	else if (!login_value_is_name(name))
		fail(in, "[%.*s]: a name has " NAME_HINT,
		    BYTES_SHOW(in->line.name));
	else if (is_taken(out, first, name))
		fail(in, "[login %.*s] is there twice", BYTES_SHOW(name));
	else
		add_section(in, name, out);
}

void
login_conf_parse(struct bytes text, const char *file, struct diag *diag,
    struct login_conf *out)
{
	struct parser in = {
		.reader = { .text = text, .file = file, .diag = diag,
		    .arena = &out->arena },
		.arena = &out->arena
	};
	const size_t first = out->count;
	enum conf_event event;
	bool before = true;	/* no section line was read yet */

	while ((event = conf_next(&in.reader, &in.line)) != CONF_END) {
		if (event == CONF_SECTION) {
			struct conf_line line = in.line;

			close_section(&in);
			in.line = line;
			open_section(&in, first, out);
			before = false;
		} else if (event == CONF_SETTING && in.section != NULL) {
			take_setting(&in);
		} else if (event == CONF_SETTING && before) {
			fail(&in, "a setting before the first [login NAME]");
		}
	}
	close_section(&in);
}
