/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes ECDSA signatures in DER. */
#include "core/jose/ecdsa.h"

/* The number without its leading zeros; the last byte stays. */
static struct bytes
shortest(struct bytes number)
{
	while (number.len > 1 && number.ptr[0] == 0) {
		number.ptr++;
		number.len--;
	}
	return number;
}

/* Write a big-endian number as a positive INTEGER; returns its end. */
static uint8_t *
put_integer(struct bytes number, uint8_t *out)
{
	size_t sign = number.ptr[0] >> 7;

	*out++ = 0x02;
	*out++ = (uint8_t)(number.len + sign);
	*out = 0;
	memcpy(out + sign, number.ptr, number.len);
	return out + sign + number.len;
}

size_t
ecdsa_to_der(struct bytes signature, uint8_t out[ECDSA_DER_MAX])
{
	size_t half = signature.len / 2;
	struct bytes r = shortest(bytes_of(signature.ptr, half));
	struct bytes s = shortest(bytes_of(signature.ptr + half, half));
	size_t len = 2 + (r.ptr[0] >> 7) + r.len + 2 + (s.ptr[0] >> 7) + s.len;
	uint8_t *to = out;

	*to++ = 0x30;
	if (len >= 0x80)
		*to++ = 0x81;	/* the length has a byte of its own */
	*to++ = (uint8_t)len;
	to = put_integer(s, put_integer(r, to));
	return (size_t)(to - out);
}
