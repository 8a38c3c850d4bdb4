/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens that arrive in several answers: complete exactly where they are,
 * whatever the algorithm, and nothing else is ever asked on for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/jose/jws.h"
#include "core/jose/shape.h"
#include "core/parts.h"
#include "core/programs.h"
#include "core/verdict.h"
#include "tests/attacks/forge.h"
#include "tests/lib/jwe_make.h"

static enum parts_state
add(struct parts *parts, const struct world *world, const char *text,
    size_t len)
{
	(void)world;
	assert_int_equal(parts_add(parts, PARTS_BY_FORM,
	    bytes_of(text, len)), JWT_OK);
	return parts->state;
}

/* The token that is not encrypted. */
static struct jws *
take_jws(struct parts *parts)
{
	struct jws *jws;
	struct jwe *jwe;

	parts_take_token(parts, &jws, &jwe);
	assert_null(jwe);
	return jws;
}

/* What a verdict would get: the whole token, and it is sound. */
static void
take_sound(struct parts *parts)
{
	struct jws *jws = take_jws(parts);
	struct bytes input;

	assert_non_null(jws);
	assert_int_equal(jws_parsed(jws), JWT_OK);
	input = jws_signing_input(jws);
	assert_ptr_equal(input.ptr, parts->text.ptr);
	assert_true(input.len < parts->text.len);
	jws_free(jws);
}

/*
 * The last part.  Where it could be cut just there, and its signature be only
 * begun, nothing is the answer to the question for more.
 */
static void
add_last(struct parts *parts, const char *text, size_t len)
{
	enum parts_state found = add(parts, NULL, text, len);

	if (found == PARTS_WANTED) {
		assert_true(len == PARTS_LEN || programs_cut_at(len));
		found = add(parts, NULL, "", 0);
	}
	assert_int_equal(found, PARTS_COMPLETE);
}

/* Cut at every place: the first part asks for the second, which completes. */
static void
split_everywhere(const struct world *world, const char *token)
{
	size_t len = strlen(token), at;

	for (at = 12; at < len; at++) {
		struct parts parts = { .state = PARTS_COMPLETE };

		assert_int_equal(add(&parts, world, token, at), PARTS_WANTED);
		add_last(&parts, token + at, len - at);
		assert_true(bytes_eq_str(secret_bytes(&parts.text), token));
		assert_int_equal(parts.count, 2);
		assert_int_equal(parts.last_len, len - at);
		take_sound(&parts);
		parts_clear(&parts);
	}
}

/* One algorithm of each scheme and length of signature. */
static void
test_every_split(void **state)
{
	static const enum alg_id algs[] = {
		ALG_ES256, ALG_ES384, ALG_ES512, ALG_ED25519, ALG_ED448,
		ALG_RS256, ALG_PS512, ALG_HS256, ALG_HS512
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		const char *name = alg_row(algs[i])->name;
		char *line = world_text("algorithms = %s", name);
		char *header = world_text("{\"alg\":\"%s\"}", name);
		char *token = world_sign(algs[i], header,
		    "{" WORLD_CLAIMS "}");
		struct world world;

		assert_int_equal(world_load(&world, line, "",
		    world_jwk(algs[i])), JWT_OK);
		split_everywhere(&world, token);
		world_clear(&world);
		free(token);
		free(header);
		free(line);
	}
}

/* The header of the algorithm, claims that nobody reads, and a signature. */
static char *
token_of(const char *header, size_t signature_len, size_t len)
{
	size_t rest = len - strlen(header) - 2 - signature_len;

	return world_text("%s.%0*d.%0*d", header, (int)rest, 0,
	    (int)signature_len, 0);
}

#define RS256	"eyJhbGciOiJSUzI1NiJ9"
#define EDDSA	"eyJhbGciOiJFZERTQSJ9"

/* What is asked for after it, and what it is when there is no more. */
static void
check_length(const char *header, size_t signature_len, size_t len,
    enum parts_state first, enum parts_state last)
{
	struct parts parts = { .state = PARTS_COMPLETE };
	char *token = token_of(header, signature_len, len);

