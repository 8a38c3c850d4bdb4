/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Published sets: what is made of each oddity of a provider, what is refused
 * as a whole, and which keys of the old set stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/policy/fetched.h"
#include "sync/keyset.h"
#include "world.h"

#define SOURCE "https://id.test/jwks"
#define ES256(more) world_jwk_with(ALG_ES256, more)
#define FRESH(more) world_jwk_fresh(ALG_ES256, more)
#define KID(kid) ",\"kid\":\"" kid "\""

/* One issuer, and the last set that was made for it. */
struct maker {
	struct world world;
	struct keyset made;
	char *old;	/* what is installed; NULL: nothing */
	int64_t now;
};

static void
open_maker(struct maker *maker, const char *settings)
{
	char *text = world_text("[issuer t]\niss = " WORLD_ISS "\n"
	    "audience = urn:h\nkeys = sync\n%s\n", settings);
	struct policy_host host = { 0 };

	*maker = (struct maker){ .now = WORLD_NOW };
	assert_int_equal(policy_parse(bytes_str(text), "c", &host,
	    &maker->world.diag, &maker->world.policy), JWT_OK);
	free(text);
}

static void
close_maker(struct maker *maker)
{
	keyset_clear(&maker->made);
	world_clear(&maker->world);
	free(maker->old);
}

static struct keyset_input
input_of(const struct maker *maker)
{
	return (struct keyset_input){
		.policy = &maker->world.policy,
		.issuer = &maker->world.policy.issuers[0],
		.source = SOURCE, .now = maker->now,
		.old = bytes_str(maker->old == NULL ? "" : maker->old)
	};
}

/* Whatever comes out of it, a refusal has a fault and no text. */
static enum jwt_reason
check_result(struct maker *maker, enum jwt_reason reason)
{
	const struct keyset *made = &maker->made;

	assert_true(reason == JWT_OK || reason == JWT_KEY_FILE_INVALID);
	assert_int_equal(reason == JWT_OK, made->fault[0] == '\0');
	assert_int_equal(reason == JWT_OK, made->text.len > 0);
	return reason;
}

/* Make a set of a body, which is freed. */
static enum jwt_reason
make(struct maker *maker, char *body)
{
	struct keyset_input input = input_of(maker);
	struct document_answer answer = { .body = bytes_str(body) };
	enum jwt_reason reason;

	keyset_clear(&maker->made);
	reason = keyset_make(&input, &answer, &maker->made);
	free(body);
	return check_result(maker, reason);
}

static enum jwt_reason
renew(struct maker *maker)
{
	struct keyset_input input = input_of(maker);

	keyset_clear(&maker->made);
	return check_result(maker, keyset_renew(&input, &maker->made));
}

/* The set that was made becomes the old one, as after an installation. */
static void
install(struct maker *maker)
{
	free(maker->old);
	maker->old = strndup((const char *)maker->made.text.ptr,
	    maker->made.text.len);
	assert_non_null(maker->old);
}

