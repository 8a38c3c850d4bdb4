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
	  "the token or its header is longer than allowed")                    \
	X(JWT_TOKEN_CUT, "token-cut", JWT_CLASS_MALFORMED,                     \
	  "the token is incomplete: programs cut answers at this length")      \
	X(JWT_TOKEN_FORM, "token-form", JWT_CLASS_MALFORMED,                   \
	  "the answer is not three base64url parts separated by dots")         \
	X(JWT_TOKEN_BASE64, "token-base64", JWT_CLASS_MALFORMED,               \
	  "a part of the token is not canonical base64url")                    \
	X(JWT_JSON_INVALID, "json-invalid", JWT_CLASS_MALFORMED,               \
	  "the header or the payload is not a valid JSON object")              \
	X(JWT_JSON_DUPLICATE, "json-duplicate", JWT_CLASS_MALFORMED,           \
	  "a JSON object has two members of the same name")                    \
	X(JWT_JSON_LIMIT, "json-limit", JWT_CLASS_MALFORMED,                   \
	  "the JSON is nested too deeply or has too many members")             \
	X(JWT_HEADER_INVALID, "header-invalid", JWT_CLASS_MALFORMED,           \
	  "a header parameter is missing, of the wrong type or not allowed")   \
	X(JWT_CRIT_UNSUPPORTED, "crit-unsupported", JWT_CLASS_MALFORMED,       \
	  "the header requires an extension (crit), and none is supported")    \
	X(JWT_ENCRYPTION_UNSUPPORTED, "encryption-unsupported",                \
	  JWT_CLASS_MALFORMED,                                                 \
	  "the token is encrypted in a way that is not supported here")        \
	X(JWT_ENCRYPTION_MISSING, "encryption-missing", JWT_CLASS_MALFORMED,   \
	  "the tokens of this issuer must be encrypted for this host")         \
	/* key: nobody we trust signed it, or not in the agreed way */         \
	X(JWT_ALG_UNSUPPORTED, "alg-unsupported", JWT_CLASS_KEY,               \
	  "the signature algorithm is not supported")                          \
	X(JWT_ALG_NOT_ALLOWED, "alg-not-allowed", JWT_CLASS_KEY,               \
	  "the configuration does not allow this algorithm for the issuer")    \
	X(JWT_ALG_KEY_MISMATCH, "alg-key-mismatch", JWT_CLASS_KEY,             \
	  "the key is for another algorithm")                                  \
	X(JWT_KEY_UNKNOWN, "key-unknown", JWT_CLASS_KEY,                       \
	  "the issuer has no key with this kid")                               \
	X(JWT_KEY_AMBIGUOUS, "key-ambiguous", JWT_CLASS_KEY,                   \
	  "the token names no key, and too many keys would fit")               \
	X(JWT_KEYS_STALE, "keys-stale", JWT_CLASS_KEY,                         \
	  "the keys that pam-jwt sync fetches are missing, bad or too old")    \
	X(JWT_DECRYPT_FAILED, "decrypt-failed", JWT_CLASS_KEY,                 \
	  "the token is encrypted for another key, or it was changed")         \
	X(JWT_SIGNATURE_INVALID, "signature-invalid", JWT_CLASS_KEY,           \
	  "the signature is not valid")                                        \
	/* claim: signed, but not for us or not for now */                     \
	X(JWT_ISSUER_UNKNOWN, "issuer-unknown", JWT_CLASS_CLAIM,               \
	  "no [issuer] has exactly this iss")                                  \
	X(JWT_TYPE_NOT_ACCEPTED, "type-not-accepted", JWT_CLASS_CLAIM,         \
	  "a token of this type is not for logging in")                        \
	X(JWT_CLAIM_INVALID, "claim-invalid", JWT_CLASS_CLAIM,                 \
	  "a required claim is missing, or has the wrong type or range")       \
	X(JWT_AUDIENCE_MISMATCH, "audience-mismatch", JWT_CLASS_CLAIM,         \
	  "aud does not name this host")                                       \
	X(JWT_EXPIRY_MISSING, "expiry-missing", JWT_CLASS_CLAIM,               \
	  "the token has no expiry time (exp)")                                \
	X(JWT_EXPIRED, "expired", JWT_CLASS_CLAIM,                             \
	  "the token has expired (exp)")                                       \
	X(JWT_NOT_YET_VALID, "not-yet-valid", JWT_CLASS_CLAIM,                 \
	  "the token is not valid yet (nbf)")                                  \
	X(JWT_ISSUED_IN_FUTURE, "issued-in-future", JWT_CLASS_CLAIM,           \
	  "the token was issued in the future (iat)")                          \
	X(JWT_TOO_OLD, "too-old", JWT_CLASS_CLAIM,                             \
	  "the token was issued longer ago than max_age allows")               \
	X(JWT_LIFETIME_TOO_LONG, "lifetime-too-long", JWT_CLASS_CLAIM,         \
	  "the token is valid for longer than max_lifetime allows")            \
	X(JWT_SUBJECT_MISSING, "subject-missing", JWT_CLASS_CLAIM,             \
	  "the token has no subject (sub)")                                    \
	/* policy: the rules of the service */                                 \
	X(JWT_DENIED, "denied", JWT_CLASS_POLICY,                              \
	  "a deny rule applies, or what it tests is not known")                \
	X(JWT_NOT_PERMITTED, "not-permitted", JWT_CLASS_POLICY,                \
	  "no permit rule applies")                                            \
	X(JWT_CLIENT_NOT_ACCEPTED, "client-not-accepted", JWT_CLASS_POLICY,    \
	  "the token is a program's, and no rule names an account for it")     \
	/* account: who the token may be on this host */                       \
	X(JWT_ACCOUNT_INVALID, "account-invalid", JWT_CLASS_ACCOUNT,           \
	  "the claim is not a valid account name")                             \
	X(JWT_ACCOUNT_MISMATCH, "account-mismatch", JWT_CLASS_ACCOUNT,         \
	  "the token is for another account than the one asked for")           \
	X(JWT_ACCOUNT_PROTECTED, "account-protected", JWT_CLASS_ACCOUNT,       \
	  "uid 0 and system accounts need a rule that names them")             \
	X(JWT_ACCOUNT_UNKNOWN, "account-unknown", JWT_CLASS_ACCOUNT,           \
	  "the account does not exist on this host")                           \
	/* proof of possession */                                              \
	X(JWT_PROOF_MISSING, "proof-missing", JWT_CLASS_PROOF,                 \
	  "the token is bound to a key (cnf) that the login did not prove")    \
	X(JWT_PROOF_MISMATCH, "proof-mismatch", JWT_CLASS_PROOF,               \
	  "the token is bound to another key than the login proved")           \
	/* state kept on this host */                                          \
	X(JWT_REVOKED, "revoked", JWT_CLASS_STATE,                             \
	  "the token, its session or its account was revoked")                 \
	X(JWT_SUPERSEDED, "superseded", JWT_CLASS_STATE,                       \
	  "all tokens issued up to a certain time were revoked")               \
	X(JWT_REPLAYED, "replayed", JWT_CLASS_STATE,                           \
	  "the token can be used only once, and it was used before")           \
	X(JWT_STATUS_REVOKED, "status-revoked", JWT_CLASS_STATE,               \
	  "the issuer's status list says that the token is revoked")           \
	X(JWT_STATUS_STALE, "status-stale", JWT_CLASS_STATE,                   \
	  "the token needs a status list that this host does not have")        \
	X(JWT_STATE_UNAVAILABLE, "state-unavailable", JWT_CLASS_STATE,         \
	  "the state cannot be read")                                          \
	/* configuration */                                                    \
	X(JWT_CONFIG_INVALID, "config-invalid", JWT_CLASS_CONFIGURATION,       \
	  "the configuration has an error")                                    \
	X(JWT_CONFIG_UNSAFE, "config-unsafe", JWT_CLASS_CONFIGURATION,         \
	  "another user could change the configuration")                       \
	X(JWT_KEY_FILE_INVALID, "key-file-invalid", JWT_CLASS_CONFIGURATION,   \
	  "a key file has an error")                                           \
	X(JWT_KEY_FILE_UNSAFE, "key-file-unsafe", JWT_CLASS_CONFIGURATION,     \
	  "another user could change or read a key file")                      \
	/* internal */                                                         \
	X(JWT_OUT_OF_MEMORY, "out-of-memory", JWT_CLASS_INTERNAL,              \
	  "memory ran out")                                                    \
	X(JWT_INTERNAL, "internal", JWT_CLASS_INTERNAL,                        \
	  "an internal error of pam_jwt or of a library")

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
