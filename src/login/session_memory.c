/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session in memory: whose it is, and its tokens, each with the resource that
 * it is for.  What comes from a provider is copied into the session's arena.
 */
#include <string.h>

#include "cli/complain.h"
#include "core/jose/jws.h"
#include "login/dpop.h"
#include "login/session.h"

void
session_clear(struct session *session)
{
	arena_clear(&session->arena);
	*session = (struct session){ .session_until = -1 };
}

/* Whether both are not there, or the same. */
static bool
is_same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
session_is_of(const struct session *session,
    const struct login_section *section)
{
	return session->issuer != NULL && session->client != NULL &&
	    strcmp(session->issuer, login_conf_issuer(section)) == 0 &&
	    strcmp(session->client, section->client) == 0;
}

/* Any key of the agent will do only if it was one of it at the login. */
static bool
dpop_fits(const char *key, const char *wanted)
{
	if (wanted != NULL && strcmp(wanted, DPOP_ANY_KEY) == 0)
		return key != NULL;
	return is_same(key, wanted);
}

bool
session_fits(const struct session *session,
    const struct login_section *section)
{
	return session_is_of(session, section) &&
	    is_same(session->audience, section->audience) &&
	    session->use == section->use &&
	    dpop_fits(session->dpop, section->dpop);
}

const struct session_token *
session_find(const struct session *session, const char *resource)
{
	size_t i;

	for (i = 0; i < session->count; i++) {
		if (strcmp(session->tokens[i].resource, resource) == 0)
			return &session->tokens[i];
	}
	return NULL;
}

bool
session_set(struct session *session, const char **at, struct bytes value)
{
	const char *copy;

	if (value.len > TOKEN_MAX)
		return complain("the provider sent a value of %zu bytes, and "
		    "no more than %d are kept", value.len, TOKEN_MAX);
	if (bytes_has(value, 0))
		return complain("the provider sent a value with a NUL "
		    "character");
	copy = arena_copy(&session->arena, value);
	if (copy == NULL)
		return complain("memory ran out");
	*at = copy;
	return true;
}

bool
session_set_refresh_token(struct session *session, struct bytes value)
{
	const char *copy = NULL;

	if (!session_set(session, &copy, value))
		return false;
	session->refresh_token = bytes_of(copy, value.len);
	return true;
}

/* The place for the token of a resource: its old one, a new one, the oldest. */
static size_t
place_of(const struct session *session, const char *resource)
{
	const struct session_token *found = session_find(session, resource);
	size_t oldest = 0, i;

	if (found != NULL)
		return (size_t)(found - session->tokens);
	if (session->count < SESSION_TOKENS_MAX)
		return session->count;
	for (i = 1; i < session->count; i++) {
		if (session->tokens[i].taken < session->tokens[oldest].taken)
			oldest = i;
	}
	return oldest;
}

bool
session_set_token(struct session *session, const struct session_token *token)
{
	size_t place = place_of(session, token->resource);
	struct session_token copy = *token;
	const char *text = NULL;

	if (!session_set(session, &copy.resource,
	    bytes_str(token->resource)) ||
	    !session_set(session, &text, token->token))
		return false;
	copy.token = bytes_of(text, token->token.len);
	session->tokens[place] = copy;
	if (place == session->count)
		session->count++;
	return true;
}

void
session_set_boot(struct session *session, const char *boot_id)
{
	size_t len = strlen(boot_id), i;

	if (strcmp(session->boot_id, boot_id) == 0)
		return;
	for (i = 0; i < session->count; i++)
		session->tokens[i].token.len = 0;
	session->ends = 0;
	memset(session->boot_id, 0, sizeof(session->boot_id));
	if (len < sizeof(session->boot_id))
		memcpy(session->boot_id, boot_id, len);
}

int64_t
session_token_left(const struct session *session,
    const struct session_token *token, const struct boot *boot)
{
	int64_t life = token->life;

	if (token->token.len == 0 || boot->id[0] == '\0' ||
	    strcmp(session->boot_id, boot->id) != 0 ||
	    token->taken > boot->now)
		return 0;
	if (life < 0)
		life = SESSION_LIFE_UNTOLD_SEC;
	return life - (boot->now - token->taken);
}
