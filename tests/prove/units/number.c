/* SPDX-License-Identifier: BSD-2-Clause */
/* Digits; and of a text that is a number, its date. */
#include "core/base/number.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct bytes text = bytes_of(in, LEN);
	struct number_date date;
	enum jwt_reason reason;
	int64_t value;

	any_bytes(in, LEN);
	number_digits(text, INT64_C(999999999999999999), &value);
	number_digits(text, UINT32_MAX, &value);
	any_bytes(in, LEN);
	if (!number_is_valid(text))
		return;
	reason = number_date(text, &date);
	(void)reason;
}
