/* SPDX-License-Identifier: BSD-2-Clause */
/* Replaces each %{name} in a word of the configuration. */
#ifndef JWT_EXPAND_H
#define JWT_EXPAND_H

#include "core/base/bytes.h"

#define EXPAND_SIZE 1024	/* bytes of a word after expansion, terminated */

/*
 * A name and its value.  A table of them ends with a name of NULL, and there
 * the value is the fault of a name that is not in the table.
 */
struct expand_name {
	const char *name;
	const char *value;	/* NULL: not known here */
};

/*
 * Replace each %{name} in word, and %% by %.  Returns NULL with the text in
 * out, or a static phrase that names the fault.
 */
const char *expand(struct bytes word, const struct expand_name *names,
    char out[EXPAND_SIZE]);

/* The values of %{…} in an audience; NULL: not known on this host. */
struct policy_host {
	const char *hostname;
	const char *fqdn;
	const char *machine_id;
};

/* expand() with the names of an audience. */
const char *expand_audience(struct bytes word, const struct policy_host *host,
    char out[EXPAND_SIZE]);

/* expand() with the names of a token_file: %{user} and %{uid}. */
const char *expand_token_file(struct bytes path, const char *user,
    const char *uid, char out[EXPAND_SIZE]);

#endif
