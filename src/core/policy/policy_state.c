/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of [state], and the needs of other sections for a store. */
#include "core/base/number.h"
#include "core/policy/parser.h"

void
policy_open_state(struct parser *in)
{
	struct state_settings *state = &in->policy->state;

	in->section = PARSER_STATE;
	if (state->line != 0)
		parser_fail(in, "a second [state]");
	*state = (struct state_settings){
		.wanted = true, .is_broken = state->line != 0,
		.line = in->line.line
	};
}

void
policy_set_directory(struct parser *in)
{
	in->policy->state.directory = parser_path(in);
}

/* Cut "[ADDRESS]" or "[ADDRESS]:PORT" in two; false: it is neither. */
static bool
split_address(struct bytes text, struct bytes *host, struct bytes *port)
{
	if (!bytes_has(text, ']'))
		return false;
	text = bytes_of(text.ptr + 1, text.len - 1);
	*host = bytes_cut(&text, ']');
	if (host->len == 0)
		return false;
	if (text.len == 0)
		return true;
	*port = bytes_of(text.ptr + 1, text.len - 1);
	return text.ptr[0] == ':' && port->len > 0;
}

/* Cut "HOST", "HOST:PORT" or "[ADDRESS]:PORT" in two; false: it is neither. */
static bool
split_host(struct bytes text, struct bytes *host, struct bytes *port)
{
	bool has_port = bytes_has(text, ':');

	*port = bytes_of(NULL, 0);
	if (bytes_starts(text, bytes_str("[")))
		return split_address(text, host, port);
	*host = bytes_cut(&text, ':');
	*port = text;
	return host->len > 0 && (port->len > 0 || !has_port);
}

static bool
is_host(struct bytes host)
{
	size_t i;

	for (i = 0; i < host.len; i++) {
		if (!parser_is_name(bytes_of(host.ptr + i, 1)) &&
		    host.ptr[i] != ':')
			return false;
	}
	return host.len > 0;
}

static bool
set_redis_server(struct parser *in, struct bytes rest)
{
	struct state_settings *state = &in->policy->state;
	struct bytes host, port;
	int64_t number = REDIS_PORT_DEFAULT;

	if (!split_host(rest, &host, &port) || !is_host(host)) {
		parser_fail(in, "%.*s: HOST or HOST:PORT goes after the //",
		    BYTES_SHOW(in->line.value));
		return false;
	}
	if (port.len > 0 && (!number_digits(port, 65535, &number) ||
	    number == 0)) {
		parser_fail(in, "%.*s is not a port", BYTES_SHOW(port));
		return false;
	}
	state->redis_port = (unsigned)number;
	state->redis_host = parser_keep(in, host);
	return state->redis_host != NULL;
}

static bool
set_redis_socket(struct parser *in, struct bytes path)
{
	struct state_settings *state = &in->policy->state;

	/* sun_path has 108 bytes with its terminator. */
	if (path.len == 0 || path.ptr[0] != '/' || path.len > 107) {
		parser_fail(in, "%.*s is not the absolute path of a socket",
		    BYTES_SHOW(path));
		return false;
	}
	state->redis_host = parser_keep(in, path);
	return state->redis_host != NULL;
}

static bool
set_redis_place(struct parser *in, enum redis_transport transport,
    struct bytes place)
{
	if (transport == REDIS_UNIX)
		return set_redis_socket(in, place);
	return set_redis_server(in, place);
}

void
policy_set_redis(struct parser *in)
{
	static const struct {
		const char *start;
		enum redis_transport transport;
	} forms[] = {
		{ "unix:", REDIS_UNIX },
		{ "redis://", REDIS_TCP },
		{ "rediss://", REDIS_TLS }
	};
	struct bytes value = in->line.value;
	size_t i, len;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		len = strlen(forms[i].start);
		if (bytes_starts(value, bytes_str(forms[i].start)))
			break;
	}
	if (i == sizeof(forms) / sizeof(forms[0])) {
		parser_fail(in, "redis is unix:/PATH, redis://HOST:PORT or "
		    "rediss://HOST:PORT");
		return;
	}
	value = bytes_of(value.ptr + len, value.len - len);
	if (!set_redis_place(in, forms[i].transport, value))
		return;
	/* The account phase asks whatever is set here, also after an error. */
	in->policy->state.redis = forms[i].transport;
}