	if (add(&parts, NULL, token, len) != first)
		fail_msg("%zu of %zu bytes: %d", signature_len, len,
		    (int)parts.state);
	if (first == PARTS_WANTED && add(&parts, NULL, "", 0) != last)
		fail_msg("%zu of %zu bytes, and no more: %d", signature_len,
		    len, (int)parts.state);
	assert_int_equal(parts.text.len, len);
	parts_clear(&parts);
	free(token);
}

/*
 * Where the alg of the header allows several lengths: a common one is whole,
 * but in an answer that ends where answers are cut; after any other one more
 * is asked for, and what has come counts when there is none.
 */
static void
test_signature_lengths(void **state)
{
	static const struct {
		const char *header;
		size_t len;
		enum parts_state first, last;
	} rows[] = {
		{ RS256, 341, PARTS_WANTED, PARTS_CUT },
		{ RS256, 342, PARTS_COMPLETE, PARTS_COMPLETE },
		{ RS256, 343, PARTS_WANTED, PARTS_COMPLETE },
		{ RS256, 511, PARTS_WANTED, PARTS_COMPLETE },
		{ RS256, 512, PARTS_COMPLETE, PARTS_COMPLETE },
		{ RS256, 513, PARTS_WANTED, PARTS_COMPLETE },
		{ RS256, 682, PARTS_WANTED, PARTS_COMPLETE },
		{ RS256, 683, PARTS_COMPLETE, PARTS_COMPLETE },
		{ RS256, 1365, PARTS_WANTED, PARTS_COMPLETE },
		{ RS256, 1366, PARTS_COMPLETE, PARTS_COMPLETE },
		{ RS256, 1367, PARTS_COMPLETE, PARTS_COMPLETE },
		{ EDDSA, 85, PARTS_WANTED, PARTS_CUT },
		{ EDDSA, 86, PARTS_COMPLETE, PARTS_COMPLETE },
		{ EDDSA, 87, PARTS_WANTED, PARTS_COMPLETE },
		{ EDDSA, 152, PARTS_COMPLETE, PARTS_COMPLETE },
	};
	static const size_t cuts[] = { 500, 511, 1023, 4095 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_length(rows[i].header, rows[i].len, 2001, rows[i].first,
		    rows[i].last);
	for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		check_length(RS256, 342, cuts[i], PARTS_WANTED,
		    PARTS_COMPLETE);
		check_length(RS256, 342, cuts[i] - 2, PARTS_COMPLETE,
		    PARTS_COMPLETE);
		check_length(RS256, 341, cuts[i], PARTS_WANTED, PARTS_CUT);
	}
	/* No key of 8192 bits is longer, wherever it is cut. */
	check_length(RS256, 1366, 4095, PARTS_COMPLETE, PARTS_COMPLETE);
}

/* RSA of 4096 bits, with no key configured: in parts, wherever it is cut. */
static void
test_long_rsa(void **state)
{
	static const char header[] = "{\"alg\":\"RS256\"}";
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)4096);
	struct forge_der sig = forge_signature(key, header, "SHA256", NULL);
	char *token = forge_token(header, sig.ptr, sig.len);
	size_t len = strlen(token), at;

	(void)state;
	for (at = 12; at < len; at++) {
		struct parts parts = { .state = PARTS_COMPLETE };
		size_t left = len - at;
		bool is_common = (left == 683 - 342 || left == 683 - 512) &&
		    at != PARTS_LEN && !programs_cut_at(at);

		assert_int_equal(add(&parts, NULL, token, at), is_common ?
		    PARTS_COMPLETE : PARTS_WANTED);
		if (!is_common)
			add_last(&parts, token + at, left);
		parts_clear(&parts);
	}
	free(token);
	free(sig.ptr);
	EVP_PKEY_free(key);
}

