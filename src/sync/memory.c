/* SPDX-License-Identifier: BSD-2-Clause */
/* A JSON object, read by the gate like all JSON, and with bounds. */
#include "core/base/json_write.h"
#include "core/base/number.h"
#include "sync/memory.h"

#define SETTINGS_MAX ((size_t)65536)	/* bytes that are hashed */

/* ---- settings ------------------------------------------------------------ */

/* NULL and "" are not the same: null and a string. */
static void
put_setting(struct json_write *json, const char *value)
{
	if (value == NULL)
		json_write_raw(json, bytes_str("null"));
	else
		json_write_string(json, bytes_str(value));
}

enum jwt_reason
memory_hash_settings(const struct issuer *issuer, uint8_t out[HASH_LEN])
{
	const struct sync_settings *sync = &issuer->sync;
	struct json_write json;
	enum jwt_reason reason;
	struct secret text;

	json_write_start(&json, SETTINGS_MAX);
	json_write_array(&json);
	put_setting(&json, issuer->iss);
	put_setting(&json, sync->discovery);
	put_setting(&json, sync->jwks_uri);
	put_setting(&json, sync->ca_file);
	put_setting(&json, sync->client_cert);
	put_setting(&json, sync->client_key);
	put_setting(&json, sync->proxy);
	json_write_integer(&json, (int64_t)issuer->algorithms);
	json_write_integer(&json, sync->every_sec);
	json_write_close(&json);
	reason = json_write_finish(&json, &text);
	if (reason == JWT_OK)
		reason = hash_sha256(secret_bytes(&text), out);
	secret_clear(&text);
	return reason;
}

/* ---- reading ------------------------------------------------------------- */

static bool
take_text(const struct json_node *root, const char *name,
    char out[EXCHANGE_HEADER_MAX + 1])
{
	const struct json_node *node = json_get(root, bytes_str(name));
	struct bytes text = json_text(node);

	if (!json_is(node, JSON_STRING) || text.len > EXCHANGE_HEADER_MAX ||
	    bytes_has(text, '\0'))
		return false;
	if (text.len > 0)
		memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return true;
}

static bool
take_number(const struct json_node *root, const char *name, int64_t max,
    int64_t *out)
{
	const struct json_node *node = json_get(root, bytes_str(name));

	return json_is(node, JSON_NUMBER) &&
	    number_digits(json_text(node), max, out);
}

static bool
take_hash(const struct json_node *root, const char *name,
    uint8_t out[HASH_LEN])
{
	char text[EXCHANGE_HEADER_MAX + 1];

	return take_text(root, name, text) && hash_of_hex(text, out);
}

static bool
take_all(const struct json_node *root, struct memory *out)
{
	int64_t failures;

	if (!take_text(root, "etag", out->etag) ||
	    !take_text(root, "last_modified", out->last_modified) ||
	    !take_number(root, "tried", NUMBER_DATE_MAX, &out->tried) ||
	    !take_number(root, "failures", MEMORY_FAILURES_MAX, &failures) ||
	    !take_number(root, "next", NUMBER_DATE_MAX, &out->next) ||
	    !take_number(root, "retry_at", NUMBER_DATE_MAX, &out->retry_at) ||
	    !take_number(root, "warned", NUMBER_DATE_MAX, &out->warned) ||
	    !take_hash(root, "settings", out->settings) ||
	    !take_number(root, "synced", NUMBER_DATE_MAX, &out->synced) ||
	    !take_hash(root, "source", out->source) ||
	    !take_hash(root, "set", out->set))
		return false;
	out->failures = (unsigned)failures;
	return true;
}

void
memory_read(struct secret *text, struct memory *out)
{
	struct json_doc doc = { 0 };

	*out = (struct memory){ 0 };
	if (text->len > MEMORY_TEXT_MAX)
		return;
	if (json_parse(text->ptr, text->len, &json_token_limits, &doc) !=
	    JWT_OK || !take_all(json_root(&doc), out))
		*out = (struct memory){ 0 };
	json_clear(&doc);
}

/* ---- writing ------------------------------------------------------------- */

static void
put_number(struct json_write *json, const char *name, int64_t value)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, value);
}

static void
put_hash(struct json_write *json, const char *name,
    const uint8_t hash[HASH_LEN])
{
	char text[2 * HASH_LEN + 1];

	hash_hex(bytes_of(hash, HASH_LEN), text);
	json_write_member(json, name, text);
}

enum jwt_reason
memory_put(const struct memory *memory, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, MEMORY_TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "etag", memory->etag);
	json_write_member(&json, "last_modified", memory->last_modified);
	put_number(&json, "tried", memory->tried);
	put_number(&json, "failures", memory->failures);
	put_number(&json, "next", memory->next);
	put_number(&json, "retry_at", memory->retry_at);
	put_number(&json, "warned", memory->warned);
	put_hash(&json, "settings", memory->settings);
	put_number(&json, "synced", memory->synced);
	put_hash(&json, "source", memory->source);
	put_hash(&json, "set", memory->set);
	json_write_close(&json);
	return json_write_finish(&json, out);
}