/* Set text to be found in a string, NULL: that it is empty. */
static void
says(const char *string, const char *text)
{
	if (text == NULL)
		assert_string_equal(string, "");
	else if (strstr(string, text) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", text, string);
}

static bool
text_has(const struct maker *maker, const char *text)
{
	return memmem(maker->made.text.ptr, maker->made.text.len, text,
	    strlen(text)) != NULL;
}

/* "a b" of names, in their order. */
static void
names_are(const struct keyset_names *names, const char *expected)
{
	char text[512] = "";
	size_t len = 0, i;

	for (i = 0; i < names->count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%.*s", i == 0 ? "" : " ", (int)names->name[i].len,
		    (const char *)names->name[i].ptr);
	assert_string_equal(text, expected);
}

/* A set of its own, made and closed: how many keys, and what is said. */
static void
takes(const char *settings, char *body, size_t keys, const char *notes)
{
	struct maker maker;

	open_maker(&maker, settings);
	assert_int_equal(make(&maker, body), JWT_OK);
	assert_int_equal(maker.made.keys, keys);
	assert_true(maker.made.changed);
	says(maker.made.notes, notes);
	close_maker(&maker);
}

static void
refuses(const char *settings, char *body, const char *fault)
{
	struct maker maker;

	open_maker(&maker, settings);
	assert_int_equal(make(&maker, body), JWT_KEY_FILE_INVALID);
	says(maker.made.fault, fault);
	assert_false(maker.made.has_private);
	close_maker(&maker);
}

static void
test_plain(void **state)
{
	char *head = world_text("{\"synced\":%lld,\"source\":\"" SOURCE "\","
	    "\"iss\":\"" WORLD_ISS "\",\"keys\":[{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"",
	    (long long)WORLD_NOW);
	struct maker maker;

	(void)state;
	open_maker(&maker, "");
	assert_int_equal(make(&maker, world_set(ES256(KID("a")
	    ",\"use\":\"sig\",\"x5c\":[\"MII\"],\"alg\":\"ES256\","
	    "\"dropped\":1"), NULL)), JWT_OK);
	/* Nothing but what a login reads; and a published key counts. */
	assert_memory_equal(maker.made.text.ptr, head, strlen(head));
	assert_true(text_has(&maker, "\",\"alg\":\"ES256\",\"kid\":\"a\"}]}"));
	names_are(&maker.made.added, "a");
	names_are(&maker.made.removed, "");
	says(maker.made.notes, NULL);
	free(head);
	close_maker(&maker);
}

/* Every kind of key stays what it is. */
static void
test_kinds(void **state)
{
	enum alg_id alg;

	(void)state;
	for (alg = ALG_ES256; alg <= ALG_ML_DSA_87; alg++) {
		struct maker maker;
		char *jwk;

		if ((ALG_BIT(alg) & ALG_SYMMETRIC) != 0 || !sig_supports(alg))
			continue;
		jwk = world_jwk(alg);
		open_maker(&maker, "");
		assert_int_equal(make(&maker, world_set(jwk, NULL)), JWT_OK);
		assert_int_equal(maker.made.keys, 1);
		says(maker.made.notes, NULL);
		install(&maker);
		assert_int_equal(renew(&maker), JWT_OK);
		assert_false(maker.made.changed);
		assert_memory_equal(maker.old, maker.made.text.ptr,
		    maker.made.text.len);
		close_maker(&maker);
	}
}

static void
test_not_used(void **state)
{
	static const struct {
		const char *jwk, *why;
	} rows[] = {
		{ "7", "1 key not used: it is not a JSON object" },
		{ "null", "not a JSON object" },
		{ "{}", "kty or crv is missing" },
		{ "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"s\"}",
		    "1 key not used: a secret (kty is oct)" },
		{ "{\"kty\":\"EC\",\"crv\":\"secp256k1\"}", "kty or crv" },
		{ "{\"kty\":\"OKP\",\"crv\":\"X25519\"}", "kty or crv" },
		{ "{\"kty\":\"RSA\",\"use\":\"enc\"}", "use is not sig" },
		{ "{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP\"}", "alg does not fit" },
		{ "{\"kty\":\"RSA\",\"alg\":7}", "alg is not a string" },
		{ "{\"kty\":\"RSA\",\"kid\":7}", "kid is not a string" },
		{ "{\"kty\":\"RSA\",\"key_ops\":[\"sign\"]}", "key_ops" },
		{ "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQAB\"}",
		    "below 2048 bits" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		takes("", world_set(world_text("%s", rows[i].jwk),
		    ES256(KID("a")), NULL), 1, rows[i].why);
		refuses("", world_set(world_text("%s", rows[i].jwk), NULL),
		    "no key can be used: 1 key not used: ");
	}
	takes("", world_set(world_text("7"), world_text("{}"),
	    world_text("{}"), ES256(KID("a")), NULL), 1, "3 keys not used: "
	    "it is not a JSON object, kty or crv is missing or not supported "
	    "(2)");
}

/* A reason that is too long, and a kid that would write to the terminal. */
static void
test_printable(void **state)
{
	struct maker maker;
	size_t i;

	(void)state;
	open_maker(&maker, "");
	assert_int_equal(make(&maker, world_set(ES256(KID("\\u001b[2J")),
	    FRESH(KID("\\u001b[2J")), ES256(KID("a")), NULL)), JWT_OK);
	says(maker.made.notes, "have the kid \"?[2J\" and the algorithm");
	for (i = 0; maker.made.notes[i] != '\0'; i++)
		assert_true(maker.made.notes[i] >= ' ' &&
		    maker.made.notes[i] <= '~');
	close_maker(&maker);
}

static void
test_whole(void **state)
{
	char *x5c = world_text("%61440s", "");
	char *more = world_text(KID("a") ",\"x5c\":[\"%s\"]", x5c);

	(void)state;
	takes("", world_set(ES256(more), NULL), 1, NULL);
	free(more);
	free(x5c);
	refuses("", world_text("{\"keys\":[]}"), "no key can be used");
	refuses("", world_text("{\"keys\":{}}"), "not a JWK Set");
	refuses("", world_text("{}"), "not a JWK Set");
	refuses("", ES256(KID("a")), "not a JWK Set");
	refuses("", world_text("-----BEGIN PUBLIC KEY-----\n"),
	    "not a JSON object");
	refuses("", world_text("\xef\xbb\xbf{\"keys\":[]}"),
	    "byte order mark");
	refuses("", world_text("<html>"), "page");
	refuses("", world_text("{\"keys\":[],\"keys\":[]}"), "two members");
	refuses("", world_text("%s", ""), "empty");
}

static void
test_html(void **state)
{
	char *body = world_set(ES256(KID("a")), NULL);
	struct document_answer answer = {
		.content_type = bytes_str("text/html"), .body = bytes_str(body)
	};
	struct keyset_input input;
	struct maker maker;

	(void)state;
	open_maker(&maker, "");
	input = input_of(&maker);
	assert_int_equal(keyset_make(&input, &answer, &maker.made),
	    JWT_KEY_FILE_INVALID);
	says(maker.made.fault, "it is HTML");
	answer.content_type = bytes_str("application/jwk-set+json");
	assert_int_equal(keyset_make(&input, &answer, &maker.made), JWT_OK);
	free(body);
	close_maker(&maker);
}

/* So many keys, each with a kid of its own. */
static char *
many(size_t count)
{
	char *set = world_text("{\"keys\":["), *whole;
	size_t i;

	for (i = 0; i < count; i++) {
		char *kid = world_text(",\"kid\":\"k%zu\"", i);
		char *jwk = world_jwk_with(ALG_ED25519, kid);
		char *more = world_text("%s%s%s", set, i == 0 ? "" : ",", jwk);

		free(kid);
		free(jwk);
		free(set);
		set = more;
	}
	whole = world_text("%s]}", set);
	free(set);
	return whole;
}

static void
test_limit(void **state)
{
	(void)state;
	takes("", many(256), 256, NULL);
	refuses("", many(257), "more than 256 keys");
	refuses("", many(300), "more than 256 keys");
}

static void
test_private(void **state)
{
	static const char *const members[] = {
		",\"d\":\"AA\"", ",\"p\":\"AA\"", ",\"priv\":\"AA\"",
		",\"oth\":[]", ",\"k\":\"AA\"", ",\"d\":null"
	};
	struct maker maker;
	size_t i;

	(void)state;
	open_maker(&maker, "");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		assert_int_equal(make(&maker, world_set(ES256(KID("a")),
		    ES256(members[i]), NULL)), JWT_KEY_FILE_INVALID);
		assert_true(maker.made.has_private);
		says(maker.made.fault, "key 2 of the set is a PRIVATE key");
	}
	/* One that would be left out anyway is known to everybody as well. */
	assert_int_equal(make(&maker, world_set(ES256(KID("a")),
	    world_text("{\"kty\":\"RSA\",\"use\":\"enc\",\"d\":\"AA\"}"),
	    NULL)), JWT_KEY_FILE_INVALID);
	assert_true(maker.made.has_private);
	close_maker(&maker);
}

/* ---- names and algorithms ----------------------------------------------- */

static void
test_rsa(void **state)
{
	(void)state;
	takes("", world_set(world_jwk_with(ALG_RS256, KID("r")),
	    ES256(KID("a")), NULL), 1, "1 key not used: RSA without alg: set "
	    "algorithms = RS256");
	refuses("", world_set(world_jwk_with(ALG_RS256, KID("r")), NULL),
	    "algorithms = RS256");
	takes("algorithms = RS256", world_set(world_jwk_with(ALG_RS256,
	    KID("r")), NULL), 1, "1 key without alg, used for RS256");
	refuses("algorithms = RS256 PS256", world_set(world_jwk_with(ALG_RS256,
	    KID("r")), NULL), "algorithms = RS256");
	takes("algorithms = RS256 ES256", world_set(world_jwk_with(ALG_RS256,
	    KID("r")), ES256(KID("a")), NULL), 2, "used for RS256");
	takes("algorithms = ES256", world_set(world_jwk(ALG_RS256),
	    ES256(KID("a")), NULL), 1, "1 key not used: its alg is not one of "
	    "algorithms");
	refuses("algorithms = ES384", world_set(ES256(KID("a")), NULL),
	    "not one of algorithms");
}

static void
test_added_alg(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "algorithms = PS384");
	assert_int_equal(make(&maker, world_set(world_jwk_with(ALG_RS256,
	    KID("r")), NULL)), JWT_OK);
	assert_true(text_has(&maker, "\"alg\":\"PS384\",\"kid\":\"r\""));
	close_maker(&maker);
}

