/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges what an identity provider sends: its metadata (OpenID Connect
 * Discovery 1.0, RFC 8414), answers of its device authorization endpoint (RFC
 * 8628 section 3.2) and of its token endpoint (RFC 6749 section 5).
 *
 * Providers are strangers.  Each answer here is hostile bytes; what is taken
 * from it is bounded and has only characters that may be there, and each text
 * for people is printable ASCII.  A body is never shown: a token may be in it.
 */
#ifndef JWT_PROVIDER_READ_H
#define JWT_PROVIDER_READ_H

#include "core/base/arena.h"
#include "sync/document.h"

#define PROVIDER_WORDS_SIZE	512	/* a sentence for people */
#define PROVIDER_USER_CODE_MAX	64	/* bytes; real ones have 9 */

enum provider_result {
	PROVIDER_OK,
	PROVIDER_PENDING,	/* the person has not decided yet */
	PROVIDER_SLOW_DOWN,	/* the same; and ask less often from now on */
	PROVIDER_OVER,		/* the grant is dead: log in again */
	PROVIDER_REFUSED,	/* a refresh, by words that do not say so */
	PROVIDER_DENIED,	/* by the person, or by the provider's rules */
	PROVIDER_TARGET,	/* no token for this resource (RFC 8707) */
	PROVIDER_SETTING,	/* an administrator must change something */
	PROVIDER_PROOF,		/* not asked: the ssh-agent gave no proof */
	PROVIDER_LATER		/* unreachable or ill: everything stays valid */
};

/* The request; the same answer means another thing to each. */
enum provider_asked {
	PROVIDER_ASKED_CODE,	/* authorization_code */
	PROVIDER_ASKED_POLL,	/* device_code */
	PROVIDER_ASKED_REFRESH,	/* refresh_token */
	PROVIDER_ASKED_DEVICE,	/* a device code */
	PROVIDER_ASKED_REVOKE
};

/* An answer of HTTP, as it came; borrowed. */
struct provider_answer {
	unsigned status;	/* 0: none came */
	struct bytes error;	/* then why, in printable ASCII */
	bool unproved;		/* then: there was no proof to send */
	struct bytes nonce;	/* DPoP-Nonce (RFC 9449 8.1), hostile */
	int64_t date;		/* by its clock; 0 or less: not known */
	struct document_answer document;
};

/* ---- provider_metadata.c ------------------------------------------------- */

/* Addresses are NULL when there is none; owned by the arena. */
struct provider_metadata {
	const char *token_endpoint;	/* never NULL */
	const char *authorization_endpoint;
	const char *device_endpoint;
	const char *revocation_endpoint;
	bool sends_iss;		/* with each authorization (RFC 9207) */
	bool lacks_s256;	/* it lists methods of PKCE without S256 */
	bool secret_in_form;	/* it takes no client secret by Basic */
	const char *proof_algs;	/* words, of RFC 9449 5.1; NULL: no list */
};

/*
 * Read a document with the status 200 of an issuer.  Each address in it must
 * be https; http to a loopback address will do where iss is one itself.
 *
 * False, with the fault in words, for a document that is not taken, and when
 * memory runs out.
 */
bool provider_read_metadata(const char *iss,
    const struct document_answer *answer, struct arena *arena,
    struct provider_metadata *out, char words[PROVIDER_WORDS_SIZE]);

/* ---- provider_read.c ----------------------------------------------------- */

/*
 * Read the JSON of an answer, and say what it is if it is no success.  After
 * PROVIDER_OK the status was 200, and there is an object without an error.
 * words  gets what happened, unless the result is PROVIDER_OK
 * The caller must clear *document, whatever the result.
 */
enum provider_result provider_open_answer(
    const struct provider_answer *answer, enum provider_asked asked,
    struct document *document, char words[PROVIDER_WORDS_SIZE]);

/*
 * Judge an error by its name, which ends in words beside the description; both
 * are hostile.  unknown  the result for a name that no RFC has
 */
enum provider_result provider_judge_error(struct bytes name,
    struct bytes description, enum provider_result unknown,
    char words[PROVIDER_WORDS_SIZE]);

/* Whether it is a 400 or a 401 with an error of that name. */
bool provider_has_error(const struct provider_answer *answer,
    const char *name);

/* Refuse a 200 that has not what a success has; returns the result. */
enum provider_result provider_refuse(enum provider_result result,
    const char *why, struct bytes value, char words[PROVIDER_WORDS_SIZE]);

/* Views of the document; those that are missing are empty. */
struct provider_tokens {
	struct document document;	/* owned */
	struct bytes access_token;	/* visible ASCII; never empty */
	struct bytes id_token, refresh_token;	/* visible ASCII */
	struct bytes scope;		/* anything */
	int64_t expires_in;		/* s; -1: not told */
	int64_t session_in;		/* of refresh_token, s; -1: not told */
};

/*
 * Read an answer of the token endpoint.
 *
 * type   the token_type that it must have: "Bearer", or "DPoP" (RFC 9449
 *        section 5); the case does not count
 * words  gets what happened, unless the result is PROVIDER_OK
 *
 * The caller must clear *out, whatever the result; there is no token in it
 * unless the result is PROVIDER_OK.
 */
enum provider_result provider_read_tokens(
    const struct provider_answer *answer, enum provider_asked asked,
    const char *type, struct provider_tokens *out,
    char words[PROVIDER_WORDS_SIZE]);

void provider_tokens_clear(struct provider_tokens *tokens);

/*
 * How long a new token is valid, in seconds; -1: nobody says.  expires_in is
 * never trusted beyond exp - iat of a JWT: the host will look at that.  The
 * wall clock is not asked, because it may be wrong.
 */
int64_t provider_life(struct bytes token, int64_t expires_in);

/* The answer to a revocation (RFC 7009 section 2.2): any 200. */
enum provider_result provider_read_revoked(
    const struct provider_answer *answer, char words[PROVIDER_WORDS_SIZE]);

/* ---- provider_device.c --------------------------------------------------- */

/* Views of the document. */
struct provider_device {
	struct document document;	/* owned */
	struct bytes device_code;	/* visible ASCII, a secret */
	struct bytes user_code;		/* printable ASCII */
	struct bytes uri;		/* visible ASCII, https */
	struct bytes uri_complete;	/* the same; empty: none */
	int64_t expires_in;	/* s, 1 to 3600 */
	int64_t interval;	/* s, 1 to 60 */
};

/*
 * Read an answer of the device authorization endpoint; otherwise as above.
 *
 * loopback_http  http to a loopback address will do: iss is one itself
 */
enum provider_result provider_read_device(
    const struct provider_answer *answer, bool loopback_http,
    struct provider_device *out, char words[PROVIDER_WORDS_SIZE]);

void provider_device_clear(struct provider_device *device);

#endif
