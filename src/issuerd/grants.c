/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides about audiences and grants.  The audience is the client's word, so it
 * is compared byte for byte and never completed, unescaped or resolved.
 */
#include "issuerd/grants.h"

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 3986 section 3.1. */
static bool
is_scheme(struct bytes text)
{
	size_t i;

	if (text.len == 0 || !is_letter(text.ptr[0]))
		return false;
	for (i = 1; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (!is_letter(c) && !is_digit(c) && strchr("+-.", c) == NULL)
			return false;
	}
	return true;
}

/* Whether all characters are those of RFC 3986 section 2. */
static bool
has_plain_characters(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c) != NULL)
			return false;
		if (c == '%' && (text.len - i < 3 ||
		    !is_hex(text.ptr[i + 1]) || !is_hex(text.ptr[i + 2])))
			return false;
	}
	return true;
}

/* Whether there is a user in front of the host: "ssh://alice@host". */
static bool
has_user(struct bytes rest)
{
	struct bytes authority;

	if (!bytes_starts(rest, bytes_str("//")))
		return false;
	rest = bytes_of(rest.ptr + 2, rest.len - 2);
	authority = bytes_cut(&rest, '/');
	return bytes_has(bytes_cut(&authority, '?'), '@');
}

const char *
grants_uri_fault(struct bytes text)
{
	struct bytes rest = text;
	struct bytes scheme = bytes_cut(&rest, ':');

	if (text.len > GRANTS_AUDIENCE_MAX)
		return "it is longer than 256 bytes";
	if (!has_plain_characters(text))
		return "it has a character that no URI has";
	if (!is_scheme(scheme) || rest.len == 0)
		return "it must be an absolute URI, as ssh://host is";
	if (bytes_has(text, '#'))
		return "it has a fragment";
	if (has_user(rest))
		return "it has a user name in it";
	return NULL;
}

bool
grants_audience_is_valid(struct bytes audience)
{
	return grants_uri_fault(audience) == NULL && !bytes_has(audience, '*');
}

static bool
names_group(const struct words *people, const struct words *groups)
{
	size_t i;

	for (i = 0; i < people->count; i++) {
		if (people->item[i][0] == '%' && policy_words_have(groups,
		    bytes_str(people->item[i] + 1)))
			return true;
	}
	return false;
}

bool
grants_fits_person(const struct issuer_grant *grant,
    const struct grants_person *person)
{
	/* A word such as %wheel in a grant is a group and never a name. */
	if (person->name[0] == '%')
		return false;
	if (policy_words_have(&grant->people, bytes_str(person->name)))
		return true;
	return !person->is_protected &&
	    names_group(&grant->people, person->groups);
}

static bool
fits_audience(const struct issuer_grant *grant, struct bytes audience)
{
	size_t i;

	for (i = 0; i < grant->audience.count; i++) {
		if (glob_match(bytes_str(grant->audience.item[i]), audience))
			return true;
	}
	return false;
}

const struct issuer_grant *
grants_find(const struct issuer_conf *conf, const struct grants_person *person,
    struct bytes audience)
{
	size_t i;

	if (!grants_audience_is_valid(audience))
		return NULL;
	for (i = 0; i < conf->grant_count; i++) {
		if (grants_fits_person(&conf->grants[i], person) &&
		    fits_audience(&conf->grants[i], audience))
			return &conf->grants[i];
	}
	return NULL;
}
