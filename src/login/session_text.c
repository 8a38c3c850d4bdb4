/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session as the JSON text of its file.  The file may be damaged, or be
 * another program's, so each value is looked at; one that is not as it must be
 * makes the whole text invalid, because half a session would hide the fault
 * until a token is missing.
 */
#include <stddef.h>

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/base/number.h"
#include "core/jose/jws.h"
#include "login/session_text.h"

/* 50 tokens with 4 members each, and some more. */
static const struct json_limits limits = { .depth = 3, .members = 256 };

/* The strings of a session. */
static const struct {
	const char *name;
	size_t at;
	bool is_needed;
} strings[] = {
	{ "issuer", offsetof(struct session, issuer), true },
	{ "client", offsetof(struct session, client), true },
	{ "subject", offsetof(struct session, subject), false },
	{ "scope", offsetof(struct session, scope), false },
	{ "audience", offsetof(struct session, audience), false },
	{ "token_endpoint", offsetof(struct session, token_endpoint), false },
	{ "revocation_endpoint",
	    offsetof(struct session, revocation_endpoint), false },
	{ "client_auth", offsetof(struct session, client_auth), false },
	{ "dpop", offsetof(struct session, dpop), false },
	{ "dpop_alg", offsetof(struct session, dpop_alg), false },
};

#define STRINGS_LEN (sizeof(strings) / sizeof(strings[0]))

static const char *const uses[] = {
	[LOGIN_ACCESS_TOKEN] = "access_token", [LOGIN_ID_TOKEN] = "id_token"
};

/* ---- reading -------------------------------------------------------------- */

/*
 * Copy a string member; *out stays as it is without one.  A NUL in it would cut
 * what other code takes for the whole.
 */
static enum jwt_reason
take_bytes(const struct json_node *object, const char *name,
    struct arena *arena, struct bytes *out)
{
	const struct json_node *node = json_get(object, bytes_str(name));
	struct bytes text = json_text(node);
	const char *copy;

	if (node == NULL)
		return JWT_OK;
	if (!json_is(node, JSON_STRING) || bytes_has(text, 0))
		return JWT_JSON_INVALID;
	copy = arena_copy(arena, text);
	if (copy == NULL)
		return JWT_OUT_OF_MEMORY;
	*out = bytes_of(copy, text.len);
	return JWT_OK;
}

static enum jwt_reason
take_strings(const struct json_node *root, struct session *out)
{
	size_t i;

	for (i = 0; i < STRINGS_LEN; i++) {
		struct bytes text = { .ptr = NULL };
		enum jwt_reason reason = take_bytes(root, strings[i].name,
		    &out->arena, &text);
		const char *value = (const char *)text.ptr;

		if (reason != JWT_OK)
			return reason;
		if (value == NULL && strings[i].is_needed)
			return JWT_JSON_INVALID;
		memcpy((char *)out + strings[i].at, &value, sizeof(value));
	}
	return JWT_OK;
}

/* A number up to NUMBER_DATE_MAX; without the member *out stays as it is. */
static bool
take_number(const struct json_node *object, const char *name, int64_t *out)
{
	const struct json_node *node = json_get(object, bytes_str(name));

	return node == NULL || (json_is(node, JSON_NUMBER) &&
	    number_digits(json_text(node), NUMBER_DATE_MAX, out));
}

static enum jwt_reason
take_token(const struct json_node *object, struct session *out)
{
	struct bytes resource = { .ptr = NULL }, token = { .ptr = NULL };
	struct session_token *place = &out->tokens[out->count];
	int64_t taken = -1, life = -1;
	enum jwt_reason reason;

	reason = take_bytes(object, "resource", &out->arena, &resource);
	if (reason != JWT_OK)
		return reason;
	reason = take_bytes(object, "token", &out->arena, &token);
	if (reason != JWT_OK)
		return reason;
	if (resource.ptr == NULL || token.ptr == NULL || token.len > TOKEN_MAX ||
	    !take_number(object, "taken", &taken) || taken < 0 ||
	    !take_number(object, "life", &life) ||
	    session_find(out, (const char *)resource.ptr) != NULL)
		return JWT_JSON_INVALID;
	*place = (struct session_token){
		.resource = (const char *)resource.ptr, .token = token,
		.taken = taken, .life = life
	};
	out->count++;
	return JWT_OK;
}

