/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes keys, tokens and a policy for tests. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/b64url.h"
#include "core/hint.h"
#include "world.h"

static void *
must(void *pointer)
{
	if (pointer == NULL)
		abort();
	return pointer;
}

char *
world_text(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

struct keypair *
world_key(enum alg_id alg)
{
	static struct keypair keys[ALG_ML_DSA_87 + 1];
	static bool made[ALG_ML_DSA_87 + 1];

	if (!made[alg] && !keypair_generate(alg, 2048, &keys[alg]))
		abort();
	made[alg] = true;
	return &keys[alg];
}

static char *
encode(struct bytes part)
{
	char *text = must(calloc(1, b64url_encoded_len(part.len) + 1));

	b64url_encode(part, text);
	return text;
}

/* The members kty and crv of a kind of key. */
static const char *
family_of(enum key_kind kind)
{
	static const char *const families[] = {
		[KEY_P256] = "\"kty\":\"EC\",\"crv\":\"P-256\"",
		[KEY_P384] = "\"kty\":\"EC\",\"crv\":\"P-384\"",
		[KEY_P521] = "\"kty\":\"EC\",\"crv\":\"P-521\"",
		[KEY_ED25519] = "\"kty\":\"OKP\",\"crv\":\"Ed25519\"",
		[KEY_ED448] = "\"kty\":\"OKP\",\"crv\":\"Ed448\"",
		[KEY_RSA] = "\"kty\":\"RSA\"", [KEY_OCT] = "\"kty\":\"oct\"",
		[KEY_ML_DSA_44] = "\"kty\":\"AKP\"",
		[KEY_ML_DSA_65] = "\"kty\":\"AKP\"",
		[KEY_ML_DSA_87] = "\"kty\":\"AKP\""
	};

	return families[kind];
}

static char *
jwk_of(const struct keypair *pair, enum alg_id alg, const char *more)
{
	enum key_kind kind = alg_row(alg)->kind;
	const struct keypair_number *number = keypair_numbers(kind);
	char *jwk = world_text("{%s", family_of(kind)), *next, *value;
	size_t i;

	for (i = 0; number[i].name != NULL; i++) {
		if (number[i].is_private && kind != KEY_OCT)
			continue;
		value = encode(secret_bytes(&pair->values[i]));
		next = world_text("%s,\"%s\":\"%s\"", jwk, number[i].name,
		    value);
		free(value);
		free(jwk);
		jwk = next;
	}
	next = world_text("%s%s}", jwk, more);
	free(jwk);
	return next;
}

char *
world_jwk_with(enum alg_id alg, const char *more)
{
	return jwk_of(world_key(alg), alg, more);
}

char *
world_jwk_fresh(enum alg_id alg, const char *more)
{
	struct keypair pair = { 0 };
	char *jwk;

	if (!keypair_generate(alg, 2048, &pair))
		abort();
	jwk = jwk_of(&pair, alg, more);
	keypair_clear(&pair);
	return jwk;
}

char *
world_jwk(enum alg_id alg)
{
	char *more = world_text(",\"alg\":\"%s\",\"kid\":\"%s\"",
	    alg_row(alg)->name, alg_row(alg)->name);
	char *jwk = world_jwk_with(alg, more);

	free(more);
	return jwk;
}

char *
world_set(char *first, ...)
{
	char *set = world_text("{\"keys\":[%s", first);
	va_list args;
	char *next, *more;

	free(first);
	va_start(args, first);
	while ((next = va_arg(args, char *)) != NULL) {
		more = world_text("%s,%s", set, next);
		free(next);
		free(set);
		set = more;
	}
	va_end(args);
	more = world_text("%s]}", set);
	free(set);
	return more;
}

enum jwt_reason
world_add_keys(struct world *world, size_t issuer, char *keys)
{
	struct issuer *of = &world->policy.issuers[issuer];
	struct jwk_file file = {
		.name = "keys",
		.symmetric = (of->algorithms & ALG_SYMMETRIC) != 0
	};
	struct secret text = { 0 };
	enum jwt_reason reason;

	if (secret_copy(bytes_str(keys), &text) != JWT_OK)
		abort();
	free(keys);
	reason = jwk_set_add(&of->set, &file, &text, &world->diag);
	if (reason == JWT_OK)
		reason = policy_bind_keys(&world->policy, of, &world->diag);
	secret_clear(&text);
	return reason;
}

enum jwt_reason
world_add_decryption(struct world *world, size_t issuer, char *jwk)
{
	struct jwe_key_file file = { .name = "decryption_keys" };
	struct secret text = { 0 };
	enum jwt_reason reason;

	if (secret_copy(bytes_str(jwk), &text) != JWT_OK)
		abort();
	free(jwk);
	reason = jwe_key_set_add(&world->policy.issuers[issuer].decryption,
	    &file, &text, &world->diag);
	if (reason == JWT_OK)
		reason = policy_compare_decryption(&world->policy,
		    &world->diag);
	secret_clear(&text);
	return reason;
}

enum jwt_reason
world_load(struct world *world, const char *issuer, const char *service,
    char *keys)
{
	static const struct policy_host host = { .hostname = "h" };
	char *conf = world_text("[issuer t]\niss = " WORLD_ISS "\nkeys = /k\n"
	    "audience = urn:h\n%s\n[service s]\n%s\n", issuer, service);
	enum jwt_reason reason;

	*world = (struct world){ 0 };
	reason = policy_parse(bytes_str(conf), "conf", &host, &world->diag,
	    &world->policy);
	free(conf);
	if (reason == JWT_OK)
		return world_add_keys(world, 0, keys);
	free(keys);
	return reason;
}

void
world_clear(struct world *world)
{
	policy_clear(&world->policy);
	diag_clear(&world->diag);
}

char *
world_join(const char *header, const char *payload, struct bytes sig)
{
	char *h = encode(bytes_str(header)), *p = encode(bytes_str(payload));
	char *s = encode(sig), *token = world_text("%s.%s.%s", h, p, s);

	free(h);
	free(p);
	free(s);
	return token;
}

char *
world_sign_bytes(enum alg_id alg, const char *header, struct bytes payload)
{
	char *h = encode(bytes_str(header)), *p = encode(payload);
	char *input = world_text("%s.%s", h, p), *s, *token;
	struct secret sig = { 0 };

	if (!keypair_sign(world_key(alg), bytes_str(input), &sig))
		abort();
	s = encode(secret_bytes(&sig));
	token = world_text("%s.%s", input, s);
	secret_clear(&sig);
	free(h);
	free(p);
	free(s);
	free(input);
	return token;
}

char *
world_sign(enum alg_id alg, const char *header, const char *payload)
{
	return world_sign_bytes(alg, header, bytes_str(payload));
}

/* Some local and directory accounts are ordinary; the others are protected. */
static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	static const struct {
		const char *name;
		bool is_protected;
	} accounts[] = {
		{ "alice", false }, { "bob", false }, { "deploy", false },
		{ "alice@example.com", false }, { "DOM\\alice", false },
		{ "Alice", false }, { "j\xc3\xb6rg+x@example.com", false },
		{ "root", true }, { "daemon", true }, { "DOM\\svc", true }
	};
	size_t i;

	(void)ctx;
	*out = (struct account_facts){ 0 };
	for (i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++) {
		if (strcmp(accounts[i].name, name) == 0)
			*out = (struct account_facts){
				.exists = true,
				.is_protected = accounts[i].is_protected
			};
	}
	return JWT_OK;
}

