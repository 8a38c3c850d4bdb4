/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and reads records.  Only root can write the file, but a record decides
 * which processes are ended and which token a logout revokes, so anything odd
 * in it is refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/record.h"

/* ---- writing ---- */

static bool
is_utf8(struct bytes text)
{
	while (text.len > 0) {
		size_t len = utf8_len(text);

		if (len == 0)
			return false;
		text.ptr += len;
		text.len -= len;
	}
	return true;
}

static void
put_text(struct json_write *json, const char *name, const char *value)
{
	if (value == NULL)
		value = "";
	if (!is_utf8(bytes_str(value)))
		value = "?";
	json_write_member(json, name, value);
}

static void
put_number(struct json_write *json, const char *name, int64_t value)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, value);
}

static void
put_keys(struct json_write *json, const struct proof *proof)
{
	size_t i;

	json_write_name(json, bytes_str("keys"));
	json_write_array(json);
	for (i = 0; i < proof->count; i++) {
		const struct sshkey *key = &proof->key[i];

		json_write_object(json);
		json_write_member(json, "type", key->type);
		json_write_member(json, "jkt", key->jkt);
		json_write_member(json, "fingerprint", key->fingerprint);
		json_write_member(json, "ca", key->ca);
		json_write_close(json);
	}
	json_write_close(json);
}

static void
put_grant(struct json_write *json, const struct grant *grant)
{
	char digest[2 * HASH_LEN + 1] = "";

	if (grant->has_digest)
		hash_hex(bytes_of(grant->digest, HASH_LEN), digest);
	put_text(json, "account", grant->account);
	json_write_member(json, "iss", grant->iss);
	json_write_member(json, "sub", grant->sub);
	json_write_member(json, "jti", grant->jti);
	json_write_member(json, "sid", grant->sid);
	json_write_member(json, "digest", digest);
	put_number(json, "iat", grant->iat);
	put_number(json, "exp", grant->exp);
	put_number(json, "session_expiry", grant->session_expiry);
	put_number(json, "leeway", grant->leeway_sec);
	put_number(json, "state_required", grant->state_required);
	put_number(json, "free", grant->is_free);
	put_keys(json, &grant->proof);
}

static void
put_process(struct json_write *json, const struct record_process *process)
{
	json_write_array(json);
	json_write_integer(json, process->pid);
	json_write_integer(json, process->start);
	json_write_close(json);
}

static void
put_processes(struct json_write *json, const struct record *record)
{
	size_t i;

	json_write_name(json, bytes_str("leader"));
	put_process(json, &record->leader);
	json_write_name(json, bytes_str("seen"));
	json_write_array(json);
	for (i = 0; i < record->seen_count; i++)
		put_process(json, &record->seen[i]);
	json_write_close(json);
}

enum jwt_reason
record_text(const struct record *record, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, RECORD_SIZE_MAX);
	json_write_object(&json);
	put_grant(&json, record->grant);
	json_write_member(&json, "boot_id", record->boot_id);
	put_number(&json, "pid_namespace", record->pid_namespace);
	put_number(&json, "since", record->since);
	put_number(&json, "end", record->end);
	put_number(&json, "opened_at", record->opened_at);
	put_number(&json, "refused", record->refused);
	put_text(&json, "user", record->user);
	put_text(&json, "service", record->service);
	put_text(&json, "tty", record->tty);
	put_text(&json, "rhost", record->rhost);
	put_processes(&json, record);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

/* ---- reading ---- */

/* Copies a member; a U+0000 inside it would cut the copy, so it is refused. */
static enum jwt_reason
take_text(const struct json_node *root, const char *name, char **out)
{
	const struct json_node *node = json_get(root, bytes_str(name));
	struct bytes text = json_text(node);

	if (!json_is(node, JSON_STRING) ||
	    (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL))
		return JWT_CLAIM_INVALID;
	*out = malloc(text.len + 1);
	if (*out == NULL)
		return JWT_OUT_OF_MEMORY;
	if (text.len > 0)
		memcpy(*out, text.ptr, text.len);
	(*out)[text.len] = '\0';
	return JWT_OK;
}

