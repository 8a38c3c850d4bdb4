/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two documents, in the place that the settings or the first of them name.
 * Every answer comes from the fetcher, and is hostile until it has been judged.
 */
#include <stdarg.h>
#include <stdio.h>

#include "host/file.h"
#include "sync/attempt.h"
#include "sync/metadata.h"

#define WHY_SIZE 1024	/* bytes; the longest is that of a file: its path, its fault */

#define HTTP_OK			200
#define HTTP_NOT_MODIFIED	304
#define HTTP_NOT_FOUND		404
#define HTTP_GONE		410

struct asking {
	const struct attempt_input *input;
	const struct issuer *issuer;
	struct attempt *out;
	struct file ca, cert, key;	/* PEM */
	struct exchange_answer answer;
	const char *jwks_uri;
	bool loopback_http;	/* and http:// will do for it */
	bool is_conditional;	/* validators were sent */
};

/* ---- what went wrong ------------------------------------------------------ */

/* The first fault is the one that counts. */
__attribute__((format(printf, 4, 5))) static bool
fail(struct asking *asking, enum attempt_result result, const char *url,
    const char *format, ...)
{
	struct attempt *out = asking->out;
	char why[WHY_SIZE];
	va_list args;

	if (out->why != NULL)
		return false;
	va_start(args, format);
	(void)vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	out->result = result;
	out->why = arena_copy(&out->arena, bytes_str(why));
	if (out->why == NULL)
		out->why = reason_text(JWT_OUT_OF_MEMORY);
	out->url = url;
	out->retry_after = asking->answer.retry_after;
	return false;
}

static bool
fail_status(struct asking *asking, const char *url)
{
	return fail(asking, ATTEMPT_UNANSWERED, url, "HTTP %u",
	    asking->answer.status);
}

/* Of a document that was judged, or could not be for want of memory. */
static bool
fail_document(struct asking *asking, enum jwt_reason reason, const char *url,
    const char *fault)
{
	if (reason == JWT_KEY_FILE_INVALID)
		return fail(asking, ATTEMPT_REFUSED, url, "%s", fault);
	return fail(asking, ATTEMPT_UNANSWERED, url, "%s",
	    reason_text(reason));
}

/* ---- what is sent --------------------------------------------------------- */

static bool
read_pem(struct asking *asking, const char *name, const char *path,
    struct file *out)
{
	if (path == NULL || file_read(path, out) == FILE_OK)
		return true;
	return fail(asking, ATTEMPT_UNANSWERED, NULL, "%s %s: %s", name, path,
	    out->fault);
}

/* The files that the fetcher may not read, or should not choose. */
static bool
read_files(struct asking *asking)
{
	const struct sync_settings *sync = &asking->issuer->sync;

	if (!read_pem(asking, "sync_ca_file", sync->ca_file, &asking->ca) ||
	    !read_pem(asking, "sync_client_cert", sync->client_cert,
	    &asking->cert) ||
	    !read_pem(asking, "sync_client_key", sync->client_key,
	    &asking->key))
		return false;
	if (asking->key.readable)
		return fail(asking, ATTEMPT_UNANSWERED, NULL, "sync_client_key "
		    "%s: others may read it: chmod 600", sync->client_key);
	return true;
}

/* Ask for one document.  True when an answer of HTTP has come. */
static bool
ask(struct asking *asking, const char *url, bool loopback_http,
    const struct memory *validators)
{
	const char *proxy = asking->issuer->sync.proxy;
	struct exchange_request request = {
		.url = bytes_str(url),
		.ca = secret_bytes(&asking->ca.text),
		.client_cert = secret_bytes(&asking->cert.text),
		.client_key = secret_bytes(&asking->key.text),
		.loopback_http = loopback_http
	};
	struct secret *buffer = &asking->out->buffer;

	if (proxy != NULL)
		request.proxy = bytes_str(proxy);
	if (validators != NULL) {
		request.etag = bytes_str(validators->etag);
		request.last_modified = bytes_str(validators->last_modified);
	}
	secret_clear(buffer);
	if (fetcher_run(asking->input->fetcher, &request, buffer,
	    &asking->answer) == JWT_OK &&
	    asking->answer.result == EXCHANGE_ANSWERED)
		return true;
	return fail(asking, ATTEMPT_UNANSWERED, url, "%.*s",
	    (int)asking->answer.error.len,
	    (const char *)asking->answer.error.ptr);
}

