/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings of issuer.conf, each with its checks.  Nothing that an
 * administrator writes is ever ignored.
 */
#include "core/base/nearest.h"
#include "core/base/number.h"
#include "core/base/url.h"
#include "core/policy/account.h"
#include "issuerd/grants.h"
#include "issuerd/issuer_setting.h"
#include "issuerd/people.h"

/* ---- kinds of values ---------------------------------------------------- */

/* An address that names us; http is for tests on one machine. */
static const char *
take_url(struct issuer_parser *in)
{
	struct bytes value = in->base.line.value;
	struct bytes name = in->base.line.name;
	const char *fault;
	enum url_kind kind = url_kind(value, &fault);

	if (kind == URL_REFUSED)
		parser_fail(&in->base, "%.*s: %s", BYTES_SHOW(name), fault);
	else if (kind == URL_HTTP)
		parser_fail(&in->base, "%.*s must start with https://: http is "
		    "only for 127.0.0.1 and [::1]", BYTES_SHOW(name));
	else if (url_has_query(value))
		parser_fail(&in->base, "%.*s has a query", BYTES_SHOW(name));
	return parser_keep(&in->base, value);
}

/* A duration above 0; after an error *out stays as it is. */
static void
take_limit(struct issuer_parser *in, unsigned max, unsigned *out)
{
	unsigned value = UINT32_MAX;

	parser_duration(&in->base, max, &value);
	if (value == 0)
		parser_fail(&in->base, "%.*s must be more than 0",
		    BYTES_SHOW(in->base.line.name));
	else if (value <= max)
		*out = value;
}

/* ---- [issuer] ----------------------------------------------------------- */

static void
set_iss(struct issuer_parser *in)
{
	in->conf->iss = take_url(in);
}

static void
set_algorithm(struct issuer_parser *in)
{
	static const alg_set takes = ALG_BIT(ALG_ED25519) |
	    ALG_BIT(ALG_ES256) | ALG_BIT(ALG_ES384) | ALG_BIT(ALG_PS256) |
	    ALG_BIT(ALG_RS256);
	struct bytes value = in->base.line.value;
	enum alg_id id;

	/* EdDSA is two algorithms, and so it is none of these. */
	if (!alg_single(alg_by_name(value), &id) ||
	    (takes & ALG_BIT(id)) == 0) {
		parser_fail(&in->base, "algorithm must be Ed25519, ES256, "
		    "ES384, PS256 or RS256");
		return;
	}
	in->conf->alg = id;
}

static void
set_access_ttl(struct issuer_parser *in)
{
	take_limit(in, ACCESS_TTL_MAX_SEC, &in->conf->access_ttl_sec);
}

static void
set_refresh_ttl(struct issuer_parser *in)
{
	take_limit(in, DURATION_MAX_SEC, &in->conf->refresh_ttl_sec);
}

static void
set_refresh_idle(struct issuer_parser *in)
{
	take_limit(in, DURATION_MAX_SEC, &in->conf->refresh_idle_sec);
}

static void
set_grace(struct issuer_parser *in)
{
	parser_duration(&in->base, GRACE_MAX_SEC, &in->conf->grace_sec);
}

static void
set_caches(struct issuer_parser *in)
{
	take_limit(in, DURATION_MAX_SEC, &in->conf->caches_sec);
}

static void
set_publish(struct issuer_parser *in)
{
	in->conf->publish = parser_path(&in->base);
}

static void
set_token_endpoint(struct issuer_parser *in)
{
	in->conf->token_endpoint = take_url(in);
}

static void
set_families_max(struct issuer_parser *in)
{
	int64_t number;

	if (!number_digits(in->base.line.value, FAMILIES_MAX, &number) ||
	    number == 0)
		parser_fail(&in->base, "families_max must be a number from 1 "
		    "to %d",
		    FAMILIES_MAX);
	else
		in->conf->families_max = (unsigned)number;
}

static void
set_directory(struct issuer_parser *in)
{
	in->conf->directory = parser_path(&in->base);
}

/* ---- [grant NAME] ------------------------------------------------------- */

static bool
is_person_or_group(struct bytes word)
{
	if (bytes_starts(word, bytes_str("%")))
		return account_name_is_exact(bytes_of(word.ptr + 1,
		    word.len - 1));
	return people_name_is_valid(word);
}

static void
set_people(struct issuer_parser *in)
{
	const struct words *people = &in->grant->people;
	size_t i;

	parser_words(&in->base, &in->grant->people);
	for (i = 0; i < people->count; i++) {
		if (!is_person_or_group(bytes_str(people->item[i])))
			parser_fail(&in->base, "%.80s is neither the name of a "
			    "person nor %%GROUP", people->item[i]);
	}
}