void
policy_set_redis_user(struct parser *in)
{
	if (!parser_is_name(in->line.value))
		parser_fail(in, "%.*s is not the name of a Redis user",
		    BYTES_SHOW(in->line.value));
	in->policy->state.redis_user = parser_keep(in, in->line.value);
}

void
policy_set_redis_password_file(struct parser *in)
{
	in->policy->state.redis_password_file = parser_path(in);
}

void
policy_set_redis_ca_file(struct parser *in)
{
	in->policy->state.redis_ca_file = parser_path(in);
}

void
policy_set_redis_cert_file(struct parser *in)
{
	in->policy->state.redis_cert_file = parser_path(in);
}

void
policy_set_redis_key_file(struct parser *in)
{
	in->policy->state.redis_key_file = parser_path(in);
}

void
policy_set_redis_timeout(struct parser *in)
{
	unsigned *timeout = &in->policy->state.redis_timeout_sec;

	parser_duration(in, REDIS_TIMEOUT_MAX_SEC, timeout);
	if (*timeout == 0)
		parser_fail(in, "a timeout of 0 refuses everybody");
}

void
policy_set_redis_replicas(struct parser *in)
{
	int64_t number = 0;

	if (!number_digits(in->line.value, REDIS_REPLICAS_MAX, &number))
		parser_fail(in, "redis_replicas is a number from 0 to %d",
		    REDIS_REPLICAS_MAX);
	in->policy->state.redis_replicas = (unsigned)number;
}

void
policy_set_redis_lookups(struct parser *in)
{
	parser_choice(in, "pulled", "live", &in->policy->state.redis_pulled);
}

void
policy_set_session_enforcer(struct parser *in)
{
	parser_choice(in, "watch", "logind", &in->policy->state.watch);
}

void
policy_set_max_stale(struct parser *in)
{
	parser_limit(in, &in->policy->state.max_stale_sec);
}

/* Refuse settings for a Redis that is not configured, or not with TLS. */
static void
check_redis(struct parser *in, const struct state_settings *state)
{
	bool has_tls = state->redis == REDIS_TLS;
	bool has_files = state->redis_ca_file != NULL ||
	    state->redis_cert_file != NULL || state->redis_key_file != NULL;

	if (in->failed)
		return;
	if (state->redis == REDIS_NONE && (state->redis_user != NULL ||
	    state->redis_password_file != NULL || state->redis_pulled ||
	    state->redis_replicas > 0 || has_files ||
	    state->redis_timeout_sec > 0))
		parser_fail(in, "[state] has settings for Redis, and no redis");
	else if (state->max_stale_sec > 0 && !state->redis_pulled)
		parser_fail(in, "max_stale is for redis_lookups = pulled");
	else if (has_files && !has_tls)
		parser_fail(in, "redis_ca_file, redis_cert_file and "
		    "redis_key_file are for rediss://, which this redis is "
		    "not");
	if ((state->redis_cert_file == NULL) != (state->redis_key_file == NULL))
		parser_fail(in, "redis_cert_file and redis_key_file go "
		    "together");
	if (state->redis_user != NULL && state->redis_password_file == NULL)
		parser_fail(in, "redis_user needs a redis_password_file");
}

/*
 * A [state] section makes revocation = require the default of all issuers.  If
 * an issuer or a service needs a store, it gets the default one even without a
 * [state].
 */
void
policy_check_state(struct parser *in)
{
	struct policy *policy = in->policy;
	struct state_settings *state = &policy->state;
	size_t i;

	in->section = PARSER_STATE;
	in->line.line = state->line;
	check_redis(in, state);
	for (i = 0; i < policy->issuer_count; i++) {
		struct issuer *issuer = &policy->issuers[i];

		if (!issuer->revocation_given)
			issuer->revocation_required = state->line != 0;
		state->wanted |= issuer->revocation_required;
	}
	for (i = 0; i < policy->service_count; i++)
		state->wanted |= policy->services[i].single_use ||
		    policy->services[i].revoke_on_logout;
	if (state->sync_directory == NULL)
		state->sync_directory = SYNC_DIRECTORY_DEFAULT;
	if (state->directory == NULL)
		state->directory = STATE_DIRECTORY_DEFAULT;
	if (state->redis_timeout_sec == 0)
		state->redis_timeout_sec = REDIS_TIMEOUT_DEFAULT_SEC;
	if (state->max_stale_sec == 0)
		state->max_stale_sec = MAX_STALE_DEFAULT_SEC;
}
