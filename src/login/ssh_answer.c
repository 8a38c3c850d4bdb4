/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status of ssh is that of the command over there, or 255 for ssh's own
 * failures, of which only its messages say more.  What matters is that no
 * failure ends a session: only the issuer's own word does.
 */
#include <stdio.h>
#include <strings.h>

#include "login/id_token.h"
#include "login/issued.h"
#include "login/ssh_answer.h"
#include "login/value.h"

#define EXIT_REFUSED	1	/* of pam-jwt issuer serve */
#define EXIT_TROUBLED	2
#define SAID_SHOWN	200	/* bytes of what ssh said */

#define NOT_SERVED "; does sshd there run pam-jwt issuer serve for this user?"

/* ---- what ssh says ---------------------------------------------------------- */

/*
 * Failures from before the issuer was asked, by what ssh says in English, the
 * only language that it has; the first that fits.
 */
static const struct {
	const char *said;
	const char *advice;
} faults[] = {
	{ SSH_CANNOT_RUN, "is the client of OpenSSH installed, and in PATH?" },
	{ "HOST IDENTIFICATION HAS CHANGED", "its host key is not the one that "
	  "ssh knows: ask the administrator before anything else" },
	{ "Host key verification failed", "ssh does not trust its host key: "
	  "run ssh with the same user and host once, and compare the "
	  "fingerprint with the administrator's" },
	{ "Too many authentication failures", "the ssh-agent has too many "
	  "keys: choose one by IdentityFile and IdentitiesOnly in "
	  "~/.ssh/config" },
	{ "Permission denied", "is your key in the ssh-agent (ssh-add -l), and "
	  "listed there (pam-jwt issuer people add)?" },
	{ "Could not resolve hostname", "is issuer in login.conf right, and "
	  "is the network there?" },
	{ "connect to host", "it cannot be reached: try again later" },
	{ "onfiguration option", "~/.ssh/config has an error" },
};

static const char *
find_advice(const struct ssh_result *result)
{
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strstr(result->said, faults[i].said) != NULL)
			return faults[i].advice;
	}
	return NULL;
}

/* The last line of what it said, without its full stop; empty if not needed. */
static struct bytes
last_said(const struct ssh_result *result)
{
	struct bytes rest = bytes_str(result->said), line = rest;

	if (result->was_shown)
		return bytes_of(NULL, 0);
	while (rest.len > 0)
		line = bytes_cut(&rest, '\n');
	if (line.len > SAID_SHOWN)
		line.len = SAID_SHOWN;
	if (line.len > 0 && line.ptr[line.len - 1] == '.')
		line.len--;
	return line;
}

/* "WHAT: THE LAST LINE: ADVICE", as far as there is any of them. */
static enum provider_result
fail(enum provider_result why, const struct ssh_result *result,
    const char *what, const char *advice, char words[PROVIDER_WORDS_SIZE])
{
	struct bytes said = last_said(result);

	(void)snprintf(words, PROVIDER_WORDS_SIZE, "%s%s%.*s%s%s", what,
	    said.len > 0 ? ": " : "", (int)said.len, (const char *)said.ptr,
	    advice == NULL ? "" : ": ", advice == NULL ? "" : advice);
	return why;
}

/* ---- the end of ssh --------------------------------------------------------- */

static bool
is_unable(const struct ssh_result *result)
{
	return result->status == SSH_EXIT_FAILED ||
	    (result->status == SSH_EXIT_NOT_RUN &&
	    strstr(result->said, SSH_CANNOT_RUN) != NULL);
}

/* PROVIDER_OK: the issuer has answered, and said yes or no. */
static enum provider_result
judge_end(const struct ssh_result *result, enum provider_result unusable,
    char words[PROVIDER_WORDS_SIZE])
{
	char what[64];

	switch (result->end) {
	case SSH_NOT_STARTED:
		return fail(PROVIDER_LATER, result, "memory, processes or "
		    "descriptors ran out", NULL, words);
	case SSH_TOO_SLOW:
		return fail(PROVIDER_LATER, result, "ssh took too long and was "
		    "ended", "if your key wants a touch, token_endpoint in "
		    "login.conf renews without ssh", words);
	case SSH_KILLED:
		return fail(PROVIDER_LATER, result, "ssh was ended by a "
		    "signal", NULL, words);
	case SSH_TOO_LONG:
		return fail(unusable, result, "it wrote more than any answer "
		    "has" NOT_SERVED, NULL, words);
	case SSH_ENDED:
		break;
	}
	if (is_unable(result))
		return fail(PROVIDER_LATER, result, "ssh failed",
		    find_advice(result), words);
	if (result->status == 0 || result->status == EXIT_REFUSED)
		return PROVIDER_OK;
	if (result->status == EXIT_TROUBLED)
		return fail(PROVIDER_LATER, result, "it has trouble, try again "
		    "later", NULL, words);
	(void)snprintf(what, sizeof(what), "it ended with status %d",
	    result->status);
	return fail(unusable, result, what, "does sshd there run pam-jwt "
	    "issuer serve for this user?", words);
}

