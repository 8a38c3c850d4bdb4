/* SPDX-License-Identifier: BSD-2-Clause */
/* Accounts from claims and map files; the names that are allowed. */
#include "core/base/utf8.h"
#include "core/policy/source.h"

/* Bytes of a text that "lower" reads: an account, a suffix and a prefix. */
#define ACCOUNT_TEXT_MAX 1024

static bool
is_name_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	    c == '-' || c == '.';
}

bool
account_name_is_valid(struct bytes name)
{
	size_t i;

	if (name.len == 0 || name.len > ACCOUNT_CLAIM_MAX)
		return false;
	if (!(name.ptr[0] >= 'a' && name.ptr[0] <= 'z') && name.ptr[0] != '_')
		return false;
	for (i = 0; i < name.len; i++) {
		if (!is_name_byte(name.ptr[i]))
			return false;
	}
	return name.ptr[name.len - 1] != '.';
}

/* Whether a character is C0, DEL or C1 (0x80 to 0x9f, two bytes in UTF-8). */
static bool
is_control(struct bytes character)
{
	if (character.len == 1)
		return character.ptr[0] < ' ' || character.ptr[0] == 0x7f;
	return character.len == 2 && character.ptr[0] == 0xc2 &&
	    character.ptr[1] < 0xa0;
}

bool
account_name_is_exact(struct bytes name)
{
	if (name.len == 0 || name.len > ACCOUNT_NAME_MAX ||
	    name.ptr[0] == '-' || name.ptr[0] == '.')
		return false;
	while (name.len > 0) {
		size_t len = utf8_len(name);

		if (len == 0 || is_control(bytes_of(name.ptr, len)) ||
		    strchr(" :/,\"", name.ptr[0]) != NULL)
			return false;
		name = bytes_of(name.ptr + len, name.len - len);
	}
	return true;
}

bool
account_name_is_bare(struct bytes name)
{
	size_t i;

	if (!account_name_is_exact(name))
		return false;
	for (i = 0; i < name.len; i++) {
		uint8_t c = name.ptr[i];

		if (!is_name_byte(c) && !(c >= 'A' && c <= 'Z') &&
		    !(c == '$' && i + 1 == name.len))
			return false;
	}
	return true;
}

/*
 * Ids of UID_MIN and above that no person has, whatever the name.  Those of
 * systemd are explained at https://systemd.io/UIDS-GIDS.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} system_uids[] = {
	{ 60514, 60577 },		/* the host's users inside a container */
	{ 61184, 65519 },		/* DynamicUser= */
	{ 65534, 65535 },		/* nobody, and -1 in 16 bits */
	{ 2147352576U, 2147418111U },	/* images of containers */
	{ 4294967294U, UINT32_MAX },	/* nobody of NFS, and -1 */
};

/*
 * The accounts of a container, as nss-systemd names them.  The name must say
 * it as well: SSSD gives the people of an Active Directory ids of this range.
 */
static bool
is_of_container(uint32_t uid, struct bytes name)
{
	return uid >= 524288 && uid <= 1879048191 &&
	    (bytes_starts(name, bytes_str("vu-")) ||
	    bytes_starts(name, bytes_str("ns-")));
}

bool
account_is_system(uint32_t uid, const char *name, unsigned long uid_min)
{
	size_t i;

	if (uid == 0 || uid < uid_min)
		return true;
	for (i = 0; i < sizeof(system_uids) / sizeof(system_uids[0]); i++) {
		if (uid >= system_uids[i].first && uid <= system_uids[i].last)
			return true;
	}
	return is_of_container(uid, bytes_str(name));
}

/* Take a name as the account if it is the one that the user asked for. */
static enum jwt_reason
settle(struct bytes name, const struct account_query *query,
    char out[ACCOUNT_NAME_MAX + 1])
{
	if (query->user != NULL && !bytes_eq_str(name, query->user))
		return JWT_ACCOUNT_MISMATCH;
	memcpy(out, name.ptr, name.len);
	out[name.len] = '\0';
	return JWT_OK;
}

