/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the date and time of a test of the policy. */
#ifndef JWT_TESTS_TIME_H
#define JWT_TESTS_TIME_H

#include <stdint.h>

#include "core/base/bytes.h"

/*
 * Read "2026-12-01T09:00:00", the local time of this host, or the same with a
 * zone at its end, Z or +01:00 (RFC 3339 section 5.6).
 *
 * Returns NULL with *out, seconds since the epoch, or a static phrase that
 * names the fault.  A local time that the change of summer time leaves out, or
 * that comes twice, is a fault: nobody could tell which second was meant.
 */
const char *tests_time_read(struct bytes text, int64_t *out);

#endif
