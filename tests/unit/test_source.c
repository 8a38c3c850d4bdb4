/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login loads the keys of the token's issuer alone, and has OpenSSL make the
 * one that verifies.  Each verdict is compared with that of a policy of which
 * all keys were made before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/load.h"
#include "tests/lib/world.h"

#define ZERO	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ZERO_48	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NAMED(kid) ",\"alg\":\"ES256\",\"kid\":\"" kid "\""
#define NAMELESS ",\"alg\":\"ES256\""

static char folder[] = "/tmp/pam_jwt_source.XXXXXX";

/* Write a file into the folder, and free its text; the path is freed, too. */
static char *
write_file(const char *name, char *text)
{
	char *path = world_text("%s/%s", folder, name);
	FILE *file;

	unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_int_equal(fclose(file), 0);
	free(text);
	return path;
}

/* A configuration with an issuer, whose files those are, and more lines. */
static char *
write_conf(const char *keys, const char *more)
{
	return write_file("conf", world_text("[issuer t]\niss = " WORLD_ISS
	    "\nkeys = %s\naudience = urn:h\n%s\n", keys, more));
}

/* What the module decides; loaded says how many keys the issuers have then. */
static enum jwt_reason
decide_late(const char *config, const char *token, size_t loaded[2])
{
	struct policy policy;
	struct diag diag = { 0 };
	struct load_late late = {
		.policy = &policy, .diag = &diag, .now = WORLD_NOW
	};
	struct policy_source source = load_source(&late);
	struct verdict_input in = {
		.policy = &policy, .source = &source, .user = "alice",
		.now = WORLD_NOW, .accounts = world_accounts()
	};
	struct verdict verdict;
	enum jwt_reason reason;
	size_t i;

	assert_int_equal(load_for_login(config, "s", &diag, &policy), JWT_OK);
	in.service = policy_service(&policy, "s");
	verdict_parse(bytes_str(token), &in);
	reason = verdict_reach(&in, &verdict);
	if (reason_class(reason) == JWT_CLASS_CONFIGURATION)
		assert_int_equal(diag.reason, reason);
	for (i = 0; i < 2; i++)
		loaded[i] = i < policy.issuer_count ?
		    policy.issuers[i].set.count : 0;
	verdict_clear(&verdict);
	policy_clear(&policy);
	diag_clear(&diag);
	return reason;
}

/* The same where everything was loaded before the token came. */
static enum jwt_reason
decide_early(const char *config, const char *token)
{
	struct world world = { .diag = { .count = 0 } };
	enum jwt_reason reason = load_policy(config, NULL, WORLD_NOW,
	    &world.diag, &world.policy);

	if (reason == JWT_OK)
		reason = world_verdict(&world, token);
	world_clear(&world);
	return reason;
}

static char *
sign(const char *kid)
{
	char *header = world_text("{\"alg\":\"ES256\"%s%s%s}",
	    kid == NULL ? "" : ",\"kid\":\"", kid == NULL ? "" : kid,
	    kid == NULL ? "" : "\"");
	char *token = world_sign(ALG_ES256, header, "{" WORLD_CLAIMS "}");

	free(header);
	return token;
}

/* A key that is no point of its curve. */
static char *
bad(const char *more)
{
	return world_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" ZERO
	    "\",\"y\":\"" ZERO "\"%s}", more);
}

/* One for another algorithm than that of the tokens. */
static char *
bad_384(const char *more)
{
	return world_text("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" ZERO_48
	    "\",\"y\":\"" ZERO_48 "\"%s}", more);
}

static char *
good(const char *more)
{
	return world_jwk_with(ALG_ES256, more);
}

static char *
other(const char *more)
{
	return world_jwk_fresh(ALG_ES256, more);
}

/* count other keys without kid, then two more entries. */
static char *
many(size_t count, char *last, char *first)
{
	char *set = first, *next;
	size_t i;

	for (i = 0; i < count; i++) {
		char *one = other(NAMELESS);

		next = world_text("%s,%s", set, one);
		free(one);
		free(set);
		set = next;
	}
	next = world_text("{\"keys\":[%s,%s]}", set, last);
	free(set);
	free(last);
	return next;
}

/* Both verdicts on a set and a token are that one; frees the set. */
static void
expect(char *set, const char *kid, enum jwt_reason reason)
{
	char *keys = write_file("keys", set), *token = sign(kid);
	char *config = write_conf(keys, "");
	size_t loaded[2];

	assert_int_equal(decide_early(config, token), reason);
	assert_int_equal(decide_late(config, token, loaded), reason);
	free(config);
	free(token);
	free(keys);
}

