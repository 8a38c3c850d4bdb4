/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hosts fetch: the folder `publish` gets jwks.json with the public
 * keys (RFC 7517 section 5), and .well-known/openid-configuration, which says
 * where that is (OpenID Connect Discovery section 4, RFC 8414 section 2).
 */
#ifndef JWT_PUBLISH_H
#define JWT_PUBLISH_H

#include "issuerd/key_source.h"

#define PUBLISH_KEYS	"jwks.json"
#define PUBLISH_METADATA "openid-configuration"
#define PUBLISH_FOLDER	".well-known"

/* Texts as they must be, and as they are in the folder. */
struct publish {
	struct secret keys, metadata;
	struct secret old_keys, old_metadata;	/* empty: it is missing */
};

/*
 * Make the texts for the keys of the list that are not removed, and read those
 * that are in the folder.  False, with a message in fault.  The caller must
 * clear *out whatever the result.
 */
bool publish_prepare(const struct issuer_conf *conf, struct keystore *store,
    struct publish *out, char fault[KEYSTORE_FAULT_SIZE]);

/* Whether the folder has the texts as they must be. */
bool publish_is_current(const struct publish *publish);

/* Whether hosts can have fetched a key from what is in the folder. */
bool publish_has(const struct publish *publish, const char *kid);

/*
 * Write the texts that differ, each in one step, and durably.  Nobody else may
 * write the folder, which must be there.  False, with a message in fault.
 */
bool publish_write(const struct issuer_conf *conf,
    const struct publish *publish, char fault[KEYSTORE_FAULT_SIZE]);

void publish_clear(struct publish *publish);

#endif