static struct document_answer
document_of(const struct asking *asking)
{
	return (struct document_answer){
		.content_type = asking->answer.content_type,
		.body = asking->answer.body
	};
}

/* ---- discovery ------------------------------------------------------------ */

static bool
is_loopback_http(const char *url)
{
	const char *fault;

	return url_kind(bytes_str(url), &fault) == URL_HTTP_LOOPBACK;
}

/* Judge the discovery document that has come from url. */
static bool
read_discovery(struct asking *asking, const char *url)
{
	struct document_answer answer = document_of(asking);
	struct arena *arena = &asking->out->arena;
	struct metadata *metadata;
	enum jwt_reason reason;

	if (asking->answer.status != HTTP_OK)
		return fail_status(asking, url);
	metadata = arena_alloc(arena, sizeof(*metadata));
	if (metadata == NULL)
		return fail_document(asking, JWT_OUT_OF_MEMORY, url, "");
	reason = metadata_read(asking->issuer->iss, url, &answer, metadata);
	if (reason != JWT_OK)
		return fail_document(asking, reason, url, metadata->fault);
	asking->jwks_uri = metadata->jwks_uri;
	asking->loopback_http = metadata->loopback_http;
	return true;
}

static bool
discover_at(struct asking *asking, enum metadata_place place)
{
	char *url = arena_alloc(&asking->out->arena, METADATA_URL_SIZE);

	if (url == NULL)
		return fail_document(asking, JWT_OUT_OF_MEMORY, NULL, "");
	if (!metadata_address(asking->issuer->iss, place, false, url))
		return fail(asking, ATTEMPT_UNANSWERED, NULL, "iss is not an "
		    "address at which the keys could be found");
	return ask(asking, url, false, NULL) && read_discovery(asking, url);
}

/*
 * The place that OpenID Connect has.  Only where it says that there is nothing,
 * RFC 8414's is tried: any other answer there would open a second way for
 * whoever can make the first one fail.
 */
static bool
discover_by_default(struct asking *asking)
{
	if (discover_at(asking, METADATA_OPENID))
		return true;
	if (asking->answer.status != HTTP_NOT_FOUND &&
	    asking->answer.status != HTTP_GONE)
		return false;
	if (!discover_at(asking, METADATA_OAUTH))
		return false;
	asking->out->why = NULL;
	asking->out->url = NULL;
	return true;
}

static bool
find_keys(struct asking *asking)
{
	const struct sync_settings *sync = &asking->issuer->sync;

	if (sync->jwks_uri != NULL) {
		asking->jwks_uri = sync->jwks_uri;
		asking->loopback_http = is_loopback_http(sync->jwks_uri);
		return true;
	}
	if (sync->discovery != NULL)
		return ask(asking, sync->discovery,
		    is_loopback_http(sync->discovery), NULL) &&
		    read_discovery(asking, sync->discovery);
	return discover_by_default(asking);
}

/* ---- the keys ------------------------------------------------------------- */

bool
attempt_is_own_set(const struct memory *memory, struct bytes set)
{
	uint8_t hash[HASH_LEN];

	return set.len > 0 && hash_sha256(set, hash) == JWT_OK &&
	    memcmp(hash, memory->set, HASH_LEN) == 0;
}

