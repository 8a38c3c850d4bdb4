/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An address of a provider, whose scheme is any of the two, or any other bytes.
 */
#include <arpa/inet.h>

#include "core/base/url.h"
#include "../inet.h"

static uint8_t in[8 + LEN];

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
