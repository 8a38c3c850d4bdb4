/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges answers of a provider.  Real ones send less than the RFCs ask for: an
 * error without a body, a page for people with the status 200, a number as a
 * string.  What matters is that no answer loses a session that could still be
 * good, and that none is taken for a success that is not one.
 */
#include <stdio.h>
#include <strings.h>

#include "cli/decoded.h"
#include "core/jose/media_type.h"
#include "core/logline.h"
#include "login/provider_read.h"
#include "login/value.h"

#define HTTP_OK			200
#define HTTP_BAD_REQUEST	400
#define HTTP_UNAUTHORIZED	401
#define HTTP_FORBIDDEN		403

/* ---- refusals ------------------------------------------------------------ */

/* The errors of RFC 6749 5.2, RFC 8628 3.5, RFC 8707 2 and RFC 9449 5. */
static const struct error {
	const char *name;
	enum provider_result result;
	const char *words;
} errors[] = {
	{ "authorization_pending", PROVIDER_PENDING, "nobody has agreed yet" },
	{ "slow_down", PROVIDER_SLOW_DOWN, "it is asked too often" },
	{ "access_denied", PROVIDER_DENIED, "the login was denied" },
	{ "expired_token", PROVIDER_DENIED,
	  "the code was not used in time: log in again" },
	{ "invalid_grant", PROVIDER_OVER,
	  "it no longer accepts this login: log in again" },
	{ "invalid_target", PROVIDER_TARGET,
	  "it gives no token for a resource of login.conf: is it registered "
	  "there?" },
	{ "invalid_client", PROVIDER_SETTING,
	  "it does not know this client, or the secret is wrong: see client in "
	  "login.conf" },
	{ "unauthorized_client", PROVIDER_SETTING,
	  "this client may not log in this way; its settings at the provider "
	  "say which flows it may use" },
	{ "unsupported_grant_type", PROVIDER_SETTING,
	  "it does not have this flow" },
	{ "invalid_scope", PROVIDER_SETTING,
	  "it does not give every scope of login.conf: leave some out" },
	{ "use_dpop_nonce", PROVIDER_SETTING,
	  "it wants a proof by an ssh key, with its nonce: dpop in "
	  "login.conf" },
	{ "invalid_dpop_proof", PROVIDER_SETTING,
	  "it wants a proof by an ssh key that it takes: dpop in "
	  "login.conf" },
	{ "server_error", PROVIDER_LATER,
	  "it has trouble: try again later" },
	{ "temporarily_unavailable", PROVIDER_LATER,
	  "it has trouble: try again later" },
};

static const struct error *
find_error(struct bytes name)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (bytes_eq_str(name, errors[i].name))
			return &errors[i];
	}
	return NULL;
}

/* "WORDS (NAME: DESCRIPTION)"; both of the latter are the provider's. */
static void
tell(char words[PROVIDER_WORDS_SIZE], const char *ours, struct bytes name,
    struct bytes description)
{
	char shown[VALUE_SHOWN_SIZE], more[VALUE_SHOWN_SIZE];

	logline_escape(name, shown, sizeof(shown));
	logline_escape(description, more, sizeof(more));
	(void)snprintf(words, PROVIDER_WORDS_SIZE, "%s (%s%s%s)", ours, shown,
	    more[0] == '\0' ? "" : ": ", more);
}

/*
 * An error without a name of the RFCs, or with one that has many meanings.  One
 * provider answers 400 so for a dead refresh token, another by invalid_request,
 * and both for other faults as well: a person is sent to log in again, but
 * the session, which may still be good, is kept.  A 403 is a wrong secret at
 * one provider, and a 404 more often a proxy's than the provider's.
 */
static enum provider_result
judge_status(unsigned status, enum provider_asked asked)
{
	if (status == HTTP_BAD_REQUEST && asked == PROVIDER_ASKED_REFRESH)
		return PROVIDER_REFUSED;
	if (status == HTTP_OK || status == HTTP_BAD_REQUEST ||
	    status == HTTP_UNAUTHORIZED || status == HTTP_FORBIDDEN)
		return PROVIDER_SETTING;
	return PROVIDER_LATER;
}

