/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of provider share this; no other file includes it. */
#ifndef JWT_PROVIDER_POST_H
#define JWT_PROVIDER_POST_H

#include "login/provider.h"

/* ---- provider_post.c: the caller must clear *buffer ---- */

/*
 * Whether iss is a loopback address, so that http will do; for an issuer over
 * ssh, whether its token_endpoint is.
 */
bool provider_is_loopback(const struct provider *provider);

/* Send a request, and view what came. */
struct provider_answer provider_send(struct provider *provider,
    struct exchange_request *request, struct secret *buffer);

/* Send a form, which is cleared, to an endpoint. */
struct provider_answer provider_post(struct provider *provider,
    const char *url, struct form *form, struct secret *buffer);

/*
 * The same, to the token endpoint, with a proof if the section wants one.  It
 * is sent once more where the answer says what another proof must have.
 */
struct provider_answer provider_post_proved(struct provider *provider,
    struct form *form, struct secret *buffer);

/* ---- provider_proof.c ---- */

/*
 * Make the proof for a POST to url; *out stays empty if none is wanted.  False,
 * and provider->proof.words says why.  The caller must clear *out.
 */
bool provider_proof_make(struct provider *provider, const char *url,
    struct secret *out);

/* Take from an answer what the next proof must have. */
void provider_proof_learn(struct provider_proof *proof,
    const struct provider_answer *answer);

/*
 * Whether the answer refuses the proof that was sent, in a way that the next
 * one does not have to be refused.
 */
bool provider_proof_is_better(const struct provider_proof *proof,
    const struct provider_proof *sent, const struct provider_answer *answer);

#endif
