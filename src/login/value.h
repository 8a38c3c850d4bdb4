/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values in the JSON of a provider, taken only in the form that they may have;
 * and how one that was refused is shown.
 */
#ifndef JWT_VALUE_H
#define JWT_VALUE_H

#include "core/base/json.h"

#define VALUE_SECONDS_MAX INT64_C(315360000)	/* ten years */
#define VALUE_SHOWN_SIZE 160	/* bytes of a value for people */

/* A string member; empty when it is missing, or is no string. */
struct bytes value_text(const struct json_node *root, const char *name);

/* Whether it is that word, which is lowercase; the case does not count. */
bool value_is_word(const struct json_node *root, const char *name,
    const char *word);

/* A number of seconds, perhaps as a string; -1 for anything else. */
int64_t value_seconds(const struct json_node *root, const char *name);

/* A date in seconds since the epoch; -1 for anything else. */
int64_t value_date(const struct json_node *root, const char *name);

bool value_is_true(const struct json_node *root, const char *name);

/* Whether a list is there and has a string; is there and has it not. */
bool value_lists(const struct json_node *root, const char *name,
    const char *word);
bool value_lacks(const struct json_node *root, const char *name,
    const char *word);

/* Whether all bytes are from first, a space or a "!", to "~". */
bool value_is_visible(struct bytes text, uint8_t first);

/* Whether it may be a token or a code: visible, and not too long; or empty. */
bool value_is_token(struct bytes text);

/*
 * Whether a token or a person may be sent to an address: https, or http to a
 * loopback address if that is allowed.
 */
bool value_is_address(struct bytes url, bool loopback_http);

/* Whether it is http to a loopback address. */
bool value_is_loopback(struct bytes url);

/*
 * Write BEFORE, the value and AFTER: printable ASCII, whatever the value is.
 * Returns false, for a caller that refuses.
 */
bool value_refuse(char *words, size_t size, const char *before,
    struct bytes value, const char *after);

#endif
