/* SPDX-License-Identifier: BSD-2-Clause */
/* Who this host is: for %{hostname}, %{fqdn} and %{machine_id}. */
#ifndef JWT_HOSTNAME_H
#define JWT_HOSTNAME_H

#include "core/policy/policy.h"

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
 * A name that any host may have is not known either.
 */
void hostname_find(struct hostname *names, struct policy_host *host);

/*
 * Whether a name can tell hosts apart: not localhost with or without a domain,
 * and not the "(none)" of a kernel that was told no name.
 */
bool hostname_is_own(struct bytes name);

/*
 * Whether text is a machine ID as machine-id(5) has it: 32 lowercase
 * hexadecimal digits that are not all 0.  An image that was never booted has
 * the word "uninitialized" there.
 */
bool hostname_is_machine_id(struct bytes text);

/*
 * Whether /etc/hostname is the source of the kernel's host name.  If not, a
 * DHCP server may have chosen it.
 *
 * kernel  the name that uname(2) gives
 * file    the contents of /etc/hostname; empty when there is none
 */
bool hostname_is_static(struct bytes kernel, struct bytes file);

#endif
