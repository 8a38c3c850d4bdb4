/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict base64url.  The secret of a JWK is decoded here, so the decoder has no
 * branch and no table index that depends on a character.
 */
#include "core/base/b64url.h"

/* 0xff if lo <= c <= hi, otherwise 0; for values below 256. */
static uint32_t
in_range(uint32_t c, uint32_t lo, uint32_t hi)
{
	return ((lo - 1 - c) & (c - hi - 1)) >> 8 & 0xff;
}

/* The six bits of a character; 0x100 for one that is not of the alphabet. */
static uint32_t
value_of(uint32_t c)
{
	uint32_t upper = in_range(c, 'A', 'Z');
	uint32_t lower = in_range(c, 'a', 'z');
	uint32_t digit = in_range(c, '0', '9');
	uint32_t minus = in_range(c, '-', '-');
	uint32_t under = in_range(c, '_', '_');
	uint32_t known = upper | lower | digit | minus | under;

	return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) |
	    (digit & (c - '0' + 52)) | (minus & 62) | (under & 63) |
	    ((known ^ 0xff) & 1) << 8;
}

bool
b64url_is_char(uint8_t byte)
{
	return value_of(byte) < 64;
}

enum jwt_reason
b64url_decode(struct bytes text, uint8_t *out)
{
	uint32_t bad = 0;
	uint32_t bits = 0;	/* decoded bits that no whole byte holds yet */
	unsigned have = 0;	/* how many: 0, 2, 4 or 6 */
	size_t i;

	if (text.len % 4 == 1)
		return JWT_TOKEN_BASE64;
	for (i = 0; i < text.len; i++) {
		uint32_t value = value_of(text.ptr[i]);

		bad |= value & 0x100;
		bits = (bits << 6 | (value & 63)) & 0xfff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			*out++ = (uint8_t)(bits >> have);
		}
	}
	bad |= bits & ((1U << have) - 1);	/* spare bits must be zero */
	if (bad != 0)
		return JWT_TOKEN_BASE64;
	return JWT_OK;
}

void
b64url_encode(struct bytes from, char *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i;

	for (i = 0; i < from.len; i++) {
		bits = (bits << 8 | from.ptr[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6)
			*out++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have > 0)
		*out = alphabet[bits << (6 - have) & 63];
}
