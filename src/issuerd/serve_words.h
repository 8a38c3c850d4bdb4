/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the words that an ssh client sends to the issuer, which sshd hands over
 * in SSH_ORIGINAL_COMMAND.  No shell sees them:
 *
 *     login [--compact] [--bearer] [AUDIENCE...]
 *     refresh [AUDIENCE]
 *     logout
 *     whoami
 */
#ifndef JWT_SERVE_WORDS_H
#define JWT_SERVE_WORDS_H

#include "issuerd/family.h"
#include "issuerd/grants.h"

#define SERVE_AUDIENCES_MAX	FAMILY_AUDIENCES_MAX	/* of one login */
/* Bytes of the words: the audiences, and room for the rest. */
#define SERVE_WORDS_MAX	(SERVE_AUDIENCES_MAX * (GRANTS_AUDIENCE_MAX + 1) + 64)

enum serve_verb {
	SERVE_HELP,	/* there are no words */
	SERVE_LOGIN,
	SERVE_REFRESH,
	SERVE_LOGOUT,
	SERVE_WHOAMI
};

struct serve_words {
	enum serve_verb verb;
	bool compact;	/* of a login */
	bool bearer;	/* of a login */
	struct bytes audience[SERVE_AUDIENCES_MAX];	/* borrowed; each once */
	size_t audience_count;
};

/*
 * Read the words.  One space separates two of them; there is no quoting, and
 * options come before the audiences.
 *
 * text  borrowed by *out
 *
 * Returns NULL; or why they are refused, as a static phrase.
 */
JWT_MUST_USE const char *serve_words_read(struct bytes text,
    struct serve_words *out);

#endif
