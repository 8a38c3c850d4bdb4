/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes the list of keys. */
#include "core/base/json_write.h"
#include "core/base/number.h"
#include "issuerd/issuer_conf.h"
#include "issuerd/key_state.h"

#define VERSION		1
#define KEY_MEMBERS	9
#define TEXT_MAX	((size_t)65536)	/* bytes; a key takes 250 */

static const char odd_key[] = "a key lacks a member, or has one of another "
    "kind";
static const char odd_text[] = "it is not a list of keys";

/* ---- reading ------------------------------------------------------------ */

static bool
take_number(const struct json_node *object, const char *name, int64_t max,
    int64_t *out)
{
	const struct json_node *node = json_get(object, bytes_str(name));

	return json_is(node, JSON_NUMBER) &&
	    number_digits(json_text(node), max, out);
}

static bool
take_text(const struct json_node *object, const char *name, struct bytes *out)
{
	const struct json_node *node = json_get(object, bytes_str(name));

	*out = json_text(node);
	return json_is(node, JSON_STRING);
}

static size_t
count_members(const struct json_node *object)
{
	const struct json_node *item;
	size_t count = 0;

	for (item = json_first(object); item; item = json_next(object, item))
		count++;
	return count;
}

static bool
take_state(struct bytes name, enum key_state *out)
{
	unsigned i;

	for (i = KEY_STATE_PUBLISHED; i <= KEY_STATE_REMOVED; i++) {
		*out = (enum key_state)i;
		if (bytes_eq_str(name, key_cycle_name(*out)))
			return true;
	}
	return false;
}

static bool
take_times(const struct json_node *object, struct issuer_key *out)
{
	int64_t ttl;

	if (!take_number(object, "published", NUMBER_DATE_MAX,
	    &out->published) ||
	    !take_number(object, "activated", NUMBER_DATE_MAX,
	    &out->activated) ||
	    !take_number(object, "retired", NUMBER_DATE_MAX, &out->retired) ||
	    !take_number(object, "removed", NUMBER_DATE_MAX, &out->removed) ||
	    !take_number(object, "ttl", ACCESS_TTL_MAX_SEC, &ttl))
		return false;
	out->ttl_sec = (unsigned)ttl;
	return true;
}

static const char *
take_key(const struct json_node *object, struct issuer_key *out)
{
	struct bytes kid, alg, state, place;

	if (!json_is(object, JSON_OBJECT) ||
	    count_members(object) != KEY_MEMBERS ||
	    !take_text(object, "kid", &kid) ||
	    !take_text(object, "alg", &alg) ||
	    !take_text(object, "state", &state) ||
	    !take_text(object, "place", &place) || !take_times(object, out))
		return odd_key;
	if (kid.len != THUMBPRINT_SIZE - 1)
		return "a kid is not the thumbprint of a key";
	memcpy(out->kid, kid.ptr, kid.len);
	if (!alg_single(alg_by_name(alg), &out->alg))
		return "a key has an alg that is unknown";
	if (!take_state(state, &out->state))
		return "a key has a state that is unknown";
	out->in_agent = bytes_eq_str(place, "agent");
	if (!out->in_agent && !bytes_eq_str(place, "file"))
		return "a key has a place that is unknown";
	return NULL;
}

static const char *
take_keys(const struct json_node *keys, struct key_list *out)
{
	const struct json_node *item;
	const char *fault;

	for (item = json_first(keys); item; item = json_next(keys, item)) {
		if (out->count == KEY_LIST_MAX)
			return "there are too many keys";
		fault = take_key(item, &out->keys[out->count++]);
		if (fault != NULL)
			return fault;
	}
	return key_list_fault(out);
}

static const char *
take_root(const struct json_node *root, struct key_list *out)
{
	const struct json_node *keys = json_get(root, bytes_str("keys"));
	int64_t version;

	if (!take_number(root, "version", NUMBER_DATE_MAX, &version))
		return odd_text;
	if (version != VERSION)
		return "it is of another version of pam-jwt-issuer";
	if (!json_is(keys, JSON_ARRAY) || count_members(root) != 2)
		return odd_text;
	return take_keys(keys, out);
}

const char *
key_state_parse(struct secret *text, struct key_list *out)
{
	struct json_doc doc;
	const char *fault;
	enum jwt_reason reason = json_parse(text->ptr, text->len,
	    &json_file_limits, &doc);

	memset(out, 0, sizeof(*out));
	if (reason == JWT_OUT_OF_MEMORY)
		fault = "memory ran out";
	else if (reason != JWT_OK)
		fault = "it is not a JSON object";
	else
		fault = take_root(json_root(&doc), out);
	if (fault != NULL)
		out->count = 0;
	json_clear(&doc);
	return fault;
}

/* ---- writing ------------------------------------------------------------ */

static void
put_number(struct json_write *json, const char *name, int64_t number)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, number);
}

static void
put_key(struct json_write *json, const struct issuer_key *key)
{
	json_write_object(json);
	json_write_member(json, "kid", key->kid);
	json_write_member(json, "alg", alg_row(key->alg)->name);
	json_write_member(json, "state", key_cycle_name(key->state));
	json_write_member(json, "place", key->in_agent ? "agent" : "file");
	put_number(json, "published", key->published);
	put_number(json, "activated", key->activated);
	put_number(json, "retired", key->retired);
	put_number(json, "removed", key->removed);
	put_number(json, "ttl", key->ttl_sec);
	json_write_close(json);
}

enum jwt_reason
key_state_write(const struct key_list *list, struct secret *out)
{
	struct json_write json;
	size_t i;

	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	put_number(&json, "version", VERSION);
	json_write_name(&json, bytes_str("keys"));
	json_write_array(&json);
	for (i = 0; i < list->count; i++)
		put_key(&json, &list->keys[i]);
	json_write_close(&json);
	json_write_close(&json);
	return json_write_finish(&json, out);
}