/* A star is a character of RFC 3986, so a pattern has the form of a URI. */
static void
set_audience(struct issuer_parser *in)
{
	const struct words *audience = &in->grant->audience;
	size_t i;

	parser_words(&in->base, &in->grant->audience);
	for (i = 0; i < audience->count; i++) {
		const char *fault = grants_uri_fault(
		    bytes_str(audience->item[i]));

		if (fault != NULL)
			parser_fail(&in->base, "%.80s: %s", audience->item[i],
			    fault);
	}
}

static void
set_claims(struct issuer_parser *in)
{
	struct words claims = { .count = 0 };
	size_t i;

	parser_words(&in->base, &claims);
	for (i = 0; i < claims.count; i++) {
		if (strcmp(claims.item[i], "groups") != 0)
			parser_fail(&in->base, "%.80s is not a claim that the "
			    "issuer computes; only groups is", claims.item[i]);
	}
	in->grant->has_groups = true;
}

/*
 * Claims that are ours to compute, or that would make a host take the token for
 * something else: RFC 7519 section 4.1, RFC 9068 section 2.2, RFC 7800, 8693,
 * OpenID Connect Core section 2 and its logout, RFC 8417, RFC 9449 section 4.2,
 * RFC 9701, the status list, and what calls itself a refresh token in claims.
 */
static bool
is_reserved(struct bytes name)
{
	static const char *const names[] = {
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id",
		"auth_time", "acr", "amr", "scope", "groups", "sid", "cnf",
		"act", "may_act", "azp", "nonce", "at_hash", "c_hash",
		"session_expiry", "sub_id", "events", "toe", "txn", "htm",
		"htu", "ath", "status", "status_list", "token_introspection",
		"typ", "token_use", "token_type"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_eq_str(name, names[i]))
			return true;
	}
	return false;
}

/* Printable ASCII: such a name looks alike wherever it is compared. */
static bool
is_claim_name(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] >= 0x7f ||
		    name.ptr[i] == '"' || name.ptr[i] == '\\')
			return false;
	}
	return name.len > 0 && name.len <= CLAIM_NAME_MAX;
}

/* The fault of a fixed claim, as a static phrase; NULL if it has none. */
static const char *
claim_fault(const struct issuer_grant *grant, struct bytes name,
    struct bytes value)
{
	size_t i;

	if (!is_claim_name(name))
		return "the name of a claim has at most 64 bytes of printable "
		    "ASCII without quotes";
	if (is_reserved(name))
		return "the issuer alone decides about that claim";
	if (value.len == 0)
		return "the form is: claim = NAME VALUE";
	if (value.len > CLAIM_VALUE_MAX)
		return "a value is longer than 256 bytes";
	for (i = 0; i < grant->fixed_count; i++) {
		if (bytes_eq_str(name, grant->fixed[i].name))
			return "this claim is set twice";
	}
	return NULL;
}

static void
add_fixed(struct issuer_parser *in, struct bytes name, struct bytes value)
{
	struct issuer_grant *grant = in->grant;
	struct issuer_fixed fixed = {
		.name = parser_keep(&in->base, name),
		.value = parser_keep(&in->base, value)
	};
	struct issuer_fixed *more = arena_grow(&in->conf->fleet.arena,
	    grant->fixed, grant->fixed_count, sizeof(*more));

	if (more == NULL || fixed.name == NULL || fixed.value == NULL) {
		parser_no_memory(&in->base);
		return;
	}
	grant->fixed = more;
	grant->fixed[grant->fixed_count++] = fixed;
}

static void
set_claim(struct issuer_parser *in)
{
	struct bytes rest = in->base.line.value, value;
	struct bytes name = conf_word(&rest);
	char *copy = arena_alloc(&in->conf->fleet.arena, rest.len + 1);
	const char *fault;

	if (copy == NULL) {
		parser_no_memory(&in->base);
		return;
	}
	fault = conf_quoted_word(&rest, copy, &value);
	if (fault == NULL && bytes_trim(rest).len > 0)
		fault = "a value with spaces needs quotes";
	if (fault == NULL)
		fault = claim_fault(in->grant, name, value);
	if (fault != NULL)
		parser_fail(&in->base, "claim %.*s: %s", BYTES_SHOW(name),
		    fault);
	else
		add_fixed(in, name, value);
}

static void
add_encrypt(struct issuer_parser *in, const struct words *words)
{
	struct issuer_grant *grant = in->grant;
	struct issuer_encrypt *more = arena_grow(&in->conf->fleet.arena,
	    grant->encrypt, grant->encrypt_count, sizeof(*more));

	if (more == NULL) {
		parser_no_memory(&in->base);
		return;
	}
	grant->encrypt = more;
	grant->encrypt[grant->encrypt_count++] = (struct issuer_encrypt){
		.audience = words->item[0], .path = words->item[1]
	};
}

