/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns of hosts.  The name comes from a prompt, which a server may have
 * chosen, so the matcher goes back to the last star alone and is never slow.
 */
#include "core/base/letter.h"
#include "cli/hosts.h"

/* At most strlen(pattern) steps for each character of the host. */
static bool
matches(const char *pattern, const char *host)
{
	const char *star = NULL, *from = NULL;

	while (*host != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = host;
		} else if (*pattern != '\0' && (*pattern == '?' ||
		    letter_lower((uint8_t)*pattern) ==
		    letter_lower((uint8_t)*host))) {
			pattern++;
			host++;
		} else if (star != NULL) {
			/* The last star takes one character more. */
			pattern = star;
			host = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
hosts_match(const char *const *patterns, size_t count, const char *host)
{
	bool found = false;
	size_t i;

	if (strlen(host) > HOSTS_NAME_MAX)
		return false;
	for (i = 0; i < count; i++) {
		bool negated = patterns[i][0] == '!';

		if (!matches(patterns[i] + (negated ? 1 : 0), host))
			continue;
		if (negated)
			return false;
		found = true;
	}
	return found;
}

bool
hosts_is_name(const char *pattern)
{
	return strpbrk(pattern, "*?!") == NULL;
}

static bool
is_host_character(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr(".-_:%", c) != NULL);
}

const char *
hosts_fault(struct bytes word)
{
	size_t i;

	if (word.len > 0 && word.ptr[0] == '!')
		word = bytes_of(word.ptr + 1, word.len - 1);
	if (word.len == 0)
		return "a ! without a pattern after it";
	if (word.len > HOSTS_NAME_MAX)
		return "longer than 255 bytes, which no host name is";
	if (bytes_has(word, ','))
		return "put a space between two patterns, not a comma";
	if (bytes_has(word, '%') && !bytes_has(word, ':'))
		return "a % is only for an IPv6 address with a zone, as in "
		    "fe80::1%eth0";
	if (bytes_has(word, '@'))
		return "write the host alone, without a user";
	for (i = 0; i < word.len; i++) {
		if (!is_host_character(word.ptr[i]) && word.ptr[i] != '*' &&
		    word.ptr[i] != '?')
			return "a character that is in no host name: a pattern "
			    "is a name or an address, with * and ?";
	}
	return NULL;
}