static void
test_duplicates(void **state)
{
	char *rs = world_jwk_with(ALG_RS256, KID("r") ",\"alg\":\"RS256\"");
	char *ps = world_jwk_with(ALG_RS256, KID("r") ",\"alg\":\"PS256\"");

	(void)state;
	takes("", world_set(ES256(KID("a")), ES256(KID("a")), NULL), 1,
	    "stands twice, and is used once");
	takes("", world_set(ES256(KID("a")), ES256(KID("b")), NULL), 2, NULL);
	takes("", world_set(ES256(KID("a")), FRESH(KID("a")),
	    FRESH(KID("b")), NULL), 1, "2 different keys have the kid \"a\"");
	refuses("", world_set(ES256(KID("a")), FRESH(KID("a")), NULL),
	    "2 different keys have the kid");
	/* One that is not sound could be the one that was meant. */
	refuses("", world_set(ES256(KID("a")), world_text("{\"kty\":\"EC\","
	    "\"crv\":\"P-256\",\"kid\":\"a\",\"x\":\"AQ\"}"), NULL),
	    "2 different keys have the kid");
	/* For encryption, or of another alg, it is not. */
	takes("", world_set(ES256(KID("a")), FRESH(KID("a") ",\"use\":\"enc\""),
	    NULL), 1, "use is not sig");
	takes("", world_set(rs, ps, NULL), 2, NULL);
	takes("", world_set(ES256(""), FRESH(""), NULL), 2, NULL);
}