/* A whole number from -1, which stands for none, to NUMBER_DATE_MAX. */
static bool
node_number(const struct json_node *node, int64_t *out)
{
	if (!json_is(node, JSON_NUMBER))
		return false;
	*out = -1;
	return bytes_eq_str(json_text(node), "-1") ||
	    number_digits(json_text(node), NUMBER_DATE_MAX, out);
}

static bool
take_number(const struct json_node *root, const char *name, int64_t *out)
{
	return node_number(json_get(root, bytes_str(name)), out);
}

static bool
take_flag(const struct json_node *root, const char *name, bool *out)
{
	int64_t number;

	if (!take_number(root, name, &number) || number < 0 || number > 1)
		return false;
	*out = number == 1;
	return true;
}

static bool
take_digest(const struct json_node *root, struct grant *out)
{
	const struct json_node *node = json_get(root, bytes_str("digest"));
	struct bytes hex = json_text(node);
	char text[2 * HASH_LEN + 1] = "";

	if (!json_is(node, JSON_STRING) ||
	    (hex.len != 0 && hex.len != sizeof(text) - 1))
		return false;
	out->has_digest = hex.len > 0;
	if (!out->has_digest)
		return true;
	memcpy(text, hex.ptr, hex.len);
	return hash_of_hex(text, out->digest);
}

/* A text of exactly that length, or "" if it may be empty. */
static bool
take_exact(const struct json_node *root, const char *name, size_t len,
    char *out)
{
	const struct json_node *node = json_get(root, bytes_str(name));
	struct bytes text = json_text(node);

	if (!json_is(node, JSON_STRING) || text.len != len ||
	    memchr(text.ptr, '\0', len) != NULL)
		return false;
	memcpy(out, text.ptr, len);
	out[len] = '\0';
	return true;
}

static bool
take_key(const struct json_node *node, struct sshkey *out)
{
	struct bytes ca = json_text(json_get(node, bytes_str("ca")));

	if (!json_is(node, JSON_OBJECT))
		return false;
	*out = (struct sshkey){
		.type = sshkey_type(json_text(json_get(node,
		    bytes_str("type"))))
	};
	return out->type != NULL &&
	    take_exact(node, "jkt", THUMBPRINT_SIZE - 1, out->jkt) &&
	    take_exact(node, "fingerprint", SSHKEY_PRINT_SIZE - 1,
	    out->fingerprint) && (ca.len == 0 ||
	    take_exact(node, "ca", SSHKEY_PRINT_SIZE - 1, out->ca));
}

static bool
take_keys(const struct json_node *root, struct proof *out)
{
	const struct json_node *keys = json_get(root, bytes_str("keys"));
	const struct json_node *item;

	if (!json_is(keys, JSON_ARRAY))
		return false;
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		if (out->count == PROOF_KEYS_MAX ||
		    !take_key(item, &out->key[out->count]))
			return false;
		out->count++;
	}
	return true;
}

static enum jwt_reason
take_grant_texts(const struct json_node *root, struct grant *out)
{
	enum jwt_reason reason = take_text(root, "account", &out->account);

	if (reason != JWT_OK)
		return reason;
	reason = take_text(root, "iss", &out->iss);
	if (reason != JWT_OK)
		return reason;
	reason = take_text(root, "sub", &out->sub);
	if (reason != JWT_OK)
		return reason;
	reason = take_text(root, "jti", &out->jti);
	if (reason != JWT_OK)
		return reason;
	return take_text(root, "sid", &out->sid);
}

static enum jwt_reason
take_grant(const struct json_node *root, struct record *out)
{
	struct grant *grant = calloc(1, sizeof(*grant));
	int64_t leeway;

	out->grant = grant;
	if (grant == NULL)
		return JWT_OUT_OF_MEMORY;
	if (!take_digest(root, grant) ||
	    !take_number(root, "iat", &grant->iat) ||
	    !take_number(root, "exp", &grant->exp) ||
	    !take_number(root, "session_expiry", &grant->session_expiry) ||
	    !take_number(root, "leeway", &leeway) || leeway < 0 ||
	    leeway > UINT16_MAX ||
	    !take_flag(root, "state_required", &grant->state_required) ||
	    !take_keys(root, &grant->proof))
		return JWT_CLAIM_INVALID;
	/* A record of an earlier version does not have it. */
	if (json_get(root, bytes_str("free")) != NULL &&
	    !take_flag(root, "free", &grant->is_free))
		return JWT_CLAIM_INVALID;
	grant->leeway_sec = (unsigned)leeway;
	return take_grant_texts(root, grant);
}

