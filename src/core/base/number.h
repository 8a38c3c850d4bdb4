/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers as they are in JSON or in a rule, compared exactly.
 *
 * A double cannot tell 2^53 from 2^53+1, strtod() asks the host's locale
 * what a decimal point is, and both take 1e400 for infinity: a token with that
 * exp would never expire.  So numbers stay text until they are known to fit.
 */
#ifndef JWT_NUMBER_H
#define JWT_NUMBER_H

#include "core/base/bytes.h"
#include "core/reason.h"

/* 2^53 - 1: the last integer that every JSON implementation can hold. */
#define NUMBER_DATE_MAX INT64_C(9007199254740991)

/* Read decimal digits alone, up to max; false for any other text. */
bool number_digits(struct bytes text, int64_t max, int64_t *out);

/* Whether text is a number by the grammar of RFC 8259 section 6. */
bool number_is_valid(struct bytes text);

/* -1, 0 or 1 as a is less than, equal to or greater than b; both are valid. */
int number_compare(struct bytes a, struct bytes b);

/*
 * A NumericDate (RFC 7519 section 2), rounded down and up to whole seconds
 * since the epoch; the two are equal when there is no fraction.  text is a
 * valid number.  Returns JWT_OK, or JWT_CLAIM_INVALID outside 0 … 2^53-1.
 */
struct number_date {
	int64_t floor_sec;
	int64_t ceil_sec;
};
JWT_MUST_USE enum jwt_reason number_date(struct bytes text,
    struct number_date *out);

#endif
