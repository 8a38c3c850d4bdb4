/* SPDX-License-Identifier: BSD-2-Clause */
/* The comparison of media types, and the types that never log in. */
#include "core/base/letter.h"
#include "core/jose/media_type.h"

/* The type without "application/", if it is the same type without it. */
static struct bytes
short_form(struct bytes type)
{
	struct bytes prefix = bytes_str("application/");

	if (type.len > prefix.len &&
	    letters_eq(bytes_of(type.ptr, prefix.len), prefix) &&
	    !bytes_has(bytes_of(type.ptr + prefix.len, type.len - prefix.len),
	    '/'))
		return bytes_of(type.ptr + prefix.len, type.len - prefix.len);
	return type;
}

bool
media_type_is_valid(struct bytes type)
{
	unsigned slashes = 0;
	size_t i;

	for (i = 0; i < type.len; i++) {
		uint8_t c = letter_lower(type.ptr[i]);

		slashes += c == '/';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr("/!#$&-^_.+", c) == NULL))
			return false;
	}
	return type.len > 0 && type.ptr[0] != '/' &&
	    type.ptr[type.len - 1] != '/' && slashes <= 1;
}

bool
media_type_eq(struct bytes a, struct bytes b)
{
	return letters_eq(short_form(a), short_form(b));
}

bool
media_type_never_logs_in(struct bytes type)
{
	static const char *const others[] = {
		"logout+jwt",			/* OIDC Back-Channel Logout */
		"secevent+jwt",			/* RFC 8417 */
		"dpop+jwt",			/* RFC 9449 */
		"statuslist+jwt",		/* Token Status List */
		"token-introspection+jwt",	/* RFC 9701 */
		"kb+jwt",			/* RFC 9901 */
		"oauth-authz-req+jwt",		/* RFC 9101 */
		"rt+jwt", "refresh+jwt"		/* refresh tokens, by custom */
	};
	size_t i;

	type = short_form(type);	/* these are in it as well */
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (letters_eq(type, bytes_str(others[i])))
			return true;
	}
	return false;
}
