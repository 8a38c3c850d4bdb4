/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A signature of LEN bytes, R || S; 64, 96 and 132 are all lengths that alg.c
 * has for ECDSA.  The result has memory of exactly ECDSA_DER_MAX bytes.
 *
 * One number has any value while the other does not begin with a zero.  This
 * covers both of any value: each number is read by itself, and what is written
 * ends furthest where the other one has all its bytes.
 */
#include "core/jose/ecdsa.h"

static uint8_t in[LEN], out[ECDSA_DER_MAX];

/* The number that begins there has no zero at its start. */
static void
convert(size_t other)
{
	size_t len;

	any_bytes(in, LEN);
	in[other] = (uint8_t)Frama_C_interval(1, 255);
	len = ecdsa_to_der(bytes_of(in, LEN), out);
	//@ assert len <= ECDSA_DER_MAX;
}

void
main(void)
{
	if (any_bool())
		convert(0);
	else
		convert(LEN / 2);
}
