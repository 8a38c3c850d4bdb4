/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attack checklist: each case belongs to a row of it (H header,
 * S signature and key, T text, J JSON, C claims, E encryption, F what OpenSSL
 * alone would take) and names the reason that
 * the verifier must give.  A case that fails is kept for its row's test,
 * so that one fault does not hide the others.
 */
#ifndef TESTS_ATTACK_H
#define TESTS_ATTACK_H

#include "tests/lib/world.h"

/* The good header, and payloads without one of their claims. */
#define HEADER "{\"alg\":\"ES256\",\"kid\":\"ES256\"}"
#define NO_SUB "\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\",\"exp\":1700000600"
#define NO_EXP "\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"aud\":\"urn:h\""
#define NO_AUD "\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"exp\":1700000600"
#define NO_ISS "\"sub\":\"alice\",\"aud\":\"urn:h\",\"exp\":1700000600"

/* A table of cases is one of texts: headers, payloads, tokens or keys. */
struct attack {
	const char *row;
	const char *text;
	enum jwt_reason reason;
};

/* A world that has keys for ES256, RS256 and Ed25519. */
extern struct world attack_world;

/* A token against a world; frees the token. */
void attack_token(const char *row, const struct world *world, char *token,
    enum jwt_reason wanted);

/* The same for bytes, which may be anything, at a time. */
void attack_bytes(const char *row, const struct world *world,
    struct bytes token, int64_t now, enum jwt_reason wanted);

/* A key file against an issuer with those settings; frees the file. */
void attack_keys(const char *row, const char *issuer, char *keys,
    enum jwt_reason wanted);

/* A case of another form: what was found out against what must be. */
void attack_case(const char *row, const char *what, enum jwt_reason found,
    enum jwt_reason wanted);

/* All cases, a file for each letter; S has two. */
void attack_headers(void);
void attack_signatures(void);
void attack_key_files(void);
void attack_texts(void);
void attack_json(void);
void attack_claims(void);
void attack_encryption(void);

#endif
