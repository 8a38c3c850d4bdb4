/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a decision costs, and that no token can make it cost more.
 *
 * Each figure is the least of many runs, so that a busy machine does not
 * change it; each has a limit, and "not ok" is printed above it.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/b64url.h"
#include "core/verdict.h"
#include "tests/bench/heap.h"

#define NOW INT64_C(1800000000)

#define TOKEN_LIMIT_NS	1000000		/* any token of 16 KiB */
#define TOKEN_LIMIT_HEAP 1048576	/* bytes, likewise */
#define RULES_LIMIT_NS	50000		/* 100 permit lines */
#define GROUPS_LIMIT_NS	100000		/* 1,000 groups, against 20 values */
#define GLOBS_LIMIT_NS	400000		/* 1,000 groups, against a pattern */
#define MAP_LIMIT_NS	5000000		/* 10,000 lines */
#define OVERHEAD_LIMIT_NS 50000		/* of a decision over bare OpenSSL */

static int failed;

__attribute__((format(printf, 2, 3))) static void
report(bool ok, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf(ok ? "ok - " : "not ok - ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	failed |= !ok;
}

_Noreturn static void
broken(const char *what)
{
	printf("not ok - bench: %s\n", what);
	exit(1);
}

static int64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The shortest of that many runs. */
static int64_t
least_ns(void (*run)(void *ctx), void *ctx, unsigned runs)
{
	int64_t least = INT64_MAX;
	unsigned i;

	for (i = 0; i < runs; i++) {
		int64_t start = clock_ns(), took;

		run(ctx);
		took = clock_ns() - start;
		least = took < least ? took : least;
	}
	return least;
}

/* ---- keys and tokens ---------------------------------------------------- */

struct signer {
	enum alg_id alg;
	EVP_PKEY *pkey;
};

static const uint8_t secret[64] = "a secret of the bench, long enough for 512";

static EVP_PKEY *
new_key(enum alg_id alg)
{
	switch (alg_row(alg)->kind) {
	case KEY_P256:
		return EVP_EC_gen("P-256");
	case KEY_P384:
		return EVP_EC_gen("P-384");
	case KEY_P521:
		return EVP_EC_gen("P-521");
	case KEY_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case KEY_ED448:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
	case KEY_RSA:
		return EVP_RSA_gen(2048);
	default:
		return EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
		    secret, sizeof(secret));
	}
}

static void
set_padding(EVP_PKEY_CTX *ctx, enum alg_id alg)
{
	if (alg_row(alg)->scheme != SCHEME_RSA_PSS)
		return;
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING);
	EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST);
}

/* In OpenSSL's own form: DER for ECDSA. */
static size_t
sign(const struct signer *signer, struct bytes text, uint8_t out[512])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	size_t len = 512;

	if (ctx == NULL || EVP_DigestSignInit_ex(ctx, &pctx,
	    alg_row(signer->alg)->digest, NULL, NULL, signer->pkey, NULL) != 1)
		broken("no context to sign with");
	set_padding(pctx, signer->alg);
	if (EVP_DigestSign(ctx, out, &len, text.ptr, text.len) != 1)
		broken("signing failed");
	EVP_MD_CTX_free(ctx);
	return len;
}

/* R || S in place of the DER. */
static size_t
unpack_ecdsa(uint8_t *signature, size_t len, size_t size)
{
	const uint8_t *pos = signature;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &pos, (long)len);
	int half = (int)size / 2;

	if (sig == NULL ||
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, half) != half ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + half, half) != half)
		broken("a signature that is not DER");
	ECDSA_SIG_free(sig);
	return size;
}

