/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys as OpenSSH writes them: the type, and the blob of RFC 4253
 * section 6.6 in base64; also certificates, of which the key inside counts.
 *
 * A token names such a key by its thumbprint or by its fingerprint.  So a key
 * must have one spelling only: whatever is not canonical is malformed.
 *
 * Whether a point lies on its curve, and whether the CA has signed the
 * certificate, is not looked at: sshd has checked a signature by the key.
 */
#ifndef JWT_SSHKEY_H
#define JWT_SSHKEY_H

#include "core/jose/thumbprint.h"

#define SSHKEY_PRINT_SIZE 51	/* "SHA256:", 43 characters and a terminator */
#define SSHKEY_TEXT_MAX	((size_t)65536)	/* bytes of base64 */

struct sshkey {
	const char *type;	/* "ssh-ed25519", …: of the key inside; static */
	char jkt[THUMBPRINT_SIZE];	/* RFC 7638, as "jkt" of RFC 9449 has it */
	char fingerprint[SSHKEY_PRINT_SIZE];	/* as ssh-keygen -l prints it */
	char ca[SSHKEY_PRINT_SIZE];	/* of the certificate's CA; "": none */
};

enum sshkey_result {
	SSHKEY_OK,
	SSHKEY_OTHER,		/* a type or a size that we do not take */
	SSHKEY_MALFORMED,
	SSHKEY_NO_MEMORY
};

/*
 * Read a key.
 *
 * type  "ssh-ed25519", "ecdsa-sha2-nistp256" (384, 521), "ssh-rsa", the two
 *       "sk-" types, or that of their certificates
 * blob  in base64, with padding (RFC 4648 section 4)
 *
 * Unless the result is SSHKEY_OK, *out is all zero.
 */
JWT_MUST_USE enum sshkey_result sshkey_read(struct bytes type,
    struct bytes blob, struct sshkey *out);

/*
 * Read a blob whose type is the one inside it, as an ssh-agent gives it.  The
 * numbers of the key are views of the blob.
 */
JWT_MUST_USE enum sshkey_result sshkey_read_blob(struct bytes blob,
    struct sshkey *out, struct keymat *mat);

/*
 * Read the line of a public key file: a type, a blob, and perhaps a comment.
 */
JWT_MUST_USE enum sshkey_result sshkey_read_line(struct bytes line,
    struct sshkey *out);

/* The type in the form that struct sshkey has; NULL: not one that we know. */
const char *sshkey_type(struct bytes text);

/* Whether text is a fingerprint in its canonical spelling. */
bool sshkey_is_fingerprint(struct bytes text);

#endif