static bool
node_process(const struct json_node *node, struct record_process *out)
{
	const struct json_node *pid, *start;

	if (!json_is(node, JSON_ARRAY))
		return false;
	pid = json_first(node);
	if (!node_number(pid, &out->pid) || out->pid < 1 ||
	    out->pid > INT32_MAX)
		return false;
	start = json_next(node, pid);
	return node_number(start, &out->start) && out->start >= 0 &&
	    json_next(node, start) == NULL;
}

static enum jwt_reason
take_seen(const struct json_node *root, struct record *out)
{
	const struct json_node *seen = json_get(root, bytes_str("seen"));
	const struct json_node *item;
	size_t count = 0;

	if (!json_is(seen, JSON_ARRAY))
		return JWT_CLAIM_INVALID;
	for (item = json_first(seen); item; item = json_next(seen, item))
		count++;
	if (count > RECORD_SEEN_MAX)
		return JWT_CLAIM_INVALID;
	out->seen = calloc(count + 1, sizeof(*out->seen));
	if (out->seen == NULL)
		return JWT_OUT_OF_MEMORY;
	for (item = json_first(seen); item; item = json_next(seen, item)) {
		if (!node_process(item, &out->seen[out->seen_count]))
			return JWT_CLAIM_INVALID;
		out->seen_count++;
	}
	return JWT_OK;
}

static bool
take_boot(const struct json_node *root, struct record *out)
{
	const struct json_node *node = json_get(root, bytes_str("boot_id"));
	struct bytes id = json_text(node);

	if (!json_is(node, JSON_STRING) || id.len != RECORD_BOOT_LEN)
		return false;
	memcpy(out->boot_id, id.ptr, id.len);
	return true;
}

static enum jwt_reason
take_texts(const struct json_node *root, struct record *out)
{
	enum jwt_reason reason = take_text(root, "user", &out->user);

	if (reason != JWT_OK)
		return reason;
	reason = take_text(root, "service", &out->service);
	if (reason != JWT_OK)
		return reason;
	reason = take_text(root, "tty", &out->tty);
	if (reason != JWT_OK)
		return reason;
	return take_text(root, "rhost", &out->rhost);
}

static enum jwt_reason
take_record(const struct json_node *root, struct record *out)
{
	const struct json_node *leader = json_get(root, bytes_str("leader"));
	enum jwt_reason reason = take_grant(root, out);

	if (reason != JWT_OK)
		return reason;
	if (!take_boot(root, out) ||
	    !take_number(root, "pid_namespace", &out->pid_namespace) ||
	    !take_number(root, "since", &out->since) ||
	    !take_number(root, "end", &out->end) ||
	    !take_number(root, "opened_at", &out->opened_at) ||
	    !take_flag(root, "refused", &out->refused) ||
	    !node_process(leader, &out->leader))
		return JWT_CLAIM_INVALID;
	reason = take_texts(root, out);
	if (reason != JWT_OK)
		return reason;
	return take_seen(root, out);
}

enum jwt_reason
record_parse(struct secret *text, struct record *out)
{
	static const struct json_limits limits = {
		.depth = 4, .members = 128
	};
	struct json_doc doc = { .nodes = NULL };
	enum jwt_reason reason;

	*out = (struct record){ .end = RECORD_NO_END };
	reason = json_parse(text->ptr, text->len, &limits, &doc);
	if (reason == JWT_OK)
		reason = take_record(json_root(&doc), out);
	else if (reason != JWT_OUT_OF_MEMORY)
		reason = JWT_CLAIM_INVALID;
	json_clear(&doc);
	return reason;
}

void
record_clear(struct record *record)
{
	grant_free(record->grant);
	free(record->user);
	free(record->service);
	free(record->tty);
	free(record->rhost);
	free(record->seen);
	*record = (struct record){ .end = RECORD_NO_END };
}
