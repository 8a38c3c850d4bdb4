/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.people: the people who may log in at the issuer, with their keys.  It
 * belongs to root; losing the line is how a person loses access.
 *
 *     NAME KEYTYPE BASE64 [COMMENT]
 */
#ifndef JWT_PEOPLE_H
#define JWT_PEOPLE_H

#include "core/base/diag.h"
#include "core/jose/sshkey.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
#define PEOPLE_DEFAULT	SYSCONFDIR "/pam_jwt/issuer.people"

/* One line.  Strings are in the arena. */
struct person {
	const char *name;	/* becomes the sub of tokens */
	struct sshkey key;
	bool is_hardware;	/* a FIDO key, which nobody can copy */
	const char *blob;	/* the key as in the file, in base64 */
	const char *comment;	/* "": none */
	unsigned line;
};

struct people_key {
	const char *fingerprint;
	const struct person *person;
};

struct people {
	struct arena arena;
	struct person *item;	/* in the order of the file */
	struct people_key *by_key;	/* the same, sorted by fingerprint */
	size_t count;
};

/*
 * Whether somebody may have this name: letters, digits and _ . - @ +, neither -
 * nor . in front, at most ACCOUNT_NAME_MAX bytes.
 */
bool people_name_is_valid(struct bytes name);

/*
 * Parse the text of the file.  Every error is noted in diag: a line that is not
 * as above, a key that we do not take, a certificate, a key that is there twice
 * or under two names.  One error makes the whole file unusable, because a line
 * that cannot be read may be the one that was meant to decide.
 *
 * Returns JWT_OK, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.  The caller must
 * clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason people_parse(struct bytes text, const char *file,
    struct diag *diag, struct people *out);

/*
 * The line of a key; NULL if nobody has it, or if it is inside a certificate.
 * Keys are the same if their fingerprints are.
 */
const struct person *people_find(const struct people *people,
    const struct sshkey *key);

void people_clear(struct people *people);

#endif