static enum provider_result
judge_unnamed(const struct provider_answer *answer,
    enum provider_asked asked, char words[PROVIDER_WORDS_SIZE])
{
	unsigned status = answer->status;

	if (status >= 300 && status < 400)
		(void)snprintf(words, PROVIDER_WORDS_SIZE, "it answered with "
		    "a redirect, which is not followed (HTTP %u)", status);
	else
		(void)snprintf(words, PROVIDER_WORDS_SIZE, "it answered HTTP "
		    "%u and did not say why", status);
	return judge_status(status, asked);
}

enum provider_result
provider_judge_error(struct bytes name, struct bytes description,
    enum provider_result unknown, char words[PROVIDER_WORDS_SIZE])
{
	const struct error *error = find_error(name);

	if (error == NULL) {
		tell(words, "it refused", name, description);
		return unknown;
	}
	tell(words, error->words, name, description);
	return error->result;
}

enum provider_result
provider_refuse(enum provider_result result, const char *why,
    struct bytes value, char words[PROVIDER_WORDS_SIZE])
{
	(void)value_refuse(words, PROVIDER_WORDS_SIZE, why, value, "");
	return result;
}

/*
 * A 200 that is not what it must be.  A page is a machine's in between, and the
 * answer may be a better one next time, as in a refresh.  Where the provider
 * itself sent it, a code is used up, and to ask again would hide that.
 */
static enum provider_result
judge_malformed(const struct provider_answer *answer,
    enum provider_asked asked)
{
	struct bytes type = answer->document.content_type;

	type = bytes_trim(bytes_cut(&type, ';'));
	if (asked == PROVIDER_ASKED_REFRESH ||
	    !media_type_eq(type, bytes_str("application/json")))
		return PROVIDER_LATER;
	return PROVIDER_SETTING;
}

enum provider_result
provider_open_answer(const struct provider_answer *answer,
    enum provider_asked asked, struct document *document,
    char words[PROVIDER_WORDS_SIZE])
{
	char fault[DOCUMENT_FAULT_SIZE];
	const struct json_node *root;
	enum provider_result unanswered = PROVIDER_LATER;
	enum jwt_reason reason;

	*document = (struct document){ 0 };
	words[0] = '\0';
	if (answer->unproved)
		unanswered = PROVIDER_PROOF;
	if (answer->status == 0)
		return provider_refuse(unanswered, "", answer->error, words);
	reason = document_read(&answer->document, document, fault);
	root = json_root(&document->json);
	if (reason == JWT_OK && value_text(root, "error").len > 0)
		return provider_judge_error(value_text(root, "error"),
		    value_text(root, "error_description"),
		    judge_status(answer->status, asked), words);
	if (answer->status != HTTP_OK)
		return judge_unnamed(answer, asked, words);
	if (reason == JWT_OK)
		return PROVIDER_OK;
	if (reason == JWT_OUT_OF_MEMORY)
		return provider_refuse(PROVIDER_LATER, "memory ran out",
		    bytes_of(NULL, 0), words);
	(void)snprintf(words, PROVIDER_WORDS_SIZE, "its answer is not "
	    "accepted: %s", fault);
	return judge_malformed(answer, asked);
}

bool
provider_has_error(const struct provider_answer *answer, const char *name)
{
	char fault[DOCUMENT_FAULT_SIZE];
	struct document document = { 0 };
	bool has;

	if (answer->status != HTTP_BAD_REQUEST &&
	    answer->status != HTTP_UNAUTHORIZED)
		return false;
	has = document_read(&answer->document, &document, fault) == JWT_OK &&
	    bytes_eq_str(value_text(json_root(&document.json), "error"), name);
	document_clear(&document);
	return has;
}

/* ---- tokens -------------------------------------------------------------- */

