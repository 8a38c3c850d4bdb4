/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local time of a place, from a file of /usr/share/zoneinfo (RFC 9636).
 *
 * Pure, and no call of libc: localtime() would ask TZ of the environment, which
 * belongs to whoever starts sudo, and would change what the whole process has
 * for its time zone.
 */
#ifndef JWT_ZONE_H
#define JWT_ZONE_H

#include "core/base/bytes.h"

/* A clock that shows an earlier time was never set: 2020-01-01. */
#define ZONE_NOW_MIN INT64_C(1577836800)
#define ZONE_NOW_MAX INT64_C(253402300799)	/* the end of the year 9999 */

/* A time zone.  Zeroed it is unknown, and so is every local time. */
struct zone {
	bool is_known;
	size_t time_count;
	size_t type_count;
	const uint8_t *times;	/* 8 bytes each; borrowed, as all of these */
	const uint8_t *types;	/* of each time, an index */
	const uint8_t *infos;	/* of each type, 6 bytes */
	struct bytes rule;	/* for the time after the last of times */
};

/* The local time of day, as a clock on the wall shows it. */
struct zone_time {
	bool is_known;
	unsigned weekday;	/* 0 is Sunday, as in struct tm */
	unsigned minute;	/* of the day, 0 to 1439 */
};

/* UTC, which a host without /etc/localtime has. */
extern const struct zone zone_utc;

/*
 * Read a file of version 2 or later.  False, and *out unknown, if it is
 * malformed or counts leap seconds.  *out borrows from text.
 */
bool zone_read(struct bytes text, struct zone *out);

/*
 * The local time.  It is unknown if the zone is, and if the clock was never
 * set.
 *
 * now  seconds since the epoch
 */
struct zone_time zone_time(const struct zone *zone, int64_t now);

#endif