struct jws *
world_parse(struct bytes token)
{
	struct jws *jws;

	(void)!jws_parse(token, &jws);
	return jws;
}

const struct account_host *
world_accounts(void)
{
	static const struct account_host accounts = { .look_up = look_up };

	return &accounts;
}

/*
 * Whatever a token holds, a hint about it is printable, and in the log
 * it has no quote that would end its value.
 */
static void
check_hints(const struct verdict_input *in, const struct verdict *verdict)
{
	static const enum hint_form forms[] = { HINT_LOG, HINT_TERMINAL };
	struct hint_facts facts = {
		.in = in, .verdict = verdict, .service = "s"
	};
	char hint[HINT_SIZE];
	size_t i, at;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		hint_write(&facts, forms[i], hint, sizeof(hint));
		for (at = 0; hint[at] != '\0'; at++) {
			if (hint[at] < ' ' || hint[at] > '~' ||
			    (forms[i] == HINT_LOG && hint[at] == '"'))
				abort();
		}
	}
}

enum jwt_reason
world_verdict_bytes(const struct world *world, struct bytes token,
    const char *user, int64_t now)
{
	struct verdict_input in = {
		.policy = &world->policy,
		.service = policy_service(&world->policy, "s"), .user = user,
		.rhost = "10.1.2.3", .now = now, .accounts = world_accounts()
	};
	struct verdict verdict;
	enum jwt_reason reason;

	verdict_parse(token, &in);
	reason = verdict_reach(&in, &verdict);
	if (reason == JWT_OK && verdict.account[0] == '\0')
		abort();
	if (reason != JWT_OK)
		check_hints(&in, &verdict);
	verdict_clear(&verdict);
	return reason;
}

enum jwt_reason
world_verdict(const struct world *world, const char *token)
{
	return world_verdict_bytes(world, bytes_str(token), "alice",
	    WORLD_NOW);
}
