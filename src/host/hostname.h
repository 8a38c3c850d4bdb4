/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of this host, for %{hostname}, %{fqdn} and %{machine_id}. */
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
 * Find the names of this host.  *host borrows names; a name that is unknown is
 * NULL in it.
 *
 * The host name is the kernel's up to the first dot.  The full name is the
 * kernel's if it has a dot; otherwise it is the one in /etc/hosts.  No resolver
 * is asked: it would use the network, and whoever answers could choose which
 * audience this host accepts.  A name that any host may have, like localhost,
 * counts as unknown.
 */
void hostname_find(struct hostname *names, struct policy_host *host);

/*
 * Whether a name can tell hosts apart.  It cannot if it is localhost, with or
 * without a domain, or the "(none)" of a kernel whose name was never set.
 */
bool hostname_is_own(struct bytes name);

/*
 * Whether text is a machine ID as machine-id(5) defines it: 32 lowercase
 * hexadecimal digits that are not all 0.  An image that was never booted has
 * the word "uninitialized" instead.
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
