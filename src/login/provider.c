/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds the requests of a login, and lets the fetcher send them. */
#include <stdio.h>

#include "cli/complain.h"
#include "login/provider_post.h"
#include "login/scope.h"
#include "login/value.h"
#include "sync/metadata.h"

#define IN_FORM		"client_secret_post"
#define DEVICE_GRANT	"urn:ietf:params:oauth:grant-type:device_code"

#define HTTP_OK		200
#define HTTP_NOT_FOUND	404
#define HTTP_GONE	410

/* ---- opening ------------------------------------------------------------- */

static bool
read_named(const char *key, const char *path, struct file *out)
{
	if (path == NULL || file_read(path, out) == FILE_OK)
		return true;
	return complain("%s %s: %s", key, path, out->fault);
}

/*
 * A person's own secret is nobody else's.  One that root has put there is for
 * everybody who logs in on this machine, so they must be able to read it.
 */
static bool
read_secret(const char *path, struct file *out)
{
	if (!read_named("client_secret_file", path, out))
		return false;
	return !out->readable || out->by_root ||
	    complain("client_secret_file %s: others may read it: chmod 600",
	    path);
}

bool
provider_open(const struct login_section *section, struct provider *out)
{
	const char *missing;

	*out = (struct provider){ .section = section };
	missing = fetcher_choose(out->path, &out->fetcher);
	if (missing != NULL)
		return complain("%s", missing);
	return read_named("ca_file", section->ca_file, &out->ca) &&
	    read_secret(section->client_secret_file, &out->secret);
}

void
provider_close(struct provider *provider)
{
	file_clear(&provider->ca);
	file_clear(&provider->secret);
	arena_clear(&provider->arena);
	*provider = (struct provider){ .section = NULL };
}

/* ---- discovery ----------------------------------------------------------- */

static enum provider_result
refuse_metadata(struct provider *provider, enum provider_result result,
    const char *why)
{
	(void)snprintf(provider->words, sizeof(provider->words), "%s", why);
	return result;
}

/* Judge what came from the place of the metadata. */
static enum provider_result
read_metadata(struct provider *provider,
    const struct provider_answer *answer)
{
	char words[PROVIDER_WORDS_SIZE];

	if (answer->status == 0) {
		value_refuse(provider->words, sizeof(provider->words), "",
		    answer->error, "");
		return PROVIDER_LATER;
	}
	if (answer->status != HTTP_OK) {
		(void)snprintf(provider->words, sizeof(provider->words),
		    "its discovery document: HTTP %u%s", answer->status,
		    answer->status < 500 ? ": is iss in login.conf right?" : "");
		return PROVIDER_LATER;
	}
	if (provider_read_metadata(provider->section->iss, &answer->document,
	    &provider->arena, &provider->metadata, words))
		return PROVIDER_OK;
	(void)snprintf(provider->words, sizeof(provider->words), "its "
	    "discovery document is not accepted: %.400s", words);
	return PROVIDER_SETTING;
}

static enum provider_result
discover_at(struct provider *provider, enum metadata_place place,
    unsigned *status)
{
	char *url = arena_alloc(&provider->arena, METADATA_URL_SIZE);
	struct exchange_request request = { .loopback_http = false };
	struct provider_answer answer;
	enum provider_result result;
	struct secret buffer;

	*status = 0;
	if (url == NULL)
		return refuse_metadata(provider, PROVIDER_LATER,
		    "memory ran out");
	if (!metadata_address(provider->section->iss, place,
	    provider_is_loopback(provider), url))
		return refuse_metadata(provider, PROVIDER_SETTING,
		    "iss is not an address at which it could be found");
	request.url = bytes_str(url);
	answer = provider_send(provider, &request, &buffer);
	*status = answer.status;
	result = read_metadata(provider, &answer);
	secret_clear(&buffer);
	return result;
}

/* RFC 8414's place only where there is nothing in that of OpenID Connect. */
enum provider_result
provider_discover(struct provider *provider)
{
	unsigned status;
	enum provider_result result = discover_at(provider, METADATA_OPENID,
	    &status);

	if (status != HTTP_NOT_FOUND && status != HTTP_GONE)
		return result;
	return discover_at(provider, METADATA_OAUTH, &status);
}

bool
provider_resume(struct provider *provider, const struct session *session)
{
	provider->metadata.token_endpoint = provider->section->token_endpoint;
	if (provider->section->issuer != NULL)
		return provider->metadata.token_endpoint != NULL;
	if (session->token_endpoint == NULL)
		return false;
	provider->metadata = (struct provider_metadata){
		.token_endpoint = session->token_endpoint,
		.revocation_endpoint = session->revocation_endpoint,
		.secret_in_form = session->client_auth != NULL &&
		    strcmp(session->client_auth, IN_FORM) == 0,
		.proof_algs = session->dpop_alg
	};
	provider->proof.which = session->dpop;
	return true;
}

const char *
provider_client_auth(const struct provider *provider)
{
	if (provider->section->client_secret_file == NULL)
		return "none";
	if (provider->metadata.secret_in_form)
		return IN_FORM;
	return "client_secret_basic";
}

/* ---- the token endpoint -------------------------------------------------- */

static void
put_target(const struct provider *provider, const char *resource,
    struct form *form)
{
	const char *audience = provider->section->audience;

	if (resource[0] != '\0')
		form_add(form, "resource", bytes_str(resource));
	if (audience != NULL)
		form_add(form, "audience", bytes_str(audience));
}

