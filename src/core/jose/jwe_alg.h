/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The algorithms of a JWE that are supported, and the keys that they need:
 * RFC 7518 sections 4 and 5, RFC 8037 section 3.
 *
 * An algorithm that is not in these tables decrypts nothing.  Left out on
 * purpose: RSA1_5, whose padding tells an attacker about the key (RFC 7516
 * section 11.5, RFC 8725 section 3.2); dir and all others that need a secret
 * shared with the issuer; PBES2, which lets a stranger choose the work.
 */
#ifndef JWT_JWE_ALG_H
#define JWT_JWE_ALG_H

#include "core/base/bytes.h"

#define JWE_CEK_MAX	64	/* bytes: A256CBC-HS512 */
#define JWE_KEK_MAX	32	/* bytes: A256KW */
#define JWE_WRAP_MORE	8	/* bytes that AES Key Wrap adds (RFC 3394) */

/*
 * The kind of a key that decrypts, its curve included.  These kinds are not
 * those of alg.h: a key that decrypts must never verify a signature.
 */
enum jwe_kind {
	JWE_P256,
	JWE_P384,
	JWE_P521,
	JWE_X25519,
	JWE_RSA
};
#define JWE_KINDS ((unsigned)JWE_RSA + 1)

struct jwe_kind_row {
	const char *kty;
	const char *crv;	/* NULL for RSA */
	size_t len;		/* bytes of x, y and d; 0 for RSA */
	bool has_y;
};

/* How the content encryption key is found: "alg". */
struct jwe_alg {
	const char *name;
	bool is_rsa;		/* false: key agreement by ECDH-ES */
	size_t kek_len;		/* bytes; 0: what is agreed on is the CEK */
	const char *digest;	/* of OAEP, and of its MGF1 */
};

/* How the content is encrypted: "enc". */
struct jwe_enc {
	const char *name;
	const char *cipher;	/* OpenSSL's name */
	const char *digest;	/* of the HMAC beside AES-CBC; NULL: AES-GCM */
	size_t cek_len;		/* bytes, as are the next two */
	size_t iv_len;
	size_t tag_len;
};

/* The row of a name, compared byte for byte; NULL if nothing has it. */
const struct jwe_alg *jwe_alg_by_name(struct bytes name);

/* The algorithm of that index, from 0; NULL after the last. */
const struct jwe_alg *jwe_alg_at(size_t index);
const struct jwe_enc *jwe_enc_by_name(struct bytes name);

/* The row of a kind; static. */
const struct jwe_kind_row *jwe_kind_row(enum jwe_kind kind);

/* The kind of a kty and, unless that is RSA, a crv; false if none fits. */
bool jwe_kind_by_names(struct bytes kty, struct bytes crv,
    enum jwe_kind *out);

/* Whether keys of the kind are used with the algorithm. */
bool jwe_kind_fits(enum jwe_kind kind, const struct jwe_alg *alg);

#endif
