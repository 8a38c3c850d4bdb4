/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads issuer.conf: its sections, and whether their settings fit together. */
#include "core/base/nearest.h"
#include "issuerd/issuer_setting.h"

/* ---- sections ----------------------------------------------------------- */

static void
open_issuer(struct issuer_parser *in)
{
	struct issuer_conf *conf = in->conf;

	if (conf->line != 0)
		parser_fail(&in->base, "a second [issuer]");
	conf->line = in->base.line.line;
	in->section = ISSUER_ISSUER;
}

static bool
is_taken(const struct issuer_conf *conf, struct bytes name)
{
	size_t i;

	for (i = 0; i < conf->grant_count; i++) {
		if (bytes_eq_str(name, conf->grants[i].name))
			return true;
	}
	return false;
}

static void
add_grant(struct issuer_parser *in, struct bytes name)
{
	struct issuer_conf *conf = in->conf;
	const char *copy = parser_keep(&in->base, name);
	struct issuer_grant *more = arena_grow(&conf->fleet.arena,
	    conf->grants, conf->grant_count, sizeof(*more));

	if (more == NULL || copy == NULL) {
		parser_no_memory(&in->base);
		return;
	}
	conf->grants = more;
	in->grant = &more[conf->grant_count++];
	*in->grant = (struct issuer_grant){
		.name = copy, .line = in->base.line.line
	};
	in->section = ISSUER_GRANT;
}

static void
open_grant(struct issuer_parser *in, struct bytes rest)
{
	struct bytes name = conf_word(&rest);

	if (!parser_is_name(name) || bytes_trim(rest).len != 0)
		parser_fail(&in->base, "[grant NAME] takes one name of "
		    "letters, digits and _ . - @ +");
	else if (is_taken(in->conf, name))
		parser_fail(&in->base, "a second [grant %.*s]",
		    BYTES_SHOW(name));
	else
		add_grant(in, name);
}

static void
fail_section(struct issuer_parser *in, struct bytes kind)
{
	struct nearest nearest = nearest_begin(kind);

	nearest_try(&nearest, "issuer");
	nearest_try(&nearest, "grant");
	parser_fail(&in->base, "[%.*s] is not a section: [issuer], [grant "
	    "NAME]%s", BYTES_SHOW(in->base.line.name), nearest_text(&nearest));
}

static void
open_section(struct issuer_parser *in)
{
	struct bytes rest = in->base.line.name;
	struct bytes kind = conf_word(&rest);

	in->section = ISSUER_NONE;
	in->seen = 0;
	if (bytes_eq_str(kind, "issuer") && bytes_trim(rest).len == 0)
		open_issuer(in);
	else if (bytes_eq_str(kind, "grant"))
		open_grant(in, rest);
	else
		fail_section(in, kind);
}

static void
parse_lines(struct issuer_parser *in)
{
	struct parser *base = &in->base;
	enum conf_event event;
	bool before = true;	/* no section line was read yet */

	while ((event = conf_next(&base->reader, &base->line)) != CONF_END) {
		if (event == CONF_ERROR) {
			parser_mark_failed(base);
		} else if (event == CONF_SECTION) {
			open_section(in);
			before = false;
		} else if (before) {
			parser_fail(base, "a setting before the first "
			    "[section]");
		} else if (in->section != ISSUER_NONE) {
			/* A section that is wrong is one error, not many. */
			issuer_setting_take(in);
		}
	}
}

/* ---- the whole ---------------------------------------------------------- */

static void
check_lives(struct issuer_parser *in)
{
	const struct issuer_conf *conf = in->conf;

	if (conf->refresh_idle_sec > conf->refresh_ttl_sec)
		parser_fail(&in->base, "refresh_idle is longer than "
		    "refresh_ttl");
	if (conf->refresh_idle_sec <= conf->access_ttl_sec)
		parser_fail(&in->base, "refresh_idle is not longer than "
		    "access_ttl: a session would end before anybody needs a "
		    "new token");
}

static void
check_issuer(struct issuer_parser *in)
{
	const struct issuer_conf *conf = in->conf;

	in->base.line = (struct conf_line){ .line = conf->line };
	if (conf->line == 0) {
		parser_fail(&in->base, "no [issuer]");
		return;
	}
	if (conf->iss == NULL)
		parser_fail(&in->base, "[issuer] has no iss");
	if (conf->publish == NULL)
		parser_fail(&in->base, "[issuer] has no publish: no host could "
		    "fetch the keys");
	check_lives(in);
	/* Its message is about [issuer], as the Redis is set there. */
	in->conf->fleet.state.line = conf->line;
	policy_check_state(&in->base);
	in->conf->fleet.state.wanted = conf->fleet.state.redis != REDIS_NONE;
}

/*
 * A key is retired once no token that it signed can be valid, which is counted
 * from access_ttl; so no grant may give a longer life.
 */
static void
check_grant(struct issuer_parser *in, struct issuer_grant *grant)
{
	in->base.line = (struct conf_line){ .line = grant->line };
	if (grant->people.count == 0)
		parser_fail(&in->base, "[grant %s] has no people", grant->name);
	if (grant->audience.count == 0)
		parser_fail(&in->base, "[grant %s] has no audience",
		    grant->name);
	if (grant->ttl_sec > in->conf->access_ttl_sec)
		parser_fail(&in->base, "[grant %s] has a ttl that is longer "
		    "than access_ttl of [issuer]", grant->name);
	if (grant->ttl_sec == 0)
		grant->ttl_sec = in->conf->access_ttl_sec;
}

static void
check_whole(struct issuer_parser *in)
{
	struct issuer_conf *conf = in->conf;
	size_t i;

	check_issuer(in);
	for (i = 0; i < conf->grant_count; i++)
		check_grant(in, &conf->grants[i]);
	in->base.line = (struct conf_line){ .line = 0 };
	if (conf->grant_count == 0 && !in->base.failed)
		parser_fail(&in->base, "no [grant NAME]: nobody can get a "
		    "token");
}

enum jwt_reason
issuer_conf_parse(struct bytes text, const char *file, struct diag *diag,
    struct issuer_conf *out)
{
	struct issuer_parser in = {
		.base = {
			.reader = { .text = text, .file = file, .diag = diag,
			    .arena = &out->fleet.arena },
			.policy = &out->fleet, .diag = diag
		},
		.conf = out
	};

	*out = (struct issuer_conf){
		.alg = ALG_ES256,
		.access_ttl_sec = ACCESS_TTL_DEFAULT_SEC,
		.refresh_ttl_sec = REFRESH_TTL_DEFAULT_SEC,
		.refresh_idle_sec = REFRESH_IDLE_DEFAULT_SEC,
		.grace_sec = GRACE_DEFAULT_SEC,
		.caches_sec = CACHES_DEFAULT_SEC,
		.families_max = FAMILIES_DEFAULT,
		.directory = ISSUER_DIRECTORY_DEFAULT
	};
	parse_lines(&in);
	check_whole(&in);
	if (diag->reason == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (in.base.failed || diag->reason != JWT_OK)
		return JWT_CONFIG_INVALID;
	return JWT_OK;
}

void
issuer_conf_clear(struct issuer_conf *conf)
{
	policy_clear(&conf->fleet);
	*conf = (struct issuer_conf){ .line = 0 };
}