static void
set_encrypt_to(struct issuer_parser *in)
{
	struct words words = { .count = 0 };
	const char *fault;

	parser_words(&in->base, &words);
	if (words.count != 2 || words.item[1][0] != '/') {
		parser_fail(&in->base, "the form is: encrypt_to = "
		    "AUDIENCE-PATTERN PATH, with an absolute path");
		return;
	}
	fault = grants_uri_fault(bytes_str(words.item[0]));
	if (fault != NULL)
		parser_fail(&in->base, "%.80s: %s", words.item[0], fault);
	else
		add_encrypt(in, &words);
}

static void
set_bearer(struct issuer_parser *in)
{
	parser_choice(&in->base, "yes", "no", &in->grant->bearer);
}

static void
set_ttl(struct issuer_parser *in)
{
	take_limit(in, ACCESS_TTL_MAX_SEC, &in->grant->ttl_sec);
}

/* ---- all of them -------------------------------------------------------- */

/* The manual has them in this order.  One of set and shared is there. */
static const struct {
	enum issuer_section section;
	const char *name;
	void (*set)(struct issuer_parser *in);
	void (*shared)(struct parser *in);	/* as in [state] */
} settings[] = {
	{ ISSUER_ISSUER, "iss", set_iss, NULL },
	{ ISSUER_ISSUER, "algorithm", set_algorithm, NULL },
	{ ISSUER_ISSUER, "access_ttl", set_access_ttl, NULL },
	{ ISSUER_ISSUER, "refresh_ttl", set_refresh_ttl, NULL },
	{ ISSUER_ISSUER, "refresh_idle", set_refresh_idle, NULL },
	{ ISSUER_ISSUER, "grace", set_grace, NULL },
	{ ISSUER_ISSUER, "caches", set_caches, NULL },
	{ ISSUER_ISSUER, "publish", set_publish, NULL },
	{ ISSUER_ISSUER, "token_endpoint", set_token_endpoint, NULL },
	{ ISSUER_ISSUER, "families_max", set_families_max, NULL },
	{ ISSUER_ISSUER, "directory", set_directory, NULL },
	{ ISSUER_ISSUER, "redis", NULL, policy_set_redis },
	{ ISSUER_ISSUER, "redis_user", NULL, policy_set_redis_user },
	{ ISSUER_ISSUER, "redis_password_file", NULL,
	    policy_set_redis_password_file },
	{ ISSUER_ISSUER, "redis_ca_file", NULL, policy_set_redis_ca_file },
	{ ISSUER_ISSUER, "redis_cert_file", NULL, policy_set_redis_cert_file },
	{ ISSUER_ISSUER, "redis_key_file", NULL, policy_set_redis_key_file },
	{ ISSUER_ISSUER, "redis_timeout", NULL, policy_set_redis_timeout },
	{ ISSUER_ISSUER, "redis_replicas", NULL, policy_set_redis_replicas },
	{ ISSUER_GRANT, "people", set_people, NULL },
	{ ISSUER_GRANT, "audience", set_audience, NULL },
	{ ISSUER_GRANT, "claims", set_claims, NULL },
	{ ISSUER_GRANT, "claim", set_claim, NULL },
	{ ISSUER_GRANT, "bearer", set_bearer, NULL },
	{ ISSUER_GRANT, "ttl", set_ttl, NULL },
	{ ISSUER_GRANT, "encrypt_to", set_encrypt_to, NULL },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_LEN <= 64, "struct issuer_parser has a bit for each");

static void
fail_unknown(struct issuer_parser *in)
{
	struct bytes name = in->base.line.name;
	struct nearest nearest = nearest_begin(name);
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (settings[i].section == in->section)
			nearest_try(&nearest, settings[i].name);
	}
	parser_fail(&in->base, "%.*s is not a setting of this section%s",
	    BYTES_SHOW(name), nearest_text(&nearest));
}

void
issuer_setting_take(struct issuer_parser *in)
{
	struct bytes name = in->base.line.name;
	size_t i = 0;

	while (i < SETTINGS_LEN && (settings[i].section != in->section ||
	    !bytes_eq_str(name, settings[i].name)))
		i++;
	if (i == SETTINGS_LEN) {
		fail_unknown(in);
		return;
	}
	if ((in->seen >> i & 1) != 0 && settings[i].set != set_claim &&
	    settings[i].set != set_encrypt_to) {
		parser_fail(&in->base, "%s is set twice in this section",
		    settings[i].name);
		return;
	}
	in->seen |= UINT64_C(1) << i;
	if (settings[i].set != NULL)
		settings[i].set(in);
	else
		settings[i].shared(&in->base);
}
