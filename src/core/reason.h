/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every outcome of a login has a name.
 *
 * The table below is the only list of them.  The short names are an
 * interface: the log, the command line, the manual and the tests use them,
 * so a name is never changed and never used for a second meaning.
 */
#ifndef JWT_REASON_H
#define JWT_REASON_H

#define JWT_REASONS(X)                                                         \
	X(JWT_OK, "ok", JWT_CLASS_OK, "accepted")                              \
	/* malformed: the bytes are not a token that we read */                \
	X(JWT_TOKEN_EMPTY, "token-empty", JWT_CLASS_MALFORMED,                 \
	  "the answer is empty")                                               \
	X(JWT_TOKEN_TOO_LONG, "token-too-long", JWT_CLASS_MALFORMED,           \
	  "the token or its header is over the size limit")                    \
	X(JWT_TOKEN_CUT, "token-cut", JWT_CLASS_MALFORMED,                     \
	  "the token ends at a length where programs cut an answer")           \
	X(JWT_TOKEN_FORM, "token-form", JWT_CLASS_MALFORMED,                   \
	  "not three base64url parts separated by dots")                       \
	X(JWT_TOKEN_BASE64, "token-base64", JWT_CLASS_MALFORMED,               \
	  "a part is not canonical base64url")                                 \
	X(JWT_JSON_INVALID, "json-invalid", JWT_CLASS_MALFORMED,               \
	  "header or payload is not a strictly valid JSON object")             \
	X(JWT_JSON_DUPLICATE, "json-duplicate", JWT_CLASS_MALFORMED,           \
	  "a JSON object has two members of one name")                         \
	X(JWT_JSON_LIMIT, "json-limit", JWT_CLASS_MALFORMED,                   \
	  "JSON nested too deep or with too many members")                     \
	X(JWT_HEADER_INVALID, "header-invalid", JWT_CLASS_MALFORMED,           \
	  "a header parameter is missing, of the wrong type or not allowed")   \
	X(JWT_CRIT_UNSUPPORTED, "crit-unsupported", JWT_CLASS_MALFORMED,       \
	  "the header names critical extensions, and none is supported")       \
	X(JWT_ENCRYPTION_UNSUPPORTED, "encryption-unsupported",                \
	  JWT_CLASS_MALFORMED,                                                 \
	  "the token is encrypted, and not in a way that is supported here")   \
	X(JWT_ENCRYPTION_MISSING, "encryption-missing", JWT_CLASS_MALFORMED,   \
	  "the issuer's tokens must be encrypted for this host")               \
	/* key: nobody we trust signed it, or not in the agreed way */         \
	X(JWT_ALG_UNSUPPORTED, "alg-unsupported", JWT_CLASS_KEY,               \
	  "the algorithm is not one that this build verifies")                 \
	X(JWT_ALG_NOT_ALLOWED, "alg-not-allowed", JWT_CLASS_KEY,               \
	  "the issuer is not configured for this algorithm")                   \
	X(JWT_ALG_KEY_MISMATCH, "alg-key-mismatch", JWT_CLASS_KEY,             \
	  "the key is bound to another algorithm")                             \
	X(JWT_KEY_UNKNOWN, "key-unknown", JWT_CLASS_KEY,                       \
	  "the issuer has no key of this kid")                                 \
	X(JWT_KEY_AMBIGUOUS, "key-ambiguous", JWT_CLASS_KEY,                   \
	  "the token names no key and too many would fit")                     \
	X(JWT_KEYS_STALE, "keys-stale", JWT_CLASS_KEY,                         \
	  "the keys that sync fetches are missing, malformed or too old")      \
	X(JWT_DECRYPT_FAILED, "decrypt-failed", JWT_CLASS_KEY,                 \
	  "the token is not encrypted for this host's key, or was changed")    \
	X(JWT_SIGNATURE_INVALID, "signature-invalid", JWT_CLASS_KEY,           \
	  "the signature does not verify")                                     \
	/* claim: signed, but not for us or not for now */                     \
	X(JWT_ISSUER_UNKNOWN, "issuer-unknown", JWT_CLASS_CLAIM,               \
	  "iss is not exactly that of a configured issuer")                    \
	X(JWT_TYPE_NOT_ACCEPTED, "type-not-accepted", JWT_CLASS_CLAIM,         \
	  "this kind of token does not log in")                                \
	X(JWT_CLAIM_INVALID, "claim-invalid", JWT_CLASS_CLAIM,                 \
	  "a claim that is needed is missing or has the wrong type or range")  \
	X(JWT_AUDIENCE_MISMATCH, "audience-mismatch", JWT_CLASS_CLAIM,         \
	  "aud does not hold an audience of this host")                        \
	X(JWT_EXPIRY_MISSING, "expiry-missing", JWT_CLASS_CLAIM,               \
	  "the token has no exp")                                              \
	X(JWT_EXPIRED, "expired", JWT_CLASS_CLAIM,                             \
	  "exp has passed")                                                    \
	X(JWT_NOT_YET_VALID, "not-yet-valid", JWT_CLASS_CLAIM,                 \
	  "nbf is still to come")                                              \
	X(JWT_ISSUED_IN_FUTURE, "issued-in-future", JWT_CLASS_CLAIM,           \
	  "iat is still to come")                                              \
	X(JWT_TOO_OLD, "too-old", JWT_CLASS_CLAIM,                             \
	  "issued longer ago than max_age")                                    \
	X(JWT_LIFETIME_TOO_LONG, "lifetime-too-long", JWT_CLASS_CLAIM,         \
	  "valid for longer than max_lifetime")                                \
	X(JWT_SUBJECT_MISSING, "subject-missing", JWT_CLASS_CLAIM,             \
	  "the token has no subject")                                          \
	/* policy: the rules of the service */                                 \
	X(JWT_DENIED, "denied", JWT_CLASS_POLICY,                              \
	  "a deny rule holds, or cannot be told not to hold")                  \
	X(JWT_NOT_PERMITTED, "not-permitted", JWT_CLASS_POLICY,                \
	  "no permit rule holds")                                              \
	X(JWT_CLIENT_NOT_ACCEPTED, "client-not-accepted", JWT_CLASS_POLICY,    \
	  "the token is a program's, and no rule writes its account out")        \
	/* account: who the token may be on this host */                       \
	X(JWT_ACCOUNT_INVALID, "account-invalid", JWT_CLASS_ACCOUNT,           \
	  "the claim does not give a legal account name")                      \
	X(JWT_ACCOUNT_MISMATCH, "account-mismatch", JWT_CLASS_ACCOUNT,         \
	  "the token is for another account than the one asked for")           \
	X(JWT_ACCOUNT_PROTECTED, "account-protected", JWT_CLASS_ACCOUNT,       \
	  "uid 0 and system accounts need a rule that names them")             \
	X(JWT_ACCOUNT_UNKNOWN, "account-unknown", JWT_CLASS_ACCOUNT,           \
	  "the account does not exist on this host")                           \
	/* proof of possession */                                              \
	X(JWT_PROOF_MISSING, "proof-missing", JWT_CLASS_PROOF,                 \
	  "the token is bound to a key (cnf), and no proof of it is at hand")  \
	X(JWT_PROOF_MISMATCH, "proof-mismatch", JWT_CLASS_PROOF,               \
	  "the token is bound to another key than the one proved")             \
	/* state kept on this host */                                          \
	X(JWT_REVOKED, "revoked", JWT_CLASS_STATE,                             \
	  "the token, its session or the account is revoked")                  \
	X(JWT_SUPERSEDED, "superseded", JWT_CLASS_STATE,                       \
	  "the tokens of that time are cut off")                               \
	X(JWT_REPLAYED, "replayed", JWT_CLASS_STATE,                           \
	  "the one-time token was used before")                                \
	X(JWT_STATUS_REVOKED, "status-revoked", JWT_CLASS_STATE,               \
	  "the issuer's status list revokes the token")                        \
	X(JWT_STATUS_STALE, "status-stale", JWT_CLASS_STATE,                   \
	  "the token refers to a status list that is not at hand")             \
	X(JWT_STATE_UNAVAILABLE, "state-unavailable", JWT_CLASS_STATE,         \
	  "the state store cannot be read")                                    \
	/* configuration */                                                    \
	X(JWT_CONFIG_INVALID, "config-invalid", JWT_CLASS_CONFIGURATION,       \
	  "the configuration has an error")                                    \
	X(JWT_CONFIG_UNSAFE, "config-unsafe", JWT_CLASS_CONFIGURATION,         \
	  "somebody else could change the configuration")                      \
	X(JWT_KEY_FILE_INVALID, "key-file-invalid", JWT_CLASS_CONFIGURATION,   \
	  "a key file has an error")                                           \
	X(JWT_KEY_FILE_UNSAFE, "key-file-unsafe", JWT_CLASS_CONFIGURATION,     \
	  "somebody else could change or read a key file")                     \
	/* internal */                                                         \
	X(JWT_OUT_OF_MEMORY, "out-of-memory", JWT_CLASS_INTERNAL,              \
	  "memory ran out")                                                    \
	X(JWT_INTERNAL, "internal", JWT_CLASS_INTERNAL,                        \
	  "an error of this software or of a library that it calls")

