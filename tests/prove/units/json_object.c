/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A document that begins with the brace of an object and the quote of a name: it
 * has LEN bytes of any value after these, so room for two members; see json.c.
 */
#include "core/base/json.h"

void
main(void)
{
	enum jwt_reason reason;
	struct json_doc doc;
	uint8_t in[2 + LEN + 1];

	in[0] = '{';
	in[1] = '"';
	prove_input = in + 2;
	any_bytes(in + 2, LEN);
	reason = json_parse(in, 2 + LEN, &json_token_limits, &doc);
	json_clear(&doc);
	(void)reason;
}