/* In the programs that replace answers: nothing counts but their length. */
static void
test_by_length(void **state)
{
	static const struct {
		size_t len;
		bool more;
	} rows[] = {
		{ 0, false }, { 1, false }, { 25, false }, { 499, false },
		{ 500, true }, { 501, false }, { 511, false },
		{ 1022, false }, { 1023, true }, { 1024, false },
		{ 4095, false }, { 16384, false }
	};
	char *start = token_of(RS256, 12000, TOKEN_MAX);
	char *texts[] = {
		start, world_text("%0*d", TOKEN_MAX, 0),
		world_text("%*s", TOKEN_MAX, ""),
		world_text("%*s", TOKEN_MAX, ".")
	};
	size_t i, k, text;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (text = 0; text < sizeof(texts) / sizeof(texts[0]); text++) {
			struct parts parts = { .state = PARTS_COMPLETE };
			size_t sum = 0;

			/* The same again, as a second answer and a third. */
			for (k = 0; k < 3; k++) {
				assert_int_equal(parts_add(&parts,
				    PARTS_BY_LENGTH, bytes_of(texts[text] +
				    (k == 2 ? 3 : 0), rows[i].len - (k == 2 ?
				    rows[i].len > 0 : 0))), JWT_OK);
				sum += rows[i].len;
				if (k == 2)
					break;
				if ((parts.state == PARTS_WANTED) !=
				    rows[i].more)
					fail_msg("%zu bytes of text %zu",
					    rows[i].len, text);
				if (!rows[i].more)
					break;
				assert_int_equal(parts.next_byte, sum + 1);
			}
			assert_int_not_equal(parts.state, PARTS_WANTED);
			parts_clear(&parts);
		}
	}
	for (text = 0; text < sizeof(texts) / sizeof(texts[0]); text++)
		free(texts[text]);
}

/* It ends where all answers are longer than a token may be: the 33rd. */
static void
test_by_length_ends(void **state)
{
	char *start = token_of(RS256, 400, 500);
	char *other = world_text("%0*d", 500, 0);
	char *spaces = world_text("%*s", 500, "");
	struct parts parts = { .state = PARTS_COMPLETE };
	struct parts others = { .state = PARTS_COMPLETE };
	struct parts blanks = { .state = PARTS_COMPLETE };
	unsigned count = 0;

	(void)state;
	do {
		assert_int_equal(parts_add(&parts, PARTS_BY_LENGTH,
		    bytes_str(start)), JWT_OK);
		assert_int_equal(parts_add(&others, PARTS_BY_LENGTH,
		    bytes_str(count % 2 ? start : other)), JWT_OK);
		assert_int_equal(parts_add(&blanks, PARTS_BY_LENGTH,
		    bytes_str(count == 0 ? other : spaces)), JWT_OK);
		assert_int_equal(parts.state == PARTS_WANTED,
		    others.state == PARTS_WANTED);
		assert_int_equal(parts.state == PARTS_WANTED,
		    blanks.state == PARTS_WANTED);
		count++;
	} while (parts.state == PARTS_WANTED && count < 100);
	assert_int_equal(count, TOKEN_MAX / 500 + 1);
	/* A program that has one answer for all prompts has given that. */
	assert_true(bytes_eq_str(secret_bytes(&parts.text), start));
	assert_int_equal(parts.state, PARTS_COMPLETE);
	assert_int_equal(others.text.len, 33 * 500);
	parts_clear(&parts);
	parts_clear(&others);
	parts_clear(&blanks);
	/* 500 bytes are the token; nothing, or a space, ends it. */
	assert_int_equal(parts_add(&parts, PARTS_BY_LENGTH, bytes_str(start)),
	    JWT_OK);
	assert_int_equal(parts.state, PARTS_WANTED);
	assert_int_equal(parts_add(&parts, PARTS_BY_LENGTH, bytes_str(" ")),
	    JWT_OK);
	assert_int_equal(parts.state, PARTS_COMPLETE);
	assert_true(bytes_eq_str(secret_bytes(&parts.text), start));
	parts_clear(&parts);
	free(start);
	free(other);
	free(spaces);
}

/*
 * In sshd a stranger can give spaces as the first part, and the start of a
 * token, which is shorter, after them.  What is remembered of the first answer
 * stays inside the text; otherwise later answers are compared with bytes after
 * its end.
 */
