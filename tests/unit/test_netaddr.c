/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses and blocks: each length of a prefix against each bit of an address,
 * IPv4 inside of IPv6, and texts that are neither.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/netaddr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The bytes of the text alone, so that a sanitizer sees one too many. */
static bool
parse_block(struct bytes text, struct netaddr_block *out, bool *has_host_bits)
{
	uint8_t *copy = malloc(text.len + (text.len == 0));
	bool ok;

	assert_non_null(copy);
	memcpy(copy, text.ptr, text.len);
	memset(out, 0xaa, sizeof(*out));
	*has_host_bits = true;
	ok = netaddr_parse_block(bytes_of(copy, text.len), out, has_host_bits);
	free(copy);
	return ok;
}

static struct netaddr
address(const char *text)
{
	struct netaddr out;

	memset(&out, 0xaa, sizeof(out));
	if (!netaddr_parse(bytes_str(text), &out))
		fail_msg("%s", text);
	return out;
}

/* Whether one of the last bits, from bit on, is set. */
static bool
has_bit_from(const struct netaddr *address, unsigned bit)
{
	for (; bit < 128; bit++) {
		if (address->octets[bit / 8] & 0x80 >> bit % 8)
			return true;
	}
	return false;
}

/* The block has those addresses that differ after its prefix alone. */
static void
check_block(const char *text, unsigned first, unsigned bits)
{
	struct netaddr base = address(text);
	struct netaddr_block block;
	bool has_host_bits;
	unsigned bit;
	char cidr[64];

	snprintf(cidr, sizeof(cidr), "%s/%u", text, bits - first);
	assert_true(parse_block(bytes_str(cidr), &block, &has_host_bits));
	assert_int_equal(block.bits, bits);
	assert_int_equal(has_host_bits, has_bit_from(&base, bits));
	assert_false(has_bit_from(&block.base, bits));
	assert_true(netaddr_in(&base, &block));
	for (bit = first; bit < 128; bit++) {
		struct netaddr other = base;

		other.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		if (netaddr_in(&other, &block) != (bit >= bits))
			fail_msg("%s without bit %u", cidr, bit);
	}
}

static void
test_prefixes(void **state)
{
	unsigned bits;

	(void)state;
	for (bits = 0; bits <= 128; bits++) {
		check_block("2001:db8:aaaa:5555:ffff:0:a5a5:5aff", 0, bits);
		check_block("8000::", 0, bits);
	}
	for (bits = 96; bits <= 128; bits++) {
		check_block("192.0.2.171", 96, bits);
		check_block("128.0.0.0", 96, bits);
	}
}

/* Without a prefix a block is one address. */
static void
test_single(void **state)
{
	struct netaddr four = address("10.1.2.3"), six = address("2001:db8::1");
	struct netaddr_block block;
	bool has_host_bits;

	(void)state;
	assert_true(parse_block(bytes_str("10.1.2.3"), &block, &has_host_bits));
	assert_false(has_host_bits);
	assert_int_equal(block.bits, 128);
	assert_true(netaddr_in(&four, &block));
	assert_false(netaddr_in(&six, &block));
	assert_true(parse_block(bytes_str("2001:db8::1"), &block,
	    &has_host_bits));
	assert_false(has_host_bits);
	assert_true(netaddr_in(&six, &block));
	assert_false(netaddr_in(&four, &block));
}

/* An address of IPv4 is in ::ffff:0:0/96, and in no wider block of IPv6. */
static void
test_mapped(void **state)
{
	static const uint8_t octets[16] = {
		[10] = 0xff, [11] = 0xff, [12] = 10, [13] = 1, [14] = 2,
		[15] = 3
	};
	struct netaddr four = address("10.1.2.3");
	struct netaddr mapped = address("::ffff:10.1.2.3");
	struct netaddr near = address("::fffe:10.1.2.3");
	struct netaddr_block block;
	bool has_host_bits;
	unsigned bits;
	char cidr[64];

	(void)state;
	assert_memory_equal(four.octets, octets, sizeof(octets));
	assert_memory_equal(mapped.octets, octets, sizeof(octets));
	for (bits = 0; bits <= 96; bits++) {
		snprintf(cidr, sizeof(cidr), "::ffff:0:0/%u", bits);
		assert_true(parse_block(bytes_str(cidr), &block,
		    &has_host_bits));
		assert_int_equal(netaddr_in(&four, &block), bits == 96);
		assert_int_equal(netaddr_in(&near, &block), bits < 96);
	}
	assert_true(parse_block(bytes_str("0.0.0.0/0"), &block,
	    &has_host_bits));
	assert_true(netaddr_in(&four, &block));
	assert_false(netaddr_in(&near, &block));
}

/* The longest text is read; what is longer or anything else is refused. */
static void
test_texts(void **state)
{
	static const struct {
		const char *text;
		bool is_address, is_block;
	} rows[] = {
		{ "10.0.0.1", true, true }, { "::1", true, true },
		{ "::", true, true }, { "0.0.0.0", true, true },
		{ "0000:0000:0000:0000:0000:ffff:255.255.255.255", true, true },
		{ "00000:0000:0000:0000:0000:ffff:255.255.255.255", false,
		    false },
		{ "fe80::1%eth0", true, false }, { "fe80::1%", true, false },
		{ "10.0.0.1%eth0", false, false }, { "%eth0", false, false },
		{ "", false, false }, { "1", false, false },
		{ "host", false, false }, { "10.0.0", false, false },
		{ "10.0.0.256", false, false }, { "10.0.0.1 ", false, false },
		{ " ::1", false, false }, { ":::", false, false },
		{ "10.0.0.0/8", false, true }, { "10.0.0.0/0", false, true },
		{ "10.0.0.0/32", false, true }, { "10.0.0.0/33", false, false },
		{ "10.0.0.0/08", false, false }, { "10.0.0.0/00", false, false },
		{ "10.0.0.0/", false, false }, { "/8", false, false },
		{ "10.0.0.0/8/8", false, false }, { "10.0.0.0/-1", false, false },
		{ "10.0.0.0/ 8", false, false }, { "10.0.0.0/8x", false, false },
		{ "::/10", false, true }, { "::/128", false, true },
		{ "::/129", false, false }, { "::/010", false, false },
		{ "::/4294967296", false, false }, { "::%eth0/64", true, false },
	};
	static const char with_nul[] = "10.0.0.1\0" "5";
	struct netaddr_block block;
	struct netaddr out;
	bool has_host_bits;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct bytes text = bytes_str(rows[i].text);

		if (netaddr_parse(text, &out) != rows[i].is_address ||
		    parse_block(text, &block, &has_host_bits) !=
		    rows[i].is_block)
			fail_msg("%s", rows[i].text);
		if (!rows[i].is_block)
			assert_false(has_host_bits);
	}
	assert_false(netaddr_parse(bytes_of(NULL, 0), &out));
	assert_false(netaddr_parse(bytes_of(with_nul, sizeof(with_nul) - 1),
	    &out));
	assert_false(parse_block(bytes_of(with_nul, sizeof(with_nul)), &block,
	    &has_host_bits));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
