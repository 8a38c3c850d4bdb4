/* SPDX-License-Identifier: BSD-2-Clause */
/* The "(user@host)" of the OpenSSH client, as it stands in a prompt. */
#ifndef JWT_ASKPASS_WORD_H
#define JWT_ASKPASS_WORD_H

#include "core/base/bytes.h"

/*
 * The length of a word at the start of text, with its parentheses; 0 without
 * one.  It is in one line, and ends at the first parenthesis.
 */
size_t word_len(struct bytes text);

/* Whether a word is anywhere in text. */
bool word_is_in(struct bytes text);

#endif
