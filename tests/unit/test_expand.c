/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of this host in a word of the configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/policy/expand.h"

static const struct policy_host host = {
	.hostname = "web1", .fqdn = "web1.example.org", .machine_id = NULL
};

/* The bytes of the word alone, so that a sanitizer sees one too many. */
static const char *
expand_alone(const char *word, char out[EXPAND_SIZE])
{
	size_t len = strlen(word);
	char *copy = malloc(len + (len == 0));
	const char *fault;

	assert_non_null(copy);
	memcpy(copy, word, len);
	memset(out, 'x', EXPAND_SIZE);
	fault = expand_audience(bytes_of(copy, len), &host, out);
	free(copy);
	return fault;
}

static void
test_words(void **state)
{
	static const struct {
		const char *word;
		const char *expanded;	/* NULL: refused */
	} rows[] = {
		{ "", "" },
		{ "urn:x", "urn:x" },
		{ "ssh://%{hostname}", "ssh://web1" },
		{ "%{fqdn}", "web1.example.org" },
		{ "%{hostname}-%{fqdn}-x", "web1-web1.example.org-x" },
		{ "100%%", "100%" },
		{ "%%{hostname}", "%{hostname}" },
		{ "%{machine_id}", NULL },	/* this host has none */
		{ "%{hostkey}", NULL },
		{ "%{Hostname}", NULL },
		{ "%{}", NULL },
		{ "%{hostname", NULL },
		{ "%hostname}", NULL },
		{ "%xhostname}", NULL },
		{ "x%", NULL },
		{ "x%%", "x%" },
		{ "%%%", NULL },
		{ "%%%%", "%%" },
		{ "%%}", "%}" },
		{ "%}", NULL },
		{ "%{hostname}%%%{fqdn}", "web1%web1.example.org" },
		{ "%{hostname}}", "web1}" },
		{ "%{hostname }", NULL },
		{ "%{%{hostname}}", NULL },
		{ "%", NULL },
	};
	static const char names[] =
	    "the names are %{hostname}, %{fqdn} and %{machine_id}";
	char out[EXPAND_SIZE];
	size_t i;

	(void)state;
	assert_string_equal(expand_audience(bytes_str("ssh://%{host}"), &host,
	    out), names);
	assert_string_equal(expand_token_file(bytes_str("/%{home}"), "a", "1",
	    out), "the names are %{user} and %{uid}");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *fault = expand_alone(rows[i].word, out);

		if (rows[i].expanded == NULL) {
			assert_non_null(fault);
			continue;
		}
		assert_null(fault);
		assert_string_equal(out, rows[i].expanded);
	}
}

/* 1023 bytes fit, 1024 do not, whether written or expanded. */
static void
test_limit(void **state)
{
	char word[EXPAND_SIZE + 16], out[EXPAND_SIZE];

	(void)state;
	memset(word, 'a', sizeof(word));
	assert_null(expand_audience(bytes_of(word, 1023), &host, out));
	assert_int_equal(strlen(out), 1023);
	assert_non_null(expand_audience(bytes_of(word, 1024), &host, out));
	memcpy(word + 1019, "%{hostname}", 11);
	assert_null(expand_audience(bytes_of(word, 1030), &host, out));
	assert_string_equal(out + 1019, "web1");
	memmove(word + 1020, "%{hostname}", 11);
	word[1019] = 'a';
	assert_non_null(expand_audience(bytes_of(word, 1031), &host, out));
}

/* What a token_file may name, and nothing of an audience. */
static void
test_token_file(void **state)
{
	char out[EXPAND_SIZE];

	(void)state;
	assert_null(expand_token_file(bytes_str("/run/user/%{uid}/%{user}"),
	    "alice", "1000", out));
	assert_string_equal(out, "/run/user/1000/alice");
	assert_non_null(expand_token_file(bytes_str("/x/%{hostname}"),
	    "alice", "1000", out));
	assert_non_null(expand_token_file(bytes_str("/x/%u"), "alice", "1000",
	    out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_token_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
