/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of an [issuer] with keys = sync, and their checks. */
#include "core/base/url.h"
#include "core/policy/parser.h"

/* The settings of the current issuer; remembers the line of the first one. */
static struct sync_settings *
settings_of(struct parser *in)
{
	struct sync_settings *sync = &in->issuer->sync;

	if (sync->line == 0)
		sync->line = in->line.line;
	return sync;
}

/*
 * Take the address that keys are fetched from: https, or http to a loopback
 * address.  Whoever can change the answer can sign tokens.
 */
static const char *
take_url(struct parser *in)
{
	const char *fault;
	enum url_kind kind = url_kind(in->line.value, &fault);

	if (kind == URL_HTTP)
		fault = "http:// is allowed only to a loopback address in "
		    "digits (127.0.0.1, [::1])";
	if (fault != NULL)
		parser_fail(in, "%.*s: %s", BYTES_SHOW(in->line.value), fault);
	return parser_keep(in, in->line.value);
}

void
policy_set_discovery(struct parser *in)
{
	settings_of(in)->discovery = take_url(in);
}

void
policy_set_jwks_uri(struct parser *in)
{
	settings_of(in)->jwks_uri = take_url(in);
}

/* Read a duration from min to max seconds. */
static void
take_range(struct parser *in, unsigned min, unsigned max, unsigned *out)
{
	unsigned value = min;

	parser_duration(in, max, &value);
	if (value < min)
		parser_fail(in, "%.*s is less than the %us that it must be",
		    BYTES_SHOW(in->line.value), min);
	*out = value;
}

void
policy_set_sync_every(struct parser *in)
{
	take_range(in, SYNC_EVERY_MIN_SEC, SYNC_EVERY_MAX_SEC,
	    &settings_of(in)->every_sec);
}

void
policy_set_keys_max_age(struct parser *in)
{
	take_range(in, KEYS_MAX_AGE_MIN_SEC, DURATION_MAX_SEC,
	    &settings_of(in)->keys_max_age_sec);
}

void
policy_set_keep_old(struct parser *in)
{
	parser_duration(in, DURATION_MAX_SEC, &settings_of(in)->keep_old_sec);
}

void
policy_set_sync_ca_file(struct parser *in)
{
	settings_of(in)->ca_file = parser_path(in);
}

void
policy_set_sync_client_cert(struct parser *in)
{
	settings_of(in)->client_cert = parser_path(in);
}

void
policy_set_sync_client_key(struct parser *in)
{
	settings_of(in)->client_key = parser_path(in);
}

/*
 * A proxy only passes TLS through, which ends at the provider.  So http:// to
 * the proxy shows nobody more than the name of the provider.
 */
void
policy_set_sync_proxy(struct parser *in)
{
	const char *fault;

	if (url_kind(in->line.value, &fault) == URL_REFUSED)
		parser_fail(in, "%.*s: %s", BYTES_SHOW(in->line.value), fault);
	settings_of(in)->proxy = parser_keep(in, in->line.value);
}

void
policy_set_sync_directory(struct parser *in)
{
	in->policy->state.sync_directory = parser_path(in);
}

/* Whether the name can be that of a file: not "..", not hidden, nothing odd. */
static bool
is_file_name(struct bytes name)
{
	return name.len <= SYNC_NAME_MAX && parser_is_name(name) &&
	    strchr("_.-@+", name.ptr[0]) == NULL && !bytes_has(name, '@') &&
	    !bytes_has(name, '+');
}

/* Without discovery and jwks_uri, the place of the keys follows from iss. */
static void
check_default_place(struct parser *in, const struct issuer *issuer)
{
	const char *fault;

	if (issuer->sync.discovery != NULL || issuer->sync.jwks_uri != NULL ||
	    issuer->iss == NULL)
		return;
	if (url_kind(bytes_str(issuer->iss), &fault) != URL_HTTPS ||
	    url_has_query(bytes_str(issuer->iss)))
		parser_fail(in, "[issuer %s]: iss is not an https URL that "
		    "leads to its keys: set discovery or jwks_uri",
		    issuer->name);
}

static void
check_wanted(struct parser *in, const struct issuer *issuer)
{
	const struct sync_settings *sync = &issuer->sync;

	if (!is_file_name(bytes_str(issuer->name)))
		parser_fail(in, "[issuer %s]: with keys = sync the name has "
		    "letters, digits and . _ - only, starts with a letter or "
		    "digit, and has at most %d bytes", issuer->name,
		    SYNC_NAME_MAX);
	if ((issuer->algorithms & ALG_SYMMETRIC) != 0)
		parser_fail(in, "[issuer %s]: a secret for HMAC is never "
		    "fetched: keys = sync needs other algorithms",
		    issuer->name);
	check_default_place(in, issuer);
	if (sync->keep_old_sec > issuer->max_lifetime_sec)
		parser_fail(in, "[issuer %s]: keep_old is longer than "
		    "max_lifetime, and no token is valid as long",
		    issuer->name);
}

void
policy_check_sync(struct parser *in, const struct issuer *issuer)
{
	const struct sync_settings *sync = &issuer->sync;

	if (sync->wanted)
		check_wanted(in, issuer);
	if (sync->line == 0)
		return;
	in->line.line = sync->line;
	if (!sync->wanted)
		parser_fail(in, "[issuer %s] has settings for fetching keys, "
		    "and no keys = sync", issuer->name);
	if (sync->discovery != NULL && sync->jwks_uri != NULL)
		parser_fail(in, "[issuer %s] has discovery and jwks_uri: one "
		    "of them says where the keys are", issuer->name);
	if ((sync->client_cert == NULL) != (sync->client_key == NULL))
		parser_fail(in, "[issuer %s]: sync_client_cert and "
		    "sync_client_key go together", issuer->name);
}
