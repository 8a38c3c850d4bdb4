/* SPDX-License-Identifier: BSD-2-Clause */
/* One issuer's turn in `pam-jwt sync`: what is there, whether it is due, asking. */
#ifndef JWT_SYNC_TURN_H
#define JWT_SYNC_TURN_H

#include "host/file.h"
#include "sync/attempt.h"
#include "sync/install.h"
#include "tool/sync_report.h"

/* What all turns share; borrowed. */
struct sync_setting {
	const struct policy *policy;
	const struct fetcher_options *fetcher;
	struct install *install;	/* open, unless is_dry */
	bool is_dry;		/* change nothing on this host, and log nothing */
	bool is_timed;		/* --due: log a failure once in an hour */
};

struct sync_turn {
	const struct sync_setting *setting;
	const struct issuer *issuer;
	int64_t now;		/* when it began, seconds since the epoch */
	struct file set;	/* owned; empty where there is none to be trusted */
	struct memory memory;
	struct attempt attempt;	/* owned */
	struct sync_report report;	/* after sync_turn_take(); has views */
};

/*
 * Read what is there of an issuer.  False, with a message, when memory runs
 * out.  *out must be ended whatever the result.
 */
bool sync_turn_begin(const struct sync_setting *setting,
    const struct issuer *issuer, struct sync_turn *out);

/* Whether --due asks this one now. */
bool sync_turn_is_due(const struct sync_turn *turn);

/*
 * Ask the provider, install what is good, remember and log it.  What came of
 * it is in turn->report.
 */
void sync_turn_take(struct sync_turn *turn);

void sync_turn_end(struct sync_turn *turn);

#endif
