/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes, saves and reads the keys of the issuer, and signs with them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "host/clock.h"
#include "issuer/keyfile.h"
#include "issuerd/key_source.h"

#define RSA_BITS	3072	/* NIST SP 800-57: good beyond 2030 */
#define NAME_SIZE	(THUMBPRINT_SIZE + sizeof(KEY_SOURCE_AGENT))
#define AGENT_TEXT_MAX	((size_t)4096)	/* bytes; an RSA blob has 1.5 K */

static const char no_memory[] = "memory ran out";

static void
name_file(const char *kid, bool in_agent, char out[NAME_SIZE])
{
	snprintf(out, NAME_SIZE, "%.43s%s", kid,
	    in_agent ? KEY_SOURCE_AGENT : KEY_SOURCE_FILE);
}

static bool
is_in_agent(const struct key_source *source)
{
	return source->socket[0] != '\0';
}

/* Set the kid from the numbers. */
static bool
name_key(struct keypair *pair)
{
	struct keymat mat = keypair_keymat(pair);
	struct thumbprint print;

	if (thumbprint_make(&mat, &print) != JWT_OK)
		return false;
	memcpy(pair->kid, print.text, sizeof(print.text));
	return true;
}

/* Whether the kid is that of the numbers. */
static bool
is_named_right(const struct keypair *pair)
{
	struct keymat mat = keypair_keymat(pair);
	struct thumbprint print;

	return thumbprint_make(&mat, &print) == JWT_OK &&
	    strcmp(pair->kid, print.text) == 0;
}

/* ---- a private key ------------------------------------------------------ */

bool
key_source_make(enum alg_id alg, struct key_source *out)
{
	*out = (struct key_source){ .socket = "" };
	return keypair_generate(alg, RSA_BITS, &out->pair) &&
	    name_key(&out->pair);
}

/* ---- a key of an agent -------------------------------------------------- */

/* Copy the numbers of the agent's key, in the order of keypair_numbers(). */
static bool
take_key(const struct agent_key *key, enum alg_id alg, struct key_source *out)
{
	struct keypair *pair = &out->pair;

	pair->alg = alg;
	pair->alg_name = alg_row(alg)->name;
	if (secret_copy(key->blob, &out->blob) != JWT_OK ||
	    secret_copy(key->mat.x, &pair->values[0]) != JWT_OK)
		return false;
	if (key->mat.y.len > 0 &&
	    secret_copy(key->mat.y, &pair->values[1]) != JWT_OK)
		return false;
	return name_key(pair);
}

/*
 * A socket that others can replace would give what is signed to them, and they
 * could keep everybody out.
 */
static bool
check_socket(const char *socket, char fault[KEYSTORE_FAULT_SIZE])
{
	struct file file;
	bool ok = file_check_socket(socket, &file) == FILE_OK;

	if (!ok)
		keystore_fail(fault, socket, "%s", file.fault);
	file_clear(&file);
	return ok;
}

static const struct agent_key *
find_print(const struct agent *agent, const char *fingerprint)
{
	size_t i;

	for (i = 0; i < agent->count; i++) {
		if (strcmp(agent->keys[i].key.fingerprint, fingerprint) == 0)
			return &agent->keys[i];
	}
	return NULL;
}

/* With the agent open: choose the key. */
static bool
choose(const struct agent *agent, const char *fingerprint, enum alg_id wanted,
    struct key_source *out, char fault[KEYSTORE_FAULT_SIZE])
{
	const struct agent_key *key = find_print(agent, fingerprint);
	enum alg_id alg;

	if (key == NULL)
		return keystore_fail(fault, out->socket, "the ssh-agent does "
		    "not have the key %s, or is locked", fingerprint);
	if (!agent_key_alg(key, &alg))
		return keystore_fail(fault, fingerprint, "a FIDO key cannot "
		    "sign a token");
	if (alg != wanted)
		return keystore_fail(fault, fingerprint, "the key signs by %s, "
		    "and issuer.conf has algorithm = %s", alg_row(alg)->name,
		    alg_row(wanted)->name);
	return take_key(key, alg, out) || keystore_fail(fault, fingerprint,
	    no_memory);
}