/* The kind of an outcome, which decides the PAM code and nothing else. */
enum jwt_class {
	JWT_CLASS_OK,
	JWT_CLASS_MALFORMED,
	JWT_CLASS_KEY,
	JWT_CLASS_CLAIM,
	JWT_CLASS_POLICY,
	JWT_CLASS_ACCOUNT,
	JWT_CLASS_PROOF,
	JWT_CLASS_STATE,
	JWT_CLASS_CONFIGURATION,
	JWT_CLASS_INTERNAL
};

#define JWT_REASON_ENUM(id, name, class, text) id,
/*
 * JWT_OK is 0; any other value is a refusal.  A variable of this type starts
 * as JWT_INTERNAL, so that a path that forgets to set it refuses.
 */
enum jwt_reason { JWT_REASONS(JWT_REASON_ENUM) JWT_REASON_COUNT };
#undef JWT_REASON_ENUM

/* For functions whose result the caller must not ignore. */
#define JWT_MUST_USE __attribute__((warn_unused_result))

/* The stable short name, such as "expired"; static, never NULL. */
const char *reason_name(enum jwt_reason reason);

/* One sentence for people, without a full stop; static, never NULL. */
const char *reason_text(enum jwt_reason reason);

/* The class; JWT_CLASS_INTERNAL for a value that is not in the table. */
enum jwt_class reason_class(enum jwt_reason reason);

#endif
