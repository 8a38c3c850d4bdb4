/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and CIDR blocks, IPv4 and IPv6; no names, no look-ups. */
#ifndef JWT_NETADDR_H
#define JWT_NETADDR_H

#include "core/base/bytes.h"

/*
 * All addresses are held as IPv6; IPv4 as ::ffff:a.b.c.d (RFC 4291 section
 * 2.5.5.2), so that a v4 rule holds for a v4-mapped address.
 */
struct netaddr {
	uint8_t octets[16];
};

struct netaddr_block {
	struct netaddr base;
	unsigned bits;		/* how many of the 128 must agree */
};

/* Parse an address; a zone (%eth0) after an IPv6 address is ignored. */
bool netaddr_parse(struct bytes text, struct netaddr *out);

/*
 * Parse ADDRESS or ADDRESS/BITS.  *has_host_bits tells that the address has
 * bits set after the prefix; they are cleared.
 */
bool netaddr_parse_block(struct bytes text, struct netaddr_block *out,
    bool *has_host_bits);

/*
 * Whether an address is in a block.  A block of IPv6 that is shorter than the
 * prefix of v4-mapped addresses has no IPv4 in it: ::/0 is not 0.0.0.0/0.
 */
bool netaddr_in(const struct netaddr *address,
    const struct netaddr_block *block);

#endif