/* A compact token; freed by the caller. */
static char *
make_token(const struct signer *signer, const char *payload)
{
	const struct alg *row = alg_row(signer->alg);
	char header[64];
	uint8_t signature[512];
	size_t len, sig_len;
	char *token;

	snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", row->name);
	token = calloc(1, 1024 + b64url_encoded_len(strlen(payload)));
	if (token == NULL)
		broken("no memory");
	b64url_encode(bytes_str(header), token);
	len = b64url_encoded_len(strlen(header));
	token[len++] = '.';
	b64url_encode(bytes_str(payload), token + len);
	len += b64url_encoded_len(strlen(payload));
	sig_len = sign(signer, bytes_of(token, len), signature);
	if (row->scheme == SCHEME_ECDSA)
		sig_len = unpack_ecdsa(signature, sig_len, row->sig_len);
	token[len++] = '.';
	b64url_encode(bytes_of(signature, sig_len), token + len);
	return token;
}

/* The key as its issuer would publish it: PEM, or a JWK for a secret. */
static void
publish(const struct signer *signer, struct secret *out)
{
	uint8_t *der = NULL;
	int len;
	char *text;

	if (secret_alloc(1024, out) != JWT_OK)
		broken("no memory");
	text = (char *)out->ptr;
	if (alg_row(signer->alg)->kind == KEY_OCT) {
		strcpy(text, "{\"kty\":\"oct\",\"k\":\"");
		b64url_encode(bytes_of(secret, sizeof(secret)),
		    text + strlen(text));
		strcat(text, "\"}");
	} else {
		len = i2d_PUBKEY(signer->pkey, &der);
		if (len <= 0)
			broken("a key that cannot be written");
		strcpy(text, "-----BEGIN PUBLIC KEY-----\n");
		EVP_EncodeBlock((uint8_t *)text + strlen(text), der, len);
		strcat(text, "\n-----END PUBLIC KEY-----\n");
		OPENSSL_free(der);
	}
	out->len = strlen(text);
}

/* ---- policies ----------------------------------------------------------- */

static const char config[] =
	"[issuer corp]\n"
	"iss = https://idp.example.com\n"
	"keys = /none\n"
	"algorithms = %s\n"
	"audience = urn:host\n"
	"[service sshd]\n"
	"%s";

static void
load(const struct signer *signer, const char *rules, struct policy *out)
{
	static const struct policy_host host;
	struct jwk_file file = {
		.name = "bench",
		.symmetric = alg_row(signer->alg)->kind == KEY_OCT
	};
	struct diag diag = { 0 };
	struct secret key;
	char *text;

	if (asprintf(&text, config, alg_row(signer->alg)->name, rules) < 0)
		broken("no memory");
	publish(signer, &key);
	if (policy_parse(bytes_str(text), "bench", &host, &diag, out) !=
	    JWT_OK || jwk_set_add(&out->issuers[0].set, &file, &key, &diag) !=
	    JWT_OK || policy_bind_keys(out, &out->issuers[0], &diag) != JWT_OK)
		broken(diag_first_error(&diag)->text);
	secret_clear(&key);
	diag_clear(&diag);
	free(text);
}

static enum jwt_reason
everybody(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	(void)name;
	out->exists = true;
	return JWT_OK;
}

/* One decision: the account of a bench is always alice. */
struct decision {
	const struct policy *policy;
	const char *token;
	enum jwt_reason reason;
};

static void
decide(void *ctx)
{
	static const struct account_host accounts = { .look_up = everybody };
	struct decision *decision = ctx;
	struct verdict_input in = {
		.policy = decision->policy,
		.service = policy_service(decision->policy, "sshd"),
		.user = "alice", .rhost = "10.1.2.3", .now = NOW,
		.accounts = &accounts
	};
	struct verdict out;

	verdict_parse(bytes_str(decision->token), &in);
	decision->reason = verdict_reach(&in, &out);
	verdict_clear(&out);
}

/* ---- tokens of any shape ------------------------------------------------ */

#define CLAIMS "{\"iss\":\"https://idp.example.com\",\"sub\":\"alice\"," \
	"\"aud\":\"urn:host\",\"exp\":1800000600,\"iat\":1800000000,\"x\":"