static void
test_same_verdict(void **state)
{
	(void)state;
	expect(good(NAMED("a")), "a", JWT_OK);
	expect(good(NAMED("a")), "b", JWT_KEY_UNKNOWN);
	expect(other(NAMED("a")), "a", JWT_SIGNATURE_INVALID);
	/* One that is not sound is no key at all. */
	expect(bad(NAMED("a")), "a", JWT_KEY_FILE_INVALID);
	expect(world_set(bad(NAMED("a")), good(NAMED("b")), NULL), "a",
	    JWT_KEY_UNKNOWN);
	expect(world_set(bad(NAMED("a")), good(NAMED("b")), NULL), "b",
	    JWT_OK);
	expect(world_set(bad(NAMELESS), good(NAMELESS), NULL), NULL, JWT_OK);
	expect(world_set(good(NAMELESS), bad(NAMELESS), NULL), NULL, JWT_OK);
	expect(world_set(bad(NAMELESS), other(NAMELESS), NULL), NULL,
	    JWT_SIGNATURE_INVALID);
	/* Its name counts: nobody knows which of the two was meant. */
	expect(world_set(bad(NAMED("a")), good(NAMED("a")),
	    other(NAMED("b")), NULL), "a", JWT_KEY_UNKNOWN);
	expect(world_set(bad(NAMED("a")), bad(NAMED("a")), good(NAMED("b")),
	    NULL), "b", JWT_OK);
	/* But only where the sound ones could be meant. */
	expect(world_set(bad_384(",\"kid\":\"a\""), good(NAMELESS), NULL),
	    "a", JWT_OK);
	expect(world_set(bad_384(",\"kid\":\"a\""), other(NAMELESS), NULL),
	    "a", JWT_SIGNATURE_INVALID);
}

/* Keys that are not sound do not count among those that may be tried. */
static void
test_tries(void **state)
{
	(void)state;
	expect(many(KEY_TRIES_MAX - 1, good(NAMELESS), bad(NAMELESS)), NULL,
	    JWT_OK);
	expect(many(KEY_TRIES_MAX - 1, bad(NAMELESS), good(NAMELESS)), NULL,
	    JWT_OK);
	expect(many(KEY_TRIES_MAX, good(NAMELESS), bad(NAMELESS)), NULL,
	    JWT_KEY_AMBIGUOUS);
	expect(many(KEY_TRIES_MAX - 1, good(NAMELESS), other(NAMELESS)), NULL,
	    JWT_KEY_AMBIGUOUS);
}

/* A key that is not sound takes no room that another one needs. */
static void
test_room(void **state)
{
	char *meant = good(NAMED("a")), *unsound = bad(NAMED("z"));
	char *both = world_text("%s,%s", meant, unsound);

	(void)state;
	free(meant);
	free(unsound);
	expect(many(JWK_SET_MAX - 2, good(NAMED("a")), bad(NAMED("z"))), "a",
	    JWT_OK);
	expect(many(JWK_SET_MAX - 1, good(NAMED("a")), bad(NAMED("z"))), "a",
	    JWT_OK);
	/* Its rival is a key of this set, and not one too many. */
	expect(many(JWK_SET_MAX - 2, other(NAMED("a")), both), "a",
	    JWT_KEY_AMBIGUOUS);
}

/* Of the files of an issuer each must have a key, as far as one is looked at. */
static void
test_unused_key(void **state)
{
	char *one = write_file("one", bad(NAMED("a")));
	char *two = write_file("two", good(NAMED("b")));
	char *keys = world_text("%s %s", one, two);
	char *config = write_conf(keys, "");
	char *chosen = sign("b"), *unsound = sign("a");
	size_t loaded[2];

	(void)state;
	assert_int_equal(decide_early(config, chosen), JWT_KEY_FILE_INVALID);
	assert_int_equal(decide_late(config, chosen, loaded), JWT_OK);
	assert_int_equal(decide_late(config, unsound, loaded),
	    JWT_KEY_FILE_INVALID);
	free(unsound);
	free(chosen);
	free(config);
	free(keys);
	free(two);
	free(one);
}

#define OTHER_ISSUER "[issuer u]\niss = https://j\naudience = urn:h\nkeys = %s"

/* A file of another issuer is not even read. */
static void
test_other_issuer(void **state)
{
	char *keys = write_file("keys", good(NAMED("a")));
	char *own = write_file("own", world_set(good(NAMED("a")),
	    other(NAMED("b")), NULL));
	char *broken = write_file("broken", world_text("{"));
	char *more = world_text(OTHER_ISSUER, broken);
	char *sound = world_text(OTHER_ISSUER, own);
	char *config = write_conf(keys, more), *token = sign("a");
	size_t loaded[2];

	(void)state;
	assert_int_equal(decide_early(config, token), JWT_KEY_FILE_INVALID);
	assert_int_equal(decide_late(config, token, loaded), JWT_OK);
	assert_int_equal(loaded[0], 1);
	free(config);
	config = write_conf(keys, sound);
	assert_int_equal(decide_late(config, token, loaded), JWT_OK);
	assert_int_equal(loaded[0], 1);
	assert_int_equal(loaded[1], 0);
	free(config);
	free(token);
	config = write_conf(broken, sound);
	token = sign("a");
	assert_int_equal(decide_late(config, token, loaded),
	    JWT_KEY_FILE_INVALID);
	assert_int_equal(decide_late(config, "a password", loaded),
	    JWT_TOKEN_FORM);
	free(config);
	free(token);
	free(sound);
	free(more);
	free(broken);
	free(own);
	free(keys);
}

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(folder) == NULL ? -1 : chmod(folder, 0755);
}

static int
tear_down(void **state)
{
	char *command = world_text("rm -rf %s", folder);
	int status = system(command);

	(void)state;
	free(command);
	return status;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_verdict),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_unused_key),
		cmocka_unit_test(test_other_issuer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
