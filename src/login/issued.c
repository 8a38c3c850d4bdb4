/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares an access token with what was asked for. */
#include "cli/decoded.h"
#include "core/jose/jwe.h"
#include "login/issued.h"
#include "login/value.h"

/* A string, or a list with nothing else (RFC 7519 section 4.1.3). */
static bool
is_for(const struct json_node *list, const char *resource)
{
	const struct json_node *aud = list;

	if (json_is(list, JSON_ARRAY)) {
		aud = json_first(list);
		if (aud == NULL || json_next(list, aud) != NULL)
			return false;
	}
	return json_is(aud, JSON_STRING) &&
	    bytes_eq_str(json_text(aud), resource);
}

/* The fault of a token; NULL if it has none.  *value is shown after it. */
static const char *
find_fault(const struct decoded *decoded, const struct issued_wanted *wanted,
    struct bytes *value)
{
	const struct json_node *root = decoded_root(&decoded->payload);
	struct bytes sub = value_text(root, "sub");
	int64_t exp = value_date(root, "exp"), iat = value_date(root, "iat");

	*value = bytes_of(NULL, 0);
	if (decoded_root(&decoded->header) == NULL || root == NULL)
		return "its token is not a JWT";
	if (!is_for(json_get(root, bytes_str("aud")), wanted->resource)) {
		*value = bytes_str(wanted->resource);
		return "its token is not for what was asked, ";
	}
	if (exp < 0 || iat < 0 || exp <= iat)
		return "its token has no end, or ends before it begins";
	if (sub.len == 0)
		return "its token does not say whose it is";
	*value = sub;
	if (wanted->sub.len > 0 && !bytes_eq(sub, wanted->sub))
		return "its token belongs to another person: ";
	return NULL;
}

bool
issued_check(struct bytes token, const struct issued_wanted *wanted,
    char *words, size_t size)
{
	struct decoded decoded;
	struct bytes value;
	const char *fault;

	if (jwe_has_form(token))
		return true;
	decoded_open(token, &decoded);
	fault = find_fault(&decoded, wanted, &value);
	if (fault != NULL)
		(void)value_refuse(words, size, fault, value, "");
	decoded_clear(&decoded);
	return fault == NULL;
}