/* What is repeated between an opening and a closing until the token is full. */
static const struct shape {
	const char *name;
	const char *open, *unit, *close;
	unsigned most;		/* times; 0: as many as fit */
	enum jwt_reason reason;
} shapes[] = {
	{ "a plain string", "\"", "abcdefgh", "\"", 0, JWT_OK },
	{ "escapes \\u0041", "\"", "\\u0041", "\"", 0, JWT_OK },
	{ "escaped pairs", "\"", "\\ud83d\\ude00", "\"", 0, JWT_OK },
	{ "escapes \\n", "\"", "\\n", "\"", 0, JWT_OK },
	{ "UTF-8", "\"", "\xf0\x9f\x98\x80", "\"", 0, JWT_OK },
	{ "numbers", "[1", ",1", "]", 0, JWT_OK },
	{ "a long number", "1", "0", "", 0, JWT_OK },
	{ "empty strings", "[\"\"", ",\"\"", "]", 0, JWT_OK },
	{ "empty objects", "[{}", ",{}", "]", 0, JWT_OK },
	{ "empty arrays", "[[]", ",[]", "]", 0, JWT_OK },
	{ "nested arrays", "[0", ",[[[[[[[[[[[[[[]]]]]]]]]]]]]]", "]", 0,
	  JWT_OK },
	{ "nested objects", "[0", ",{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}", "]",
	  62, JWT_OK },
	{ "arrays that never end", "[", "[", "", 0, JWT_JSON_LIMIT },
	{ "objects that never end", "", "{\"a\":", "", 0, JWT_JSON_LIMIT },
	{ "a string that never ends", "\"", "\\\"", "", 0, JWT_JSON_INVALID },
	{ "blanks", "1", " ", "", 0, JWT_OK },
	{ "one name again and again", "{\"a\":1", ",\"a\":1", "}", 0,
	  JWT_JSON_LIMIT },
};

/* A payload as long as a token can hold. */
static char *
fill(const struct shape *shape)
{
	size_t room = (TOKEN_MAX - 16 - 2 - 43 - 4) / 4 * 3;
	char *out = calloc(1, room + 64);
	size_t unit = strlen(shape->unit), len, tail, i;

	if (out == NULL)
		broken("no memory");
	len = (size_t)sprintf(out, "%s%s", CLAIMS, shape->open);
	tail = strlen(shape->close) + 1;
	for (i = 0; len + unit + tail <= room &&
	    (shape->most == 0 || i < shape->most); i++) {
		memcpy(out + len, shape->unit, unit);
		len += unit;
	}
	sprintf(out + len, "%s}", shape->close);
	return out;
}

/* 250 members of different names beside the six of every token. */
static char *
fill_members(void)
{
	char *out = calloc(1, TOKEN_MAX);
	size_t len, i;

	if (out == NULL)
		broken("no memory");
	len = (size_t)sprintf(out, "%s0", CLAIMS);
	for (i = 0; i < JSON_TOKEN_MEMBERS - 6; i++)
		len += (size_t)sprintf(out + len,
		    ",\"a member with a long name, %04zu\":%zu", i, i);
	strcpy(out + len, "}");
	return out;
}

static void
measure_token(const struct policy *policy, const struct signer *signer,
    const char *name, const char *payload, enum jwt_reason want)
{
	char *token = make_token(signer, payload);
	struct decision decision = { .policy = policy, .token = token };
	size_t heap;
	int64_t ns;

	ns = least_ns(decide, &decision, 200);
	heap_mark();
	decide(&decision);
	heap = heap_peak();
	report(ns < TOKEN_LIMIT_NS && heap < TOKEN_LIMIT_HEAP &&
	    decision.reason == want && strlen(token) <= TOKEN_MAX,
	    "bench: %5zu characters of %s: %s in %lld us, %zu KiB",
	    strlen(token), name, reason_name(decision.reason),
	    (long long)ns / 1000, heap / 1024);
	free(token);
}

