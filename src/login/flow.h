/* SPDX-License-Identifier: BSD-2-Clause */
/* The device flow and the browser flow take and return the same values. */
#ifndef JWT_FLOW_H
#define JWT_FLOW_H

#include "login/provider.h"

#define FLOW_RANDOM_SIZE 44	/* 32 bytes in base64url, and a terminator */

struct flow {
	struct provider *provider;	/* with its metadata; borrowed */
	struct provider_wanted wanted;
	const char *resource;	/* the token that comes first is for this one */
	bool quiet;		/* show no more than a person must know */
	bool launch;		/* start a browser; the address is shown, too */
	/* Results, when the flow returns PROVIDER_OK. */
	struct provider_tokens tokens;	/* owned */
	int64_t started;	/* before the first request; boot clock, s */
	int64_t taken;		/* before the request for them; boot clock, s */
	char nonce[FLOW_RANDOM_SIZE];	/* the ID token has this one; "": any */
};

/*
 * Log a person in.  Messages for people go to standard error.  Unless the
 * result is PROVIDER_OK, flow->provider->words says why.  The caller must call
 * provider_tokens_clear(&flow->tokens), whatever the result.
 */
enum provider_result device_log_in(struct flow *flow);	/* device.c */
enum provider_result browser_log_in(struct flow *flow);	/* browser.c */

#endif