static enum provider_result
ask_tokens(struct provider *provider, struct form *form,
    enum provider_asked asked, struct provider_tokens *out)
{
	struct provider_answer answer;
	enum provider_result result;
	struct secret buffer;

	answer = provider_post_proved(provider, form, &buffer);
	result = provider_read_tokens(&answer, asked,
	    provider->proof.which == NULL ? "Bearer" : "DPoP", out,
	    provider->words);
	secret_clear(&buffer);
	return result;
}

enum provider_result
provider_refresh(struct provider *provider, struct bytes refresh_token,
    const char *resource, struct provider_tokens *out)
{
	struct form form = { 0 };

	form_add(&form, "grant_type", bytes_str("refresh_token"));
	form_add(&form, "refresh_token", refresh_token);
	put_target(provider, resource, &form);
	return ask_tokens(provider, &form, PROVIDER_ASKED_REFRESH, out);
}

enum provider_result
provider_poll(struct provider *provider, struct bytes device_code,
    const char *resource, struct provider_tokens *out)
{
	struct form form = { 0 };

	form_add(&form, "grant_type", bytes_str(DEVICE_GRANT));
	form_add(&form, "device_code", device_code);
	put_target(provider, resource, &form);
	return ask_tokens(provider, &form, PROVIDER_ASKED_POLL, out);
}

enum provider_result
provider_exchange(struct provider *provider, const struct provider_code *code,
    const char *resource, struct provider_tokens *out)
{
	struct form form = { 0 };

	form_add(&form, "grant_type", bytes_str("authorization_code"));
	form_add(&form, "code", code->code);
	form_add(&form, "code_verifier", bytes_str(code->verifier));
	form_add(&form, "redirect_uri", bytes_str(code->redirect_uri));
	put_target(provider, resource, &form);
	return ask_tokens(provider, &form, PROVIDER_ASKED_CODE, out);
}

/* ---- other endpoints ----------------------------------------------------- */

/* Put in what a login asks for; both flows have the same form. */
static void
put_wanted(const struct provider *provider,
    const struct provider_wanted *wanted, struct form *form)
{
	char text[24];
	size_t i;

	form_add(form, "scope", bytes_str(provider->section->scope));
	for (i = 0; i < wanted->count; i++) {
		if (wanted->resources[i][0] != '\0')
			form_add(form, "resource",
			    bytes_str(wanted->resources[i]));
	}
	if (provider->section->audience != NULL)
		form_add(form, "audience",
		    bytes_str(provider->section->audience));
	if (wanted->max_age >= 0) {
		(void)snprintf(text, sizeof(text), "%jd",
		    (intmax_t)wanted->max_age);
		form_add(form, "max_age", bytes_str(text));
	}
}

enum provider_result
provider_start_device(struct provider *provider,
    const struct provider_wanted *wanted, struct provider_device *out)
{
	struct form form = { 0 };
	struct provider_answer answer;
	enum provider_result result;
	struct secret buffer;

	put_wanted(provider, wanted, &form);
	answer = provider_post(provider, provider->metadata.device_endpoint, &form,
	    &buffer);
	result = provider_read_device(&answer, provider_is_loopback(provider), out,
	    provider->words);
	secret_clear(&buffer);
	return result;
}

enum provider_result
provider_revoke(struct provider *provider, struct bytes refresh_token)
{
	const char *url = provider->metadata.revocation_endpoint;
	struct form form = { 0 };
	struct provider_answer answer;
	enum provider_result result;
	struct secret buffer;

	if (url == NULL)
		return refuse_metadata(provider, PROVIDER_SETTING,
		    "it has no endpoint for that");
	form_add(&form, "token", refresh_token);
	form_add(&form, "token_type_hint", bytes_str("refresh_token"));
	answer = provider_post(provider, url, &form, &buffer);
	result = provider_read_revoked(&answer, provider->words);
	secret_clear(&buffer);
	return result;
}

/* ---- the browser --------------------------------------------------------- */

void
provider_authorize(const struct provider *provider,
    const struct provider_wanted *wanted,
    const struct provider_authorization *authorization, struct form *out)
{
	const char *url = provider->metadata.authorization_endpoint;
	struct form query = { 0 };

	form_add(&query, "response_type", bytes_str("code"));
	form_add(&query, "client_id", bytes_str(provider->section->client));
	form_add(&query, "redirect_uri",
	    bytes_str(authorization->redirect_uri));
	form_add(&query, "state", bytes_str(authorization->state));
	form_add(&query, "nonce", bytes_str(authorization->nonce));
	form_add(&query, "code_challenge",
	    bytes_str(authorization->challenge));
	form_add(&query, "code_challenge_method", bytes_str("S256"));
	put_wanted(provider, wanted, &query);
	/* Then nobody else can use the code (RFC 9449 section 10). */
	if (provider->proof.which != NULL)
		form_add(&query, "dpop_jkt", bytes_str(provider->proof.jkt));
	/* OpenID Connect Core section 11: otherwise it may be left out. */
	if (scope_has(bytes_str(provider->section->scope),
	    bytes_str("offline_access")))
		form_add(&query, "prompt", bytes_str("consent"));
	*out = (struct form){ 0 };
	form_raw(out, bytes_str(url));
	form_raw(out, bytes_str(strchr(url, '?') == NULL ? "?" : "&"));
	form_raw(out, secret_bytes(&query.text));
	out->failed = out->failed || query.failed;
	form_clear(&query);
}