static void
test_spaces_first(void **state)
{
	const char *token = "eyJhbGciOiJFUzI1NiJ9";
	char *spaces = world_text("%*s", 500, "");
	char *padded = world_text("%*s", 500, token);
	const char *const answers[] = { spaces, padded, spaces, spaces, "" };
	struct parts parts = { .state = PARTS_COMPLETE };
	size_t before = 0, i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		assert_int_equal(parts_add(&parts, PARTS_BY_LENGTH,
		    bytes_str(answers[i])), JWT_OK);
		assert_int_equal(parts.first_len, 500);
		assert_true(parts.first_len <= parts.text.len);
		assert_int_equal(parts.last_len, parts.text.len - before);
		before = parts.text.len;
	}
	assert_int_equal(parts.state, PARTS_CUT);
	assert_true(bytes_eq_str(shape_trim(secret_bytes(&parts.text)),
	    token));
	parts_clear(&parts);
	free(spaces);
	free(padded);
}

/* The marks that a terminal puts around what is pasted into it. */
static void
test_pasted(void **state)
{
	static const struct {
		const char *text, *left;
	} rows[] = {
		{ "\033[200~abc\033[201~", "abc" }, { "\033[200~abc", "abc" },
		{ "abc\033[201~", "abc" }, { " \033[200~ abc \033[201~\n", "abc" },
		{ "\033[200~\033[201~", "" }, { "\033[200~", "" },
		{ "[200~abc", "[200~abc" }, { "\033[201~abc", "\033[201~abc" },
		{ "a\033[200~bc", "a\033[200~bc" }
	};
	char *token = world_sign(ALG_ES256, "{\"alg\":\"ES256\"}",
	    "{" WORLD_CLAIMS "}");
	char *first = world_text("\033[200~%.100s\033[201~", token);
	char *second = world_text("\033[200~%s\033[201~", token + 100);
	struct parts parts = { .state = PARTS_COMPLETE };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(bytes_eq_str(shape_trim(bytes_str(rows[i].text)),
		    rows[i].left));
	assert_int_equal(add(&parts, NULL, first, strlen(first)),
	    PARTS_WANTED);
	assert_int_equal(parts.next_byte, 101);
	assert_int_equal(add(&parts, NULL, second, strlen(second)),
	    PARTS_COMPLETE);
	assert_true(bytes_eq_str(secret_bytes(&parts.text), token));
	take_sound(&parts);
	parts_clear(&parts);
	free(second);
	free(first);
	free(token);
}

/* What is not the start of a token is complete at once, as it came. */
static void
test_passwords(void **state)
{
	static const char *const texts[] = {
		"", "a", "hunter2", "ey", "eyJ", "eyes", "eyJpassword",
		"correct horse battery staple", " padded ", "...", "a.b",
		"e30", "e30.e30", "{\"alg\":\"ES256\"}", "eyJh\xc3\xa9",
		"eyJhbGciOiJFUzI1NiJ9 ", "bearer eyJhbGciOiJFUzI1NiJ9",
		"eyJhbGciOiJFUzI1NiJ9.a.b.c", "eyIiOiJhIn0",
	};
	struct world world;
	size_t i;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_jwk(ALG_ES256)),
	    JWT_OK);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parts parts = { .state = PARTS_WANTED };
		enum parts_state found = add(&parts, &world, texts[i],
		    strlen(texts[i]));

		/* A blank at the end of a header alone is trimmed. */
		if ((found == PARTS_WANTED) !=
		    (strcmp(texts[i], "eyJhbGciOiJFUzI1NiJ9 ") == 0))
			fail_msg("%s: %d", texts[i], (int)found);
		if (found == PARTS_COMPLETE)
			assert_true(bytes_eq_str(secret_bytes(&parts.text),
			    texts[i]));
		parts_clear(&parts);
	}
	world_clear(&world);
}

#define NAME_32	"a2345678901234567890123456789012"
#define NAME_96	NAME_32 NAME_32 NAME_32		/* the longest first name */

