/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells the hosts that a login is over, if issuer.conf names their Redis: the
 * same fact as `pam-jwt revoke --sid` notes there.
 */
#ifndef JWT_FLEET_H
#define JWT_FLEET_H

#include "host/state/state.h"
#include "issuerd/issuer_conf.h"

enum fleet_result {
	FLEET_NONE,	/* no Redis is configured: tokens end within access_ttl */
	FLEET_OK,
	FLEET_FAILED	/* fault says why; tokens end within access_ttl */
};

/*
 * Revoke the sid of a login, so that hosts refuse its access tokens from now
 * on, and can end the sessions that were opened with them.
 *
 * now    seconds since the epoch
 * fault  "" unless FLEET_FAILED
 */
enum fleet_result fleet_revoke(const struct issuer_conf *conf,
    const char *sid, int64_t now, char fault[STATE_FAULT_MAX]);

/*
 * Try whether the Redis would take a revocation: FLEET_OK, FLEET_NONE or
 * FLEET_FAILED as above.  For `check`.
 */
enum fleet_result fleet_try(const struct issuer_conf *conf, int64_t now,
    char fault[STATE_FAULT_MAX]);

#endif