/* ---- coordinates -------------------------------------------------------- */

/* The numbers of a provider (reference/clients.md, F6): y has 31 bytes. */
#define SEEN "{\"kty\":\"EC\",\"x\":\"TO1z1BMZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-" \
	"5f-cL4\",\"y\":\"tIhYA4RxxQB6vixwMGNn7ZNHp-0UmKdsv-X9P2XmtQ\"," \
	"\"crv\":\"P-256\",\"kid\":\"w\",\"alg\":\"ES256\"}"

#define EC "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"w\","

/* Multiples of the base point whose x, or y, starts with two zero octets. */
#define TWO_OF_X EC "\"x\":\"P18XiqBwbEIx625UlaoWQsW4qZQSfIlGXyKZSkL5\"," \
	"\"y\":\"wkizN1mfDC8pdy4lbx1VScibqeVzE4LNHjzAnRDQC1U\"}"
#define TWO_OF_Y EC "\"x\":\"an6ZWIzJ_SkwZfzvpIz1028mkMGN7QdxrMArEtnWsQc" \
	"\",\"y\":\"LufbcGW3qZmUWevmZxzRdixbV9OfYn_ER6RKEbU_\"}"

static void
test_short(void **state)
{
	struct maker maker;

	(void)state;
	takes("", world_set(world_text("%s", SEEN), NULL), 1,
	    "1 key padded: a coordinate lacked leading zeros");
	takes("", world_set(world_text("%s", TWO_OF_X), NULL), 1,
	    "1 key padded");
	takes("", world_set(world_text("%s", TWO_OF_Y), ES256(KID("a")), NULL),
	    2, "1 key padded");
	open_maker(&maker, "");
	assert_int_equal(make(&maker, world_set(world_text("%s", SEEN),
	    NULL)), JWT_OK);
	assert_true(text_has(&maker, "\"y\":\"ALSIWAOEccUAer4scDBjZ-2TR6ft"
	    "FJinbL_l_T9l5rU\""));
	close_maker(&maker);
	/* It is not zeros that these lack. */
	refuses("", world_set(world_text("%s", EC "\"x\":\"AQ\",\"y\":\"AQ\"}"),
	    NULL), "not on the curve");
	refuses("", world_set(world_text("%s", EC "\"x\":\"\",\"y\":\"AQ\"}"),
	    NULL), "missing or not base64url");
	refuses("", world_set(world_text("%s", EC "\"x\":\"AQ\"}"), NULL),
	    "wrong length");
	/* Of an Ed25519 key zeros at the end would be lacking. */
	refuses("", world_set(world_text("{\"kty\":\"OKP\",\"crv\":"
	    "\"Ed25519\",\"x\":\"AQ\"}"), NULL), "32 bytes");
}