/* The start of a header in each form that JSON allows. */
static void
test_starts(void **state)
{
	static const struct {
		const char *header;
		bool start;
	} rows[] = {
		{ "{\"alg\":", true }, { "{\"a\":", true },
		{ "{\"a b\":", true }, { "{\"~\":", true },
		{ "{x\"a\":1", false }, { "{\"abc\"", false },
		{ " {\n\t\"alg\" : \"ES256\"", true }, { "{\"alg\"", false },
		{ "{\"alg\"x", false }, { "{\"\":1", false },
		{ "{alg:", false }, { "[\"alg\":", false }, { "{", false },
		{ "{\"al\ng\":", false }, { "{\"\x7f\":1", false },
		{ "", false }, { "   ", false }, { "{  ", false },
		{ "{\"" NAME_96 "\":", true }, { "{\"" NAME_96 "b\":", false }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Blanks behind make it a multiple of three bytes. */
		char *header = world_text("%s%*s", rows[i].header,
		    (int)((3 - strlen(rows[i].header) % 3) % 3), "");
		char *token = world_join(header, "", bytes_of(NULL, 0));

		if (shape_is_start(bytes_str(token)) != rows[i].start)
			fail_msg("%s", rows[i].header);
		free(token);
		free(header);
	}
}

/* The state behind the same answer, an empty one, and behind PARTS_MAX. */
static void
test_ends(void **state)
{
	char *token = world_sign(ALG_ES256, "{\"alg\":\"ES256\"}",
	    "{" WORLD_CLAIMS "}");
	struct parts parts = { .state = PARTS_COMPLETE };
	struct world world;
	size_t i;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(add(&parts, &world, token, 100), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, token, 100), PARTS_CUT);
	assert_int_equal(parts.text.len, 100);
	parts_clear(&parts);
	assert_int_equal(add(&parts, &world, token, 100), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, token + 100, 50), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, " \n", 2), PARTS_CUT);
	assert_int_equal(parts.text.len, 150);
	assert_int_equal(parts.last_len, 50);
	parts_clear(&parts);
	/* Further on two may be alike, and the first ends it again. */
	assert_int_equal(add(&parts, &world, token, 100), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, "eHh4", 4), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, "eHh4", 4), PARTS_WANTED);
	assert_int_equal(parts.text.len, 108);
	assert_int_equal(add(&parts, &world, token, 100), PARTS_CUT);
	parts_clear(&parts);
	/* Two characters each. */
	assert_int_equal(add(&parts, &world, token, 20), PARTS_WANTED);
	for (i = 2; i < PARTS_MAX; i++)
		assert_int_equal(add(&parts, &world, i % 2 ? "ab" : "cd", 2),
		    PARTS_WANTED);
	assert_int_equal(add(&parts, &world, "ef", 2), PARTS_CUT);
	assert_int_equal(parts.count, PARTS_MAX);
	parts_clear(&parts);
	world_clear(&world);
	free(token);
}

/* The verdict decides about the very token that parts_add() looked at. */
static void
test_handed_on(void **state)
{
	char *token = world_sign(ALG_ES256, "{\"alg\":\"ES256\"}",
	    "{" WORLD_CLAIMS "}");
	struct verdict_input in = { .user = "nobody", .now = WORLD_NOW };
	struct parts parts = { .state = PARTS_COMPLETE };
	struct verdict out;
	struct world world;
	struct jws *looked_at;

	(void)state;
	assert_int_equal(world_load(&world, "", "deny = if iss exists",
	    world_jwk(ALG_ES256)), JWT_OK);
	in.policy = &world.policy;
	in.service = policy_service(&world.policy, "s");
	assert_int_equal(add(&parts, &world, token, strlen(token)),
	    PARTS_COMPLETE);
	looked_at = parts.jws;
	assert_non_null(looked_at);
	in.jws = take_jws(&parts);
	assert_ptr_equal(in.jws, looked_at);
	assert_int_equal(verdict_reach(&in, &out), JWT_DENIED);
	assert_ptr_equal(out.jws, looked_at);
	verdict_clear(&out);
	/* It is handed on once: then there is none, and no login. */
	in.jws = take_jws(&parts);
	assert_null(in.jws);
	assert_int_equal(verdict_reach(&in, &out), JWT_OUT_OF_MEMORY);
	verdict_clear(&out);
	parts_clear(&parts);
	world_clear(&world);
	free(token);
}

