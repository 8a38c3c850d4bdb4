/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows the families of refresh tokens to an administrator. */
#ifndef JWT_FAMILY_SHOW_H
#define JWT_FAMILY_SHOW_H

#include "issuerd/family_db.h"

struct family_show {
	const struct issuer_conf *conf;
	int64_t now;
	const char *person;	/* NULL: all */
	bool all;		/* ended ones, too */
	bool json;
	size_t shown;
};

/* Print one family, if it is meant; for family_list(). */
bool family_show_one(const struct family *family, void *show);

/* Print the end of the text, which is whole then. */
void family_show_end(const struct family_show *show);

/* Why a family has ended, or "live". */
const char *family_show_state(const struct family *family,
    const struct issuer_conf *conf, int64_t now);

struct family_stats {
	const struct issuer_conf *conf;
	int64_t now;
	size_t live;
	size_t ended[FAMILY_END_COUNT];	/* by reason; [0] is not used */
	size_t people;			/* with live ones */
	char *last;			/* the person counted last; owned */
};

/* Count one family, for family_list(); those of a person come together. */
bool family_stats_add(const struct family *family, void *stats);

void family_stats_print(const struct family_stats *stats, bool json);

#endif