bool
key_source_find(const struct sshkey *wanted, enum alg_id alg,
    const char *socket, struct key_source *out,
    char fault[KEYSTORE_FAULT_SIZE])
{
	struct secret signature = { .len = 0 };
	struct agent agent;
	const char *words;
	bool ok;

	*out = (struct key_source){ .socket = "" };
	if (socket[0] != '/' || strlen(socket) >= sizeof(out->socket))
		return keystore_fail(fault, socket, "not the absolute path of "
		    "a socket, or too long");
	memcpy(out->socket, socket, strlen(socket) + 1);
	if (!check_socket(socket, fault))
		return false;
	words = agent_open_at(socket, clock_msec() + KEY_AGENT_MSEC, &agent);
	if (words != NULL)
		ok = keystore_fail(fault, socket, "%s", words);
	else
		ok = choose(&agent, wanted->fingerprint, alg, out, fault);
	agent_close(&agent);
	ok = ok && key_source_sign(out, bytes_str("pam-jwt issuer key new"),
	    &signature, fault);
	secret_clear(&signature);
	return ok;
}

/* ---- files -------------------------------------------------------------- */

static bool
write_agent(const struct key_source *source, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, AGENT_TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "socket", source->socket);
	json_write_name(&json, bytes_str("blob"));
	json_write_b64url(&json, secret_bytes(&source->blob));
	json_write_close(&json);
	return json_write_finish(&json, out) == JWT_OK;
}

bool
key_source_save(const struct keystore *store, const struct key_source *source,
    char fault[KEYSTORE_FAULT_SIZE])
{
	struct secret text = { .len = 0 };
	char name[NAME_SIZE];
	bool ok;

	name_file(source->pair.kid, is_in_agent(source), name);
	if (is_in_agent(source))
		ok = write_agent(source, &text);
	else
		ok = keyfile_write(&source->pair, true, &text);
	if (!ok)
		return keystore_fail(fault, store->path, no_memory);
	ok = file_replace(store->folder, name, secret_bytes(&text), 0600);
	if (!ok)
		keystore_fail(fault, store->path, "%s: %s", name,
		    file_errno_text(errno));
	secret_clear(&text);
	return ok;
}

/* Read KID.jwk. */
static const char *
read_file(struct secret *text, const struct issuer_key *key,
    struct key_source *out)
{
	struct keyfile file;
	const char *fault = NULL;

	if (!keyfile_read(text, &file)) {
		keyfile_clear(&file);
		return "damaged";
	}
	if (file.count != 1 || !file.pairs[0].has_private ||
	    file.pairs[0].alg != key->alg) {
		fault = "it is not the one private key that " KEYSTORE_STATE
		    " says";
	} else {
		out->pair = file.pairs[0];
		file.pairs[0] = (struct keypair){ .has_private = false };
	}
	keyfile_clear(&file);
	return fault;
}

static bool
take_member(const struct json_doc *doc, const char *name, struct bytes *out)
{
	const struct json_node *node = json_get(json_root(doc),
	    bytes_str(name));

	*out = json_text(node);
	return json_is(node, JSON_STRING);
}

static const char *
take_agent(const struct json_doc *doc, const struct issuer_key *key,
    struct key_source *out)
{
	struct agent_key found;
	struct bytes socket, blob;
	struct secret decoded;
	const char *fault = "damaged";
	enum alg_id alg;

	if (!take_member(doc, "socket", &socket) ||
	    !take_member(doc, "blob", &blob) || socket.len == 0 ||
	    socket.len >= sizeof(out->socket) || bytes_has(socket, '\0'))
		return fault;
	if (secret_alloc(b64url_decoded_len(blob.len), &decoded) != JWT_OK)
		return no_memory;
	found.blob = secret_bytes(&decoded);
	if (b64url_decode(blob, decoded.ptr) != JWT_OK ||
	    sshkey_read_blob(found.blob, &found.key, &found.mat) !=
	    SSHKEY_OK || !agent_key_alg(&found, &alg))
		goto out;
	fault = "it is not the key that " KEYSTORE_STATE " says";
	if (alg != key->alg)
		goto out;
	fault = NULL;
	if (!take_key(&found, alg, out))
		fault = no_memory;
	memcpy(out->socket, socket.ptr, socket.len);
out:
	secret_clear(&decoded);
	return fault;
}

