/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The provider of a section of login.conf, and each request that a login makes
 * of it.  The requests are forms (RFC 6749 appendix B); pam-jwt-net sends them,
 * and never follows a redirect of one.
 */
#ifndef JWT_PROVIDER_H
#define JWT_PROVIDER_H

#include "login/dpop.h"
#include "login/form.h"
#include "login/provider_read.h"
#include "login/session.h"
#include "sync/fetcher.h"

/*
 * How requests of the token endpoint are proved, so that the provider binds its
 * tokens to a key (RFC 9449).
 */
struct provider_proof {
	const char *which;	/* for dpop_open(); NULL: they are not */
	char key[SSHKEY_PRINT_SIZE];	/* fingerprint of the last one */
	char jkt[THUMBPRINT_SIZE];	/* its thumbprint */
	const char *alg;		/* of its proofs; static */
	char nonce[DPOP_NONCE_MAX + 1];	/* for the next one; "": none */
	int64_t clock_off;	/* what our clock lacks to the provider's, s */
	int64_t end_msec;	/* when the agent must have answered; 0: 60 s */
	char words[DPOP_WORDS_SIZE];
};

struct provider {
	const struct login_section *section;	/* borrowed */
	struct provider_metadata metadata;
	struct fetcher_options fetcher;	/* the caller may set a deadline */
	unsigned status;	/* of the last answer to a form; 0: none came */
	struct provider_proof proof;
	struct arena arena;
	struct file ca, secret;
	char path[FETCHER_PATH_MAX];
	char words[PROVIDER_WORDS_SIZE];	/* why it was not PROVIDER_OK */
};

/* A login asks for these; they are borrowed. */
struct provider_wanted {
	const char *const *resources;	/* RFC 8707; "" ones are not sent */
	size_t count;
	int64_t max_age;	/* s (OpenID Connect Core 3.1.2.1); -1: none */
};

/*
 * Read the files that the section names, and find the fetcher.  False, with a
 * message on standard error.  The caller must close *out, whatever the result.
 */
bool provider_open(const struct login_section *section,
    struct provider *out);
void provider_close(struct provider *provider);

/* Get the metadata: PROVIDER_OK, PROVIDER_LATER or PROVIDER_SETTING. */
enum provider_result provider_discover(struct provider *provider);

/*
 * Choose the key of the ssh-agent that the section wants, if it wants one.
 * False, and provider->words says why.
 */
bool provider_choose_key(struct provider *provider);

/*
 * Whether an access token is bound to the key of the last proof, by cnf (RFC
 * 9449 section 6.1); also where no key is wanted, and for an opaque token, of
 * which nobody but the provider can tell.  False, and provider->words says why.
 */
bool provider_is_bound(struct provider *provider, struct bytes access_token);

/*
 * Use the endpoints and the key of a session's login, without a request; they
 * are borrowed from it.  For an issuer over ssh the section names the one
 * endpoint that there is.  False without an endpoint.
 */
bool provider_resume(struct provider *provider,
    const struct session *session);

/* The word for session->client_auth (RFC 7591 section 2). */
const char *provider_client_auth(const struct provider *provider);

/*
 * The requests of the token endpoint.  resource is "" for none.  The caller
 * must clear *out with provider_tokens_clear(), whatever the result; unless it
 * is PROVIDER_OK, provider->words says why.
 */
enum provider_result provider_refresh(struct provider *provider,
    struct bytes refresh_token, const char *resource,
    struct provider_tokens *out);
enum provider_result provider_poll(struct provider *provider,
    struct bytes device_code, const char *resource,
    struct provider_tokens *out);

/* An authorization code, and what the request for it was made with. */
struct provider_code {
	struct bytes code;
	const char *verifier;	/* RFC 7636 section 4.1 */
	const char *redirect_uri;
};
enum provider_result provider_exchange(struct provider *provider,
    const struct provider_code *code, const char *resource,
    struct provider_tokens *out);

/* RFC 8628 section 3.1.  Clear *out, whatever the result. */
enum provider_result provider_start_device(struct provider *provider,
    const struct provider_wanted *wanted, struct provider_device *out);

/* RFC 7009.  PROVIDER_SETTING also if the provider has no such endpoint. */
enum provider_result provider_revoke(struct provider *provider,
    struct bytes refresh_token);

/* The browser is sent with these values (RFC 6749 4.1.1, RFC 7636 4.3). */
struct provider_authorization {
	const char *redirect_uri;
	const char *state;
	const char *nonce;
	const char *challenge;
};

/* The address for the browser, in a form that the caller must clear. */
void provider_authorize(const struct provider *provider,
    const struct provider_wanted *wanted,
    const struct provider_authorization *authorization, struct form *out);

#endif
