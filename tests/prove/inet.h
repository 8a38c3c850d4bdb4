/* SPDX-License-Identifier: BSD-2-Clause */
/* The model of inet_pton(), for the units that reach it. */
#ifndef PROVE_INET_H
#define PROVE_INET_H

/* By its manual: 4 or 16 octets of any value, or 0 and nothing written. */
int
inet_pton(int family, const char *text, void *out)
{
	READ_ALL(bytes_str(text));
	if (any_bool())
		return 0;
	any_bytes(out, family == AF_INET6 ? 16 : 4);
	return 1;
}

#endif
