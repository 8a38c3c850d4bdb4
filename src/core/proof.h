/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proof of possession (RFC 7800): the keys that the user has proved to have in
 * this login, and the one that a token is bound to by its cnf claim.
 *
 * A token that is bound is worth nothing without its key.  sshd checks a
 * signature by that key and says so to PAM; here the two are only compared.
 */
#ifndef JWT_PROOF_H
#define JWT_PROOF_H

#include "core/base/json.h"
#include "core/jose/sshkey.h"
#include "core/reason.h"

#define PROOF_KEYS_MAX ((size_t)8)	/* of one login; sshd asks for one or two */

/* The keys that were proved.  One key may be there twice, see sshkey.ca. */
struct proof {
	struct sshkey key[PROOF_KEYS_MAX];
	size_t count;
};

/* The key that cnf names, in the form that struct sshkey has. */
struct proof_binding {
	bool is_bound;
	char jkt[THUMBPRINT_SIZE];	/* "": cnf has a fingerprint */
	char fingerprint[SSHKEY_PRINT_SIZE];	/* "": cnf has a thumbprint */
};

/* A key as the words sshkey and sshca of a rule see it; borrowed. */
struct proof_view {
	const char *type;	/* NULL: unknown */
	const char *ca;		/* NULL: unknown; "": not from a certificate */
};

/*
 * Read SSH_AUTH_INFO_0 as sshd(8) writes it: a line for each method that
 * succeeded.  Lines that begin with "publickey " count.  A key of a kind that
 * sshkey_read() does not take is not proved; a line that is malformed, or more
 * keys than PROOF_KEYS_MAX, leave no key at all.
 *
 * Returns JWT_OK or JWT_OUT_OF_MEMORY; then *out has no key.
 */
JWT_MUST_USE enum jwt_reason proof_read(struct bytes ssh_auth_info,
    struct proof *out);

/*
 * Read the claim cnf; NULL is a token without it.  It must have exactly one
 * member: jkt (RFC 9449 section 6.1), jwk (RFC 7800 section 3.2), or kid with
 * a fingerprint of OpenSSH.
 *
 * Returns JWT_OK, JWT_CLAIM_INVALID or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason proof_read_cnf(const struct json_node *cnf,
    struct proof_binding *out);

#define PROOF_TEXT_SIZE 128

/* "the key of the thumbprint 0ZcO…" or "the key SHA256:…" */
void proof_describe(const struct proof_binding *binding,
    char out[PROOF_TEXT_SIZE]);

/*
 * Whether a key of the proof is the one that the token is bound to: JWT_OK,
 * JWT_PROOF_MISSING without any key, otherwise JWT_PROOF_MISMATCH.
 */
JWT_MUST_USE enum jwt_reason proof_check(const struct proof *proof,
    const struct proof_binding *binding);

/*
 * The key that rules look at: the one that the token is bound to, or the only
 * one.  Its CA is unknown if one line has it and another does not.
 */
struct proof_view proof_view(const struct proof *proof,
    const struct proof_binding *binding);

#endif
