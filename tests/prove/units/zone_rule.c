/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule of a time zone, at any time that zone.c asks it for. */
#include "core/base/zone.h"
#include "core/base/zone_rule.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	int32_t offset;

	any_bytes(in, LEN);
	zone_rule_offset(bytes_of(in, LEN), Frama_C_long_long_interval(
	    ZONE_NOW_MIN, ZONE_NOW_MAX), &offset);
}
