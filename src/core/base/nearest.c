/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distance of two words, as optimal string alignment: three rows of the
 * table are enough, since two letters that changed places look back two rows.
 */
#include <stdio.h>

#include "core/base/nearest.h"

#define SHORT_WORD 5	/* bytes; below, two errors make any word of any other */

struct nearest
nearest_begin(struct bytes word)
{
	return (struct nearest){ .word = word };
}

static uint8_t
fold(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c | 0x20);
	return c;
}

static uint8_t
least(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return (uint8_t)(least < c ? least : c);
}

/* Whether the letters before these two places are the same two, turned round. */
static bool
is_swap(struct bytes a, size_t i, struct bytes b, size_t k)
{
	return i > 1 && k > 1 && fold(a.ptr[i - 1]) == fold(b.ptr[k - 2]) &&
	    fold(a.ptr[i - 2]) == fold(b.ptr[k - 1]);
}

/* Fill row i of the table; before[0] is the row above it, before[1] the next. */
static void
fill_row(struct bytes a, size_t i, struct bytes b,
    uint8_t *const before[2], uint8_t *row)
{
	size_t k;

	row[0] = (uint8_t)i;
	for (k = 1; k <= b.len; k++) {
		bool differs = fold(a.ptr[i - 1]) != fold(b.ptr[k - 1]);

		row[k] = least(before[0][k] + 1U, row[k - 1] + 1U,
		    before[0][k - 1] + (unsigned)differs);
		if (is_swap(a, i, b, k))
			row[k] = least(row[k], before[1][k - 2] + 1U, row[k]);
	}
}

/* Both have at most NEAREST_MAX bytes. */
static unsigned
distance(struct bytes a, struct bytes b)
{
	uint8_t rows[3][NEAREST_MAX + 1];
	size_t i;

	for (i = 0; i <= b.len; i++)
		rows[0][i] = (uint8_t)i;
	for (i = 1; i <= a.len; i++) {
		uint8_t *const before[2] = {
			rows[(i - 1) % 3], rows[(i + 1) % 3]
		};

		fill_row(a, i, b, before, rows[i % 3]);
	}
	return rows[a.len % 3][b.len];
}

/* How many typing errors are still the same word. */
static unsigned
allowed(size_t len)
{
	return len < SHORT_WORD ? 1 : 2;
}

void
nearest_try(struct nearest *nearest, const char *candidate)
{
	struct bytes other = bytes_str(candidate);
	unsigned errors;

	if (nearest->word.len < 2 || nearest->word.len > NEAREST_MAX ||
	    other.len < 2 || other.len > NEAREST_MAX)
		return;
	errors = distance(nearest->word, other);
	if (errors > allowed(nearest->word.len) || (nearest->best != NULL &&
	    errors >= nearest->distance))
		return;
	nearest->best = candidate;
	nearest->distance = errors;
}

const char *
nearest_text(struct nearest *nearest)
{
	if (nearest->best == NULL)
		return "";
	snprintf(nearest->text, sizeof(nearest->text), "; did you mean %s?",
	    nearest->best);
	return nearest->text;
}