/* NULL, or the validators that belong to the old set and to its address. */
static const struct memory *
find_validators(const struct asking *asking)
{
	const struct memory *memory = asking->input->memory;
	uint8_t hash[HASH_LEN];

	if (memory->etag[0] == '\0' && memory->last_modified[0] == '\0')
		return NULL;
	if (hash_sha256(bytes_str(asking->jwks_uri), hash) != JWT_OK ||
	    memcmp(hash, memory->source, HASH_LEN) != 0)
		return NULL;
	if (!attempt_is_own_set(memory, asking->input->old))
		return NULL;
	return memory;
}

static bool
fetch_keys(struct asking *asking)
{
	const struct memory *validators = find_validators(asking);

	asking->is_conditional = validators != NULL;
	if (!ask(asking, asking->jwks_uri, asking->loopback_http, validators))
		return false;
	if (asking->answer.status == HTTP_OK ||
	    (asking->answer.status == HTTP_NOT_MODIFIED &&
	    asking->is_conditional))
		return true;
	return fail_status(asking, asking->jwks_uri);
}

static bool
make_set(struct asking *asking)
{
	struct document_answer answer = document_of(asking);
	struct keyset_input input = {
		.policy = asking->input->policy, .issuer = asking->issuer,
		.source = asking->jwks_uri, .old = asking->input->old,
		.now = asking->input->now
	};
	struct keyset *keyset = &asking->out->keyset;
	enum jwt_reason reason;

	if (asking->answer.status == HTTP_NOT_MODIFIED)
		reason = keyset_renew(&input, keyset);
	else
		reason = keyset_make(&input, &answer, keyset);
	if (reason != JWT_OK)
		return fail_document(asking, reason, asking->jwks_uri,
		    keyset->fault);
	return true;
}

/* A 304 may leave validators out: those that were sent still hold. */
static void
keep_validators(struct asking *asking)
{
	const struct memory *memory = asking->input->memory;
	struct attempt *out = asking->out;

	out->etag = asking->answer.etag;
	out->last_modified = asking->answer.last_modified;
	if (asking->answer.status != HTTP_NOT_MODIFIED)
		return;
	if (out->etag.len == 0)
		out->etag = bytes_str(memory->etag);
	if (out->last_modified.len == 0)
		out->last_modified = bytes_str(memory->last_modified);
}

void
attempt_run(const struct attempt_input *input, struct attempt *out)
{
	struct asking asking = {
		.input = input, .issuer = input->issuer, .out = out,
		.answer = EXCHANGE_NO_ANSWER
	};

	*out = (struct attempt){ .max_age = -1, .retry_after = -1 };
	if (!read_files(&asking) || !find_keys(&asking) ||
	    !fetch_keys(&asking) || !make_set(&asking))
		goto out;
	keep_validators(&asking);
	out->source = asking.jwks_uri;
	out->max_age = asking.answer.max_age;
	out->result = ATTEMPT_GOOD;
out:
	file_clear(&asking.ca);
	file_clear(&asking.cert);
	file_clear(&asking.key);
}

void
attempt_clear(struct attempt *attempt)
{
	keyset_clear(&attempt->keyset);
	secret_clear(&attempt->buffer);
	arena_clear(&attempt->arena);
	*attempt = (struct attempt){ 0 };
}

/* ---- for the next time ---------------------------------------------------- */

/* Longer ones do not come from the fetcher; the views may be memory's own. */
static void
keep_text(struct bytes text, char out[EXCHANGE_HEADER_MAX + 1])
{
	size_t len = text.len > EXCHANGE_HEADER_MAX ? 0 : text.len;

	if (len > 0)
		memmove(out, text.ptr, len);
	out[len] = '\0';
}

void
attempt_remember(const struct attempt *attempt, int64_t now,
    struct memory *memory)
{
	keep_text(attempt->etag, memory->etag);
	keep_text(attempt->last_modified, memory->last_modified);
	memory->synced = now;
	if (hash_sha256(bytes_str(attempt->source), memory->source) == JWT_OK &&
	    hash_sha256(secret_bytes(&attempt->keyset.text), memory->set) ==
	    JWT_OK)
		return;
	memset(memory->set, 0, HASH_LEN);
}
