/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends the forms of a login: with who asks, and to the token endpoint with a
 * proof of the key that its tokens will be bound to.
 */
#include "core/base/b64url.h"
#include "login/provider_post.h"
#include "login/value.h"

#define BASIC "Basic "

bool
provider_is_loopback(const struct provider *provider)
{
	const struct login_section *section = provider->section;

	if (section->issuer != NULL)
		return value_is_loopback(bytes_str(section->token_endpoint));
	return value_is_loopback(bytes_str(section->iss));
}

struct provider_answer
provider_send(struct provider *provider, struct exchange_request *request,
    struct secret *buffer)
{
	struct exchange_answer answer;

	request->ca = secret_bytes(&provider->ca.text);
	request->loopback_http = provider_is_loopback(provider);
	if (fetcher_run(&provider->fetcher, request, buffer, &answer) !=
	    JWT_OK || answer.result != EXCHANGE_ANSWERED)
		return (struct provider_answer){ .error = answer.error };
	return (struct provider_answer){
		.status = answer.status, .nonce = answer.nonce,
		.date = answer.date,
		.document = {
			.content_type = answer.content_type,
			.body = answer.body
		}
	};
}

/* ---- who asks ------------------------------------------------------------ */

/* base64url of RFC 4648 section 5 to base64 of its section 4. */
static void
make_plain(struct bytes coded, struct form *out)
{
	size_t i;

	for (i = 0; i < coded.len; i++) {
		uint8_t c = coded.ptr[i];

		if (c == '-')
			c = '+';
		if (c == '_')
			c = '/';
		form_raw(out, bytes_of(&c, 1));
	}
	for (; i % 4 != 0; i++)
		form_raw(out, bytes_str("="));
}

/* RFC 6749 section 2.3.1: both are encoded as in a form before they are. */
static void
put_basic(const char *client, struct bytes secret, struct form *out)
{
	struct form pair = { 0 };
	struct secret coded = { 0 };

	form_encode(&pair, bytes_str(client));
	form_raw(&pair, bytes_str(":"));
	form_encode(&pair, secret);
	if (!pair.failed &&
	    secret_alloc(b64url_encoded_len(pair.text.len), &coded) == JWT_OK) {
		b64url_encode(secret_bytes(&pair.text), (char *)coded.ptr);
		form_raw(out, bytes_str(BASIC));
		make_plain(secret_bytes(&coded), out);
	} else {
		out->failed = true;
	}
	form_clear(&pair);
	secret_clear(&coded);
}

/*
 * Say which client asks: a public one by its client_id, another one by its
 * secret, too.
 */
static void
put_client(const struct provider *provider, struct form *form,
    struct form *authorization)
{
	const char *client = provider->section->client;
	struct bytes secret = bytes_trim(secret_bytes(&provider->secret.text));

	if (secret.len > 0 && !provider->metadata.secret_in_form) {
		put_basic(client, secret, authorization);
		return;
	}
	form_add(form, "client_id", bytes_str(client));
	if (secret.len > 0)
		form_add(form, "client_secret", secret);
}

/* ---- forms --------------------------------------------------------------- */

/* A form that may be sent twice, with another proof. */
struct posting {
	const char *url;
	struct form *form;
	struct form authorization;
};

static struct provider_answer
send_form(struct provider *provider, const struct posting *posting,
    struct bytes proof, struct secret *buffer)
{
	struct exchange_request request = {
		.url = bytes_str(posting->url),
		.form = secret_bytes(&posting->form->text),
		.authorization = secret_bytes(&posting->authorization.text),
		.proof = proof
	};
	struct provider_answer answer = provider_send(provider, &request,
	    buffer);

	provider->status = answer.status;
	provider_proof_learn(&provider->proof, &answer);
	return answer;
}

static bool
open_posting(struct provider *provider, const char *url, struct form *form,
    struct posting *out)
{
	*out = (struct posting){ .url = url, .form = form };
	provider->status = 0;
	put_client(provider, form, &out->authorization);
	return !form->failed && !out->authorization.failed;
}

static void
close_posting(struct posting *posting)
{
	form_clear(&posting->authorization);
	form_clear(posting->form);
}

static struct provider_answer
fail_long(void)
{
	return (struct provider_answer){
		.error = bytes_str("the request is too long, or memory ran out")
	};
}

struct provider_answer
provider_post(struct provider *provider, const char *url, struct form *form,
    struct secret *buffer)
{
	struct provider_answer answer = fail_long();
	struct posting posting;

	*buffer = (struct secret){ 0 };
	if (open_posting(provider, url, form, &posting))
		answer = send_form(provider, &posting, bytes_of(NULL, 0),
		    buffer);
	close_posting(&posting);
	return answer;
}

static struct provider_answer
send_proved(struct provider *provider, const struct posting *posting,
    struct secret *buffer)
{
	struct provider_answer answer;
	struct secret proof;

	if (provider_proof_make(provider, posting->url, &proof)) {
		answer = send_form(provider, posting, secret_bytes(&proof),
		    buffer);
	} else {
		answer = (struct provider_answer){ .unproved = true,
			.error = bytes_str(provider->proof.words) };
	}
	secret_clear(&proof);
	return answer;
}

/* A provider that always wants another proof gets two and no more. */
struct provider_answer
provider_post_proved(struct provider *provider, struct form *form,
    struct secret *buffer)
{
	struct provider_proof *proof = &provider->proof;
	struct provider_answer answer = fail_long();
	struct posting posting;
	struct provider_proof sent;

	*buffer = (struct secret){ 0 };
	if (open_posting(provider, provider->metadata.token_endpoint, form,
	    &posting)) {
		sent = *proof;
		answer = send_proved(provider, &posting, buffer);
		if (provider_proof_is_better(proof, &sent, &answer)) {
			secret_clear(buffer);
			answer = send_proved(provider, &posting, buffer);
		}
	}
	close_posting(&posting);
	return answer;
}
