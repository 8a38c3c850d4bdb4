/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Security event tokens.  The first line is "typ flag", where flag is c to let
 * credential-change count, and the rest is the payload.  The target signs it, so
 * that the code after the signature is reached.
 *
 * No token is good for two purposes; an event that counts names a subject, and a
 * time that has been; and reading it again says the same.
 */
#include <openssl/evp.h>

#include "core/base/b64url.h"
#include "core/event.h"
#include "core/policy/conf.h"
#include "tests/fuzz/fuzz.h"

#define NOW 1800000000

static const char config[] =
	"[issuer mac]\n"
	"iss = https://mac.example\n"
	"keys = /mac\n"
	"algorithms = HS256\n"
	"audience = urn:host\n";

/* A secret that says what it is. */
static const char secret[] = "a secret of the fuzzer, 32 bytes";
static const char secret_jwk[] = "{\"kty\":\"oct\",\"kid\":\"mac\","
	"\"k\":\"YSBzZWNyZXQgb2YgdGhlIGZ1enplciwgMzIgYnl0ZXM\"}";

static struct policy policy;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct policy_host host = { 0 };
	struct jwk_file file = { .name = "mac", .symmetric = true };
	struct secret text = fuzz_copy(bytes_str(secret_jwk));
	struct diag diag = { 0 };
	struct issuer *issuer;

	(void)argc;
	(void)argv;
	FUZZ_CHECK(policy_parse(bytes_str(config), "fuzz.conf", &host, &diag,
	    &policy) == JWT_OK);
	issuer = &policy.issuers[0];
	FUZZ_CHECK(jwk_set_add(&issuer->set, &file, &text, &diag) == JWT_OK);
	FUZZ_CHECK(policy_bind_keys(&policy, issuer, &diag) == JWT_OK);
	free(text.ptr);
	diag_clear(&diag);
	return 0;
}

static struct secret
make_token(struct bytes header, struct bytes payload)
{
	size_t head = b64url_encoded_len(header.len);
	size_t body = b64url_encoded_len(payload.len), len = 0;
	size_t sig_len = b64url_encoded_len(32);
	struct secret out = { .len = head + body + sig_len + 2 };
	uint8_t sig[64];
	char *text;

	/* One more for the terminator of the last part. */
	out.ptr = malloc(out.len + 1);
	FUZZ_CHECK(out.ptr != NULL);
	text = (char *)out.ptr;
	b64url_encode(header, text);
	text[head] = '.';
	b64url_encode(payload, text + head + 1);
	FUZZ_CHECK(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, secret, 32,
	    out.ptr, head + 1 + body, sig, sizeof(sig), &len) != NULL);
	text[head + 1 + body] = '.';
	b64url_encode(bytes_of(sig, len), text + head + body + 2);
	return out;
}

static void
check_event(const struct event *event, const struct claims_identity *id)
{
	FUZZ_CHECK(event->name != NULL || !event->counts);
	FUZZ_CHECK(event->counts || event->sub.len == 0);
	FUZZ_CHECK(event->counts || event->sid.len == 0);
	if (!event->counts)
		return;
	FUZZ_CHECK(event->sub.len > 0);
	FUZZ_CHECK(event->sid.len == 0 ||
	    strcmp(event->name, "session-revoked") == 0);
	FUZZ_CHECK(event->time > 0 && event->time <= NOW);
	FUZZ_CHECK(event->time <= id->iat);
}

static bool
same(const struct event_list *a, const struct event_list *b)
{
	size_t i;

	for (i = 0; i < a->count && a->count == b->count; i++) {
		if (a->item[i].counts != b->item[i].counts ||
		    a->item[i].time != b->item[i].time ||
		    !bytes_eq(a->item[i].uri, b->item[i].uri) ||
		    !bytes_eq(a->item[i].sub, b->item[i].sub))
			return false;
	}
	return a->count == b->count && a->counting == b->counting;
}

static void
check_list(const struct claims *claims, const struct claims_identity *id,
    bool credential_change)
{
	struct event_list list, again;
	enum jwt_reason reason;
	size_t counting = 0, i;

	reason = event_read(claims, id, NOW, credential_change, &list);
	FUZZ_CHECK((reason == JWT_OK) == (list.fault == NULL));
	FUZZ_CHECK((reason == JWT_OK) == (list.count > 0));
	FUZZ_CHECK(list.count <= EVENTS_MAX);
	for (i = 0; i < list.count; i++) {
		check_event(&list.item[i], id);
		counting += list.item[i].counts;
		FUZZ_CHECK(credential_change || !list.item[i].counts ||
		    strcmp(list.item[i].name, "credential-change") != 0);
	}
	FUZZ_CHECK(counting == list.counting);
	FUZZ_CHECK(event_read(claims, id, NOW, credential_change, &again) ==
	    reason);
	FUZZ_CHECK(same(&list, &again));
	/* Another day it says the same: a SET may come twice. */
	if (id->iat > NOW || reason != JWT_OK)
		return;
	FUZZ_CHECK(event_read(claims, id, NOW + 86400, credential_change,
	    &again) == JWT_OK);
	FUZZ_CHECK(same(&list, &again));
}

static void
check_claims(const struct claims *claims, bool credential_change)
{
	const struct issuer *issuer = &policy.issuers[0];
	struct claims_identity id;
	bool login, logout, event;

	login = claims_check(claims, issuer, NOW, &id) == JWT_OK;
	logout = claims_check_logout(claims, issuer, &issuer->audience, NOW,
	    &id) == JWT_OK;
	event = claims_check_event(claims, issuer, NOW, &id) == JWT_OK;
	FUZZ_CHECK(login + logout + event <= 1);
	FUZZ_CHECK(!event || claims_is_event(claims));
	if (event)
		check_list(claims, &id, credential_change);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct issuer *issuer = &policy.issuers[0];
	struct bytes rest = bytes_of(data, size);
	struct bytes line = fuzz_until(&rest, '\n');
	struct bytes typ = conf_word(&line);
	const struct claims *claims = NULL;
	struct jws *jws = NULL;
	struct secret token;
	char header[128];

	snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"kid\":\"mac\","
	    "\"typ\":\"%.*s\"}", BYTES_SHOW(typ));
	token = make_token(bytes_str(header), rest);
	if (jws_parse(secret_bytes(&token), &jws) == JWT_OK &&
	    jws_verify(jws, &issuer->set, issuer->algorithms, &claims) ==
	    JWT_OK)
		check_claims(claims, bytes_eq_str(bytes_trim(line), "c"));
	jws_free(jws);
	free(token.ptr);
	return 0;
}
