/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the published keys and the metadata of the issuer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/json_write.h"
#include "core/base/url.h"
#include "issuer/keyfile.h"
#include "issuerd/publish.h"

#define KEYS_MAX	((size_t)65536)	/* bytes; 16 RSA keys take 24 K */
#define METADATA_MAX	((size_t)16384)

/* ---- jwks.json ---------------------------------------------------------- */

/* Of an agent the numbers are public anyway; of a file these are left out. */
static bool
put_key(struct json_write *json, const struct keystore *store,
    const struct issuer_key *key, char fault[KEYSTORE_FAULT_SIZE])
{
	struct secret text = { .len = 0 };
	struct key_source source;
	bool ok = key_source_load(store, key, &source, fault);

	if (ok && !keyfile_write(&source.pair, false, &text))
		ok = keystore_fail(fault, key->kid, "memory ran out");
	if (ok)
		json_write_raw(json, secret_bytes(&text));
	secret_clear(&text);
	key_source_clear(&source);
	return ok;
}

static bool
write_keys(const struct keystore *store, struct secret *out,
    char fault[KEYSTORE_FAULT_SIZE])
{
	struct json_write json;
	bool ok = true;
	size_t i;

	json_write_start(&json, KEYS_MAX);
	json_write_object(&json);
	json_write_name(&json, bytes_str("keys"));
	json_write_array(&json);
	for (i = 0; i < store->list.count && ok; i++) {
		if (key_cycle_is_live(&store->list.keys[i]))
			ok = put_key(&json, store, &store->list.keys[i], fault);
	}
	json_write_close(&json);
	json_write_close(&json);
	if (!ok) {
		json_write_clear(&json);
		return false;
	}
	return json_write_finish(&json, out) == JWT_OK ||
	    keystore_fail(fault, PUBLISH_KEYS, "memory ran out");
}

/* ---- openid-configuration ----------------------------------------------- */

/* A member whose value is an address below another one. */
static void
put_below(struct json_write *json, const char *name, const char *base,
    const char *path)
{
	char url[URL_MAX + 32];
	size_t len = strlen(base);

	if (len > 0 && base[len - 1] == '/')
		len--;
	snprintf(url, sizeof(url), "%.*s/%s", (int)len, base, path);
	json_write_member(json, name, url);
}

static void
put_list(struct json_write *json, const char *name, const char *only)
{
	json_write_name(json, bytes_str(name));
	json_write_array(json);
	if (only != NULL)
		json_write_string(json, bytes_str(only));
	json_write_close(json);
}

/* The algorithms of the keys, each once. */
static void
put_algs(struct json_write *json, const struct key_list *list)
{
	alg_set seen = 0;
	size_t i;

	json_write_name(json,
	    bytes_str("id_token_signing_alg_values_supported"));
	json_write_array(json);
	for (i = 0; i < list->count; i++) {
		const struct issuer_key *key = &list->keys[i];

		if (!key_cycle_is_live(key) || (seen & ALG_BIT(key->alg)) != 0)
			continue;
		seen |= ALG_BIT(key->alg);
		json_write_string(json, bytes_str(alg_row(key->alg)->name));
	}
	json_write_close(json);
}

/*
 * Only what exists.  There is no authorization endpoint, so no response type;
 * OpenID Connect wants the member anyway.
 */
static enum jwt_reason
write_metadata(const struct issuer_conf *conf, const struct key_list *list,
    struct secret *out)
{
	struct json_write json;

