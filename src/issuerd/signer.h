/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The active key of the issuer, for signing: a file, or a key of an ssh-agent.
 * Each signature is verified with the code that the hosts use before it leaves.
 */
#ifndef JWT_SIGNER_H
#define JWT_SIGNER_H

#include "issuerd/key_source.h"

struct signer {
	struct mint_signer mint;	/* borrows from source */
	struct key_source source;
	char fault[KEYSTORE_FAULT_SIZE];	/* of what failed last, or "" */
};

/*
 * Open the active key of conf->directory.  An agent is asked for each signature
 * and not before.  NULL, or a phrase that says why there is none; it is valid
 * until signer_close().  The caller must close *out whatever the result.
 *
 * A key file that is damaged is explained on standard error.
 */
const char *signer_open(const struct issuer_conf *conf, struct signer *out);

/* For mint_token(). */
const struct mint_signer *signer_mint(struct signer *signer);

/* Why mint_token() got no signature; "" if it got one. */
const char *signer_fault(const struct signer *signer);

void signer_close(struct signer *signer);

#endif
