/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges what came from an issuer over ssh: the status with which ssh ended,
 * and the one JSON object that it wrote (RFC 6749 sections 5.1 and 5.2).  An
 * issuer is a stranger, as a provider is: see provider_read.h.
 */
#ifndef JWT_SSH_ANSWER_H
#define JWT_SSH_ANSWER_H

#include "login/provider_read.h"
#include "login/session.h"
#include "login/ssh_run.h"

/* The token for one resource; a view of the document. */
struct ssh_token {
	const char *resource;	/* borrowed from what was asked for */
	struct bytes token;	/* visible ASCII; never empty */
	int64_t life;		/* s; -1: not told */
};

struct ssh_tokens {
	struct document document;	/* owned */
	struct ssh_token item[SESSION_TOKENS_MAX];
	size_t count;
	struct bytes refresh_token;	/* visible ASCII; empty: none */
	int64_t session_in;		/* of it, s; -1: not told */
};

/* A login asked for these; they are borrowed. */
struct ssh_asked {
	const char *const *resources;
	size_t count;		/* 1 to SESSION_TOKENS_MAX */
};

/*
 * Read the answer to a login: each resource has its token, which is one of the
 * same person.  Unless the result is PROVIDER_OK, words says why, and there is
 * no token.  The caller must clear *out, whatever the result.
 */
enum provider_result ssh_answer_login(const struct ssh_result *result,
    const struct ssh_asked *asked, struct ssh_tokens *out,
    char words[PROVIDER_WORDS_SIZE]);
void ssh_tokens_clear(struct ssh_tokens *tokens);

/*
 * Read the answer to a refresh of one token, in which nothing but its form was
 * looked at.  Only an exit status of 1 with invalid_grant is PROVIDER_OVER.
 * The caller must call provider_tokens_clear(), whatever the result.
 */
enum provider_result ssh_answer_refresh(const struct ssh_result *result,
    struct provider_tokens *out, char words[PROVIDER_WORDS_SIZE]);

/* Judge the end of a logout. */
enum provider_result ssh_answer_logout(const struct ssh_result *result,
    char words[PROVIDER_WORDS_SIZE]);

/*
 * Whether the issuer may have been asked, although no answer can be read: ssh
 * failed in another way than before or while it logged in, or it brought
 * something else than an answer.
 */
bool ssh_answer_is_lost(const struct ssh_result *result);

#endif
