/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole document.  As in memory of secret_alloc() there is one byte more; it
 * is not set, so to read it would be an alarm.
 */
#include "core/base/json.h"

void
main(void)
{
	enum jwt_reason reason;
	struct json_doc doc;
	uint8_t in[LEN + 1];

	any_bytes(in, LEN);
	reason = json_parse_value(in, LEN, &json_token_limits, &doc);
	json_clear(&doc);
	(void)reason;
}
