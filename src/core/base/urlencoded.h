/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes names and values of application/x-www-form-urlencoded. */
#ifndef JWT_URLENCODED_H
#define JWT_URLENCODED_H

#include "core/base/bytes.h"
#include "core/reason.h"

/*
 * Decode "%XX" and "+" where they are: the text never becomes longer, and a
 * secret needs no second place.
 *
 * len  of the text; of what it decodes to, afterwards
 *
 * False if two hexadecimal digits do not follow a "%"; text is garbage then.
 */
JWT_MUST_USE bool urlencoded_decode(uint8_t *text, size_t *len);

#endif
