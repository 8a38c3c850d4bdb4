/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists the settings of each section; tests/docs.sh sees that none is left. */
#include <stdio.h>
#include <string.h>

#include "host/state/state.h"
#include "tool/check_force.h"

#define LIST_SIZE 2048	/* bytes of a list of words; a longer one is cut */

/* ---- kinds of values ---- */

static void
add(struct force *out, const char *name, const char *value, bool is_default)
{
	struct force_item *more;

	if (value == NULL)
		return;
	more = arena_grow(out->arena, out->items, out->count, sizeof(*more));
	if (more == NULL)
		return;
	out->items = more;
	out->items[out->count++] = (struct force_item){
		.name = name, .value = value, .is_default = is_default
	};
}

static void
add_text(struct force *out, const char *name, const char *value,
    const char *value_default)
{
	add(out, name, value, value != NULL && value_default != NULL &&
	    strcmp(value, value_default) == 0);
}

static void
add_flag(struct force *out, const char *name, bool is_on)
{
	if (is_on)
		add(out, name, "yes", false);
}

static void
add_number(struct force *out, const char *name, unsigned number,
    const char *unit, bool is_default)
{
	char text[24];

	snprintf(text, sizeof(text), "%u%s", number, unit);
	add(out, name, arena_copy(out->arena, bytes_str(text)), is_default);
}

/* In the largest unit that needs no fraction; 0 is no limit. */
static void
add_duration(struct force *out, const char *name, unsigned seconds,
    unsigned seconds_default)
{
	bool is_default = seconds == seconds_default;

	if (seconds == 0)
		return;
	if (seconds % 86400 == 0)
		add_number(out, name, seconds / 86400, "d", is_default);
	else if (seconds % 3600 == 0)
		add_number(out, name, seconds / 3600, "h", is_default);
	else if (seconds % 60 == 0)
		add_number(out, name, seconds / 60, "m", is_default);
	else
		add_number(out, name, seconds, "s", is_default);
}

/* Append to a list of LIST_SIZE bytes; what does not fit is cut. */
static void
append(char *list, size_t *used, char c)
{
	if (*used == LIST_SIZE - 1)
		return;
	list[(*used)++] = c;
	list[*used] = '\0';
}

/* A word with a space stands between quotes, as in the configuration. */
static void
append_word(char *list, size_t *used, const char *word)
{
	bool is_quoted = word[strcspn(word, " \"\\")] != '\0';

	if (*used > 0)
		append(list, used, ' ');
	if (is_quoted)
		append(list, used, '"');
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			append(list, used, '\\');
		append(list, used, *word);
	}
	if (is_quoted)
		append(list, used, '"');
}

static void
add_words(struct force *out, const char *name, const struct words *words)
{
	char list[LIST_SIZE];
	size_t used = 0, i;

	for (i = 0; i < words->count; i++)
		append_word(list, &used, words->item[i]);
	if (used > 0)
		add(out, name, arena_copy(out->arena, bytes_str(list)), false);
}

/* ---- [issuer] ---- */

static void
add_algorithms(struct force *out, const struct issuer *issuer)
{
	const char *names[sizeof(alg_set) * 8];
	struct words words = { .item = names };
	unsigned id;

	if (!issuer->algorithms_given)
		return;
	for (id = 0; id <= ALG_ML_DSA_87; id++) {
		if ((issuer->algorithms & ALG_BIT(id)) != 0)
			names[words.count++] = alg_row((enum alg_id)id)->name;
	}
	add_words(out, "algorithms", &words);
}

static void
add_sync(struct force *out, const struct sync_settings *sync)
{
	if (!sync->wanted)
		return;
	add(out, "keys", "sync", false);
	add(out, "discovery", sync->discovery, false);
	add(out, "jwks_uri", sync->jwks_uri, false);
	add_duration(out, "sync_every", sync->every_sec,
	    SYNC_EVERY_DEFAULT_SEC);
	add_duration(out, "keys_max_age", sync->keys_max_age_sec,
	    KEYS_MAX_AGE_DEFAULT_SEC);
	add_duration(out, "keep_old", sync->keep_old_sec, 0);
	add(out, "sync_ca_file", sync->ca_file, false);
	add(out, "sync_client_cert", sync->client_cert, false);
	add(out, "sync_client_key", sync->client_key, false);
	add(out, "sync_proxy", sync->proxy, false);
}

static void
add_encryption(struct force *out, const struct issuer *issuer)
{
	if (issuer->decryption_keys.count == 0)
		return;
	add_words(out, "decryption_keys", &issuer->decryption_keys);
	if (issuer->encryption_required)
		add(out, "encryption", "required", true);
	else
		add(out, "encryption", "allowed", false);
}

