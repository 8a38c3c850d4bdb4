/* SPDX-License-Identifier: BSD-2-Clause */
/* What sync remembers, and texts that it did not write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/number.h"
#include "sync/memory.h"

static const struct memory nothing;

static struct memory
full(void)
{
	struct memory memory = {
		.etag = "W/\"a\\b\"",
		.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT",
		.tried = 1800000000, .failures = 3, .next = 1800002400,
		.retry_at = 1800000030, .warned = 1799999999,
		.synced = 1799999000
	};

	memset(memory.settings, 0xab, HASH_LEN);
	memset(memory.source, 0xef, HASH_LEN);
	memset(memory.set, 0xcd, HASH_LEN);
	return memory;
}

static void
read_bytes(const void *ptr, size_t len, struct memory *out)
{
	struct secret text;

	assert_int_equal(secret_copy(bytes_of(ptr, len), &text), JWT_OK);
	memory_read(&text, out);
	secret_clear(&text);
}

static void
assert_nothing(const struct memory *memory)
{
	assert_memory_equal(memory, &nothing, sizeof(nothing));
}

static void
test_round_trip(void **state)
{
	struct memory memory = full(), got;
	struct secret text;

	(void)state;
	assert_int_equal(memory_put(&memory, &text), JWT_OK);
	read_bytes(text.ptr, text.len, &got);
	assert_string_equal(got.etag, memory.etag);
	assert_string_equal(got.last_modified, memory.last_modified);
	assert_int_equal(got.tried, memory.tried);
	assert_int_equal(got.failures, memory.failures);
	assert_int_equal(got.next, memory.next);
	assert_int_equal(got.retry_at, memory.retry_at);
	assert_int_equal(got.warned, memory.warned);
	assert_memory_equal(got.settings, memory.settings, HASH_LEN);
	assert_int_equal(got.synced, memory.synced);
	assert_memory_equal(got.source, memory.source, HASH_LEN);
	assert_memory_equal(got.set, memory.set, HASH_LEN);
	secret_clear(&text);
}

/* Every validator that an answer can have fits, escaped as it must be. */
static void
test_longest(void **state)
{
	struct memory memory = full(), got;
	struct secret text;

	(void)state;
	memset(memory.etag, '"', EXCHANGE_HEADER_MAX);
	memset(memory.last_modified, '\\', EXCHANGE_HEADER_MAX);
	assert_int_equal(memory_put(&memory, &text), JWT_OK);
	read_bytes(text.ptr, text.len, &got);
	assert_string_equal(got.etag, memory.etag);
	assert_string_equal(got.last_modified, memory.last_modified);
	secret_clear(&text);
}

static void
test_torn(void **state)
{
	struct memory memory = full(), got;
	struct secret text;
	size_t len;

	(void)state;
	assert_int_equal(memory_put(&memory, &text), JWT_OK);
	for (len = 0; len < text.len; len++) {
		read_bytes(text.ptr, len, &got);
		assert_nothing(&got);
	}
	secret_clear(&text);
}

/* The text of full() with one part of it replaced. */
static void
read_changed(const char *from, const char *to, struct memory *out)
{
	struct memory memory = full();
	char changed[EXCHANGE_HEADER_MAX + 1024];
	struct secret text;
	const char *at;
	int len;

	assert_int_equal(memory_put(&memory, &text), JWT_OK);
	at = memmem(text.ptr, text.len, from, strlen(from));
	assert_non_null(at);
	len = snprintf(changed, sizeof(changed), "%.*s%s%.*s",
	    (int)(at - (char *)text.ptr), (char *)text.ptr, to,
	    (int)(text.len - (size_t)(at - (char *)text.ptr) - strlen(from)),
	    at + strlen(from));
	assert_in_range(len, 1, (int)sizeof(changed) - 1);
	read_bytes(changed, (size_t)len, out);
	secret_clear(&text);
}