static void
bench_shapes(void)
{
	struct signer signer = { .alg = ALG_HS256 };
	struct policy policy;
	char *payload;
	size_t i;

	signer.pkey = new_key(signer.alg);
	load(&signer, "permit = as claim sub\n", &policy);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		payload = fill(&shapes[i]);
		measure_token(&policy, &signer, shapes[i].name, payload,
		    shapes[i].reason);
		free(payload);
	}
	payload = fill_members();
	measure_token(&policy, &signer, "256 members", payload, JWT_OK);
	free(payload);
	policy_clear(&policy);
	EVP_PKEY_free(signer.pkey);
}

/*
 * The rules that cost most, for claims that fill the token: a pattern of
 * nothing but stars and letters against a text that is too long for it, which
 * a deny line refuses, and ten looks through a long list.
 */
static void
bench_dear_rules(void)
{
	static const struct shape letters = {
		"a long text and a pattern", "\"", "aaaaaaaa", "\"", 0, JWT_DENIED
	}, groups = {
		"many groups and 10 lines", "[\"\"", ",\"a\"", "]", 0, JWT_OK
	};
	struct signer signer = { .alg = ALG_HS256 };
	char *rules = calloc(1, 8192), *payload;
	struct policy policy;
	size_t len, i;

	if (rules == NULL)
		broken("no memory");
	signer.pkey = new_key(signer.alg);
	len = (size_t)sprintf(rules, "deny = if x matches \"");
	for (i = 0; i < 85; i++)
		len += (size_t)sprintf(rules + len, "**a");
	strcpy(rules + len, "b\"\npermit = as claim sub\n");
	load(&signer, rules, &policy);
	payload = fill(&letters);
	measure_token(&policy, &signer, letters.name, payload, letters.reason);
	free(payload);
	policy_clear(&policy);
	for (len = i = 0; i < 9; i++)
		len += (size_t)sprintf(rules + len,
		    "permit = as role%zu if x has b\n", i);
	strcpy(rules + len, "permit = as claim sub if x has a\n");
	load(&signer, rules, &policy);
	payload = fill(&groups);
	measure_token(&policy, &signer, groups.name, payload, JWT_OK);
	free(payload);
	policy_clear(&policy);
	EVP_PKEY_free(signer.pkey);
	free(rules);
}

/* ---- the algorithms ----------------------------------------------------- */

/* The same signature by OpenSSL alone. */
struct bare {
	const struct signer *signer;
	struct bytes text;
	uint8_t signature[512];
	size_t len;
};

static void
verify_bare(void *ctx)
{
	struct bare *bare = ctx;
	const struct alg *row = alg_row(bare->signer->alg);
	EVP_MD_CTX *mdctx;
	EVP_PKEY_CTX *pctx;
	uint8_t mac[64];
	size_t len;

	if (row->scheme == SCHEME_HMAC) {
		EVP_Q_mac(NULL, "HMAC", NULL, row->digest, NULL, secret,
		    sizeof(secret), bare->text.ptr, bare->text.len, mac,
		    sizeof(mac), &len);
		return;
	}
	mdctx = EVP_MD_CTX_new();
	EVP_DigestVerifyInit_ex(mdctx, &pctx, row->digest, NULL, NULL,
	    bare->signer->pkey, NULL);
	set_padding(pctx, row->id);
	if (EVP_DigestVerify(mdctx, bare->signature, bare->len,
	    bare->text.ptr, bare->text.len) != 1)
		broken("OpenSSL does not verify what it signed");
	EVP_MD_CTX_free(mdctx);
}

