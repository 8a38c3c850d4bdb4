/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in a word of the configuration. */
#include "core/policy/expand.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	static const char name[] = "host.example.org";
	static const char id[] = "0123456789abcdef0123456789abcdef";
	struct policy_host host = { .hostname = name };
	char out[EXPAND_SIZE];

	if (any_bool())
		host.fqdn = name;
	if (any_bool())
		host.machine_id = id;
	any_bytes(in, LEN);
	expand_audience(bytes_of(in, LEN), &host, out);
	expand_token_file(bytes_of(in, LEN), "alice", "1000", out);
}
