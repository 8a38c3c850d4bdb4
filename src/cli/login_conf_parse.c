/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the text of a login.conf: its sections, and what must be in each.
 * Every unknown, repeated or missing key is an error.
 */
#include "cli/hosts.h"
#include "cli/login_setting.h"
#include "cli/login_value.h"

#define NAME_HINT "letters, digits, - and _, at most 64"

/*
 * A host that can have no resource would get no token, and nobody would know
 * before the login: an address has no short name, and the zone of one (the % in
 * fe80::1%eth0) may not be in a URI.
 */
static void
check_hosts(struct login_parser *in)
{
	const struct login_section *section = in->section;
	const char *resource, *fault;
	size_t i;

	/* Then the resource itself is wrong, which is noted already. */
	if (login_conf_expand(section->resource, "host", in->arena,
	    &resource) != NULL)
		return;
	for (i = 0; i < section->hosts_len; i++) {
		if (!hosts_is_name(section->hosts[i]))
			continue;
		fault = login_conf_expand(section->resource,
		    section->hosts[i], in->arena, &resource);
		if (fault != NULL)
			login_setting_fail(in, "[login %s] can have no "
			    "resource for %s: %s", section->name,
			    section->hosts[i], fault);
	}
}

static void
check_resource(struct login_parser *in)
{
	const struct login_section *section = in->section;

	if (section->audience != NULL)
		login_setting_fail(in, "[login %s] has resource and audience: "
		    "a provider knows one of the two", section->name);
	if (section->use == LOGIN_ID_TOKEN)
		login_setting_fail(in, "[login %s] has resource and use = "
		    "id_token: an ID token is for the client and for no "
		    "resource", section->name);
}

static void
need(struct login_parser *in, const char *name)
{
	if (!login_setting_is_given(in, name))
		login_setting_fail(in, "[login %s] has no %s",
		    in->section->name, name);
}

/* Check a section for a provider. */
static void
close_provider(struct login_parser *in)
{
	static const char *const others[] = { "token_endpoint", "compact",
		"bearer" };
	size_t i;

	need(in, "iss");
	need(in, "client");
	if (in->section->resource != NULL)
		check_resource(in);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (login_setting_is_given(in, others[i]))
			login_setting_fail(in, "[login %s] has %s, which is "
			    "for issuer", in->section->name, others[i]);
	}
}

/* Check a section for an issuer over ssh, and set what is fixed for it. */
static void
close_ssh(struct login_parser *in)
{
	static const char *const others[] = { "iss", "client",
		"client_secret_file", "scope", "audience", "use", "flow",
		"ports", "redirect_path", "max_age", "dpop" };
	struct login_section *section = in->section;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (login_setting_is_given(in, others[i]))
			login_setting_fail(in, "[login %s] has issuer and %s, "
			    "which is for a provider", section->name,
			    others[i]);
	}
	if (section->ca_file != NULL && section->token_endpoint == NULL)
		login_setting_fail(in, "[login %s] has issuer and ca_file, "
		    "which is for token_endpoint: ssh knows the host by its "
		    "key", section->name);
	section->client = LOGIN_SSH_CLIENT;
	if (section->resource == NULL)
		section->resource = "ssh://%{host}";
}

/* Check that a section is complete, and that its settings go together. */
static void
close_section(struct login_parser *in)
{
	const struct login_section *section = in->section;

	if (section == NULL)
		return;
	in->line = (struct conf_line){ .line = section->line };
	if (login_setting_is_given(in, "issuer"))
		close_ssh(in);
	else
		close_provider(in);
	need(in, "hosts");
	if (section->resource != NULL)
		check_hosts(in);
	if (section->dpop != NULL && section->use == LOGIN_ID_TOKEN)
		login_setting_fail(in, "[login %s] has dpop and use = "
		    "id_token: no provider binds an ID token to a key",
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
add_section(struct login_parser *in, struct bytes name, struct login_conf *out)
{
	struct login_section *more = arena_grow(in->arena, out->sections,
	    out->count, sizeof(*more));
	const char *copy = login_setting_keep(in, name);
	const char *file = login_setting_keep(in, bytes_str(in->reader.file));

	if (more == NULL || copy == NULL || file == NULL) {
		login_setting_no_memory(in);
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
open_section(struct login_parser *in, size_t first, struct login_conf *out)
{
	struct bytes rest = in->line.name;
	struct bytes kind = conf_word(&rest);
	struct bytes name = conf_word(&rest);

	in->seen = 0;
	if (!bytes_eq_str(kind, "login") || bytes_trim(rest).len > 0)
		login_setting_fail(in, "[%.*s] is not a section: [login NAME]",
		    BYTES_SHOW(in->line.name));
	else if (!login_value_is_name(name))
		login_setting_fail(in, "[%.*s]: a name has " NAME_HINT,
		    BYTES_SHOW(in->line.name));
	else if (is_taken(out, first, name))
		login_setting_fail(in, "[login %.*s] is there twice",
		    BYTES_SHOW(name));
	else
		add_section(in, name, out);
}

void
login_conf_parse(struct bytes text, const char *file, struct diag *diag,
    struct login_conf *out)
{
	struct login_parser in = {
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
			login_setting_take(&in);
		} else if (event == CONF_SETTING && before) {
			login_setting_fail(&in, "a setting before the first "
			    "[login NAME]");
		}
	}
	close_section(&in);
}