/* ---- the object ------------------------------------------------------------- */

/* Refusals of which a person should read more than for a provider's. */
static const struct {
	const char *name;
	enum provider_result result;
	const char *words;
} refusals[] = {
	{ "invalid_client", PROVIDER_SETTING, "it does not accept your key: "
	  "ask its administrator, whose log has the reason" },
	{ "invalid_target", PROVIDER_TARGET, "none of its grants gives you "
	  "such a token for one of these hosts: ask its administrator" },
};

static enum provider_result
judge_refusal(const struct document *document, enum provider_result unnamed,
    char words[PROVIDER_WORDS_SIZE])
{
	const struct json_node *root = json_root(&document->json);
	struct bytes name = value_text(root, "error");
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (bytes_eq_str(name, refusals[i].name))
			return provider_refuse(refusals[i].result,
			    refusals[i].words, bytes_of(NULL, 0), words);
	}
	if (name.len > 0)
		return provider_judge_error(name,
		    value_text(root, "error_description"), unnamed, words);
	return provider_refuse(unnamed, "it refused, and did not say why"
	    NOT_SERVED, bytes_of(NULL, 0), words);
}

/*
 * PROVIDER_OK: it is an object of a success.
 *
 * unusable  the result for something that no issuer of ours sends
 * unnamed   the result for a refusal without a name that an RFC has
 */
static enum provider_result
open_answer(const struct ssh_result *result, enum provider_result unusable,
    enum provider_result unnamed, struct document *document,
    char words[PROVIDER_WORDS_SIZE])
{
	const struct document_answer answer = {
		.body = secret_bytes(&result->answer)
	};
	enum provider_result ended = judge_end(result, unusable, words);
	char fault[DOCUMENT_FAULT_SIZE];
	const struct json_node *root;
	enum jwt_reason reason;

	if (ended != PROVIDER_OK)
		return ended;
	reason = document_read(&answer, document, fault);
	if (reason == JWT_OUT_OF_MEMORY)
		return provider_refuse(PROVIDER_LATER, "memory ran out",
		    bytes_of(NULL, 0), words);
	if (result->status != 0)
		return judge_refusal(document, unnamed, words);
	if (reason != JWT_OK) {
		(void)snprintf(words, PROVIDER_WORDS_SIZE, "its answer is not "
		    "accepted: %s" NOT_SERVED, fault);
		return unusable;
	}
	root = json_root(&document->json);
	/* Bearer also with cnf, as in RFC 8705: no proof goes to the issuer. */
	if (value_text(root, "error").len == 0 &&
	    value_is_word(root, "token_type", "bearer"))
		return PROVIDER_OK;
	return provider_refuse(unusable, "its answer is not accepted: it has "
	    "an error, or its token_type is not Bearer", bytes_of(NULL, 0),
	    words);
}

/* Take the refresh token; false if it could not be sent again. */
static bool
take_refresh_token(const struct json_node *root, struct bytes *out)
{
	*out = value_text(root, "refresh_token");
	return value_is_token(*out) && out->len < SSH_INPUT_MAX;
}

static int64_t
session_in(const struct json_node *root)
{
	int64_t seconds = value_seconds(root, "refresh_expires_in");

	if (seconds == 0)
		return -1;
	return seconds;
}

/* ---- a login ---------------------------------------------------------------- */

/* Where the token of a resource is: for one alone at the top. */
static const struct json_node *
holder_of(const struct json_node *root, const struct ssh_asked *asked,
    const char *resource)
{
	const struct json_node *tokens = json_get(root, bytes_str("tokens"));

	if (tokens == NULL && asked->count == 1)
		return root;
	return json_get(tokens, bytes_str(resource));
}

