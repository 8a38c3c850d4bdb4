/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For hint.c alone: the hints of single reasons.  Those of hint_key.c are for
 * tokens that are not verified; the others call hint_claim_of().
 */
#ifndef JWT_HINT_EACH_H
#define JWT_HINT_EACH_H

#include "core/hint_words.h"

/* hint_key.c: the issuer, and its keys */
void hint_issuer(struct hint *hint);
void hint_key(struct hint *hint);
void hint_stale(struct hint *hint);
void hint_algorithm(struct hint *hint);
void hint_signature(struct hint *hint);

/* hint_decryption.c: a token that is encrypted, or that should be */
bool hint_is_encryption(const struct hint *hint);
void hint_encryption(struct hint *hint);

/* hint_claims.c: claims that do not fit the issuer's settings */
void hint_type(struct hint *hint);
void hint_audience(struct hint *hint);
void hint_time(struct hint *hint);
void hint_age(struct hint *hint);
void hint_lifetime(struct hint *hint);
void hint_claim(struct hint *hint);
void hint_subject(struct hint *hint);

/* hint_rules.c: the tests that failed */
void hint_denied(struct hint *hint);
void hint_not_permitted(struct hint *hint);

/* hint_account.c: the account that the token is for */
void hint_client(struct hint *hint);
void hint_mismatch(struct hint *hint);
void hint_invalid(struct hint *hint);
void hint_protected(struct hint *hint);
void hint_unknown(struct hint *hint);
bool hint_map_is_faulty(const struct hint *hint, const struct rule *rule);

/* hint_proof.c: the key that was proved */
void hint_no_proof(struct hint *hint);
void hint_other_key(struct hint *hint);

/* hint_state.c: the fact that refuses */
void hint_revoked(struct hint *hint);
void hint_cutoff(struct hint *hint);
void hint_once(struct hint *hint);

#endif
