/* SPDX-License-Identifier: BSD-2-Clause */
/* The models of functions; prove.h says what they are for. */

void *
prove_memchr(const void *s, int c, size_t n)
{
	const unsigned char *from = s;
	size_t i;

	for (i = 0; i < n; i++) {
		if (from[i] == (unsigned char)c)
			break;
	}
	//@ split i;
	return i == n ? 0 : (void *)(from + i);
}

int
prove_memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	}
	return 0;
}

void
explicit_bzero(void *s, size_t n)
{
	memset(s, 0, n);
}

uint64_t
prove_bswap64(uint64_t word)
{
	uint64_t out = 0;
	int i;

	for (i = 0; i < 8; i++)
		out = out << 8 | (word >> (8 * i) & 0xff);
	return out;
}

/* Of a word that is not 0, as gcc demands. */
int
prove_clzll(uint64_t word)
{
	int zeros = 0;

	//@ assert word != 0;
	while (zeros < 63 && word >> (63 - zeros) == 0)
		zeros++;
	return zeros;
}

uint8_t *prove_input;

void
prove_forget(void)
{
	if (prove_input != NULL)
		any_bytes(prove_input, LEN);
}
