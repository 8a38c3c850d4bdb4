/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads an address from left to right; nothing is unescaped or resolved. */
#include "core/base/netaddr.h"
#include "core/base/number.h"
#include "core/base/url.h"

#define PORT_MAX 65535

/* Whether a character must be escaped by RFC 3986 section 2, or is a "#". */
static bool
has_strange_character(struct bytes url)
{
	size_t i;

	for (i = 0; i < url.len; i++) {
		uint8_t c = url.ptr[i];

		if (c <= 0x20 || c >= 0x7f || strchr("\"#<>\\^`{|}", c) != NULL)
			return true;
	}
	return false;
}

/* Letters, digits, dot, hyphen and underscore; no "%", no other spelling. */
static bool
is_host_name(struct bytes host)
{
	size_t i;

	for (i = 0; i < host.len; i++) {
		uint8_t c = host.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && strchr(".-_", c) == NULL)
			return false;
	}
	return host.len > 0;
}

static bool
is_port(struct bytes text)
{
	int64_t port = 0;

	return number_digits(text, PORT_MAX, &port) && port > 0;
}

/* Find the host in "HOST", "HOST:PORT" or "[ADDRESS]:PORT"; false otherwise. */
static bool
find_host(struct bytes authority, struct bytes *host)
{
	struct bytes rest = authority;
	struct netaddr address;

	if (authority.len > 0 && authority.ptr[0] == '[') {
		if (!bytes_has(authority, ']'))
			return false;
		rest = bytes_of(authority.ptr + 1, authority.len - 1);
		*host = bytes_cut(&rest, ']');
		if (!bytes_has(*host, ':') || bytes_has(*host, '%') ||
		    !netaddr_parse(*host, &address))
			return false;
		return rest.len == 0 || (rest.ptr[0] == ':' &&
		    is_port(bytes_of(rest.ptr + 1, rest.len - 1)));
	}
	*host = bytes_cut(&rest, ':');
	if (!is_host_name(*host))
		return false;
	return host->len == authority.len || is_port(rest);
}

/* 127.0.0.0/8 and ::1, as netaddr_parse() holds them. */
static bool
is_loopback(struct bytes host)
{
	static const struct netaddr v6 = { .octets = { [15] = 1 } };
	struct netaddr_block block;
	struct netaddr address;
	bool has_host_bits;

	if (!netaddr_parse(host, &address))
		return false;
	if (memcmp(&address, &v6, sizeof(v6)) == 0)
		return true;
	if (!netaddr_parse_block(bytes_str("127.0.0.0/8"), &block,
	    &has_host_bits))
		return false;
	return netaddr_in(&address, &block);
}

/* The text between the scheme and the path or the query. */
static struct bytes
find_authority(struct bytes rest)
{
	struct bytes authority = bytes_cut(&rest, '/');

	return bytes_cut(&authority, '?');
}

enum url_kind
url_kind(struct bytes url, const char **fault)
{
	struct bytes secure = bytes_str("https://");
	bool is_secure = bytes_starts(url, secure);
	struct bytes scheme = is_secure ? secure : bytes_str("http://");
	struct bytes authority, host;

	*fault = "it is longer than 2048 bytes";
	if (url.len > URL_MAX)
		return URL_REFUSED;
	*fault = "it does not start with https://";
	if (!bytes_starts(url, scheme))
		return URL_REFUSED;
	*fault = "it has a fragment, or a character that must be escaped";
	if (has_strange_character(url))
		return URL_REFUSED;
	authority = find_authority(bytes_of(url.ptr + scheme.len,
	    url.len - scheme.len));
	*fault = "it has a user name in it";
	if (bytes_has(authority, '@'))
		return URL_REFUSED;
	*fault = "HOST or HOST:PORT goes after the //";
	if (!find_host(authority, &host))
		return URL_REFUSED;
	*fault = NULL;
	if (is_secure)
		return URL_HTTPS;
	if (is_loopback(host))
		return URL_HTTP_LOOPBACK;
	return URL_HTTP;
}

bool
url_has_query(struct bytes url)
{
	return bytes_has(url, '?');
}
