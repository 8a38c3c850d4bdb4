/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of [issuer NAME], and the checks that they fit together. */
#include "core/jose/media_type.h"
#include "core/policy/parser.h"

/* Quotes would be part of it, and no token has them. */
void
policy_set_iss(struct parser *in)
{
	if (bytes_starts(in->line.value, bytes_str("\"")) ||
	    bytes_starts(in->line.value, bytes_str("'")))
		parser_fail(in, "iss is written without quotes");
	if (bytes_has(in->line.value, ' ') || bytes_has(in->line.value, '\t'))
		parser_fail(in, "iss has a space in it");
	in->issuer->iss = parser_keep(in, in->line.value);
}

void
policy_set_keys(struct parser *in)
{
	struct words *keys = &in->issuer->keys;
	size_t count = 0, i;

	parser_words(in, keys);
	for (i = 0; i < keys->count; i++) {
		if (bytes_eq_str(bytes_str(keys->item[i]), "sync")) {
			in->issuer->sync.wanted = true;
			continue;
		}
		if (bytes_starts(bytes_str(keys->item[i]),
		    bytes_str("https://")))
			parser_fail(in, "keys are not fetched during a login: "
			    "write keys = sync, and jwks_uri = %s",
			    keys->item[i]);
		else if (keys->item[i][0] != '/')
			parser_fail(in, "%s is neither sync nor an absolute "
			    "path", keys->item[i]);
		keys->item[count++] = keys->item[i];
	}
	keys->count = count;
}

static void
fail_algorithm(struct parser *in, struct bytes word)
{
	struct nearest nearest = alg_nearest(word);

	parser_fail(in, "%.*s is not an algorithm that is supported%s",
	    BYTES_SHOW(word), nearest_text(&nearest));
}

void
policy_set_algorithms(struct parser *in)
{
	struct bytes rest = in->line.value;
	struct bytes word;
	alg_set all = 0;

	while ((word = conf_word(&rest)).len > 0) {
		alg_set set = alg_by_name(word);

		if (set == 0)
			fail_algorithm(in, word);
		else if ((all & set) == set)
			parser_fail(in, "%.*s is there twice",
			    BYTES_SHOW(word));
		all |= set;
	}
	if ((all & ALG_SYMMETRIC) != 0 && (all & ~ALG_SYMMETRIC) != 0)
		parser_fail(in, "HMAC beside other algorithms: use one section for "
		    "each, so that a public key is never taken for a secret");
	in->issuer->algorithms = all;
	in->issuer->algorithms_given = true;
}

/* Replace %{…} in a word; NULL, with an error noted, on failure. */
static const char *
expand_host(struct parser *in, struct bytes word)
{
	char text[EXPAND_SIZE];
	const char *fault = expand_audience(word, in->host, text);

	if (fault != NULL) {
		parser_fail(in, "%.*s: %s", BYTES_SHOW(word), fault);
		return NULL;
	}
	return parser_keep(in, bytes_str(text));
}

static bool
names_host(struct bytes word)
{
	return memmem(word.ptr, word.len, "%{hostname}", 11) != NULL ||
	    memmem(word.ptr, word.len, "%{fqdn}", 7) != NULL;
}

/* Of "audience = a, b" only b would log in. */
static void
warn_of_comma(const struct parser *in, struct bytes word)
{
	struct diag_place place = {
		.file = in->reader.file, .line = in->line.line
	};

	diag_add(in->diag, place, JWT_OK, "the comma is part of the audience "
	    "%.*s: spaces alone separate audiences", BYTES_SHOW(word));
}

/*
 * Add one word.  written has the former words as they are written: two that are
 * the same only after %{…} is replaced are not an error.
 */
static void
add_audience(struct parser *in, struct bytes word, struct words *written,
    struct words *out)
{
	if (policy_words_have(written, word))
		parser_fail(in, "%.*s is there twice", BYTES_SHOW(word));
	if (bytes_ends(word, bytes_str(",")))
		warn_of_comma(in, word);
	if (names_host(word))
		in->issuer->named_line = in->line.line;
	parser_add_word(in, written, parser_keep(in, word));
	parser_add_word(in, out, expand_host(in, word));
}

