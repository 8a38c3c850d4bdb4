/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole document.  As in memory of secret_alloc() there is one byte more; it
 * is not set, so to read it would be an alarm.  Each string and number that was
 * found is read.
 */
#include "core/base/json.h"

static void
read_values(const struct json_doc *doc)
{
	size_t i;

	for (i = 0; i < doc->count; i++)
		READ_ALL(json_text(&doc->nodes[i]));
}

void
main(void)
{
	struct json_doc doc;
	uint8_t in[LEN + 1];

	prove_input = in;
	any_bytes(in, LEN);
	if (json_parse_value(in, LEN, &json_token_limits, &doc) == JWT_OK)
		read_values(&doc);
	json_clear(&doc);
}
