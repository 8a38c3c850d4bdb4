/* SPDX-License-Identifier: BSD-2-Clause */
/* The characters of single values. */
#include "cli/login_value.h"
#include "core/base/netaddr.h"
#include "core/base/number.h"

#define PORT_MAX 65535

bool
login_value_is_visible(struct bytes text, bool with_spaces)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c > 0x7e || c < 0x20 || (c == ' ' && !with_spaces))
			return false;
	}
	return text.len > 0;
}

bool
login_value_is_scope(struct bytes word)
{
	return login_value_is_visible(word, false) && !bytes_has(word, '"') &&
	    !bytes_has(word, '\\');
}

bool
login_value_is_uri(struct bytes text)
{
	struct bytes rest = text;
	struct bytes scheme = bytes_cut(&rest, ':');
	size_t i;

	if (scheme.len == 0 || rest.len == 0)
		return false;
	for (i = 0; i < scheme.len; i++) {
		uint8_t c = scheme.ptr[i] | 0x20;	/* lowercase */
		bool letter = c >= 'a' && c <= 'z';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') ||
		    strchr("+-.", scheme.ptr[i]) != NULL)))
			return false;
	}
	for (i = 0; i < rest.len; i++) {
		if (strchr("\"#<>\\^`{|}", rest.ptr[i]) != NULL)
			return false;
	}
	return login_value_is_visible(rest, false);
}

/* The bytes from the n-th on. */
static struct bytes
after(struct bytes text, size_t n)
{
	return bytes_of(text.ptr + n, text.len - n);
}

/* Letters, digits, and "-._", of which only "_" may be in front. */
static bool
is_word(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i], letter = c | 0x20;

		if ((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
		    c == '_')
			continue;
		if (i == 0 || (c != '-' && c != '.'))
			return false;
	}
	return text.len > 0;
}

/* An address without a zone. */
static bool
is_address(struct bytes text)
{
	struct netaddr address;

	return !bytes_has(text, '%') && netaddr_parse(text, &address);
}

/* HOST, or [ADDRESS]; *rest is then what comes after it. */
static bool
cut_host(struct bytes *rest)
{
	struct bytes host;
	size_t len = 0;

	if (rest->len > 0 && rest->ptr[0] == '[') {
		*rest = after(*rest, 1);
		host = bytes_cut(rest, ']');
		return rest->ptr > host.ptr + host.len &&
		    bytes_has(host, ':') && is_address(host);
	}
	while (len < rest->len && rest->ptr[len] != ':')
		len++;
	host = bytes_of(rest->ptr, len);
	*rest = after(*rest, len);
	return is_word(host);
}

static bool
is_authority(struct bytes rest)
{
	int64_t port;

	if (!cut_host(&rest))
		return false;
	if (rest.len == 0)
		return true;
	return rest.ptr[0] == ':' &&
	    number_digits(after(rest, 1), PORT_MAX, &port) && port > 0;
}

bool
login_value_is_destination(struct bytes text)
{
	static const char scheme[] = "ssh://";
	struct bytes rest = text, user;
	bool is_uri = bytes_starts(text, bytes_str(scheme));

	if (is_uri)
		rest = after(text, strlen(scheme));
	user = bytes_cut(&rest, '@');
	if (!is_word(user))
		return false;
	if (is_uri)
		return is_authority(rest);
	return is_word(rest) || is_address(rest);
}

/* 32 bytes in base64 (RFC 4648 section 4), of which the "=" is left out. */
bool
login_value_is_fingerprint(struct bytes text)
{
	static const char prefix[] = "SHA256:";
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit = digits;
	size_t i;

	if (text.len != sizeof(prefix) - 1 + 43 ||
	    !bytes_starts(text, bytes_str(prefix)))
		return false;
	for (i = sizeof(prefix) - 1; i < text.len; i++) {
		digit = memchr(digits, text.ptr[i], sizeof(digits) - 1);
		if (digit == NULL)
			return false;
	}
	/* The last digit has two bits that no byte uses. */
	return (digit - digits) % 4 == 0;
}

bool
login_value_is_name(struct bytes word)
{
	size_t i;

	for (i = 0; i < word.len; i++) {
		uint8_t c = word.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && (c != '-' || i == 0))
			return false;
	}
	return word.len > 0 && word.len <= LOGIN_NAME_MAX_LEN;
}