/* Read KID.agent. */
static const char *
read_agent(struct secret *text, const struct issuer_key *key,
    struct key_source *out)
{
	struct json_doc doc;
	const char *fault = "damaged";

	if (json_parse(text->ptr, text->len, &json_file_limits, &doc) ==
	    JWT_OK)
		fault = take_agent(&doc, key, out);
	json_clear(&doc);
	return fault;
}

static const char *
read_source(struct file *file, const struct issuer_key *key,
    struct key_source *out)
{
	const char *fault;

	if (file->readable)
		return "others may read it: chmod 600";
	if (key->in_agent)
		fault = read_agent(&file->text, key, out);
	else
		fault = read_file(&file->text, key, out);
	if (fault != NULL)
		return fault;
	/* The thumbprint is made of the numbers, and nothing else is. */
	if (!is_named_right(&out->pair) || strcmp(out->pair.kid, key->kid) != 0)
		return "it holds another key than its name says";
	return NULL;
}

bool
key_source_load(const struct keystore *store, const struct issuer_key *key,
    struct key_source *out, char fault[KEYSTORE_FAULT_SIZE])
{
	char path[FILE_PATH_MAX], name[NAME_SIZE];
	const char *words;
	struct file file;

	*out = (struct key_source){ .socket = "" };
	name_file(key->kid, key->in_agent, name);
	snprintf(path, sizeof(path), "%.*s/%s", (int)(sizeof(path) -
	    sizeof(name) - 1), store->path, name);
	if (file_read(path, &file) == FILE_OK)
		words = read_source(&file, key, out);
	else
		words = file.fault;
	if (words != NULL)
		keystore_fail(fault, path, "%s", words);
	file_clear(&file);
	return words == NULL;
}

bool
key_source_delete(const struct keystore *store, const struct issuer_key *key,
    char fault[KEYSTORE_FAULT_SIZE])
{
	char name[NAME_SIZE];

	name_file(key->kid, key->in_agent, name);
	if (unlinkat(store->folder, name, 0) != 0 && errno != ENOENT)
		return keystore_fail(fault, store->path, "%s cannot be "
		    "deleted: %s", name, file_errno_text(errno));
	(void)file_sync(store->folder);
	return true;
}

/* ---- signatures --------------------------------------------------------- */

static const char *
sign_open(struct agent *agent, const struct key_source *source,
    struct bytes message, struct secret *out)
{
	const struct agent_key *key = agent_find(agent,
	    secret_bytes(&source->blob));

	if (key == NULL)
		return "the ssh-agent does not have the key, or is locked";
	return agent_sign(agent, key, message, out);
}

static bool
sign_by_agent(const struct key_source *source, struct bytes message,
    struct secret *out, char fault[KEYSTORE_FAULT_SIZE])
{
	struct agent agent;
	const char *words;

	if (!check_socket(source->socket, fault))
		return false;
	words = agent_open_at(source->socket, clock_msec() + KEY_AGENT_MSEC,
	    &agent);
	if (words == NULL)
		words = sign_open(&agent, source, message, out);
	agent_close(&agent);
	return words == NULL || keystore_fail(fault, source->socket, "%s",
	    words);
}

bool
key_source_sign(struct key_source *source, struct bytes message,
    struct secret *out, char fault[KEYSTORE_FAULT_SIZE])
{
	*out = (struct secret){ .len = 0 };
	if (is_in_agent(source))
		return sign_by_agent(source, message, out, fault);
	if (keypair_sign(&source->pair, message, out))
		return true;
	secret_clear(out);
	return keystore_fail(fault, source->pair.kid, "OpenSSL does not sign "
	    "with the key");
}

void
key_source_clear(struct key_source *source)
{
	keypair_clear(&source->pair);
	secret_clear(&source->blob);
	*source = (struct key_source){ .socket = "" };
}
