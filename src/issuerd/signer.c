/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the active key, and hands it to mint_token(). */
#include <string.h>

#include "issuerd/signer.h"

#define TRIES 3		/* between two steps of key activate and key remove */

static bool
sign(void *context, struct bytes message, struct secret *out)
{
	struct signer *signer = context;

	signer->fault[0] = '\0';
	return key_source_sign(&signer->source, message, out, signer->fault);
}

/*
 * The life of tokens may have become longer since the key was activated.  It
 * must stay published for them, so this is noted before one is signed.
 */
static bool
note_ttl(const struct issuer_conf *conf, const char *kid,
    char fault[KEYSTORE_FAULT_SIZE])
{
	struct keystore *store;
	struct issuer_key *key = NULL;
	bool ok = keystore_open(conf, KEYSTORE_CHANGE, &store, fault);

	if (ok)
		key = key_list_get(&store->list, kid);
	if (key != NULL && key->state == KEY_STATE_ACTIVE &&
	    key->ttl_sec < conf->access_ttl_sec) {
		key->ttl_sec = conf->access_ttl_sec;
		ok = keystore_write(store, fault);
	}
	keystore_close(store);
	return ok;
}

/* Load the active key of the list. */
static bool
load_active(const struct issuer_conf *conf, struct keystore *store,
    struct signer *signer, bool *is_longer)
{
	const struct issuer_key *key = key_list_active(&store->list);

	if (key == NULL)
		return keystore_fail(signer->fault, store->path, "there is no "
		    "key yet: pam-jwt issuer init");
	if (!key_source_load(store, key, &signer->source, signer->fault))
		return false;
	*is_longer = conf->access_ttl_sec > key->ttl_sec;
	return true;
}

/* Read the list, and the active key in it. */
static bool
load(const struct issuer_conf *conf, struct signer *signer, bool *is_longer)
{
	struct keystore *store;
	bool ok = keystore_open(conf, KEYSTORE_READ, &store, signer->fault);

	if (ok)
		ok = load_active(conf, store, signer, is_longer);
	keystore_close(store);
	return ok;
}

const char *
signer_open(const struct issuer_conf *conf, struct signer *out)
{
	bool is_longer = false, ok = false;
	unsigned i;

	memset(out, 0, sizeof(*out));
	/* The file of a key may go after the list was read: read it again. */
	for (i = 0; i < TRIES && !ok; i++) {
		key_source_clear(&out->source);
		ok = load(conf, out, &is_longer);
	}
	if (ok && is_longer)
		ok = note_ttl(conf, out->source.pair.kid, out->fault);
	if (!ok)
		return out->fault;
	out->fault[0] = '\0';
	out->mint = (struct mint_signer){
		.alg = out->source.pair.alg,
		.alg_name = out->source.pair.alg_name,
		.kid = out->source.pair.kid, .sign = sign, .context = out
	};
	return NULL;
}

const struct mint_signer *
signer_mint(struct signer *signer)
{
	return &signer->mint;
}

const char *
signer_fault(const struct signer *signer)
{
	return signer->fault;
}

void
signer_close(struct signer *signer)
{
	key_source_clear(&signer->source);
}