/* Blanks around what comes first: dropped from a start, kept elsewhere. */
static void
test_blanks(void **state)
{
	char *token = world_sign(ALG_ES256, "{\"alg\":\"ES256\"}",
	    "{" WORLD_CLAIMS "}");
	size_t len = strlen(token), half = len - 20;
	char *start = world_text(" \t%.*s\r\n ", (int)half, token);
	char *whole = world_text(" \t%s\r\n ", token);
	struct parts parts = { .state = PARTS_COMPLETE };
	struct world world;
	struct jws *jws;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(add(&parts, &world, start, half + 5), PARTS_WANTED);
	assert_true(bytes_eq(secret_bytes(&parts.text),
	    bytes_of(token, half)));
	assert_int_equal(parts.last_len, half);
	assert_int_equal(add(&parts, &world, "", 0), PARTS_CUT);
	jws = take_jws(&parts);
	assert_non_null(jws);
	assert_ptr_equal(jws_signing_input(jws).ptr, parts.text.ptr);
	jws_free(jws);
	parts_clear(&parts);
	/* The rest of it, in blanks as well. */
	assert_int_equal(add(&parts, &world, start, half + 5), PARTS_WANTED);
	assert_int_equal(add(&parts, &world, whole + 2 + half, 20 + 3),
	    PARTS_COMPLETE);
	assert_true(bytes_eq_str(secret_bytes(&parts.text), token));
	assert_int_equal(parts.last_len, 20);
	take_sound(&parts);
	parts_clear(&parts);
	assert_int_equal(add(&parts, &world, whole, len + 5), PARTS_COMPLETE);
	assert_true(bytes_eq_str(secret_bytes(&parts.text), whole));
	assert_int_equal(parts.last_len, len + 5);
	jws = take_jws(&parts);
	assert_int_equal(jws_parsed(jws), JWT_OK);
	jws_free(jws);
	parts_clear(&parts);
	world_clear(&world);
	free(whole);
	free(start);
	free(token);
}

/* All parts together are as long as a token may be, and no byte longer. */
static void
test_limit(void **state)
{
	char *start = world_text("eyJhbGciOiJFUzI1NiJ9.%0*d", TOKEN_MAX - 31,
	    0);
	struct world world;
	size_t more;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_jwk(ALG_ES256)),
	    JWT_OK);
	assert_int_equal(strlen(start), TOKEN_MAX - 10);
	for (more = 9; more <= 11; more++) {
		struct parts parts = { .state = PARTS_COMPLETE };

		assert_int_equal(add(&parts, &world, start, strlen(start)),
		    PARTS_WANTED);
		assert_int_equal(add(&parts, &world, "aaaaaaaaaaa", more),
		    more <= 10 ? PARTS_WANTED : PARTS_COMPLETE);
		parts_clear(&parts);
	}
	world_clear(&world);
	free(start);
}

static enum jwt_reason
parse(const char *text, struct jws **jws)
{
	enum jwt_reason reason = jws_parse(bytes_str(text), jws);

	if (reason != JWT_OUT_OF_MEMORY)
		reason = programs_reason(*jws);
	return reason;
}

/* The lengths that programs cut at, their neighbours, and token-cut. */
static void
test_cut_lengths(void **state)
{
	static const size_t cuts[] = {
		127, 504, 510, 511, 512, 1022, 1023, 4095
	};
	size_t len, i;

	(void)state;
	for (len = 1; len < 5000; len++) {
		char *text = len < 30 ? NULL : world_text(
		    "eyJhbGciOiJFUzI1NiJ9.%0*d", (int)len - 21, 0);
		bool is_cut = false;
		struct jws *jws;

		for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++)
			is_cut = is_cut || cuts[i] == len;
		assert_int_equal(programs_cut_at(len), is_cut);
		if (text == NULL)
			continue;
		assert_int_equal(parse(text, &jws), is_cut ?
		    JWT_TOKEN_CUT : JWT_TOKEN_FORM);
		jws_free(jws);
		free(text);
		/* With both dots, and a signature that is only begun. */
		text = world_text("eyJhbGciOiJFUzI1NiJ9.%0*d.AAAA",
		    (int)len - 26 > 0 ? (int)len - 26 : 1, 0);
		if (strlen(text) == len)
			assert_int_equal(parse(text, &jws) ==
			    JWT_TOKEN_CUT, is_cut);
		else
			jws = NULL;
		jws_free(jws);
		free(text);
	}
}

