/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of an identity provider to pam-jwt login.  The first line of an input
 * is the issuer, the second one the status of HTTP, the third one the content
 * type; the rest is the body, which is taken for metadata, tokens, a device
 * code and an ID token in turn, and for a query and a request of a browser.
 *
 * What is taken has only characters that may be there; what is not is refused
 * in printable words.
 */
#include "core/base/number.h"
#include "core/base/url.h"
#include "core/jose/jws.h"
#include "login/callback.h"
#include "login/form.h"
#include "login/id_token.h"
#include "login/provider_read.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1700000000)

static void
check_words(const char *words, size_t size, bool wanted)
{
	size_t i;

	FUZZ_CHECK((words[0] != '\0') == wanted);
	FUZZ_CHECK(strlen(words) < size);
	for (i = 0; words[i] != '\0'; i++)
		FUZZ_CHECK(words[i] >= ' ' && words[i] <= '~');
}

static void
check_visible(struct bytes text, size_t max)
{
	size_t i;

	FUZZ_CHECK(text.len <= max);
	for (i = 0; i < text.len; i++)
		FUZZ_CHECK(text.ptr[i] > ' ' && text.ptr[i] <= '~');
}

static void
check_address(const char *url, const char *iss)
{
	const char *fault;
	enum url_kind kind;

	if (url == NULL)
		return;
	kind = url_kind(bytes_str(url), &fault);
	FUZZ_CHECK(kind == URL_HTTPS || (kind == URL_HTTP_LOOPBACK &&
	    url_kind(bytes_str(iss), &fault) == URL_HTTP_LOOPBACK));
}

static void
read_metadata(const char *iss, const struct provider_answer *answer)
{
	char words[PROVIDER_WORDS_SIZE];
	struct arena arena = { 0 };
	struct provider_metadata found;
	bool ok = provider_read_metadata(iss, &answer->document, &arena,
	    &found, words);

	check_words(words, sizeof(words), !ok);
	if (ok) {
		FUZZ_CHECK(found.token_endpoint != NULL);
		check_address(found.token_endpoint, iss);
		check_address(found.authorization_endpoint, iss);
		check_address(found.device_endpoint, iss);
		check_address(found.revocation_endpoint, iss);
	}
	if (ok && found.proof_algs != NULL) {
		FUZZ_CHECK(strlen(found.proof_algs) < 512);
		FUZZ_CHECK(!bytes_has(bytes_str(found.proof_algs), '\n'));
	}
	arena_clear(&arena);
}

static void
read_tokens(const struct provider_answer *answer, enum provider_asked asked,
    const char *type)
{
	char words[PROVIDER_WORDS_SIZE];
	struct provider_tokens tokens;
	enum provider_result result = provider_read_tokens(answer, asked,
	    type, &tokens, words);

	check_words(words, sizeof(words), result != PROVIDER_OK);
	FUZZ_CHECK((result == PROVIDER_OK) == (tokens.access_token.len > 0));
	FUZZ_CHECK(result != PROVIDER_OK || answer->status == 200);
	check_visible(tokens.access_token, TOKEN_MAX);
	check_visible(tokens.id_token, TOKEN_MAX);
	check_visible(tokens.refresh_token, TOKEN_MAX);
	FUZZ_CHECK(tokens.expires_in >= -1 && tokens.session_in >= -1 &&
	    tokens.session_in != 0);
	provider_tokens_clear(&tokens);
	/* Only the word for a dead grant ends a session. */
	FUZZ_CHECK(result != PROVIDER_OVER || answer->document.body.len > 0);
}

