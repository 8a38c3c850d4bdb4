/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of the issuer's keys: when each step is safe, on both sides of each
 * bound, and the text that keeps the states.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "issuerd/key_state.h"

#define NOW	INT64_C(1800000000)
#define CACHES	3600
#define TTL	600

/* Thumbprints differ in their last characters here. */
#define KID(c)	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" c

static struct key_list list;

static struct issuer_key
published(const char *kid, int64_t since)
{
	struct issuer_key key = { .alg = ALG_ES256, .published = since };

	snprintf(key.kid, sizeof(key.kid), "%s", kid);
	return key;
}

/* A list with one active key, and one that was published later. */
static void
start(void)
{
	struct issuer_key first = published(KID("a"), NOW - 9000);
	struct issuer_key second = published(KID("b"), NOW);

	memset(&list, 0, sizeof(list));
	assert_null(key_list_fault(&list));
	assert_null(key_list_add(&list, &first));
	assert_string_equal(key_list_fault(&list), "no key is active");
	key_list_activate(&list, &list.keys[0], NOW - 9000, TTL);
	assert_null(key_list_fault(&list));
	assert_null(key_list_add(&list, &second));
	assert_null(key_list_fault(&list));
}

static void
test_life(void **state)
{
	struct issuer_key *a = &list.keys[0], *b = &list.keys[1];

	(void)state;
	start();
	assert_ptr_equal(key_list_active(&list), a);
	assert_true(key_cycle_activate_from(b, CACHES) == NOW + CACHES);
	key_list_activate(&list, b, NOW + CACHES, TTL + 1);
	assert_null(key_list_fault(&list));
	assert_ptr_equal(key_list_active(&list), b);
	assert_int_equal(a->state, KEY_STATE_RETIRED);
	assert_true(a->retired == NOW + CACHES && a->ttl_sec == TTL);
	assert_true(b->activated == NOW + CACHES && b->ttl_sec == TTL + 1);
	assert_true(key_cycle_remove_from(a) == NOW + CACHES + TTL +
	    LEEWAY_MAX_SEC);
	key_cycle_remove(a, NOW + 9999);
	assert_null(key_list_fault(&list));
	assert_false(key_cycle_is_live(a));
	assert_true(key_cycle_is_live(b));
}

/* A key that has signed nothing goes at once; one of the future goes later. */
static void
test_odd_lives(void **state)
{
	struct issuer_key *a = &list.keys[0], *b = &list.keys[1];

	(void)state;
	start();
	key_cycle_retire(b, NOW + 5);
	assert_null(key_list_fault(&list));
	assert_true(key_cycle_remove_from(b) == NOW + 5);
	/* The clock went back after a was activated. */
	key_cycle_retire(a, NOW - 20000);
	assert_true(a->retired == NOW - 9000);
}

static void
test_finding(void **state)
{
	struct issuer_key *found;
	struct issuer_key dashed = published("--BBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
	    "BBBBBBBBBBBB", NOW);

	(void)state;
	start();
	assert_null(key_list_add(&list, &dashed));
	assert_int_equal(key_list_find(&list, KID("b"), &found), KEY_FIND_ONE);
	assert_ptr_equal(found, &list.keys[1]);
	assert_int_equal(key_list_find(&list, "AAA", &found),
	    KEY_FIND_SEVERAL);
	assert_int_equal(key_list_find(&list, "BBB", &found), KEY_FIND_ONE);
	assert_ptr_equal(found, &list.keys[2]);
	assert_int_equal(key_list_find(&list, "C", &found), KEY_FIND_NONE);
	assert_int_equal(key_list_find(&list, KID("bx"), &found),
	    KEY_FIND_NONE);
	assert_ptr_equal(key_list_get(&list, KID("b")), &list.keys[1]);
	assert_null(key_list_get(&list, KID("c")));
}