static bool
take_one(const struct json_node *holder, struct issued_wanted *wanted,
    struct ssh_token *out, char words[PROVIDER_WORDS_SIZE])
{
	struct bytes token = value_text(holder, "access_token");

	if (token.len == 0 || !value_is_token(token))
		return value_refuse(words, PROVIDER_WORDS_SIZE, "it gave no "
		    "token for ", bytes_str(wanted->resource), "");
	if (!issued_check(token, wanted, words, PROVIDER_WORDS_SIZE))
		return false;
	*out = (struct ssh_token){
		.resource = wanted->resource, .token = token,
		.life = provider_life(token,
		    value_seconds(holder, "expires_in"))
	};
	return true;
}

static bool
take_all(const struct json_node *root, const struct ssh_asked *asked,
    struct ssh_tokens *out, char words[PROVIDER_WORDS_SIZE])
{
	struct id_token first = { .iat = -1 };	/* whose they are */
	struct issued_wanted wanted = { .resource = NULL };
	bool ok = true;
	size_t i;

	for (i = 0; i < asked->count && i < SESSION_TOKENS_MAX && ok; i++) {
		wanted.resource = asked->resources[i];
		ok = take_one(holder_of(root, asked, wanted.resource), &wanted,
		    &out->item[i], words);
		if (ok && i == 0)
			id_token_look(out->item[0].token, &first);
		wanted.sub = first.sub;
	}
	out->count = ok ? i : 0;
	id_token_clear(&first);
	return ok;
}

enum provider_result
ssh_answer_login(const struct ssh_result *result,
    const struct ssh_asked *asked, struct ssh_tokens *out,
    char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result opened;
	const struct json_node *root;

	*out = (struct ssh_tokens){ .session_in = -1 };
	words[0] = '\0';
	opened = open_answer(result, PROVIDER_SETTING, PROVIDER_SETTING,
	    &out->document, words);
	if (opened != PROVIDER_OK)
		return opened;
	root = json_root(&out->document.json);
	if (!take_refresh_token(root, &out->refresh_token)) {
		out->refresh_token.len = 0;
		return provider_refuse(PROVIDER_SETTING, "it gave no valid "
		    "refresh token", bytes_of(NULL, 0), words);
	}
	if (!take_all(root, asked, out, words)) {
		out->refresh_token.len = 0;
		return PROVIDER_SETTING;
	}
	out->session_in = session_in(root);
	return PROVIDER_OK;
}

void
ssh_tokens_clear(struct ssh_tokens *tokens)
{
	document_clear(&tokens->document);
	*tokens = (struct ssh_tokens){ .session_in = -1 };
}

/* ---- the others ------------------------------------------------------------- */

enum provider_result
ssh_answer_refresh(const struct ssh_result *result,
    struct provider_tokens *out, char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result opened;
	const struct json_node *root;
	struct bytes token, refresh_token;

	*out = (struct provider_tokens){ .expires_in = -1, .session_in = -1 };
	words[0] = '\0';
	opened = open_answer(result, PROVIDER_LATER, PROVIDER_REFUSED,
	    &out->document, words);
	if (opened != PROVIDER_OK)
		return opened;
	root = json_root(&out->document.json);
	token = value_text(root, "access_token");
	if (token.len == 0 || !value_is_token(token) ||
	    !take_refresh_token(root, &refresh_token))
		return provider_refuse(PROVIDER_LATER, "it gave no token, or "
		    "one with characters that no token has",
		    bytes_of(NULL, 0), words);
	out->access_token = token;
	out->refresh_token = refresh_token;
	out->expires_in = value_seconds(root, "expires_in");
	out->session_in = session_in(root);
	return PROVIDER_OK;
}

enum provider_result
ssh_answer_logout(const struct ssh_result *result,
    char words[PROVIDER_WORDS_SIZE])
{
	struct document document = { 0 };
	enum provider_result judged;

	words[0] = '\0';
	judged = judge_end(result, PROVIDER_SETTING, words);
	if (judged == PROVIDER_OK && result->status != 0)
		judged = open_answer(result, PROVIDER_SETTING,
		    PROVIDER_SETTING, &document, words);
	document_clear(&document);
	return judged;
}

bool
ssh_answer_is_lost(const struct ssh_result *result)
{
	if (result->end == SSH_KILLED)
		return true;
	if (result->end != SSH_ENDED)
		return false;
	if (result->status == SSH_EXIT_FAILED)
		return find_advice(result) == NULL;
	return result->status == 0;
}