/* ---- what there was ----------------------------------------------------- */

static void
put(struct maker *maker, char *body, const char *added, const char *removed)
{
	assert_int_equal(make(maker, body), JWT_OK);
	names_are(&maker->made.added, added);
	names_are(&maker->made.removed, removed);
	if (added[0] != '\0' || removed[0] != '\0')
		assert_true(maker->made.changed);
	install(maker);
}

static void
test_rotation(void **state)
{
	char *next = FRESH(KID("b"));
	struct maker maker;

	(void)state;
	open_maker(&maker, "");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	put(&maker, world_set(ES256(KID("a")), NULL), "", "");
	assert_false(maker.made.changed);
	/* With overlap. */
	put(&maker, world_set(ES256(KID("a")), world_text("%s", next), NULL),
	    "b", "");
	/* In another order, with other words beside them: the same keys. */
	put(&maker, world_set(world_text("%s", next), ES256(KID("a")
	    ",\"use\":\"sig\",\"alg\":\"ES256\""), NULL), "", "");
	assert_false(maker.made.changed);
	put(&maker, world_set(next, NULL), "", "a");
	/* Without; and a new key of the old kid. */
	put(&maker, world_set(FRESH(KID("c")), NULL), "c", "b");
	put(&maker, world_set(FRESH(KID("c")), NULL), "c", "c");
	/* An old key that verifies another alg now. */
	put(&maker, world_set(world_jwk_with(ALG_RS256, KID("r")
	    ",\"alg\":\"RS256\""), NULL), "r", "c");
	put(&maker, world_set(world_jwk_with(ALG_RS256, KID("r")
	    ",\"alg\":\"PS256\""), NULL), "r", "r");
	close_maker(&maker);
}

/* A key without a kid is known by its thumbprint. */
static void
test_names(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "");
	assert_int_equal(make(&maker, world_set(ES256(""), ES256(KID("")),
	    NULL)), JWT_OK);
	assert_int_equal(maker.made.added.count, 2);
	assert_int_equal(maker.made.added.name[0].len, 43);
	assert_int_equal(maker.made.added.name[1].len, 43);
	close_maker(&maker);
}