/* What may be left for a password module, and what is a token or nearly. */
static void
test_token_like(void **state)
{
	static const struct {
		const char *text;
		bool like;
	} rows[] = {
		{ "", false }, { "hunter2", false }, { "ey", false },
		{ "eyes.are.blue", false }, { "ey.b", false },
		{ "ey.b.c", false }, { "xy.b.c", false },
		{ "eyJ.b.c", true }, { "eyJ.b", false }, { "eyJ.b.!", false },
		{ "correct.horse.battery.staple", false },
		{ "192.168.100.200", false }, { "they.keyed.eyelets", false },
		{ "a-very-long-passphrase.with.dots", false },
		{ "0123456789012345.0123456789012345."
		    "012345678901234567890123456789012345678", false },
		{ "0123456789012345.0123456789012345."
		    "0123456789012345678901234567890123456789", true },
		{ "012345678901234.0123456789012345."
		    "0123456789012345678901234567890123456789", false },
		{ "0123456789012345.012345678901234."
		    "0123456789012345678901234567890123456789", false },
		{ "0123456789012345!0123456789012345."
		    "0123456789012345678901234567890123456789", false },
		{ "ey34567890123456.b.c", true },
		{ "ey345678901234.b.c", false },
		{ "ey34567890123456.b", false },
		{ "ey34567890123456..c", false },
		{ "\"ey34567890123456.b.c", true },
		{ "eyJhbGciOiJFUzI1NiJ9", true },
		{ "\"eyJhbGciOiJFUzI1NiJ9", true },
		{ "x-eyJhbGciOiJFUzI1NiJ9", true },
		{ "eyJpassword", false }, { "moneyJar", false },
		{ "moneyJar.is.here", false },
		{ "ewogImFsZyI6IjEi", true },	/* {, newline, blank */
		{ "x ICAgeyJhIjox", true },	/* blanks in front of it */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (shape_is_token_like(bytes_str(rows[i].text)) !=
		    rows[i].like)
			fail_msg("%s", rows[i].text);
	}
}

/* A good token, with what people and programs put around it, and damaged. */
static void
test_tokens_around(void **state)
{
	static const struct {
		const char *before, *after;
	} around[] = {
		{ "", "" }, { "", "=" }, { " ", "" }, { "\"", "" },
		{ "\"", "\"" }, { "'", "'" }, { "Bearer ", "" },
		{ "Authorization: Bearer ", "\r\n" },
		{ "\xef\xbb\xbf", "" }, { "JWT=", "" },
		{ "{\"access_token\":\"", "\"}" }, { "\033[200~", "" },
		{ "\033[200~", "\033[201~" },
		{ "https://h/cb#id_token=", "&state=1" },
		{ "\xc2\xa0", "" }, { "\xe2\x80\x8b", "" },
		{ "password ", "" }
	};
	char *good = world_sign(ALG_ES256, "{\"alg\":\"ES256\"}",
	    "{" WORLD_CLAIMS "}");
	char *header = world_text("%*s{\"alg\":\"ES256\"}", 3000, "");
	char *spaced = world_sign(ALG_ES256, header, "{" WORLD_CLAIMS "}");
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		char *near = world_text("%s%s%s", around[i].before, good,
		    around[i].after);
		char *far = world_text("%s%s%s", around[i].before, spaced,
		    around[i].after);

		if (!shape_is_token_like(bytes_str(near)) ||
		    !shape_is_token_like(bytes_str(far)))
			fail_msg("%s", near);
		free(far);
		free(near);
	}
	text = world_text("token-%s", good);
	assert_true(shape_is_token_like(bytes_str(text)));
	free(text);
	assert_true(shape_is_start(bytes_str(spaced)));
	/* Its first character is lost, or another. */
	assert_true(shape_is_token_like(bytes_str(good + 1)));
	good[0] = 'E';
	assert_true(shape_is_token_like(bytes_str(good)));
	memset(good, '!', 102);
	memcpy(good, "ey", 2);
	assert_true(shape_is_token_like(bytes_of(good, 101)));
	assert_false(shape_is_token_like(bytes_of(good, 100)));
	/* What stands after the end does not count. */
	assert_true(shape_is_token_like(bytes_of("eyJh.e30.A", 10)));
	assert_false(shape_is_token_like(bytes_of("eyJh.e30.A", 9)));
	assert_false(shape_is_token_like(bytes_of("eyJh.e30.A", 8)));
	free(spaced);
	free(header);
	free(good);
}