	json_write_start(&json, METADATA_MAX);
	json_write_object(&json);
	json_write_member(&json, "issuer", conf->iss);
	put_below(&json, "jwks_uri", conf->iss, PUBLISH_KEYS);
	if (conf->token_endpoint != NULL) {
		json_write_member(&json, "token_endpoint",
		    conf->token_endpoint);
		put_list(&json, "token_endpoint_auth_methods_supported",
		    "none");
		put_below(&json, "revocation_endpoint", conf->token_endpoint,
		    "revoke");
		put_list(&json, "revocation_endpoint_auth_methods_supported",
		    "none");
	}
	put_list(&json, "grant_types_supported", "refresh_token");
	put_list(&json, "response_types_supported", NULL);
	put_list(&json, "subject_types_supported", "public");
	put_algs(&json, list);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

/* ---- the folder --------------------------------------------------------- */

/* Read a file that is there; nothing else is an error of the caller's. */
static bool
read_old(const struct issuer_conf *conf, const char *name, struct secret *out,
    char fault[KEYSTORE_FAULT_SIZE])
{
	char path[FILE_PATH_MAX];
	enum file_result result;
	struct file file;
	bool ok;

	if (snprintf(path, sizeof(path), "%s/%s", conf->publish, name) >=
	    (int)sizeof(path))
		return keystore_fail(fault, conf->publish, "the path is too "
		    "long");
	result = file_read(path, &file);
	ok = result == FILE_OK || file.missing;
	if (ok)
		*out = file.text;
	else
		keystore_fail(fault, path, "%s", file.fault);
	if (!ok)
		file_clear(&file);
	return ok;
}

bool
publish_prepare(const struct issuer_conf *conf, struct keystore *store,
    struct publish *out, char fault[KEYSTORE_FAULT_SIZE])
{
	*out = (struct publish){ .keys = { .len = 0 } };
	if (!write_keys(store, &out->keys, fault))
		return false;
	if (write_metadata(conf, &store->list, &out->metadata) != JWT_OK)
		return keystore_fail(fault, PUBLISH_METADATA, "memory ran out");
	return read_old(conf, PUBLISH_KEYS, &out->old_keys, fault) &&
	    read_old(conf, PUBLISH_FOLDER "/" PUBLISH_METADATA,
	    &out->old_metadata, fault);
}

static bool
has_keys(const struct publish *publish)
{
	return bytes_eq(secret_bytes(&publish->keys),
	    secret_bytes(&publish->old_keys));
}

static bool
has_metadata(const struct publish *publish)
{
	return bytes_eq(secret_bytes(&publish->metadata),
	    secret_bytes(&publish->old_metadata));
}

bool
publish_is_current(const struct publish *publish)
{
	return has_keys(publish) && has_metadata(publish);
}

bool
publish_has(const struct publish *publish, const char *kid)
{
	const struct secret *old = &publish->old_keys;

	return old->len > 0 && memmem(old->ptr, old->len, kid, strlen(kid)) !=
	    NULL;
}

/* Open a folder that hosts read and that only we write. */
static int
open_public(const char *path, char fault[KEYSTORE_FAULT_SIZE])
{
	struct file file;
	int folder = -1;

	if (file_open_public(path, &folder, &file) != FILE_OK)
		keystore_fail(fault, path, "%s", file.fault);
	file_clear(&file);
	return folder;
}

static bool
replace(const char *path, const char *name, const struct secret *text,
    char fault[KEYSTORE_FAULT_SIZE])
{
	int folder = open_public(path, fault);
	bool ok;

	if (folder < 0)
		return false;
	ok = file_replace(folder, name, secret_bytes(text), 0644);
	if (!ok)
		keystore_fail(fault, path, "%s: %s", name,
		    file_errno_text(errno));
	close(folder);
	return ok;
}

static bool
replace_metadata(const struct issuer_conf *conf, const struct secret *text,
    char fault[KEYSTORE_FAULT_SIZE])
{
	char path[FILE_PATH_MAX];
	struct file file;
	bool ok;

	snprintf(path, sizeof(path), "%.*s/" PUBLISH_FOLDER,
	    (int)(sizeof(path) - sizeof(PUBLISH_FOLDER) - 1), conf->publish);
	ok = file_make_folder(path, 0755, &file) == FILE_OK;
	if (!ok)
		keystore_fail(fault, path, "%s", file.fault);
	file_clear(&file);
	return ok && replace(path, PUBLISH_METADATA, text, fault);
}

bool
publish_write(const struct issuer_conf *conf, const struct publish *publish,
    char fault[KEYSTORE_FAULT_SIZE])
{
	if (!has_keys(publish) &&
	    !replace(conf->publish, PUBLISH_KEYS, &publish->keys, fault))
		return false;
	return has_metadata(publish) ||
	    replace_metadata(conf, &publish->metadata, fault);
}

void
publish_clear(struct publish *publish)
{
	secret_clear(&publish->keys);
	secret_clear(&publish->metadata);
	secret_clear(&publish->old_keys);
	secret_clear(&publish->old_metadata);
}