static void
test_synced(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	maker.now += 600;
	assert_int_equal(renew(&maker), JWT_OK);
	assert_false(maker.made.changed);
	assert_int_equal(maker.made.keys, 1);
	assert_true(text_has(&maker, "{\"synced\":1700000600,"));
	assert_int_equal(make(&maker, world_set(ES256(KID("a")), NULL)),
	    JWT_OK);
	assert_true(text_has(&maker, "{\"synced\":1700000600,"));
	/* A clock before 1970 makes no set that a login would not take. */
	maker.now = -1;
	assert_int_equal(make(&maker, world_set(ES256(KID("a")), NULL)),
	    JWT_KEY_FILE_INVALID);
	says(maker.made.fault, "synced");
	close_maker(&maker);
}

/* What is there is no set: all keys are new, and a 304 is of no use. */
static void
test_old_malformed(void **state)
{
	static const char *const rows[] = {
		"", "x", "{}", "{\"keys\":[]}", "{\"synced\":1,\"keys\":[7]}",
		"-----BEGIN PUBLIC KEY-----"
	};
	struct maker maker;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		open_maker(&maker, "keep_old = 10m");
		maker.old = world_text("%s", rows[i]);
		assert_int_equal(renew(&maker), JWT_KEY_FILE_INVALID);
		says(maker.made.fault, "the old set cannot be read");
		put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
		close_maker(&maker);
	}
}

static void
test_keep_old(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	maker.now++;
	put(&maker, world_set(FRESH(KID("b")), NULL), "b", "");
	says(maker.made.notes, "1 key kept, not published any more");
	assert_true(text_has(&maker, "\"kid\":\"a\",\"dropped\":1700000001}"));
	assert_int_equal(maker.made.keys, 2);
	/* When it was dropped does not move, by whatever answer. */
	maker.now += 599;
	assert_int_equal(renew(&maker), JWT_OK);
	assert_false(maker.made.changed);
	assert_true(text_has(&maker, "\"dropped\":1700000001}"));
	install(&maker);
	maker.now++;
	assert_int_equal(renew(&maker), JWT_OK);
	names_are(&maker.made.removed, "a");
	assert_true(maker.made.changed);
	assert_int_equal(maker.made.keys, 1);
	close_maker(&maker);
}

/*
 * What is published goes before a kept key of its kid: be it used, not sound,
 * or of an alg that is not allowed.
 */
static void
test_keep_replaced(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m\nalgorithms = ES256");
	put(&maker, world_set(ES256(KID("a")), FRESH(KID("s")),
	    FRESH(KID("e")), FRESH(KID("x")), NULL), "a s e x", "");
	put(&maker, world_set(FRESH(KID("a")), world_text("%s", "{\"kty\":"
	    "\"EC\",\"crv\":\"P-256\",\"kid\":\"s\",\"x\":\"AQ\"}"),
	    world_jwk_with(ALG_ED25519, KID("e")), NULL), "a", "a s e");
	says(maker.made.notes, "1 key kept");
	assert_true(text_has(&maker, "\"kid\":\"x\",\"dropped\":"));
	close_maker(&maker);
}

/* A dropped key that is published again is as any other. */
static void
test_keep_back(void **state)
{
	char *other = FRESH(KID("b"));
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	put(&maker, world_set(world_text("%s", other), NULL), "b", "");
	put(&maker, world_set(world_text("%s", other), ES256(KID("a")), NULL),
	    "", "");
	assert_true(maker.made.changed);
	assert_false(text_has(&maker, "dropped"));
	/* Without another key that is published, nothing is kept alive. */
	assert_int_equal(make(&maker, world_text("{\"keys\":[]}")),
	    JWT_KEY_FILE_INVALID);
	free(other);
	close_maker(&maker);
}