/* Lowercase letters in place of capitals; nothing of what is not ASCII. */
static bool
to_lower(struct bytes *text, char out[ACCOUNT_TEXT_MAX])
{
	size_t i;

	if (text->len > ACCOUNT_TEXT_MAX)
		return false;
	for (i = 0; i < text->len; i++) {
		uint8_t c = text->ptr[i];

		if (c >= 0x80)
			return false;
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + ('a' - 'A'));
		out[i] = (char)c;
	}
	text->ptr = (const uint8_t *)out;
	return true;
}

/*
 * Make an account of a text of the claim, as the rule says, and take it if it
 * is the one that was asked for.
 */
static enum jwt_reason
settle_text(const struct rule *rule, struct bytes text,
    const struct account_query *query, char out[ACCOUNT_NAME_MAX + 1])
{
	char lower[ACCOUNT_TEXT_MAX];

	if (rule->lower && !to_lower(&text, lower))
		return JWT_ACCOUNT_INVALID;
	if (!bytes_ends(text, rule->without))
		return JWT_ACCOUNT_INVALID;
	text.len -= rule->without.len;
	if (!bytes_starts(text, rule->without_prefix))
		return JWT_ACCOUNT_INVALID;
	text.ptr += rule->without_prefix.len;
	text.len -= rule->without_prefix.len;
	if (!account_name_is_valid(text) &&
	    !(rule->exactly && account_name_is_exact(text)))
		return JWT_ACCOUNT_INVALID;
	return settle(text, query, out);
}

/*
 * Take the requested account if the claim lists it.  With none requested a list
 * has no answer: the provider's order must not choose the account.
 */
static enum jwt_reason
settle_list(const struct rule *rule, const struct json_node *array,
    const struct account_query *query, char out[ACCOUNT_NAME_MAX + 1])
{
	enum jwt_reason reason = JWT_ACCOUNT_INVALID;
	const struct json_node *item;

	if (query->user == NULL)
		return JWT_ACCOUNT_INVALID;
	for (item = json_first(array); item; item = json_next(array, item)) {
		if (!json_is(item, JSON_STRING))
			return JWT_ACCOUNT_INVALID;
	}
	for (item = json_first(array); item; item = json_next(array, item)) {
		enum jwt_reason one = settle_text(rule, json_text(item), query,
		    out);

		if (one == JWT_OK)
			return JWT_OK;
		if (one == JWT_ACCOUNT_MISMATCH)
			reason = one;
	}
	return reason;
}

static enum jwt_reason
settle_claim(const struct rule *rule, const struct account_query *query,
    char out[ACCOUNT_NAME_MAX + 1])
{
	const struct json_node *node = claim_path_get(&rule->claim,
	    query->claims);

	if (json_is(node, JSON_ARRAY))
		return settle_list(rule, node, query, out);
	if (!json_is(node, JSON_STRING))
		return JWT_ACCOUNT_INVALID;
	return settle_text(rule, json_text(node), query, out);
}

/*
 * The accounts of the subject in the map of a rule, which a login has not read
 * before.
 */
static enum jwt_reason
find_in_map(const struct rule *rule, const struct account_query *query,
    struct bytes *out)
{
	const struct policy_source *source = query->source;

	if (rule->map != NULL)
		return account_map_look_up(rule->map, query, out);
	if (source == NULL)
		return JWT_INTERNAL;
	return source->accounts(source->ctx, rule, query, out);
}

/*
 * Take the requested account if the line of the subject lists it; if none was
 * requested, take the first.
 */
static enum jwt_reason
settle_map(const struct rule *rule, const struct account_query *query,
    char out[ACCOUNT_NAME_MAX + 1])
{
	struct bytes rest;
	enum jwt_reason reason = find_in_map(rule, query, &rest);

	if (reason != JWT_OK)
		return reason;
	while (rest.len > 0) {
		if (settle(bytes_cut(&rest, ','), query, out) == JWT_OK)
			return JWT_OK;
	}
	return JWT_ACCOUNT_MISMATCH;
}

enum jwt_reason
account_of_rule(const struct rule *rule, const struct account_query *query,
    char out[ACCOUNT_NAME_MAX + 1])
{
	out[0] = '\0';
	switch (rule->account) {
	case RULE_AS_NAME:
		return settle(rule->name, query, out);
	case RULE_AS_CLAIM:
		return settle_claim(rule, query, out);
	case RULE_AS_MAP:
		return settle_map(rule, query, out);
	}
	return JWT_INTERNAL;
}
