/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery without its JSON: the address of the document, of an issuer that
 * has LEN bytes after its scheme, and an address that a document names.  The
 * model of url_kind() gives any answer; the unit url has the real one.
 */
#include "sync/metadata.c"

static char iss[8 + LEN + 1];

enum url_kind
url_kind(struct bytes url, const char **fault)
{
	READ_ALL(url);
	*fault = "it is refused";
	return (enum url_kind)Frama_C_interval(URL_REFUSED, URL_HTTPS);
}

bool
url_has_query(struct bytes url)
{
	return bytes_has(url, '?');
}

/* By logline.h: a text that is terminated. */
void
logline_escape(struct bytes text, char *out, size_t size)
{
	READ_ALL(text);
	any_bytes(out, size - 1);
	out[size - 1] = '\0';
}

static void
build_address(const char *scheme, enum metadata_place place)
{
	char out[METADATA_URL_SIZE];
	size_t len = strlen(scheme), i;

	memcpy(iss, scheme, len);
	for (i = 0; i < LEN; i++)
		iss[len + i] = (char)Frama_C_interval(1, 127);
	iss[len + LEN] = '\0';
	if (metadata_address(iss, place, any_bool(), out))
		READ_ALL(bytes_str(out));
}

static void
take(size_t len)
{
	static uint8_t address[URL_MAX];
	struct metadata metadata = { .loopback_http = false };

	any_bytes(address, len);
	if (take_address(bytes_of(address, len), "", &metadata) == JWT_OK)
		READ_ALL(bytes_of(metadata.jwks_uri, len + 1));
}

void
main(void)
{
	build_address("https://", METADATA_OPENID);
	build_address("https://", METADATA_OAUTH);
	build_address("http://", METADATA_OPENID);
	take(LEN);
	take(URL_MAX);
}