static void
test_hostile(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "\"tried\":1800000000", "\"tried\":-1" },
		{ "\"tried\":1800000000", "\"tried\":1e9" },
		{ "\"tried\":1800000000", "\"tried\":\"1800000000\"" },
		{ "\"tried\":1800000000", "\"tried\":9007199254740992" },
		{ "\"tried\":1800000000,", "" },
		{ "\"failures\":3", "\"failures\":65" },
		{ "\"failures\":3", "\"failures\":4294967296" },
		{ "\"next\":1800002400", "\"next\":null" },
		{ "\"retry_at\":1800000030", "\"retry_at\":[]" },
		{ "\"warned\":1799999999", "\"warned\":1.5" },
		{ "\"etag\":\"", "\"etag\":\"\\u0000" },
		{ "\"etag\":\"", "\"etag\":1,\"x\":\"" },
		{ "\"synced\":1799999000", "\"synced\":-0" },
		{ "abab", "abaz" },
		{ "efef", "ef" },
		{ "abab", "ab" },
		{ "abab", "ababab" },
		{ "cdcd", "CDCD" },
		{ "{", "[{" },
		{ "{", "{\"tried\":1," },
	};
	struct memory got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_changed(cases[i].from, cases[i].to, &got);
		assert_nothing(&got);
	}
}

/* The other side of the bounds. */
static void
test_bounds(void **state)
{
	char etag[EXCHANGE_HEADER_MAX + 64];
	struct memory got;

	(void)state;
	read_changed("\"failures\":3", "\"failures\":64", &got);
	assert_int_equal(got.failures, MEMORY_FAILURES_MAX);
	read_changed("\"tried\":1800000000", "\"tried\":9007199254740991",
	    &got);
	assert_int_equal(got.tried, NUMBER_DATE_MAX);
	/* Nine bytes are there already. */
	(void)snprintf(etag, sizeof(etag), "Sun, %0*d", EXCHANGE_HEADER_MAX -
	    29, 0);
	read_changed("Sun, ", etag, &got);
	assert_int_equal(strlen(got.last_modified), EXCHANGE_HEADER_MAX);
	(void)snprintf(etag, sizeof(etag), "Sun, %0*d", EXCHANGE_HEADER_MAX -
	    28, 0);
	read_changed("Sun, ", etag, &got);
	assert_nothing(&got);
}

static void
test_too_long(void **state)
{
	struct memory memory = full(), got;
	struct secret whole, text;

	(void)state;
	assert_int_equal(memory_put(&memory, &whole), JWT_OK);
	assert_int_equal(secret_alloc(MEMORY_TEXT_MAX + 1, &text), JWT_OK);
	memset(text.ptr, ' ', text.len);
	memcpy(text.ptr, whole.ptr, whole.len);
	read_bytes(text.ptr, MEMORY_TEXT_MAX, &got);
	assert_int_equal(got.failures, 3);
	read_bytes(text.ptr, MEMORY_TEXT_MAX + 1, &got);
	assert_nothing(&got);
	secret_clear(&text);
	secret_clear(&whole);
}

/* Whether two issuers fetch in the same way. */
static bool
is_same(const struct issuer *a, const struct issuer *b)
{
	uint8_t first[HASH_LEN], second[HASH_LEN];

	assert_int_equal(memory_hash_settings(a, first), JWT_OK);
	assert_int_equal(memory_hash_settings(b, second), JWT_OK);
	return memcmp(first, second, HASH_LEN) == 0;
}

static void
test_settings(void **state)
{
	struct issuer a = { .iss = "https://idp.example", .algorithms = 1,
		.sync = { .every_sec = 600, .keys_max_age_sec = 7200 } };
	struct issuer b = a;

	(void)state;
	b.name = "other";
	b.line = 7;
	b.sync.keys_max_age_sec = 3600;
	assert_true(is_same(&a, &b));
#define DIFFERS(member, value) \
	b = a; \
	b.member = value; \
	assert_false(is_same(&a, &b))
	DIFFERS(iss, "https://idp.example/");
	DIFFERS(iss, NULL);
	DIFFERS(algorithms, 3);
	DIFFERS(sync.discovery, "https://idp.example/d");
	DIFFERS(sync.jwks_uri, "https://idp.example/d");
	DIFFERS(sync.ca_file, "/a");
	DIFFERS(sync.client_cert, "/a");
	DIFFERS(sync.client_key, "/a");
	DIFFERS(sync.proxy, "http://proxy");
	DIFFERS(sync.proxy, "");
	DIFFERS(sync.every_sec, 601);
#undef DIFFERS
	/* A value does not count in the place of its neighbour. */
	a.sync.ca_file = "/a";
	b = a;
	b.sync.ca_file = NULL;
	b.sync.client_cert = "/a";
	assert_false(is_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
