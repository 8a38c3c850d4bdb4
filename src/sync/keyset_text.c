/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets that sync installs, as text: one form for each key. */
#include "core/jose/thumbprint.h"
#include "host/file.h"
#include "sync/keyset_text.h"

static void
put_integer(struct json_write *json, const char *name, int64_t value)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, value);
}

static void
put_key(struct json_write *json, const struct jwk *key)
{
	const struct keymat_name *name = keymat_name(key->kind);

	json_write_object(json);
	thumbprint_members(json, sig_key_numbers(key->key));
	/* The alg of an AKP is one of the members above. */
	if (name->member == NULL || !bytes_eq_str(bytes_str(name->member),
	    "alg"))
		json_write_member(json, "alg", alg_row(key->alg)->name);
	if (key->has_kid) {
		json_write_name(json, bytes_str("kid"));
		json_write_string(json, key->kid);
	}
	if (key->is_dropped)
		put_integer(json, "dropped", key->dropped);
	json_write_close(json);
}

enum jwt_reason
keyset_text(const struct jwk_set *set, const char *source, const char *iss,
    int64_t synced, struct secret *out)
{
	struct json_write json;
	size_t i;

	json_write_start(&json, FILE_SIZE_MAX - 1);
	json_write_object(&json);
	put_integer(&json, "synced", synced);
	json_write_member(&json, "source", source);
	json_write_member(&json, "iss", iss);
	json_write_name(&json, bytes_str("keys"));
	json_write_array(&json);
	for (i = 0; i < set->count; i++)
		put_key(&json, &set->keys[i]);
	json_write_close(&json);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

enum jwt_reason
keyset_name(struct arena *arena, const struct jwk *key, struct bytes *out)
{
	struct thumbprint print = { .text = "" };
	struct bytes name = key->kid;
	enum jwt_reason reason;
	const char *copy;

	if (name.len == 0) {
		reason = thumbprint_make(sig_key_numbers(key->key), &print);
		if (reason != JWT_OK)
			return reason;
		name = bytes_str(print.text);
	}
	copy = arena_copy(arena, name);
	if (copy == NULL)
		return JWT_OUT_OF_MEMORY;
	*out = bytes_of(copy, name.len);
	return JWT_OK;
}