/* Keys that do not count at this moment are not brought back. */
static void
test_keep_stale(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m\nkeys_max_age = 1h");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	maker.now += 3600;
	assert_int_equal(make(&maker, world_set(FRESH(KID("b")), NULL)),
	    JWT_OK);
	assert_int_equal(maker.made.keys, 2);
	maker.now++;
	assert_int_equal(make(&maker, world_set(FRESH(KID("b")), NULL)),
	    JWT_OK);
	names_are(&maker.made.removed, "a");
	assert_int_equal(maker.made.keys, 1);
	/* Nor where the settings do not want them any more. */
	close_maker(&maker);
	open_maker(&maker, "keep_old = 10m");
	put(&maker, world_set(ES256(KID("a")), world_jwk_with(ALG_ED25519,
	    KID("e")), NULL), "a e", "");
	maker.world.policy.issuers[0].algorithms_given = true;
	maker.world.policy.issuers[0].algorithms = ALG_BIT(ALG_ED25519);
	put(&maker, world_set(world_jwk_fresh(ALG_ED25519, KID("f")), NULL),
	    "f", "a");
	says(maker.made.notes, "1 key kept");
	close_maker(&maker);
}

/* 256 keys in all; those that are published come first. */
static void
test_keep_limit(void **state)
{
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m");
	put(&maker, world_set(ES256(KID("a")), FRESH(KID("b")), NULL), "a b",
	    "");
	assert_int_equal(make(&maker, many(255)), JWT_OK);
	assert_int_equal(maker.made.keys, 256);
	says(maker.made.notes, "1 key kept");
	names_are(&maker.made.removed, "b");
	assert_int_equal(make(&maker, many(256)), JWT_OK);
	assert_int_equal(maker.made.keys, 256);
	says(maker.made.notes, NULL);
	close_maker(&maker);
}

static void
test_look(void **state)
{
	struct keyset_input input;
	struct keyset_look look;
	struct maker maker;

	(void)state;
	open_maker(&maker, "keep_old = 10m\nkeys_max_age = 1h");
	input = input_of(&maker);
	assert_int_equal(keyset_look(&input, &look), JWT_OK);
	assert_false(look.usable);
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	put(&maker, world_set(FRESH(KID("b")), NULL), "b", "");
	input = input_of(&maker);
	assert_int_equal(keyset_look(&input, &look), JWT_OK);
	assert_true(look.usable);
	assert_int_equal(look.synced, WORLD_NOW);
	assert_int_equal(look.keys, 2);
	/* However old it is, it can be asked about; but keys end. */
	input.now += 3601;
	assert_int_equal(keyset_look(&input, &look), JWT_OK);
	assert_true(look.usable);
	assert_int_equal(look.keys, 1);
	close_maker(&maker);
}

/* What is installed is what a login takes, whole. */
static void
test_login(void **state)
{
	struct maker maker;
	struct issuer *issuer;
	struct secret text;

	(void)state;
	open_maker(&maker, "keep_old = 10m");
	put(&maker, world_set(ES256(KID("a")), NULL), "a", "");
	put(&maker, world_set(world_text("%s", SEEN), world_jwk(ALG_PS256),
	    ES256(KID("c") ",\"use\":\"enc\""), NULL), "w PS256", "");
	issuer = &maker.world.policy.issuers[0];
	assert_int_equal(secret_copy(bytes_str(maker.old), &text), JWT_OK);
	assert_int_equal(fetched_add(&maker.world.policy, issuer, "f", &text,
	    maker.now, &maker.world.diag), JWT_OK);
	assert_int_equal(issuer->fetched, JWT_OK);
	assert_int_equal(issuer->set.count, 3);
	assert_int_equal(maker.world.diag.count, 0);
	secret_clear(&text);
	close_maker(&maker);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_not_used),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_added_alg),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_synced),
		cmocka_unit_test(test_old_malformed),
		cmocka_unit_test(test_keep_old),
		cmocka_unit_test(test_keep_replaced),
		cmocka_unit_test(test_keep_back),
		cmocka_unit_test(test_keep_stale),
		cmocka_unit_test(test_keep_limit),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
