/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two files that read issuer.conf share this: issuer_conf.c reads its
 * sections, and issuer_setting.c reads each setting in them.  Values that pam_jwt.conf has as well,
 * such as durations and the Redis, are read by the parser of the policy.
 */
#ifndef JWT_ISSUER_SETTING_H
#define JWT_ISSUER_SETTING_H

#include "core/policy/parser.h"
#include "issuerd/issuer_conf.h"

enum issuer_section { ISSUER_NONE, ISSUER_ISSUER, ISSUER_GRANT };

struct issuer_parser {
	struct parser base;	/* its policy is conf->fleet */
	struct issuer_conf *conf;
	enum issuer_section section;
	struct issuer_grant *grant;	/* of the current section */
	uint64_t seen;			/* bits of the settings in it */
};

/* Read the setting of the current line; a fault is noted. */
void issuer_setting_take(struct issuer_parser *in);

#endif