static void
test_adding(void **state)
{
	struct issuer_key key = published(KID("b"), NOW);
	char kid[THUMBPRINT_SIZE];
	int i;

	(void)state;
	start();
	assert_non_null(strstr(key_list_add(&list, &key), "already"));
	key_cycle_retire(&list.keys[1], NOW);
	key_cycle_remove(&list.keys[1], NOW);
	assert_non_null(strstr(key_list_add(&list, &key), "come back"));
	for (i = 1; i < KEY_LIVE_MAX; i++) {
		snprintf(kid, sizeof(kid), KID("%c"), 'A' + i);
		key = published(kid, NOW);
		assert_null(key_list_add(&list, &key));
	}
	assert_null(key_list_fault(&list));
	key = published(KID("z"), NOW);
	assert_non_null(strstr(key_list_add(&list, &key), "16 keys"));
	/* Removed keys make room, and the oldest of them is forgotten. */
	for (i = 0; list.count < KEY_LIST_MAX; i++) {
		key_cycle_retire(&list.keys[list.count - 1], NOW);
		key_cycle_remove(&list.keys[list.count - 1], NOW);
		snprintf(kid, sizeof(kid), "%.41s%02d", KID("b"),
		    i % 100);
		key = published(kid, NOW);
		assert_null(key_list_add(&list, &key));
	}
	assert_non_null(key_list_get(&list, KID("b")));
	key_cycle_retire(&list.keys[list.count - 1], NOW);
	key_cycle_remove(&list.keys[list.count - 1], NOW);
	key = published(KID("z"), NOW);
	assert_null(key_list_add(&list, &key));
	assert_int_equal(list.count, KEY_LIST_MAX);
	assert_null(key_list_get(&list, KID("b")));
	assert_string_equal(list.keys[KEY_LIST_MAX - 1].kid, KID("z"));
	assert_null(key_list_fault(&list));
}

/* ---- the text ----------------------------------------------------------- */

static const char *
parse(const char *text)
{
	static char said[128];
	struct secret copy;
	const char *fault;

	assert_int_equal(secret_copy(bytes_str(text), &copy), JWT_OK);
	fault = key_state_parse(&copy, &list);
	secret_clear(&copy);
	assert_true(fault == NULL || list.count == 0);
	if (fault == NULL)
		return NULL;
	snprintf(said, sizeof(said), "%s", fault);
	return said;
}

static void
test_text(void **state)
{
	static struct key_list before;
	struct secret text, again;

	(void)state;
	start();
	list.keys[1].in_agent = true;
	list.keys[1].alg = ALG_RS256;
	key_list_activate(&list, &list.keys[1], NOW + 1, TTL);
	key_cycle_remove(&list.keys[0], NOW + 2);
	before = list;
	assert_int_equal(key_state_write(&list, &text), JWT_OK);
	assert_int_equal(secret_copy(secret_bytes(&text), &again), JWT_OK);
	assert_null(key_state_parse(&text, &list));
	secret_clear(&text);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.keys[0].state, KEY_STATE_REMOVED);
	assert_int_equal(list.keys[1].state, KEY_STATE_ACTIVE);
	assert_true(list.keys[1].in_agent && !list.keys[0].in_agent);
	assert_int_equal(list.keys[1].alg, ALG_RS256);
	assert_true(list.keys[0].removed == NOW + 2);
	assert_int_equal(key_state_write(&list, &text), JWT_OK);
	assert_true(bytes_eq(secret_bytes(&text), secret_bytes(&again)));
	secret_clear(&text);
	secret_clear(&again);
	assert_string_equal(before.keys[0].kid, list.keys[0].kid);
}

#define A	KID("a")
#define TIMES(p, a, r, m, t) "\"published\":" p ",\"activated\":" a \
	",\"retired\":" r ",\"removed\":" m ",\"ttl\":" t
#define KEY(kid, alg, state, place, times) "{\"kid\":\"" kid "\",\"alg\":\"" \
	alg "\",\"state\":\"" state "\",\"place\":\"" place "\"," times "}"
#define LIST(keys) "{\"version\":1,\"keys\":[" keys "]}"
#define GOOD	TIMES("1", "2", "0", "0", "600")
#define ACTIVE	KEY(A, "ES256", "active", "file", GOOD)

