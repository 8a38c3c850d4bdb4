/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the key and the fleet as a login and a logout use them: an agent that
 * is locked, or a Redis that lacks a right, is found before somebody needs it.
 */
#include <time.h>

#include "issuerd/check_keys.h"
#include "issuerd/fleet.h"
#include "issuerd/publish.h"
#include "issuerd/signer.h"

static void
fail(struct diag *diag, const char *where, const char *fault)
{
	struct diag_place place = { .file = where };

	diag_add(diag, place, JWT_CONFIG_INVALID, "%s", fault);
}

/* The signer verifies what it signs. */
static void
try_signer(const struct issuer_conf *conf, struct diag *diag)
{
	struct secret signature = { .len = 0 };
	const struct mint_signer *mint;
	struct signer signer;
	const char *fault = signer_open(conf, &signer);

	mint = signer_mint(&signer);
	if (fault != NULL)
		fail(diag, "the key", fault);
	else if (!mint->sign(mint->context, bytes_str("check"), &signature))
		fail(diag, "the key does not sign", signer_fault(&signer));
	secret_clear(&signature);
	signer_close(&signer);
}

static void
compare_published(const struct issuer_conf *conf, struct diag *diag)
{
	char fault[KEYSTORE_FAULT_SIZE] = "";
	struct keystore *store = NULL;
	struct publish publish = { .keys = { .len = 0 } };

	if (!keystore_open(conf, KEYSTORE_READ, &store, fault) ||
	    !publish_prepare(conf, store, &publish, fault))
		fail(diag, conf->publish, fault);
	else if (!publish_is_current(&publish))
		fail(diag, conf->publish, "it does not have the keys of the "
		    "issuer: pam-jwt issuer init publishes them again");
	publish_clear(&publish);
	keystore_close(store);
}

void
check_keys(const struct issuer_conf *conf, struct diag *diag)
{
	try_signer(conf, diag);
	compare_published(conf, diag);
}

void
check_fleet(const struct issuer_conf *conf, struct diag *diag)
{
	char fault[STATE_FAULT_MAX];

	if (fleet_try(conf, time(NULL), fault) == FLEET_FAILED)
		fail(diag, "redis", fault);
}