static enum jwt_reason
take_tokens(const struct json_node *root, struct session *out)
{
	const struct json_node *array = json_get(root, bytes_str("tokens"));
	const struct json_node *item;
	enum jwt_reason reason;

	if (!json_is(array, JSON_ARRAY))
		return JWT_JSON_INVALID;
	for (item = json_first(array); item; item = json_next(array, item)) {
		if (out->count == SESSION_TOKENS_MAX ||
		    !json_is(item, JSON_OBJECT))
			return JWT_JSON_INVALID;
		reason = take_token(item, out);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

static bool
take_use(const struct json_node *root, enum login_use *out)
{
	const struct json_node *node = json_get(root, bytes_str("use"));

	*out = LOGIN_ID_TOKEN;
	if (bytes_eq_str(json_text(node), uses[LOGIN_ID_TOKEN]))
		return json_is(node, JSON_STRING);
	*out = LOGIN_ACCESS_TOKEN;
	return json_is(node, JSON_STRING) &&
	    bytes_eq_str(json_text(node), uses[LOGIN_ACCESS_TOKEN]);
}

/* The members that are neither strings of the table nor tokens. */
static bool
take_rest(const struct json_node *root, struct session *out)
{
	const struct json_node *over = json_get(root, bytes_str("is_over"));
	const struct json_node *boot = json_get(root, bytes_str("boot_id"));
	struct bytes id = json_text(boot);

	if (!take_use(root, &out->use) ||
	    !take_number(root, "session_until", &out->session_until) ||
	    !take_number(root, "ends", &out->ends) ||
	    !(json_is(over, JSON_TRUE) || json_is(over, JSON_FALSE)) ||
	    !json_is(boot, JSON_STRING) || id.len > BOOT_ID_LEN ||
	    bytes_has(id, 0))
		return false;
	out->is_over = json_is(over, JSON_TRUE);
	if (id.len > 0)
		memcpy(out->boot_id, id.ptr, id.len);
	return true;
}

static enum jwt_reason
take_all(const struct json_node *root, struct session *out)
{
	enum jwt_reason reason = take_strings(root, out);

	if (reason != JWT_OK)
		return reason;
	reason = take_bytes(root, "refresh_token", &out->arena,
	    &out->refresh_token);
	if (reason != JWT_OK)
		return reason;
	if (out->refresh_token.len > TOKEN_MAX || !take_rest(root, out))
		return JWT_JSON_INVALID;
	return take_tokens(root, out);
}

enum jwt_reason
session_parse(struct secret *text, struct session *out)
{
	struct json_doc doc = { 0 };
	enum jwt_reason reason;

	*out = (struct session){ .session_until = -1 };
	reason = json_parse(text->ptr, text->len, &limits, &doc);
	if (reason == JWT_OK)
		reason = take_all(json_root(&doc), out);
	json_clear(&doc);
	if (reason != JWT_OK)
		session_clear(out);
	return reason;
}

/* ---- writing -------------------------------------------------------------- */

static void
put_bytes(struct json_write *json, const char *name, struct bytes value)
{
	json_write_name(json, bytes_str(name));
	json_write_string(json, value);
}

static void
put_number(struct json_write *json, const char *name, int64_t value)
{
	if (value < 0)
		return;
	json_write_name(json, bytes_str(name));
	json_write_integer(json, value);
}

static void
put_tokens(struct json_write *json, const struct session *session)
{
	size_t i;

	json_write_name(json, bytes_str("tokens"));
	json_write_array(json);
	for (i = 0; i < session->count; i++) {
		const struct session_token *token = &session->tokens[i];

		json_write_object(json);
		json_write_member(json, "resource", token->resource);
		put_bytes(json, "token", token->token);
		put_number(json, "taken", token->taken);
		put_number(json, "life", token->life);
		json_write_close(json);
	}
	json_write_close(json);
}

static void
put_strings(struct json_write *json, const struct session *session)
{
	const char *value;
	size_t i;

	for (i = 0; i < STRINGS_LEN; i++) {
		memcpy(&value, (const char *)session + strings[i].at,
		    sizeof(value));
		if (value != NULL)
			json_write_member(json, strings[i].name, value);
	}
}

enum jwt_reason
session_put(const struct session *session, struct secret *out)
{
	struct json_write json;

	*out = (struct secret){ .len = 0 };
	if (session->issuer == NULL || session->client == NULL)
		return JWT_INTERNAL;
	json_write_start(&json, FILE_SIZE_MAX - 1);
	json_write_object(&json);
	put_strings(&json, session);
	json_write_member(&json, "use", uses[session->use]);
	put_bytes(&json, "refresh_token", session->refresh_token);
	json_write_name(&json, bytes_str("is_over"));
	json_write_raw(&json, bytes_str(session->is_over ? "true" : "false"));
	put_number(&json, "session_until", session->session_until);
	if (session->ends > 0)
		put_number(&json, "ends", session->ends);
	json_write_member(&json, "boot_id", session->boot_id);
	put_tokens(&json, session);
	json_write_close(&json);
	return json_write_finish(&json, out);
}
