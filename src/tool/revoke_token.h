/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt revoke` notes because of a token.  An unverified text must not
 * revoke anything, or anybody could revoke the tokens of others by writing
 * their identifiers.
 */
#ifndef JWT_REVOKE_TOKEN_H
#define JWT_REVOKE_TOKEN_H

#include "core/claims.h"
#include "tool/revoke_note.h"

/* A token that an issuer of the configuration has signed. */
struct revoke_token {
	struct jws *jws;	/* owned */
	struct jwe *jwe;	/* owned; jws borrows from it; or NULL */
	const struct issuer *issuer;	/* of the policy */
	const struct claims *claims;	/* of the token */
};

/*
 * Parse, decrypt if it is encrypted for this host, and verify.  The policy must
 * have its keys.  The caller must call
 * revoke_close_token(), whatever the result.
 */
JWT_MUST_USE enum jwt_reason revoke_open_token(const struct policy *policy,
    struct bytes text, struct revoke_token *out);
void revoke_close_token(struct revoke_token *token);

/*
 * Print why a token was refused: fault, or if it is NULL the sentence of the
 * reason.  Returns an enum tool_exit, as all functions below.
 */
int revoke_refuse(enum jwt_reason reason, const char *fault);

/* Note that this token is revoked. */
int revoke_note_token(struct revoke *revoke, struct bytes text);

/* Note what a back-channel logout token says. */
int revoke_note_logout(struct revoke *revoke, struct bytes text);

/* The same for a token that is open, and must be for one of these words. */
int revoke_note_logout_of(struct revoke *revoke,
    const struct revoke_token *token, const struct words *audience);

/* Note what a SET or a back-channel logout token says, for event_audience. */
int revoke_note_event(struct revoke *revoke, struct bytes text);

#endif
