/* SPDX-License-Identifier: BSD-2-Clause */
/* A network as a stranger writes it: an address, and after / its prefix. */
#include <arpa/inet.h>

#include "core/base/netaddr.h"
#include "../inet.h"

static uint8_t in[ROOM(LEN)];

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