/* The token of all parts, which is encrypted and sound. */
static void
take_encrypted(struct parts *parts)
{
	struct jws *jws;
	struct jwe *jwe;

	parts_take_token(parts, &jws, &jwe);
	assert_null(jws);
	assert_non_null(jwe);
	assert_int_equal(jwe_parsed(jwe), JWT_OK);
	jwe_free(jwe);
}

/*
 * An encrypted token in two parts, cut at every place: another part is wanted
 * until the tag has the length of its enc, whatever the key is.
 */
static void
test_encrypted(void **state)
{
	static const struct {
		const char *alg, *enc;
		enum jwe_kind kind;
	} rows[] = {
		{ "ECDH-ES", "A128GCM", JWE_P256 },
		{ "ECDH-ES+A256KW", "A256CBC-HS512", JWE_X25519 },
		{ "RSA-OAEP-256", "A128CBC-HS256", JWE_RSA },
	};
	size_t i, cut;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jwe_recipe recipe = {
			.alg = rows[i].alg, .enc = rows[i].enc
		};
		char *token = jwe_make(&recipe, jwe_make_key(rows[i].kind),
		    rows[i].kind, bytes_str("eyJhbGciOiJFUzI1NiJ9.e30.AA"));
		size_t len = strlen(token);

		for (cut = 30; cut < len; cut++) {
			struct parts parts = { .state = PARTS_COMPLETE };

			assert_int_equal(add(&parts, NULL, token, cut),
			    PARTS_WANTED);
			assert_int_equal(add(&parts, NULL, token + cut,
			    len - cut), PARTS_COMPLETE);
			take_encrypted(&parts);
			parts_clear(&parts);
			/* The rest does not come. */
			assert_int_equal(add(&parts, NULL, token, cut),
			    PARTS_WANTED);
			assert_int_equal(add(&parts, NULL, "", 0), PARTS_CUT);
			parts_clear(&parts);
		}
		free(token);
	}
}

/* What has the dots of an encrypted token, but not its header. */
static void
test_not_encrypted(void **state)
{
	static const char *const texts[] = {
		"eyJhbGciOiJFUzI1NiJ9.e30.AA.AA",
		"eyJhbGciOiJFUzI1NiJ9.e30.AA.AA.",
		"eyJhbGciOiJFUzI1NiJ9.e30.AA.AA.AA.AA",
		"eyes.are.blue.or", "eyes.are.blue.or.green",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct parts parts = { .state = PARTS_COMPLETE };

		assert_int_equal(add(&parts, NULL, texts[i],
		    strlen(texts[i])), PARTS_COMPLETE);
		parts_clear(&parts);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_split),
		cmocka_unit_test(test_signature_lengths),
		cmocka_unit_test(test_long_rsa),
		cmocka_unit_test(test_by_length),
		cmocka_unit_test(test_by_length_ends),
		cmocka_unit_test(test_spaces_first),
		cmocka_unit_test(test_pasted),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_handed_on),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_not_encrypted),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_cut_lengths),
		cmocka_unit_test(test_token_like),
		cmocka_unit_test(test_tokens_around),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
