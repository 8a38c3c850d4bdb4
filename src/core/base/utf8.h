/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 in its well-formed spelling only (RFC 3629, Unicode table 3-7). */
#ifndef JWT_UTF8_H
#define JWT_UTF8_H

#include "core/base/bytes.h"

/*
 * Length in bytes of the character at the start of text: 1 to 4, or 0 when
 * it is cut, overlong, a surrogate, or beyond U+10FFFF.
 */
size_t utf8_len(struct bytes text);

/* Write a code point up to U+10FFFF; returns the 1 to 4 bytes written. */
size_t utf8_put(uint32_t code, uint8_t *out);

#endif