static void
test_damage(void **state)
{
	static const struct {
		const char *text, *words;	/* NULL: none are expected */
	} cases[] = {
		{ LIST(""), NULL },
		{ LIST(ACTIVE), NULL },
		{ "", "JSON" },
		{ "[]", "JSON" },
		{ LIST(ACTIVE) "x", "JSON" },
		{ "{\"version\":1,\"version\":1,\"keys\":[]}", "JSON" },
		{ "{\"version\":2,\"keys\":[]}", "another version" },
		{ "{\"version\":\"1\",\"keys\":[]}", "not a list of keys" },
		{ "{\"version\":1}", "not a list of keys" },
		{ "{\"version\":1,\"keys\":{}}", "not a list of keys" },
		{ "{\"version\":1,\"keys\":[],\"x\":1}", "not a list of keys" },
		{ LIST("1"), "lacks a member" },
		{ LIST("{}"), "lacks a member" },
		{ LIST("{\"kid\":\"" A "\"}"), "lacks a member" },
		{ LIST(KEY(A, "ES256", "active", "file", GOOD ",\"x\":1")),
		    "lacks a member" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("\"1\"", "2",
		    "0", "0", "600"))), "lacks a member" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "-2", "0",
		    "0", "600"))), "lacks a member" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "2", "0",
		    "0", "86400"))), NULL },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "2", "0",
		    "0", "86401"))), "lacks a member" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES(
		    "9007199254740991", "2", "0", "0", "1"))), NULL },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES(
		    "9007199254740992", "2", "0", "0", "1"))),
		    "lacks a member" },
		{ LIST(KEY("x", "ES256", "active", "file", GOOD)),
		    "thumbprint" },
		{ LIST(KEY(A "a", "ES256", "active", "file", GOOD)),
		    "thumbprint" },
		{ LIST(KEY("../../../../../../../../../../../../../../x",
		    "ES256", "active", "file", GOOD)), "thumbprint" },
		{ LIST(KEY("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\\u0000",
		    "ES256", "active", "file", GOOD)), "thumbprint" },
		{ LIST(KEY("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/",
		    "ES256", "active", "file", GOOD)), "thumbprint" },
		{ LIST(KEY(A, "none", "active", "file", GOOD)), "alg" },
		{ LIST(KEY(A, "EdDSA", "active", "file", GOOD)), "alg" },
		{ LIST(KEY(A, "ES256", "Active", "file", GOOD)), "state" },
		{ LIST(KEY(A, "ES256", "active", "tpm", GOOD)), "place" },
		{ LIST(KEY(A, "ES256", "published", "file", TIMES("1", "0",
		    "0", "0", "0"))), "no key is active" },
		{ LIST(KEY(A, "ES256", "published", "file", GOOD)), "times" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("0", "2", "0",
		    "0", "600"))), "times" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "0", "0",
		    "0", "600"))), "times" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "2", "3",
		    "0", "600"))), "times" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "2", "0",
		    "3", "600"))), "times" },
		{ LIST(KEY(A, "ES256", "active", "file", TIMES("1", "2", "0",
		    "0", "0"))), "life of the tokens" },
		{ LIST(KEY(A, "ES256", "retired", "file", TIMES("1", "0", "3",
		    "0", "1"))), "life of the tokens" },
		{ LIST(ACTIVE "," KEY(KID("b"), "ES256", "retired", "file",
		    TIMES("1", "0", "3", "0", "0"))), NULL },
		{ LIST(ACTIVE "," KEY(KID("b"), "ES256", "retired", "file",
		    TIMES("1", "2", "0", "0", "1"))), "times" },
		{ LIST(ACTIVE "," KEY(KID("b"), "ES256", "removed", "agent",
		    TIMES("1", "2", "3", "4", "1"))), NULL },
		{ LIST(ACTIVE "," KEY(KID("b"), "ES256", "removed", "agent",
		    TIMES("1", "2", "3", "0", "1"))), "times" },
		{ LIST(ACTIVE "," ACTIVE), "twice" },
		{ LIST(ACTIVE "," KEY(KID("b"), "ES256", "active", "file",
		    GOOD)), "two keys are active" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = parse(cases[i].text);
		bool is_right = fault == NULL;

		if (cases[i].words != NULL)
			is_right = fault != NULL &&
			    strstr(fault, cases[i].words) != NULL;
		if (!is_right)
			print_error("%s: %s\n", cases[i].text,
			    fault == NULL ? "no fault" : fault);
		assert_true(is_right);
	}
}

/* The longest list, and one key more; the most live keys, and one more. */
static void
test_limits(void **state)
{
	static char text[65536];
	size_t len, i, live;
	int more;

	(void)state;
	for (live = 0; live < 2; live++) {
		for (more = 0; more < 2; more++) {
			size_t count = live ? KEY_LIVE_MAX : KEY_LIST_MAX;

			len = (size_t)snprintf(text, sizeof(text),
			    "{\"version\":1,\"keys\":[" ACTIVE);
			for (i = 1; i < count + (size_t)more; i++)
				len += (size_t)snprintf(text + len,
				    sizeof(text) - len, "," KEY("%.41s%02zu",
				    "ES256", "%s", "file", TIMES("1", "0", "3",
				    "%d", "0")), A, i,
				    live ? "retired" : "removed", live ? 0 : 4);
			snprintf(text + len, sizeof(text) - len, "]}");
			if (more)
				assert_string_equal(parse(text),
				    "there are too many keys");
			else
				assert_null(parse(text));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_odd_lives),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