static void
bench_alg(enum alg_id alg)
{
	struct signer signer = { .alg = alg, .pkey = new_key(alg) };
	struct decision decision = { 0 };
	struct policy policy;
	struct bare bare = { .signer = &signer };
	int64_t ours, theirs;
	char *token;

	if (signer.pkey == NULL)
		broken("no key");
	load(&signer, "permit = as claim sub\n", &policy);
	token = make_token(&signer, CLAIMS "0}");
	bare.text = bytes_of(token, (size_t)(strrchr(token, '.') - token));
	bare.len = sign(&signer, bare.text, bare.signature);
	decision = (struct decision){ .policy = &policy, .token = token };
	ours = least_ns(decide, &decision, 300);
	theirs = least_ns(verify_bare, &bare, 300);
	report(decision.reason == JWT_OK && ours - theirs < OVERHEAD_LIMIT_NS,
	    "bench: %-8s %s in %5.1f us, OpenSSL alone %5.1f us",
	    alg_row(alg)->name, reason_name(decision.reason),
	    (double)ours / 1000, (double)theirs / 1000);
	free(token);
	policy_clear(&policy);
	EVP_PKEY_free(signer.pkey);
}

/* ---- rules and maps ----------------------------------------------------- */

struct rules {
	const struct rule_list *list;
	struct rule_facts facts;
	unsigned held;
};

static void
evaluate_all(void *ctx)
{
	struct rules *rules = ctx;
	size_t i;

	rules->held = 0;
	for (i = 0; i < rules->list->count; i++)
		rules->held += rule_evaluate(&rules->list->rule[i],
		    &rules->facts, NULL) == TRI_TRUE;
}

/* Claims as a busy identity provider sends them, with twenty groups. */
static char *
typical_claims(void)
{
	char *out = calloc(1, 4096);
	size_t len, i;

	if (out == NULL)
		broken("no memory");
	len = (size_t)sprintf(out, CLAIMS "0,\"preferred_username\":\"alice\","
	    "\"scope\":\"openid profile ssh\",\"realm_access\":{\"roles\":"
	    "[\"user\",\"ops\"]},\"amr\":[\"pwd\",\"hwk\"],\"auth_time\":"
	    "1799999900,\"groups\":[\"staff\"");
	for (i = 1; i < 20; i++)
		len += (size_t)sprintf(out + len, ",\"group-%02zu\"", i);
	strcpy(out + len, "]}");
	return out;
}

/* An array of 1,000 groups. */
static char *
many_groups(void)
{
	char *out = calloc(1, 32768);
	size_t len, i;

	if (out == NULL)
		broken("no memory");
	len = (size_t)sprintf(out, "{\"groups\":[\"group-00000\"");
	for (i = 1; i < 1000; i++)
		len += (size_t)sprintf(out + len, ",\"group-%05zu\"", i);
	strcpy(out + len, "]}");
	return out;
}

/* So many permit lines of one condition, around the number of a group. */
static char *
permit_lines(unsigned lines, const char *condition, const char *rest)
{
	char *out = calloc(1, 65536);
	size_t len = 0, i;

	if (out == NULL)
		broken("no memory");
	for (i = 0; i < lines; i++)
		len += (size_t)sprintf(out + len, "permit = as role%zu if "
		    "%s%02zu%s\n", i, condition, i % 40, rest);
	return out;
}

/* "groups has WORD { ... }" with 20 values of the length of the groups. */
static char *
twenty_values(const char *word, const char *first, const char *start)
{
	char *out = calloc(1, 1024);
	size_t len, i;

	if (out == NULL)
		broken("no memory");
	len = (size_t)sprintf(out, "permit = as alice if groups has %s { %s",
	    word, first);
	for (i = 0; i < 19; i++)
		len += (size_t)sprintf(out + len, ", group-%s%04zu", start,
		    i * 37 + 1);
	strcpy(out + len, " }\n");
	return out;
}

static char *
people_words(void)
{
	return permit_lines(100, "groups has any { group-", ", \"admins\", ops } "
	    "and sub = claim preferred_username and user in claim sub and time "
	    "06:00-22:00 mon-fri");
}

static char *
plain_words(void)
{
	return permit_lines(100, "groups has \"group-", "\" and "
	    "/realm_access/roles has ops and auth_time within 15m");
}

