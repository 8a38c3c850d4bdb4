/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For zone.c alone: the last line of a TZif file, such as
 * CET-1CEST,M3.5.0,M10.5.0/3, which says what follows its last entry (POSIX.1
 * section 8.3, with the extension of RFC 9636 section 3.3.1).
 */
#ifndef JWT_ZONE_RULE_H
#define JWT_ZONE_RULE_H

#include "core/base/bytes.h"

/* Set *out to the seconds east of UTC at now; false for a malformed rule. */
bool zone_rule_offset(struct bytes rule, int64_t now, int32_t *out);

#endif
