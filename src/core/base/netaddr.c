/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses by inet_pton(), which reads text and asks nobody. */
#include <arpa/inet.h>

#include "core/base/netaddr.h"
#include "core/base/number.h"

#define V4_BITS_BEFORE 96	/* of a v4-mapped address */

static bool
parse(struct bytes text, struct netaddr *out, bool *is_v4)
{
	char buffer[INET6_ADDRSTRLEN];

	*is_v4 = false;
	if (text.len == 0 || text.len >= sizeof(buffer) || bytes_has(text, 0))
		return false;
	memcpy(buffer, text.ptr, text.len);
	buffer[text.len] = '\0';
	if (inet_pton(AF_INET6, buffer, out->octets) == 1)
		return true;
	*is_v4 = true;
	memset(out->octets, 0, 10);
	memset(out->octets + 10, 0xff, 2);
	return inet_pton(AF_INET, buffer, out->octets + 12) == 1;
}

bool
netaddr_parse(struct bytes text, struct netaddr *out)
{
	bool has_zone = bytes_has(text, '%');
	bool is_v4;

	if (has_zone)
		text = bytes_cut(&text, '%');
	if (!parse(text, out, &is_v4))
		return false;
	return !has_zone || !is_v4;
}

/* Read a number of bits up to max, without leading zeros. */
static bool
parse_bits(struct bytes text, unsigned max, unsigned *out)
{
	int64_t bits;

	if (!number_digits(text, max, &bits) ||
	    (text.ptr[0] == '0' && text.len > 1))
		return false;
	*out = (unsigned)bits;
	return true;
}

/* Clear the bits after the prefix, and say whether one was set. */
static bool
clear_after(struct netaddr_block *block)
{
	bool found = false;
	unsigned i;

	for (i = block->bits; i < 128; i++) {
		uint8_t bit = (uint8_t)(0x80 >> (i % 8));

		found = found || (block->base.octets[i / 8] & bit) != 0;
		block->base.octets[i / 8] &= (uint8_t)~bit;
	}
	return found;
}

bool
netaddr_parse_block(struct bytes text, struct netaddr_block *out,
    bool *has_host_bits)
{
	bool has_bits = bytes_has(text, '/');
	struct bytes address = bytes_cut(&text, '/');
	unsigned before = 0;
	bool is_v4;

	*has_host_bits = false;
	if (!parse(address, &out->base, &is_v4))
		return false;
	if (is_v4)
		before = V4_BITS_BEFORE;
	out->bits = 128;
	if (!has_bits)
		return true;
	if (!parse_bits(text, 128 - before, &out->bits))
		return false;
	out->bits += before;
	*has_host_bits = clear_after(out);
	return true;
}

static bool
is_mapped(const struct netaddr *address)
{
	static const uint8_t prefix[V4_BITS_BEFORE / 8] = {
		[10] = 0xff, [11] = 0xff
	};

	return memcmp(address->octets, prefix, sizeof(prefix)) == 0;
}

bool
netaddr_in(const struct netaddr *address, const struct netaddr_block *block)
{
	unsigned whole = block->bits / 8, rest = block->bits % 8;

	/* Whoever writes ::/0 means IPv6, and must not let in all of IPv4. */
	if (block->bits < V4_BITS_BEFORE && is_mapped(address))
		return false;
	if (memcmp(address->octets, block->base.octets, whole) != 0)
		return false;
	return rest == 0 || ((address->octets[whole] ^
	    block->base.octets[whole]) & (0xff << (8 - rest) & 0xff)) == 0;
}
