/* SPDX-License-Identifier: BSD-2-Clause */
/* The two login.conf as one, and which section a host or a command means. */
#include <errno.h>
#include <stdio.h>

#include "cli/complain.h"
#include "cli/hosts.h"
#include "cli/login_conf.h"
#include "cli/report.h"
#include "cli/userfile.h"
#include "core/base/netaddr.h"
#include "core/policy/expand.h"

/* ---- reading --------------------------------------------------------------- */

/* Append the sections of one file; false, with a message, if it is unsafe. */
static bool
load_file(const char *path, struct diag *diag, struct login_conf *out)
{
	struct userfile file = { .written_sec = 0 };
	enum userfile_result result = USERFILE_MISSING;

	if (path != NULL)
		result = userfile_read(path, USERFILE_TRUSTED, &file);
	if (result == USERFILE_OK)
		login_conf_parse(secret_bytes(&file.text), path, diag, out);
	secret_clear(&file.text);
	return result != USERFILE_FAULT;
}

/* Drop the sections from `first` on that have the name of one before it. */
static void
drop_replaced(struct login_conf *conf, size_t first)
{
	size_t all = conf->count, i;

	conf->count = first;
	for (i = first; i < all; i++) {
		struct login_conf users = {
			.sections = conf->sections, .count = first
		};
		const char *name = conf->sections[i].name;

		if (login_conf_find(&users, bytes_str(name)) == NULL)
			conf->sections[conf->count++] = conf->sections[i];
	}
}

bool
login_conf_load(const struct places *places, struct login_conf *out)
{
	struct diag diag = { .reason = JWT_OK };
	bool users, systems, ok;
	size_t first;

	*out = (struct login_conf){ .count = 0 };
	users = load_file(places->login, &diag, out);
	first = out->count;
	systems = load_file(places->login_system, &diag, out);
	report_diag(&diag, stderr);
	ok = users && systems && diag.reason == JWT_OK;
	diag_clear(&diag);
	if (ok)
		drop_replaced(out, first);
	else
		out->count = 0;
	return ok;
}

void
login_conf_clear(struct login_conf *conf)
{
	arena_clear(&conf->arena);
	*conf = (struct login_conf){ .count = 0 };
}

/* ---- finding --------------------------------------------------------------- */

const char *
login_conf_issuer(const struct login_section *section)
{
	if (section->issuer != NULL)
		return section->issuer;
	return section->iss;
}

const struct login_section *
login_conf_find(const struct login_conf *conf, struct bytes name)
{
	size_t i;

	for (i = 0; i < conf->count; i++) {
		if (bytes_eq_str(name, conf->sections[i].name))
			return &conf->sections[i];
	}
	return NULL;
}

/* The names of all sections, in one message. */
static const struct login_section *
list_names(const struct login_conf *conf, const char *fault)
{
	size_t i;

	fprintf(stderr, "%s: %s:", program_invocation_short_name, fault);
	for (i = 0; i < conf->count; i++)
		fprintf(stderr, " %s", conf->sections[i].name);
	fputc('\n', stderr);
	return NULL;
}

const struct login_section *
login_conf_choose(const struct login_conf *conf, const char *name)
{
	const struct login_section *found;

	if (conf->count == 0) {
		complain("there is no login.conf that says where to log in: "
		    "see login.conf(5)");
		return NULL;
	}
	if (name == NULL && conf->count == 1)
		return &conf->sections[0];
	if (name == NULL)
		return list_names(conf, "name one of the logins");
	found = login_conf_find(conf, bytes_str(name));
	if (found == NULL)
		return list_names(conf, "there is no login of that name, "
		    "only");
	return found;
}

bool
login_conf_matches(const struct login_section *section, const char *host)
{
	return hosts_match(section->hosts, section->hosts_len, host);
}

const struct login_section *
login_conf_for_host(const struct login_conf *conf, const char *host)
{
	size_t i;

	for (i = 0; i < conf->count; i++) {
		if (login_conf_matches(&conf->sections[i], host))
			return &conf->sections[i];
	}
	return NULL;
}

bool
login_conf_needs_host(const struct login_section *section, const char *host)
{
	size_t i;

	if (section->resource == NULL || strchr(section->resource, '%') == NULL)
		return false;
	for (i = 0; i < section->hosts_len && i < LOGIN_HOSTS_MAX; i++) {
		if (hosts_is_name(section->hosts[i]) &&
		    hosts_match(&section->hosts[i], 1, host))
			return false;
	}
	return true;
}

/* ---- the resource of a host ------------------------------------------------ */

/*
 * Lowercase the host into out.  Only what is in a name or an address may get
 * into a resource: the host may come from a prompt, and the resource decides
 * what a token is good for.
 */
static bool
take_host(const char *host, char out[HOSTS_NAME_MAX + 1])
{
	size_t i;

	for (i = 0; host[i] != '\0'; i++) {
		char c = host[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (i == HOSTS_NAME_MAX || (!(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && strchr(".-_:", c) == NULL))
			return false;
		out[i] = c;
	}
	out[i] = '\0';
	return i > 0;
}

const char *
login_conf_expand(const char *resource, const char *host, struct arena *arena,
    const char **out)
{
	char name[HOSTS_NAME_MAX + 1] = "", bracketed[HOSTS_NAME_MAX + 3];
	char shortened[HOSTS_NAME_MAX + 1], text[EXPAND_SIZE];
	struct expand_name names[] = {
		{ "host", NULL }, { "host_short", NULL },
		{ NULL, "the names are %{host} and %{host_short}" }
	};
	struct netaddr address;
	const char *fault;
	bool is_address;

	/* One without the host is the same for all of them. */
	if (strstr(resource, "%{host") == NULL)
		host = NULL;
	if (host != NULL && !take_host(host, name))
		return "the host has a character that no name has, or is too "
		    "long";
	if (host != NULL)
		names[0].value = name;
	if (strchr(name, ':') != NULL) {
		snprintf(bracketed, sizeof(bracketed), "[%s]", name);
		names[0].value = bracketed;
	}
	/* An address has no short form: 10 would be any host of 10/8. */
	is_address = netaddr_parse(bytes_str(name), &address);
	if (is_address && strstr(resource, "%{host_short}") != NULL)
		return "an address has no %{host_short}";
	if (host != NULL && !is_address) {
		snprintf(shortened, sizeof(shortened), "%.*s",
		    (int)strcspn(name, "."), name);
		names[1].value = shortened;
	}
	fault = expand(bytes_str(resource), names, text);
	if (fault != NULL)
		return fault;
	*out = arena_copy(arena, bytes_str(text));
	return *out == NULL ? "memory ran out" : NULL;
}

bool
login_conf_resource(const struct login_section *section, const char *host,
    struct arena *arena, const char **out)
{
	const char *fault;

	*out = "";
	if (section->resource == NULL)
		return true;
	if (host == NULL && strstr(section->resource, "%{host") != NULL)
		return complain("each host of %s has a token of its own: say "
		    "which, with --host", section->name);
	fault = login_conf_expand(section->resource, host, arena, out);
	return fault == NULL || complain("the resource %s of %s: %s",
	    section->resource, section->name, fault);
}
