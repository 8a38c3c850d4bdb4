/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Near misses: a refusal whose cause an administrator would look for long.
 * Says what differs; decides nothing.
 */
#include <stdio.h>

#include "core/b64url.h"
#include "core/number.h"
#include "tool/explain.h"

#define VALUE_MAX 100	/* bytes shown of one value */

/* The token once more, for looking only. */
struct look {
	const struct explain *explain;
	struct secret header, payload;
	struct json_doc header_doc, payload_doc;
	char *out;
	size_t size;
};

static const struct json_node *
claim(const struct look *look, const char *name)
{
	return json_get(json_root(&look->payload_doc), bytes_str(name));
}

/* One value of a token as printable text; static buffers, by turns. */
static const char *
show(struct bytes text, char out[VALUE_MAX + 4])
{
	size_t i;

	for (i = 0; i < text.len && i < VALUE_MAX; i++)
		out[i] = text.ptr[i] >= ' ' && text.ptr[i] < 0x7f ?
		    (char)text.ptr[i] : '?';
	out[i] = '\0';
	if (text.len > VALUE_MAX)
		memcpy(out + i, "...", 4);
	return out;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool
same_but_case(struct bytes a, struct bytes b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

static struct bytes
without_slash(struct bytes text)
{
	if (text.len > 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return text;
}

static bool
hint_issuer(const struct look *look)
{
	const struct policy *policy = look->explain->policy;
	struct bytes iss = json_text(claim(look, "iss"));
	char shown[VALUE_MAX + 4];
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		const char *known = policy->issuers[i].iss;
		const char *how = NULL;

		if (bytes_eq(iss, bytes_str(known)))
			how = "is known, but not allowed for this service "
			    "(issuers)";
		else if (bytes_eq(without_slash(iss),
		    without_slash(bytes_str(known))))
			how = "differs only by a trailing slash";
		else if (same_but_case(iss, bytes_str(known)))
			how = "differs only by upper and lower case";
		if (how != NULL) {
			snprintf(look->out, look->size, "iss \"%s\" %s; "
			    "configured is \"%s\"", show(iss, shown), how,
			    known);
			return true;
		}
	}
	snprintf(look->out, look->size, "iss is \"%s\"", show(iss, shown));
	return true;
}

/* The strings of aud, with blanks between them. */
static void
show_audience(const struct json_node *aud, char out[VALUE_MAX * 2])
{
	const struct json_node *item;
	char shown[VALUE_MAX + 4];
	size_t len = 0;

	out[0] = '\0';
	if (json_is(aud, JSON_STRING))
		snprintf(out, VALUE_MAX * 2, "%s", show(json_text(aud), shown));
	if (!json_is(aud, JSON_ARRAY))
		return;
	for (item = json_first(aud); item; item = json_next(aud, item)) {
		int more = snprintf(out + len, VALUE_MAX * 2 - len, "%s%s",
		    len == 0 ? "" : " ", show(json_text(item), shown));

		if (more < 0 || (size_t)more >= VALUE_MAX * 2 - len)
			return;
		len += (size_t)more;
	}
}

static bool
hint_audience(const struct look *look)
{
	const struct issuer *issuer = look->explain->verdict->issuer;
	const struct json_node *aud = claim(look, "aud");
	char held[VALUE_MAX * 2], accepted[VALUE_MAX * 3];
	size_t len = 0, i;

	if (aud == NULL) {
		snprintf(look->out, look->size, "the token has no aud");
		return true;
	}
	show_audience(aud, held);
	accepted[0] = '\0';
	for (i = 0; i < issuer->audience.count && len < sizeof(accepted); i++) {
		int more = snprintf(accepted + len, sizeof(accepted) - len,
		    "%s%s", i == 0 ? "" : " ", issuer->audience.item[i]);

		len += more < 0 ? 0 : (size_t)more;
	}
	snprintf(look->out, look->size, "aud holds %s, this host accepts %s",
	    held, accepted);
	return true;
}

static bool
hint_key(const struct look *look)
{
	const struct issuer *issuer = look->explain->verdict->issuer;
	struct bytes kid = look->explain->verdict->kid;
	char shown[VALUE_MAX + 4], list[VALUE_MAX * 3];
	size_t len = 0, i;

	list[0] = '\0';
	for (i = 0; i < issuer->set.count && len < sizeof(list); i++) {
		const struct jwk *key = &issuer->set.keys[i];
		int more = snprintf(list + len, sizeof(list) - len, "%s%s",
		    i == 0 ? "" : " ", key->has_kid ?
		    show(key->kid, shown) : "(without kid)");

		len += more < 0 ? 0 : (size_t)more;
	}
	snprintf(look->out, look->size, "the token's kid is \"%s\", the keys "
	    "of issuer %s are %s: has the issuer new keys?",
	    show(kid, shown), issuer->name, list);
	return true;
}

/* "1h5m", of seconds. */
static void
show_span(int64_t seconds, char out[40])
{
	long long value = (long long)(seconds < 0 ? -seconds : seconds);

	if (value >= 86400)
		snprintf(out, 40, "%lldd%lldh", value / 86400,
		    value % 86400 / 3600);
	else if (value >= 3600)
		snprintf(out, 40, "%lldh%lldm", value / 3600,
		    value % 3600 / 60);
	else if (value >= 60)
		snprintf(out, 40, "%lldm%llds", value / 60, value % 60);
	else
		snprintf(out, 40, "%llds", value);
}

static bool
hint_time(const struct look *look, const char *name)
{
	const struct json_node *node = claim(look, name);
	const struct issuer *issuer = look->explain->verdict->issuer;
	struct number_date date;
	char span[40];

	if (!json_is(node, JSON_NUMBER) ||
	    number_date(json_text(node), &date) != JWT_OK)
		return false;
	show_span(look->explain->now - date.floor_sec, span);
	snprintf(look->out, look->size, "%s is %s %s; leeway is %us", name,
	    span, date.floor_sec <= look->explain->now ? "ago" :
	    "in the future", issuer->leeway_sec);
	return true;
}

static bool
hint_lifetime(const struct look *look)
{
	const struct issuer *issuer = look->explain->verdict->issuer;
	char span[40];

	show_span((int64_t)issuer->max_lifetime_sec, span);
	snprintf(look->out, look->size, "the issuer's tokens are valid for "
	    "longer than max_lifetime, which is %s", span);
	return true;
}

static bool
hint_type(const struct look *look)
{
	const struct json_node *typ = json_get(json_root(&look->header_doc),
	    bytes_str("typ"));
	char shown[VALUE_MAX + 4];

	if (typ == NULL)
		snprintf(look->out, look->size, "the header has no typ, and "
		    "types does not have none");
	else
		snprintf(look->out, look->size, "typ is \"%s\"; accepted are "
		    "those of types (default JWT at+jwt none)",
		    show(json_text(typ), shown));
	return true;
}

static bool
hint_rules(const struct look *look)
{
	/* Entra leaves the groups out when there are too many (overage). */
	if (claim(look, "groups") == NULL &&
	    claim(look, "_claim_names") != NULL) {
		snprintf(look->out, look->size, "groups is absent and "
		    "_claim_names is there: overage, the user is in too many "
		    "groups for a token; use app roles");
		return true;
	}
	if (claim(look, "act") != NULL) {
		snprintf(look->out, look->size, "the token has act (somebody "
		    "acts for the subject): only rules that look at act apply");
		return true;
	}
	return false;
}

static bool
hint_account(const struct look *look)
{
	char sub[VALUE_MAX + 4], name[VALUE_MAX + 4];

	snprintf(look->out, look->size, "asked for is %s; the token has sub "
	    "\"%s\", preferred_username \"%s\"", look->explain->user == NULL ?
	    "nobody" : look->explain->user,
	    show(json_text(claim(look, "sub")), sub),
	    show(json_text(claim(look, "preferred_username")), name));
	return true;
}

static bool
hint_of(const struct look *look, enum jwt_reason reason)
{
	switch (reason) {
	case JWT_ISSUER_UNKNOWN:
		return hint_issuer(look);
	case JWT_KEY_UNKNOWN:
		return hint_key(look);
	case JWT_AUDIENCE_MISMATCH:
		return hint_audience(look);
	case JWT_TYPE_NOT_ACCEPTED:
		return hint_type(look);
	case JWT_EXPIRED:
		return hint_time(look, "exp");
	case JWT_NOT_YET_VALID:
		return hint_time(look, "nbf");
	case JWT_ISSUED_IN_FUTURE:
	case JWT_TOO_OLD:
		return hint_time(look, "iat");
	case JWT_LIFETIME_TOO_LONG:
		return hint_lifetime(look);
	case JWT_DENIED:
	case JWT_NOT_PERMITTED:
		return hint_rules(look);
	case JWT_ACCOUNT_MISMATCH:
	case JWT_ACCOUNT_INVALID:
		return hint_account(look);
	default:
		return false;
	}
}

/* One part of the token, decoded and parsed. */
static bool
look_at(struct bytes part, struct secret *text, struct json_doc *doc)
{
	return secret_alloc(b64url_decoded_len(part.len), text) == JWT_OK &&
	    b64url_decode(part, text->ptr) == JWT_OK &&
	    json_parse(text->ptr, text->len, &json_token_limits, doc) ==
	    JWT_OK;
}

static bool
look_at_token(struct look *look, struct bytes token)
{
	const uint8_t *first, *second;

	if (token.len == 0)
		return false;
	first = memchr(token.ptr, '.', token.len);
	if (first == NULL)
		return false;
	second = memchr(first + 1, '.',
	    token.len - (size_t)(first + 1 - token.ptr));
	if (second == NULL)
		return false;
	return look_at(bytes_of(token.ptr, (size_t)(first - token.ptr)),
	    &look->header, &look->header_doc) &&
	    look_at(bytes_of(first + 1, (size_t)(second - first - 1)),
	    &look->payload, &look->payload_doc);
}

bool
explain_hint(const struct explain *explain, char *out, size_t size)
{
	struct look look = { .explain = explain, .out = out, .size = size };
	bool found = false;

	out[0] = '\0';
	if (look_at_token(&look, explain->token))
		found = hint_of(&look, explain->verdict->reason);
	json_clear(&look.header_doc);
	json_clear(&look.payload_doc);
	secret_clear(&look.header);
	secret_clear(&look.payload);
	return found;
}
