/* SPDX-License-Identifier: BSD-2-Clause */
/* Exact decimal comparison; allocates nothing. */
#include "core/base/number.h"

/* A larger exponent changes nothing: we read no text with so many digits. */
#define EXPONENT_CAP 100000000

/*
 * Value = sign * 0.d1d2d3… * 10^point, with d1 and the last digit not zero.
 * Zero has no digits.  The digits may have a decimal point among them.
 */
struct decimal {
	int sign;		/* -1, 0 or 1 */
	int64_t point;
	const uint8_t *digits;	/* the first that is not zero */
	const uint8_t *end;	/* after the last that is not zero */
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static const uint8_t *
skip_digits(const uint8_t *pos, const uint8_t *end)
{
	while (pos < end && is_digit(*pos))
		pos++;
	return pos;
}

bool
number_digits(struct bytes text, int64_t max, int64_t *out)
{
	int64_t value = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		int digit = text.ptr[i] - '0';

		if (digit < 0 || digit > 9 || value > max / 10 ||
		    value * 10 > max - digit)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return text.len > 0;
}

bool
number_is_valid(struct bytes text)
{
	const uint8_t *pos = text.ptr, *end = text.ptr + text.len, *start;

	if (pos < end && *pos == '-')
		pos++;
	start = pos;
	pos = skip_digits(pos, end);
	if (pos == start || (*start == '0' && pos - start > 1))
		return false;
	if (pos < end && *pos == '.') {
		start = ++pos;
		pos = skip_digits(pos, end);
		if (pos == start)
			return false;
	}
	if (pos < end && (*pos == 'e' || *pos == 'E')) {
		if (++pos < end && (*pos == '+' || *pos == '-'))
			pos++;
		start = pos;
		pos = skip_digits(pos, end);
		if (pos == start)
			return false;
	}
	return pos == end;
}

/* The exponent after e or E, saturated. */
static int64_t
exponent(const uint8_t *pos, const uint8_t *end)
{
	int64_t value = 0;
	bool negative = *pos == '-';

	if (*pos == '-' || *pos == '+')
		pos++;
	for (; pos < end; pos++) {
		if (value < EXPONENT_CAP)
			value = value * 10 + (*pos - '0');
	}
	if (negative)
		return -value;
	return value;
}

/* Find the digits between the zeros at both ends, and where the point is. */
static void
strip_zeros(const uint8_t *pos, const uint8_t *end, struct decimal *out)
{
	const uint8_t *whole_end = skip_digits(pos, end);

	while (pos < end && (*pos == '0' || *pos == '.'))
		pos++;
	while (end > pos && (end[-1] == '0' || end[-1] == '.'))
		end--;
	out->digits = pos;
	out->end = end;
	out->point = whole_end - pos;
	/* After the decimal point each zero that was skipped moves it left. */
	if (pos >= whole_end)
		out->point++;
}

static struct decimal
normalise(struct bytes text)
{
	struct decimal out = { .sign = 1 };
	const uint8_t *pos = text.ptr, *end = text.ptr + text.len;
	const uint8_t *mantissa_end;

	if (*pos == '-') {
		out.sign = -1;
		pos++;
	}
	mantissa_end = pos;
	while (mantissa_end < end && (is_digit(*mantissa_end) ||
	    *mantissa_end == '.'))
		mantissa_end++;
	strip_zeros(pos, mantissa_end, &out);
	if (out.digits == out.end)
		return (struct decimal){ 0 };
	if (mantissa_end < end)
		out.point += exponent(mantissa_end + 1, end);
	return out;
}

/* The next digit, 0 after the last one. */
static int
next_digit(const uint8_t **posp, const uint8_t *end)
{
	if (*posp < end && **posp == '.')
		(*posp)++;
	if (*posp < end)
		return *(*posp)++ - '0';
	return 0;
}

static int
compare_digits(const struct decimal *a, const struct decimal *b)
{
	const uint8_t *pa = a->digits, *pb = b->digits;

	while (pa < a->end || pb < b->end) {
		int da = next_digit(&pa, a->end);
		int db = next_digit(&pb, b->end);

		if (da != db)
			return da < db ? -1 : 1;
	}
	return 0;
}

int
number_compare(struct bytes a, struct bytes b)
{
	struct decimal da = normalise(a), db = normalise(b);

	if (da.sign != db.sign)
		return da.sign < db.sign ? -1 : 1;
	if (da.sign == 0)
		return 0;
	if (da.point < db.point)
		return -da.sign;
	if (da.point > db.point)
		return da.sign;
	return da.sign * compare_digits(&da, &db);
}

enum jwt_reason
number_date(struct bytes text, struct number_date *out)
{
	struct decimal d = normalise(text);
	const uint8_t *pos = d.digits;
	int64_t value = 0, i;

	*out = (struct number_date){ 0 };
	/* 2^53 - 1 has 16 digits. */
	if (d.sign < 0 || d.point > 16)
		return JWT_CLAIM_INVALID;
	for (i = 0; i < d.point; i++)
		value = value * 10 + next_digit(&pos, d.end);
	out->floor_sec = value;
	out->ceil_sec = value;
	if (pos < d.end)
		out->ceil_sec++;
	if (out->ceil_sec > NUMBER_DATE_MAX)
		return JWT_CLAIM_INVALID;
	return JWT_OK;
}