static void
read_device(const struct provider_answer *answer)
{
	char words[PROVIDER_WORDS_SIZE];
	struct provider_device device;
	enum provider_result result = provider_read_device(answer, false,
	    &device, words);

	check_words(words, sizeof(words), result != PROVIDER_OK);
	if (result == PROVIDER_OK) {
		check_visible(device.device_code, TOKEN_MAX);
		check_visible(device.uri, URL_MAX);
		check_visible(device.uri_complete, URL_MAX);
		FUZZ_CHECK(bytes_starts(device.uri, bytes_str("https://")));
		FUZZ_CHECK(device.user_code.len > 0 &&
		    device.user_code.len <= PROVIDER_USER_CODE_MAX);
		FUZZ_CHECK(device.interval >= 1 && device.interval <= 60);
		FUZZ_CHECK(device.expires_in >= 1 &&
		    device.expires_in <= 3600);
	}
	provider_device_clear(&device);
}

static void
read_id_token(const char *iss, struct bytes body)
{
	const struct id_token_wanted wanted = { .iss = iss, .client = "c",
		.now = NOW };
	char words[ID_TOKEN_WORDS_SIZE];
	struct id_token token;
	bool ok = id_token_check(body, &wanted, &token, words);

	check_words(words, sizeof(words), !ok);
	FUZZ_CHECK(ok == (token.sub.len > 0));
	FUZZ_CHECK(ok == (token.name.len > 0));
	id_token_clear(&token);
	FUZZ_CHECK(provider_life(body, 600) >= 0);
	FUZZ_CHECK(provider_life(body, 600) <= 600);
}

/* What is decoded and written again is read as the same. */
static void
read_query(struct bytes body)
{
	struct form form = { 0 };
	struct secret value, again;

	if (form_get(body, "code", &value)) {
		form_add(&form, "code", secret_bytes(&value));
		if (!form.failed) {
			FUZZ_CHECK(form_get(secret_bytes(&form.text), "code",
			    &again));
			FUZZ_CHECK(bytes_eq(secret_bytes(&value),
			    secret_bytes(&again)));
			secret_clear(&again);
		}
		form_clear(&form);
	}
	secret_clear(&value);
}

/* Nothing without our state ends a login. */
static void
read_request(const char *iss, struct bytes body)
{
	const struct callback_wanted wanted = { .port = 8765,
		.path = "/callback", .state = "S", .iss = iss,
		.sends_iss = body.len % 2 == 0 };
	struct callback callback;
	enum callback_kind kind = callback_read(body, &wanted, &callback);

	check_words(callback.words, sizeof(callback.words),
	    kind == CALLBACK_REFUSED);
	FUZZ_CHECK((kind == CALLBACK_CODE) == (callback.code.len > 0));
	FUZZ_CHECK((kind == CALLBACK_CODE) == (callback.result ==
	    PROVIDER_OK));
	check_visible(secret_bytes(&callback.code), TOKEN_MAX);
	if (kind == CALLBACK_CODE || kind == CALLBACK_REFUSED) {
		FUZZ_CHECK(memmem(body.ptr, body.len, "state=", 6) != NULL);
		FUZZ_CHECK(memmem(body.ptr, body.len, "127.0.0.1:8765", 14) !=
		    NULL);
	}
	secret_clear(&callback.code);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *iss = fuzz_string(fuzz_until(&rest, '\n'));
	struct bytes status = fuzz_until(&rest, '\n');
	struct provider_answer answer = {
		.document.content_type = fuzz_until(&rest, '\n')
	};
	struct secret body = fuzz_copy(rest);
	int64_t number = 200;

	(void)number_digits(status, 599, &number);
	answer.status = (unsigned)number;
	answer.document.body = secret_bytes(&body);
	if (answer.status == 0)
		answer.error = bytes_str("no answer");
	read_metadata(iss, &answer);
	read_tokens(&answer, PROVIDER_ASKED_CODE, "Bearer");
	read_tokens(&answer, PROVIDER_ASKED_REFRESH, "DPoP");
	read_device(&answer);
	read_id_token(iss, secret_bytes(&body));
	read_query(secret_bytes(&body));
	read_request(iss, secret_bytes(&body));
	/* What the fetcher sent is borrowed. */
	FUZZ_CHECK(bytes_eq(secret_bytes(&body), rest));
	free(iss);
	free(body.ptr);
	return 0;
}
