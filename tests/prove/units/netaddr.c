/* SPDX-License-Identifier: BSD-2-Clause */
/* Each length of a prefix, and any two addresses. */
#include "core/base/netaddr.h"

void
main(void)
{
	struct netaddr_block block;
	struct netaddr address;
	unsigned bits;

	any_bytes(&address, sizeof(address));
	for (bits = 0; bits <= 128; bits++) {
		any_bytes(&block.base, sizeof(block.base));
		block.bits = bits;
		netaddr_in(&address, &block);
	}
}
