/* SPDX-License-Identifier: BSD-2-Clause */
/* %{hostname}, %{fqdn} and %{machine_id} in an audience. */
#ifndef JWT_EXPAND_H
#define JWT_EXPAND_H

#include "core/bytes.h"

#define EXPAND_SIZE 1024	/* bytes of a word after expansion, terminated */

/* What %{…} in an audience stands for; NULL: not known on this host. */
struct policy_host {
	const char *hostname;
	const char *fqdn;
	const char *machine_id;
};

/*
 * Replace each %{name} in word, and %% by %.  Returns NULL with the text in
 * out, or a static phrase that says what is wrong.
 */
const char *expand_word(struct bytes word, const struct policy_host *host,
    char out[EXPAND_SIZE]);

#endif
