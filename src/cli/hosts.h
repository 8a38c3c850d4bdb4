/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which hosts may get a token: a list of patterns as ssh_config(5) has them,
 * and read as there, so that a person who knows Host and Match makes no
 * mistake here.
 */
#ifndef JWT_HOSTS_H
#define JWT_HOSTS_H

#include "core/base/bytes.h"

#define HOSTS_NAME_MAX 255	/* bytes of a name (RFC 1035 section 2.3.4) */

/*
 * Whether a name, or an address, is meant by the patterns.  `*` stands for any
 * characters, `?` for one, and `!` in front of a pattern negates it.  A host
 * is meant if a pattern matches it and no negated one does, in whatever order
 * they are.  Case does not count.  False for a longer name.
 */
bool hosts_match(const char *const *patterns, size_t count, const char *host);

/* Whether the pattern means exactly one host: it has no `*`, `?` or `!`. */
bool hosts_is_name(const char *pattern);

/*
 * Why a word is not a pattern, as a static phrase; NULL for one that is.  Only
 * what can be in a name or an address is allowed, so that user@host, a comma in
 * the place of a space, or %h, which ssh_config expands elsewhere, is not taken
 * for a host.
 */
const char *hosts_fault(struct bytes word);

#endif
