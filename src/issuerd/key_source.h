/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a key of the issuer is: KID.jwk in keys/ is a private key, and
 * KID.agent names a key of an ssh-agent, whose private numbers this process
 * never sees.
 */
#ifndef JWT_KEY_SOURCE_H
#define JWT_KEY_SOURCE_H

#include "core/jose/sshkey.h"
#include "issuer/keypair.h"
#include "issuerd/keystore.h"

#define KEY_SOURCE_FILE		".jwk"
#define KEY_SOURCE_AGENT	".agent"
#define KEY_SOCKET_SIZE		108	/* bytes of a path in sockaddr_un */
#define KEY_AGENT_MSEC		10000	/* that an agent has for a signature */

/* Zero it before use, and clear it afterwards. */
struct key_source {
	struct keypair pair;	/* with kid; of an agent the public numbers */
	char socket[KEY_SOCKET_SIZE];	/* of the agent; "": it is a file */
	struct secret blob;	/* the agent's name of the key */
};

/* Make a private key.  False when OpenSSL cannot. */
bool key_source_make(enum alg_id alg, struct key_source *out);

/*
 * Take the key of an agent that has this public key, and let it sign once.
 *
 * alg     that the key must be for; an agent has no PS256
 * socket  absolute path; nobody but its owner and root may replace it
 *
 * False, with a message in fault.  The caller must clear *out.
 */
bool key_source_find(const struct sshkey *wanted, enum alg_id alg,
    const char *socket, struct key_source *out,
    char fault[KEYSTORE_FAULT_SIZE]);

/* Write the file of a new key, before it is in the list. */
bool key_source_save(const struct keystore *store,
    const struct key_source *source, char fault[KEYSTORE_FAULT_SIZE]);

/*
 * Read the file of a key in the list, which must be nobody else's, and be the
 * key that the list says: its thumbprint is the kid.  False, with a message in
 * fault.  The caller must clear *out.
 */
bool key_source_load(const struct keystore *store,
    const struct issuer_key *key, struct key_source *out,
    char fault[KEYSTORE_FAULT_SIZE]);

/* Remove the file of a key that is removed.  False, with a message in fault. */
bool key_source_delete(const struct keystore *store,
    const struct issuer_key *key, char fault[KEYSTORE_FAULT_SIZE]);

/*
 * Sign message; the signature was verified with the code that the hosts use.
 * False, with a message in fault.  The caller must clear *out.
 */
bool key_source_sign(struct key_source *source, struct bytes message,
    struct secret *out, char fault[KEYSTORE_FAULT_SIZE]);

void key_source_clear(struct key_source *source);

#endif