static void
read_audience(struct parser *in, struct words *out)
{
	struct bytes rest = in->line.value, word;
	struct words written = { .count = 0 };
	const char *fault;
	char *copy = arena_alloc(&in->policy->arena, rest.len);

	if (copy == NULL) {
		parser_no_memory(in);
		return;
	}
	do {
		fault = conf_quoted_word(&rest, copy, &word);
		if (fault != NULL)
			parser_fail(in, "%.*s: %s", BYTES_SHOW(in->line.name),
			    fault);
		else if (word.len > 0)
			add_audience(in, word, &written, out);
	} while (fault == NULL && word.len > 0);
}

void
policy_set_audience(struct parser *in)
{
	read_audience(in, &in->issuer->audience);
}

void
policy_set_event_audience(struct parser *in)
{
	read_audience(in, &in->issuer->event_audience);
}

void
policy_set_types(struct parser *in)
{
	const struct words *types = &in->issuer->types;
	size_t i;

	parser_words(in, &in->issuer->types);
	for (i = 0; i < types->count; i++) {
		struct bytes type = bytes_str(types->item[i]);

		if (!media_type_is_valid(type))
			parser_fail(in, "%s is not a media type",
			    types->item[i]);
		if (media_type_never_logs_in(type))
			parser_fail(in, "tokens of type %s are made for another "
			    "purpose and never log in", types->item[i]);
	}
}

void
policy_set_leeway(struct parser *in)
{
	parser_duration(in, LEEWAY_MAX_SEC, &in->issuer->leeway_sec);
}

void
policy_set_max_age(struct parser *in)
{
	parser_limit(in, &in->issuer->max_age_sec);
}

void
policy_set_max_lifetime(struct parser *in)
{
	parser_limit(in, &in->issuer->max_lifetime_sec);
}

void
policy_set_revocation(struct parser *in)
{
	struct issuer *issuer = in->issuer;

	issuer->revocation_given = true;
	parser_choice(in, "require", "off", &issuer->revocation_required);
}

void
policy_open_issuer(struct parser *in, struct bytes names)
{
	struct policy *policy = in->policy;
	struct issuer *more;
	struct bytes name = conf_word(&names);
	size_t i;

	if (!parser_is_name(name) || bytes_trim(names).len != 0) {
		parser_fail(in, "[issuer NAME] takes one name of letters, digits "
		    "and _ . - @ +");
		return;
	}
	for (i = 0; i < policy->issuer_count; i++) {
		if (bytes_eq_str(name, policy->issuers[i].name))
			parser_fail(in, "a second [issuer %.*s]",
			    BYTES_SHOW(name));
	}
	more = arena_grow(&policy->arena, policy->issuers,
	    policy->issuer_count, sizeof(*more));
	if (more == NULL) {
		parser_no_memory(in);
		return;
	}
	policy->issuers = more;
	in->issuer = &policy->issuers[policy->issuer_count++];
	*in->issuer = (struct issuer){
		.name = parser_keep(in, name), .line = in->line.line,
		.leeway_sec = LEEWAY_DEFAULT_SEC,
		.max_lifetime_sec = LIFETIME_DEFAULT_SEC,
		.sync = {
			.every_sec = SYNC_EVERY_DEFAULT_SEC,
			.keys_max_age_sec = KEYS_MAX_AGE_DEFAULT_SEC
		}
	};
	in->section = PARSER_ISSUER;
}

void
policy_check_issuer(struct parser *in, const struct issuer *issuer)
{
	const struct policy *policy = in->policy;
	const struct issuer *other;

	in->line.line = issuer->line;
	if (issuer->iss == NULL)
		parser_fail(in, "[issuer %s] has no iss", issuer->name);
	if (issuer->keys.count == 0 && !issuer->sync.wanted)
		parser_fail(in, "[issuer %s] has no keys", issuer->name);
	if (issuer->audience.count == 0)
		parser_fail(in, "[issuer %s] has no audience: without one a token for "
		    "any other host would log in here", issuer->name);
	for (other = policy->issuers; other < issuer; other++) {
		if (issuer->iss != NULL && other->iss != NULL &&
		    bytes_eq_str(bytes_str(issuer->iss), other->iss))
			parser_fail(in, "[issuer %s] has the iss of [issuer %s]",
			    issuer->name, other->name);
	}
	policy_check_sync(in, issuer);
	policy_check_encryption(in, issuer);
}
