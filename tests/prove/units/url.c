/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An address of a provider, whose scheme is any of the two, or any other bytes.
 * The model of inet_pton() is that of netaddr_block.
 */
#include <arpa/inet.h>

#include "core/base/url.h"

static uint8_t in[8 + LEN];

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

static void
judge(const char *scheme)
{
	size_t len = strlen(scheme);
	const char *fault;

	memcpy(in, scheme, len);
	any_bytes(in + len, LEN);
	url_kind(bytes_of(in, len + LEN), &fault);
	url_has_query(bytes_of(in, len + LEN));
}

void
main(void)
{
	judge("https://");
	judge("http://");
	judge("");
}
