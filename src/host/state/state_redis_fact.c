/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a fact from the value and the expiry of a key in Redis. */
#include <string.h>

#include "core/base/number.h"
#include "host/state/state_redis.h"

bool
state_redis_parse(struct bytes value, struct state_fact *out)
{
	int64_t number;

	if (value.len < 2 || value.ptr[0] == '\0' ||
	    strchr(STATE_KINDS, value.ptr[0]) == NULL ||
	    !number_digits(bytes_of(value.ptr + 1, value.len - 1),
	    STATE_FOREVER, &number))
		return false;
	out->id.kind = (enum state_kind)value.ptr[0];
	if (state_is_cutoff(out->id.kind))
		out->cutoff = number;
	else
		out->until = number;
	return out->id.kind != STATE_USED;
}

bool
state_redis_until(int64_t expiry, int64_t *until)
{
	if (expiry == -1)
		*until = STATE_FOREVER;
	else if (expiry > STATE_REDIS_MARGIN_SEC)
		*until = expiry - STATE_REDIS_MARGIN_SEC;
	else
		return false;
	return true;
}
