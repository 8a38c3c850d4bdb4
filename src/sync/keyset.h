/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A published key set, made into the one that a login reads: pure.
 *
 * An odd key of a provider is mended or left out here, with a message, so that
 * the module can stay as strict as it is.  The set that comes out has been
 * read back by the code of the login, so that none is ever installed that a
 * login would not take.
 */
#ifndef JWT_KEYSET_H
#define JWT_KEYSET_H

#include "core/policy/policy.h"
#include "sync/document.h"

#define KEYSET_NOTES_SIZE 1024	/* bytes, with terminator */

struct keyset_input {
	const struct policy *policy;
	const struct issuer *issuer;	/* of policy; its keys do not matter */
	const char *source;	/* the jwks_uri */
	struct bytes old;	/* NAME.jwks as it is; empty: there is none */
	int64_t now;		/* seconds since the epoch */
};

/* Names of keys; one without a kid has its thumbprint (RFC 7638). */
struct keyset_names {
	struct bytes *name;	/* UTF-8 of strangers: escape it for people */
	size_t count;
};

struct keyset {
	struct arena arena;	/* owned */
	struct secret text;	/* owned: the set to install; empty when refused */
	bool changed;		/* other keys than before; false: synced alone */
	bool has_private;	/* refused, for a private key in it: shout */
	size_t keys;		/* in text, those that are kept too */
	struct keyset_names added, removed;	/* beside the old set */
	char fault[DOCUMENT_FAULT_SIZE];	/* of a refusal: "refused (FAULT)" */
	/* "2 keys not used: …; 1 key padded: …"; printable ASCII, often "". */
	char notes[KEYSET_NOTES_SIZE];
};

/*
 * Make the set from an answer with the status 200.
 *
 * Keys that are published no more stay, with "dropped", for keep_old; not
 * those of an old set that does not count any more.
 *
 * Returns JWT_OK, and then text must be installed, also when nothing has
 * changed, as a success renews "synced"; JWT_KEY_FILE_INVALID for a set that is
 * judged bad, with a fault; JWT_OUT_OF_MEMORY; JWT_INTERNAL.  *out is to be
 * cleared whatever the result.
 */
JWT_MUST_USE enum jwt_reason keyset_make(const struct keyset_input *input,
    const struct document_answer *answer, struct keyset *out);

/*
 * Make it from the old set after a 304: the provider has the same keys still.
 * Results as above; an old set that is malformed is judged bad.
 */
JWT_MUST_USE enum jwt_reason keyset_renew(const struct keyset_input *input,
    struct keyset *out);

void keyset_clear(struct keyset *keyset);

/* The facts about an installed set that messages and requests need. */
struct keyset_look {
	bool usable;		/* of this iss, with a key; however old it is */
	int64_t synced;		/* 0: none */
	size_t keys;		/* that count now, if the set did */
};

/* Look at input->old; source does not matter.  JWT_OK or JWT_OUT_OF_MEMORY. */
JWT_MUST_USE enum jwt_reason keyset_look(const struct keyset_input *input,
    struct keyset_look *out);

#endif