/* "any" finds one value in the last group, "all" fails for none. */
static char *
any_of_twenty(void)
{
	return twenty_values("any", "group-00999", "1");
}

static char *
all_of_twenty(void)
{
	return twenty_values("all", "group-00000", "0");
}

static char *
prefix(void)
{
	return strdup("permit = as alice if groups has matching "
	    "\"group-1*\"\n");
}

static char *
stars(void)
{
	return strdup("permit = as alice if groups has matching "
	    "\"**-*-x\"\n");
}

/* What rules cost, how many hold, and how long they may take. */
static const struct rules_row {
	const char *name;
	char *(*rules)(void);
	char *(*claims)(void);
	unsigned held;
	int64_t limit_ns;
} rules_rows[] = {
	{ "100 permit lines", plain_words, typical_claims, 57,
	  RULES_LIMIT_NS },
	{ "100 permit lines of the words for people", people_words,
	  typical_claims, 57, RULES_LIMIT_NS },
	{ "1,000 groups, has any of 20", any_of_twenty, many_groups, 1,
	  GROUPS_LIMIT_NS },
	{ "1,000 groups, has all of 20", all_of_twenty, many_groups, 1,
	  GROUPS_LIMIT_NS },
	{ "1,000 groups, has matching a prefix", prefix, many_groups, 0,
	  GROUPS_LIMIT_NS },
	{ "1,000 groups, has matching with stars", stars, many_groups, 0,
	  GLOBS_LIMIT_NS },
};

static void
bench_rules(const struct rules_row *row)
{
	struct signer signer = { .alg = ALG_HS256 };
	char *text = row->rules(), *claims = row->claims();
	struct rules rules = { .facts = { .user = "alice", .now = NOW,
	    .local = zone_time(&zone_utc, NOW), .rhost = "10.1.2.3",
	    .leeway_sec = 60 } };
	struct policy policy;
	struct json_doc doc;
	int64_t ns;

	signer.pkey = new_key(signer.alg);
	load(&signer, text, &policy);
	if (json_parse((uint8_t *)claims, strlen(claims), &json_token_limits,
	    &doc) != JWT_OK)
		broken("the claims of the bench are not JSON");
	rules.list = &policy.services[0].rules;
	rules.facts.claims = json_root(&doc);
	ns = least_ns(evaluate_all, &rules, 1000);
	report(ns < row->limit_ns && rules.held == row->held,
	    "bench: %s in %.1f us, %u of them hold", row->name,
	    (double)ns / 1000, rules.held);
	json_clear(&doc);
	policy_clear(&policy);
	EVP_PKEY_free(signer.pkey);
	free(text);
	free(claims);
}

static void
parse_map(void *ctx)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	const struct account_map *map;

	if (account_map_parse(bytes_str(ctx), "map", &arena, &diag, &map) !=
	    JWT_OK)
		broken("the map of the bench has an error");
	arena_clear(&arena);
	diag_clear(&diag);
}

/* In no order: a sorted file would be the easy case. */
static void
bench_map(void)
{
	char *text = calloc(1, 1 << 20);
	size_t len = 0, i;
	int64_t ns;

	if (text == NULL)
		broken("no memory");
	for (i = 0; i < 10000; i++)
		len += (size_t)sprintf(text + len, "corp auth0|%08zx user%zu\n",
		    i * 2654435761U % 4294967291U, i);
	ns = least_ns(parse_map, text, 30);
	report(ns < MAP_LIMIT_NS, "bench: a map of 10,000 lines in %.2f ms",
	    (double)ns / 1e6);
	free(text);
}

int
main(void)
{
	enum alg_id alg;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_shapes();
	bench_dear_rules();
	for (alg = ALG_ES256; alg <= ALG_HS512; alg++)
		bench_alg(alg);
	for (i = 0; i < sizeof(rules_rows) / sizeof(rules_rows[0]); i++)
		bench_rules(&rules_rows[i]);
	bench_map();
	return failed;
}
