/* SPDX-License-Identifier: BSD-2-Clause */
/* Who this host is: for %{hostname}, %{fqdn} and %{machine_id}. */
#ifndef JWT_HOSTNAME_H
#define JWT_HOSTNAME_H

#include "core/policy.h"

#define HOSTNAME_SIZE 256	/* bytes: 253 and a terminator, RFC 1035 */

struct hostname {
	char hostname[HOSTNAME_SIZE];
	char fqdn[HOSTNAME_SIZE];
	char machine_id[HOSTNAME_SIZE];
};

/*
 * Fill in what is known; host borrows names, and what is not known is NULL.
 *
 * The host name is the kernel's up to the first dot; the full name is the
 * kernel's if it has a dot, or else that of /etc/hosts.  No resolver is
 * asked: it would use the network, and its answer is not ours to trust.
 */
void hostname_find(struct hostname *names, struct policy_host *host);

#endif
