/* SPDX-License-Identifier: BSD-2-Clause */
/* `check` also looks whether the key signs and the fleet can be told. */
#ifndef JWT_CHECK_KEYS_H
#define JWT_CHECK_KEYS_H

#include "issuerd/issuer_conf.h"

/*
 * Let the active key sign, and compare the published keys with those in the
 * directory, whose owner this process must be.  Errors are noted in diag.
 */
void check_keys(const struct issuer_conf *conf, struct diag *diag);

/*
 * Try whether the Redis of the fleet would take a revocation.  A fault is an
 * error: otherwise a logout would be the first to notice.
 */
void check_fleet(const struct issuer_conf *conf, struct diag *diag);

#endif