static void
add_types(struct force *out, const struct words *types)
{
	if (types->count == 0)
		add(out, "types", "JWT at+jwt none", true);
	else
		add_words(out, "types", types);
}

static void
add_revocation(struct force *out, const struct issuer *issuer)
{
	bool is_default = !issuer->revocation_given;

	if (issuer->revocation_required)
		add(out, "revocation", "require", is_default);
	else
		add(out, "revocation", "off", is_default);
}

void
force_issuer(struct force *out, const struct issuer *issuer)
{
	add_sync(out, &issuer->sync);
	add_words(out, "keys", &issuer->keys);
	add_algorithms(out, issuer);
	add_encryption(out, issuer);
	add_words(out, "audience", &issuer->audience);
	add_words(out, "event_audience", &issuer->event_audience);
	add_types(out, &issuer->types);
	add_duration(out, "leeway", issuer->leeway_sec, LEEWAY_DEFAULT_SEC);
	add_duration(out, "max_age", issuer->max_age_sec, 0);
	add_duration(out, "max_lifetime", issuer->max_lifetime_sec,
	    LIFETIME_DEFAULT_SEC);
	add_revocation(out, issuer);
}

/* ---- [service] ---- */

static const char *
proof_word(enum service_proof proof)
{
	switch (proof) {
	case SERVICE_PROOF_SSH_KEY:
		return "ssh-key";
	case SERVICE_PROOF_SESSION:
		return "session";
	case SERVICE_PROOF_NONE:
		break;
	}
	return NULL;
}

void
force_service(struct force *out, const struct service *service)
{
	add_words(out, "issuers", &service->issuers);
	add_flag(out, "single_use", service->single_use);
	add_text(out, "prompt", service->prompt, POLICY_PROMPT_DEFAULT);
	add(out, "help", service->help, false);
	if (service->session_until_exp)
		add(out, "session_limit", "token", false);
	add_duration(out, "session_limit", service->session_limit_sec, 0);
	add_flag(out, "clients", service->clients);
	add(out, "proof", proof_word(service->proof), false);
	add_flag(out, "require_proof", service->require_proof);
	add(out, "token_file", service->token_file, false);
	add_flag(out, "revoke_on_logout", service->revoke_on_logout);
}

/* ---- [state] ---- */

/* An address of IPv6 stands between brackets. */
static const char *
redis_url(struct force *out, const struct state_settings *state)
{
	const char *scheme = state->redis == REDIS_TLS ? "rediss" : "redis";
	const char *host = state->redis_host;
	bool is_bare = strchr(host, ':') == NULL;
	char text[400];

	if (state->redis == REDIS_UNIX)
		snprintf(text, sizeof(text), "unix:%s", host);
	else
		snprintf(text, sizeof(text), "%s://%s%s%s:%u", scheme,
		    is_bare ? "" : "[", host, is_bare ? "" : "]",
		    state->redis_port);
	return arena_copy(out->arena, bytes_str(text));
}

static void
add_redis(struct force *out, const struct state_settings *state)
{
	if (state->redis == REDIS_NONE)
		return;
	add(out, "redis", redis_url(out, state), false);
	add(out, "redis_user", state->redis_user, false);
	add(out, "redis_password_file", state->redis_password_file, false);
	add(out, "redis_ca_file", state->redis_ca_file, false);
	add(out, "redis_cert_file", state->redis_cert_file, false);
	add(out, "redis_key_file", state->redis_key_file, false);
	add_duration(out, "redis_timeout", state->redis_timeout_sec,
	    REDIS_TIMEOUT_DEFAULT_SEC);
	if (state->redis_replicas > 0)
		add_number(out, "redis_replicas", state->redis_replicas, "",
		    false);
	if (!state->redis_pulled) {
		add(out, "redis_lookups", "live", true);
		return;
	}
	add(out, "redis_lookups", "pulled", false);
	add_duration(out, "max_stale", state->max_stale_sec,
	    MAX_STALE_DEFAULT_SEC);
}

static bool
fetches(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].sync.wanted)
			return true;
	}
	return false;
}

void
force_state(struct force *out, const struct policy *policy)
{
	const struct state_settings *state = &policy->state;

	if (state->wanted && !state_is_live(state))
		add_text(out, "directory", state->directory,
		    STATE_DIRECTORY_DEFAULT);
	if (state->wanted)
		add_redis(out, state);
	if (state->watch)
		add(out, "session_enforcer", "watch", false);
	else if (state->wanted)
		add(out, "session_enforcer", "logind", true);
	if (fetches(policy))
		add_text(out, "sync_directory", state->sync_directory,
		    SYNC_DIRECTORY_DEFAULT);
}