/* The older name is Keycloak's, the other one Entra's and GitLab's. */
static int64_t
get_session_in(const struct json_node *root)
{
	int64_t seconds = value_seconds(root, "refresh_expires_in");

	if (seconds < 0)
		seconds = value_seconds(root, "refresh_token_expires_in");
	/* 0 means that the session itself has no end. */
	if (seconds == 0)
		return -1;
	return seconds;
}

/* RFC 6749 section 5.1: the case does not count. */
static bool
is_type(struct bytes type, const char *wanted)
{
	return type.len == strlen(wanted) &&
	    strncasecmp((const char *)type.ptr, wanted, type.len) == 0;
}

/* A client must not use a token of another type (RFC 6749 section 7.1). */
static enum provider_result
refuse_type(struct bytes type, const char *wanted,
    char words[PROVIDER_WORDS_SIZE])
{
	if (is_type(bytes_str("Bearer"), wanted))
		return provider_refuse(PROVIDER_SETTING, "it gave a token that "
		    "is not a bearer token; its token_type is ", type, words);
	return provider_refuse(PROVIDER_SETTING, "it does not bind its tokens "
	    "to the ssh key, as dpop in login.conf wants; its token_type is ",
	    type, words);
}

/* unusable  the result for an answer in which a token is missing or broken */
static enum provider_result
take_tokens(struct provider_tokens *out, const char *wanted,
    enum provider_result unusable, char words[PROVIDER_WORDS_SIZE])
{
	const struct json_node *root = json_root(&out->document.json);
	struct bytes type = value_text(root, "token_type");
	struct bytes access_token = value_text(root, "access_token");
	struct bytes id_token = value_text(root, "id_token");
	struct bytes refresh_token = value_text(root, "refresh_token");

	if (!is_type(type, wanted))
		return refuse_type(type, wanted, words);
	if (access_token.len == 0 || !value_is_token(access_token) ||
	    !value_is_token(id_token) || !value_is_token(refresh_token))
		return provider_refuse(unusable, "it gave no access token, or "
		    "one with characters that no token has",
		    bytes_of(NULL, 0), words);
	out->access_token = access_token;
	out->id_token = id_token;
	out->refresh_token = refresh_token;
	out->scope = value_text(root, "scope");
	out->expires_in = value_seconds(root, "expires_in");
	out->session_in = get_session_in(root);
	return PROVIDER_OK;
}

enum provider_result
provider_read_tokens(const struct provider_answer *answer,
    enum provider_asked asked, const char *type, struct provider_tokens *out,
    char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result;

	*out = (struct provider_tokens){ .expires_in = -1, .session_in = -1 };
	result = provider_open_answer(answer, asked, &out->document, words);
	if (result != PROVIDER_OK)
		return result;
	return take_tokens(out, type, judge_malformed(answer, asked), words);
}

void
provider_tokens_clear(struct provider_tokens *tokens)
{
	document_clear(&tokens->document);
	*tokens = (struct provider_tokens){ .expires_in = -1,
		.session_in = -1 };
}

int64_t
provider_life(struct bytes token, int64_t expires_in)
{
	struct decoded decoded;
	int64_t exp, iat;

	decoded_open(token, &decoded);
	exp = value_date(decoded_root(&decoded.payload), "exp");
	iat = value_date(decoded_root(&decoded.payload), "iat");
	decoded_clear(&decoded);
	if (exp < 0 || iat < 0 || exp - iat > VALUE_SECONDS_MAX)
		return expires_in;
	if (exp <= iat)
		return 0;
	if (expires_in >= 0 && expires_in < exp - iat)
		return expires_in;
	return exp - iat;
}

enum provider_result
provider_read_revoked(const struct provider_answer *answer,
    char words[PROVIDER_WORDS_SIZE])
{
	struct document document;
	enum provider_result result;

	words[0] = '\0';
	if (answer->status == HTTP_OK)
		return PROVIDER_OK;
	result = provider_open_answer(answer, PROVIDER_ASKED_REVOKE,
	    &document, words);
	document_clear(&document);
	return result;
}
