/* SPDX-License-Identifier: BSD-2-Clause */
/* A network as a stranger writes it: an address, and after / its prefix. */
#include <arpa/inet.h>

#include "core/base/netaddr.h"

static uint8_t in[ROOM(LEN)];

/* By its manual: 4 or 16 octets of any value, or 0 and nothing written. */
int
inet_pton(int family, const char *text, void *out)
{
	READ_ALL(bytes_str(text));
	if (any_bool())
		return 0;
	any_bytes(out, family == AF_INET6 ? 16 : 4);
	return 1;
}

void
main(void)
{
	struct netaddr_block block;
	struct netaddr address;
	bool has_host_bits;

	any_bytes(in, LEN);
	if (netaddr_parse_block(bytes_of(in, LEN), &block, &has_host_bits))
		READ_ALL(bytes_of(block.base.octets, 16));
	netaddr_parse(bytes_of(in, LEN), &address);
}
