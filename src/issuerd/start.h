/* SPDX-License-Identifier: BSD-2-Clause */
/* How a command of the issuer that works in its directory begins. */
#ifndef JWT_ISSUER_START_H
#define JWT_ISSUER_START_H

#include "issuerd/issuer_conf.h"

/*
 * Read the configuration, and become the owner of its directory for good.
 *
 * path  NULL: ISSUER_CONF_DEFAULT
 *
 * False, with messages on standard error.  The caller must clear *out whatever
 * the result.
 */
bool issuer_start(const char *path, struct issuer_conf *out);

#endif
