/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration: every key, its range and default, and every error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "world.h"

/* An issuer whose keys are fetched; the first line of its settings is 5. */
#define SYNC "[issuer a]\niss = https://i\naudience = urn:h\nkeys = sync\n"
#define ISSUER "[issuer a]\niss = https://i\nkeys = /k\naudience = urn:h\n"

static const struct policy_host host = {
	.hostname = "web1", .fqdn = "web1.example.org"
};

/* Parse; the line of the first error, 0 when there is none. */
static unsigned
error_line(const char *text, unsigned *errors)
{
	struct diag diag = { 0 };
	struct policy policy;
	unsigned line = 0;
	size_t i;
	enum jwt_reason reason = policy_parse(bytes_str(text), "c", &host,
	    &diag, &policy);

	*errors = 0;
	for (i = 0; i < diag.count; i++)
		*errors += diag.entries[i].reason != JWT_OK;
	if (reason != JWT_OK)
		line = diag_first_error(&diag)->line;
	assert_true((reason == JWT_OK) == (*errors == 0));
	policy_clear(&policy);
	diag_clear(&diag);
	return line;
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned line;	/* 0: no error */
	} rows[] = {
		{ ISSUER, 0 },
		{ "# c\n\n" ISSUER "algorithms = ES256 EdDSA\n", 0 },
		{ ISSUER "leeway = 300s\n", 0 }, { ISSUER "leeway = 301s\n", 5 },
		{ ISSUER "leeway = 0s\n", 0 }, { ISSUER "leeway = 5\n", 5 },
		{ ISSUER "leeway = 5s x\n", 5 }, { ISSUER "leeway = -5s\n", 5 },
		{ ISSUER "leeway = 5S\n", 5 }, { ISSUER "leeway =\n", 5 },
		{ ISSUER "max_age = 1h\n", 0 }, { ISSUER "max_age = 0s\n", 5 },
		{ ISSUER "max_age = 366d\n", 0 },
		{ ISSUER "max_age = 367d\n", 5 },
		{ ISSUER "max_lifetime = 7d\n", 0 },
		{ ISSUER "max_lifetime = 99999999999d\n", 5 },
		{ ISSUER "types = JWT none\n", 0 },
		{ ISSUER "types = logout+jwt\n", 5 },
		{ ISSUER "types = application/DPoP+JWT\n", 5 },
		{ ISSUER "algorithms = none\n", 5 },
		{ ISSUER "algorithms = es256\n", 5 },
		{ ISSUER "algorithms = HS256 ES256\n", 5 },
		{ ISSUER "algorithms = HS256\n", 0 },
		{ ISSUER "decryption_keys = /d\n", 0 },
		{ ISSUER "decryption_keys = /d /e\n", 0 },
		{ ISSUER "decryption_keys = d\n", 5 },
		{ ISSUER "decryption_keys = sync\n", 5 },
		{ ISSUER "decryption_keys =\n", 5 },
		{ ISSUER "decryption_keys = /d /d\n", 5 },
		{ ISSUER "decryption_keys = /d /k\n", 1 },
		{ ISSUER "decryption_keys = /d\nencryption = allowed\n", 0 },
		{ ISSUER "encryption = required\ndecryption_keys = /d\n", 0 },
		{ ISSUER "decryption_keys = /d\nencryption = no\n", 6 },
		{ ISSUER "encryption = required\n", 1 },
		{ ISSUER "encryption = allowed\n", 1 },
		{ ISSUER "decryption_keys = /d\n[issuer b]\niss = https://j\n"
		  "keys = /l\naudience = urn:h\ndecryption_keys = /d\n", 0 },
		{ ISSUER "decryption_keys = /l\n[issuer b]\niss = https://j\n"
		  "keys = /l\naudience = urn:h\n", 1 },
		{ SYNC, 0 }, { SYNC "algorithms = ES256\n", 0 },
		{ SYNC "algorithms = HS256\n", 1 },
		{ "[issuer a]\niss = https://i\naudience = h\n"
		    "keys = sync /k\n", 0 },
		{ "[issuer a]\niss = https://i\naudience = h\n"
		    "keys = sync sync\n", 4 },
		{ "[issuer a]\niss = https://i\naudience = h\n"
		    "keys = Sync\n", 4 },
		{ "[issuer a.b_c-9]\niss = https://i\naudience = h\n"
		    "keys = sync\n", 0 },
		{ "[issuer .a]\niss = https://i\naudience = h\nkeys = /k\n", 0 },
		{ "[issuer .a]\niss = https://i\naudience = h\nkeys = sync\n",
		    1 },
		{ "[issuer -a]\niss = https://i\naudience = h\nkeys = sync\n",
		    1 },
		{ "[issuer a+b]\niss = https://i\naudience = h\nkeys = sync\n",
		    1 },
		{ "[issuer a@b]\niss = https://i\naudience = h\nkeys = sync\n",
		    1 },
		{ "[issuer 0123456789012345678901234567890123456789"
		    "012345678901234567890123]\niss = https://i\n"
		    "audience = h\nkeys = sync\n", 0 },
		{ "[issuer 0123456789012345678901234567890123456789"
		    "0123456789012345678901234]\niss = https://i\n"
		    "audience = h\nkeys = sync\n", 1 },
		{ "[issuer a]\niss = i\naudience = h\nkeys = sync\n", 1 },
		{ "[issuer a]\niss = http://i\naudience = h\nkeys = sync\n", 1 },
		{ "[issuer a]\niss = http://[::1]\naudience = h\nkeys = sync\n",
		    1 },
		{ "[issuer a]\niss = https://i/?a\naudience = h\n"
		    "keys = sync\n", 1 },
		{ "[issuer a]\niss = i\naudience = h\nkeys = sync\n"
		    "discovery = https://i\n", 0 },
		{ "[issuer a]\niss = i\naudience = h\nkeys = sync\n"
		    "jwks_uri = https://i/k\n", 0 },
		{ SYNC "jwks_uri = https://i/k\n", 0 },
		{ SYNC "jwks_uri = http://i/k\n", 5 },
		{ SYNC "jwks_uri = http://127.0.0.1:80/k\n", 0 },
		{ SYNC "discovery = http://localhost/k\n", 5 },
		{ SYNC "discovery = https://u@i/k\n", 5 },
		{ SYNC "discovery = https://i/k#f\n", 5 },
		{ SYNC "discovery = https://i\njwks_uri = https://i\n", 5 },
		{ SYNC "sync_every = 1m\n", 0 }, { SYNC "sync_every = 59s\n", 5 },
		{ SYNC "sync_every = 24h\n", 0 },
		{ SYNC "sync_every = 86401s\n", 5 },
		{ SYNC "keys_max_age = 1h\n", 0 },
		{ SYNC "keys_max_age = 3599s\n", 5 },
		{ SYNC "keys_max_age = 366d\n", 0 },
		{ SYNC "keys_max_age = 367d\n", 5 },
		{ SYNC "keep_old = 0s\n", 0 }, { SYNC "keep_old = 24h\n", 0 },
		{ SYNC "keep_old = 86401s\n", 1 },
		{ SYNC "keep_old = 1h\nmax_lifetime = 59m\n", 1 },
		{ SYNC "keep_old = 2d\nmax_lifetime = 2d\n", 0 },
		{ SYNC "sync_ca_file = /c\n", 0 }, { SYNC "sync_ca_file = c\n", 5 },
		{ SYNC "sync_client_cert = /c\n", 5 },
		{ SYNC "sync_client_key = /c\n", 5 },
		{ SYNC "sync_client_cert = /c\nsync_client_key = /k\n", 0 },
		{ SYNC "sync_proxy = http://p:3128\n", 0 },
		{ SYNC "sync_proxy = https://p:3128\n", 0 },
		{ SYNC "sync_proxy = http://u:p@p:3128\n", 5 },
		{ SYNC "sync_proxy = socks5://p\n", 5 },
		{ ISSUER "discovery = https://i\n", 5 },
		{ ISSUER "jwks_uri = https://i\n", 5 },
		{ ISSUER "sync_every = 10m\n", 5 },
		{ ISSUER "keys_max_age = 7d\n", 5 },
		{ ISSUER "keep_old = 0s\n", 5 },
		{ ISSUER "sync_ca_file = /c\n", 5 },
		{ ISSUER "sync_proxy = https://p\n", 5 },
		{ ISSUER "sync_client_cert = /c\nsync_client_key = /k\n", 5 },
		{ ISSUER "[state]\nsync_directory = /s\n", 0 },
		{ ISSUER "[state]\nsync_directory = s\n", 6 },
		{ ISSUER "revocation = off\n", 0 },
		{ ISSUER "revocation = require\n", 0 },
		{ ISSUER "revocation = maybe\n", 5 },
		{ ISSUER "unknown = 1\n", 5 }, { ISSUER "iss = https://j\n", 5 },
		{ ISSUER "permit = as claim sub\n", 5 },
		{ ISSUER "just words\n", 5 }, { ISSUER "= x\n", 5 },
		{ ISSUER "leeway = 5s # late\n", 5 },
		{ ISSUER "leeway = \\\n 5s\n", 0 },
		{ ISSUER "leeway = 5s\\ \n", 5 },
		{ ISSUER "leeway = 5s\n[issuer a]\niss = x\nkeys = /k\n"
		    "audience = y\n", 6 },
		{ ISSUER "[issuer b]\niss = https://i\nkeys = /k\n"
		    "audience = y\n", 5 },
		{ ISSUER "[issuer]\n", 5 }, { ISSUER "[issuer a b]\n", 5 },
		{ ISSUER "[issuer a\n", 5 }, { ISSUER "[nothing]\n", 5 },
		{ ISSUER "[state]\n", 0 }, { ISSUER "[service]\n", 5 },
		{ ISSUER "[state]\n[state]\n", 6 }, { ISSUER "[state x]\n", 5 },
		{ ISSUER "[state]\ndirectory = /s\n", 0 },
		{ ISSUER "[state]\ndirectory = s\n", 6 },
		{ ISSUER "[state]\nredis = unix:/s\n", 0 },
		{ ISSUER "[state]\nredis = unix:s\n", 6 },
		{ ISSUER "[state]\nredis = unix:\n", 6 },
		{ ISSUER "[state]\nredis = redis://h\n", 0 },
		{ ISSUER "[state]\nredis = redis://h:1\n", 0 },
		{ ISSUER "[state]\nredis = redis://h:65535\n", 0 },
		{ ISSUER "[state]\nredis = redis://h:65536\n", 6 },
		{ ISSUER "[state]\nredis = redis://h:0\n", 6 },
		{ ISSUER "[state]\nredis = redis://h:\n", 6 },
		{ ISSUER "[state]\nredis = redis://h:1x\n", 6 },
		{ ISSUER "[state]\nredis = redis://\n", 6 },
		{ ISSUER "[state]\nredis = redis://:1\n", 6 },
		{ ISSUER "[state]\nredis = redis://[::1]\n", 0 },
		{ ISSUER "[state]\nredis = redis://[::1]:1\n", 0 },
		{ ISSUER "[state]\nredis = redis://[::1\n", 6 },
		{ ISSUER "[state]\nredis = redis://[]:1\n", 6 },
		{ ISSUER "[state]\nredis = redis://[::1]x\n", 6 },
		{ ISSUER "[state]\nredis = redis://h/0\n", 6 },
		{ ISSUER "[state]\nredis = redis://u:p@h\n", 6 },
		{ ISSUER "[state]\nredis = REDIS://h\n", 6 },
		{ ISSUER "[state]\nredis = h:1\n", 6 },
		{ ISSUER "[state]\nredis = rediss://h\nredis_ca_file = /c\n", 0 },
		{ ISSUER "[state]\nredis = redis://h\nredis_ca_file = /c\n", 5 },
		{ ISSUER "[state]\nredis = rediss://h\nredis_cert_file = /c\n"
		    "redis_key_file = /k\n", 0 },
		{ ISSUER "[state]\nredis = rediss://h\nredis_cert_file = /c\n",
		    5 },
		{ ISSUER "[state]\nredis = rediss://h\nredis_key_file = /k\n",
		    5 },
		{ ISSUER "[state]\nredis = unix:/s\nredis_cert_file = /c\n"
		    "redis_key_file = /k\n", 5 },
		{ ISSUER "[state]\nredis_cert_file = /c\n"
		    "redis_key_file = /k\n", 5 },
		{ ISSUER "[state]\nredis = redis://h\nredis_user = u\n", 5 },
		{ ISSUER "[state]\nredis = redis://h\nredis_user = u\n"
		    "redis_password_file = /p\n", 0 },
		{ ISSUER "[state]\nredis = redis://h\nredis_user = u v\n"
		    "redis_password_file = /p\n", 7 },
		{ ISSUER "[state]\nredis = redis://h\nredis_password_file = p\n",
		    7 },
		{ ISSUER "[state]\nredis_password_file = /p\n", 5 },
		{ ISSUER "[state]\nredis_lookups = pulled\n", 5 },
		{ ISSUER "[state]\nredis_lookups = live\n", 0 },
		{ ISSUER "[state]\nredis_lookups = x\n", 6 },
		{ ISSUER "[state]\nsession_enforcer = logind\n", 0 },
		{ ISSUER "[state]\nsession_enforcer = watch\n", 0 },
		{ ISSUER "[state]\nsession_enforcer = cron\n", 6 },
		{ ISSUER "[state]\nredis_replicas = 1\n", 5 },
		{ ISSUER "[state]\nredis = redis://h\nredis_replicas = 8\n", 0 },
		{ ISSUER "[state]\nredis = redis://h\nredis_replicas = 0\n", 0 },
		{ ISSUER "[state]\nredis = redis://h\nredis_replicas = 9\n", 7 },
		{ ISSUER "[state]\nredis = redis://h\nredis_timeout = 10s\n", 0 },
		{ ISSUER "[state]\nredis = redis://h\nredis_timeout = 11s\n", 7 },
		{ ISSUER "[state]\nredis = redis://h\nredis_timeout = 0s\n", 7 },
		{ ISSUER "[state]\nredis_timeout = 10s\n", 5 },
		{ ISSUER "[state]\nredis = redis://h\nmax_stale = 10m\n", 5 },
		{ ISSUER "[state]\nredis = redis://h\nredis_lookups = pulled\n"
		    "max_stale = 10m\n", 0 },
		{ ISSUER "[state]\nmax_stale = 0s\n", 6 },
		{ ISSUER "algorithms = ES256 ES256\n", 5 },
		{ ISSUER "types = JWT JWT=\n", 5 },
		{ ISSUER "types = JWT a/b/c\n", 5 },
		{ ISSUER "types = JWT application/at+jwt\n", 0 },
		{ "[issuer a]\niss = i\nkeys = /k\naudience = x x\n", 4 },
		{ "[issuer a]\niss = i\nkeys = /k\naudience = %{hostname} web1\n",
		    0 },
		{ ISSUER "event_audience = x\n", 0 },
		{ ISSUER "event_audience = urn:h\n", 0 },
		{ ISSUER "event_audience =\n", 5 },
		{ ISSUER "event_audience = x x\n", 5 },
		{ ISSUER "event_audience = \"x\n", 5 },
		{ ISSUER "event_audience = x\nevent_audience = y\n", 6 },
		{ ISSUER "event_audience = %{hostkey}\n", 5 },
		{ ISSUER "event_audience = %{hostname} web1\n", 0 },
		{ "[issuer a]\niss = i\nkeys = /k\nevent_audience = x\n", 1 },
		{ ISSUER "leeway = 5s \\\n", 5 },
		{ ISSUER "leeway = 5s \\", 5 },
		{ ISSUER "[service s]\n[service s]\n", 6 },
		{ ISSUER "[service s *]\n", 5 }, { ISSUER "[service *]\n", 0 },
		{ ISSUER "[service SSHD]\n", 5 },
		{ ISSUER "[service s]\nissuers = a\n", 0 },
		{ ISSUER "[service s]\nissuers = b\n", 5 },
		{ ISSUER "[service s]\nsingle_use = no\n", 0 },
		{ ISSUER "[service s]\nsingle_use = yes\n", 0 },
		{ ISSUER "[service s]\nsingle_use = 1\n", 6 },
		{ ISSUER "[service s]\nrevoke_on_logout = yes\n", 0 },
		{ ISSUER "[service s]\nrevoke_on_logout = Yes\n", 6 },
		{ ISSUER "[service sudo sudo-i]\ntoken_file = /t\n", 0 },
		{ ISSUER "[service su su-l]\ntoken_file = /t\n", 0 },
		{ ISSUER "[service doas]\ntoken_file = /t\n", 0 },
		{ ISSUER "[service polkit-1]\ntoken_file = /t\n", 0 },
		{ ISSUER "[service s]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service i3lock]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service vlock]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service sudo]\ntoken_file = t\n", 6 },
		{ ISSUER "[service sudoku]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service *]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service sudo login]\ntoken_file = /t\n", 6 },
		{ ISSUER "[service s]\nproof = none\n", 0 },
		{ ISSUER "[service sshd]\nproof = ssh-key\n", 0 },
		{ ISSUER "[service sshd sshd-jump]\nproof = ssh-key\n", 0 },
		{ ISSUER "[service sshd]\nproof = ssh-key\nrequire_proof = yes\n",
		    0 },
		{ ISSUER "[service sudo su]\nproof = session\n", 0 },
		{ ISSUER "[service *]\nproof = session\n", 0 },
		{ ISSUER "[service *]\nproof = ssh-key\n", 6 },
		{ ISSUER "[service sudo]\nproof = ssh-key\n", 6 },
		{ ISSUER "[service sshd su]\nproof = ssh-key\n", 6 },
		{ ISSUER "[service xsshd]\nproof = ssh-key\n", 6 },
		{ ISSUER "[service sshd]\nproof = session\n", 6 },
		{ ISSUER "[service sudo sshd-x]\nproof = session\n", 6 },
		{ ISSUER "[service sshd]\nproof = yes\n", 6 },
		{ ISSUER "[service s]\nrequire_proof = yes\n", 5 },
		{ ISSUER "[service s]\nproof = none\nrequire_proof = yes\n",
		    5 },
		{ ISSUER "[service sshd]\nproof = ssh-key\n"
		    "permit = as a if sshkey = ssh-rsa\n", 0 },
		{ ISSUER "[service sshd]\npermit = as a if sshkey = ssh-rsa\n", 6 },
		{ ISSUER "[service su]\ndeny = if not sshca exists\n", 6 },
		{ ISSUER "[service su]\npermit = as a if \"sshca\" exists\n",
		    0 },
		{ ISSUER "[service s]\nsession_limit = none\n", 0 },
		{ ISSUER "[service s]\nsession_limit = token\n", 0 },
		{ ISSUER "[service s]\nsession_limit = 8h\n", 0 },
		{ ISSUER "[service s]\nsession_limit = 0s\n", 6 },
		{ ISSUER "[service s]\nsession_limit = 8\n", 6 },
		{ ISSUER "[service s]\nprompt = Ihr Token:\nhelp = ask\n", 0 },
		{ ISSUER "[service s]\npermit = as alice\npermit = as bob\n"
		    "deny = if a = b\n", 0 },
		{ ISSUER "[service s]\npermit = alice\n", 6 },
		{ ISSUER "[service s]\npermit = as alice \\\n  if a =\n", 6 },
		{ "iss = x\n" ISSUER, 1 },
		{ "[issuer a]\nkeys = /k\naudience = x\n", 1 },
		{ "[issuer a]\niss = i\naudience = x\n", 1 },
		{ "[issuer a]\niss = i\nkeys = /k\n", 1 },
		{ "[issuer a]\niss = i\nkeys = k\naudience = x\n", 3 },
		{ "[issuer a]\niss = i\nkeys = /k /k\naudience = x\n", 3 },
		{ "[issuer a]\niss = i j\nkeys = /k\naudience = x\n", 2 },
		{ "[issuer a]\niss = \"i\"\nkeys = /k\naudience = x\n", 2 },
		{ "[issuer a]\niss = 'i'\nkeys = /k\naudience = x\n", 2 },
		{ "[issuer a]\niss = i'j\nkeys = /k\naudience = x\n", 0 },
		{ "[issuer a]\niss = i\nkeys = https://i/k\naudience = x\n", 3 },
		{ "[issuer a]\niss = i\nkeys = /k\naudience = %{hostkey}\n", 4 },
		{ "[issuer a]\niss = i\nkeys = /k\naudience = %{machine_id}\n",
		    4 },
		{ "[issuer a]\niss = i\nkeys = /k\naudience = x:%{fqdn}\n", 0 },
		{ ISSUER "leeway = \x01s\n", 5 }, { ISSUER "leeway = \xff\n", 5 },
	};
	unsigned errors;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned line = error_line(rows[i].text, &errors);

		if (line != rows[i].line)
			fail_msg("%s: line %u", rows[i].text, line);
	}
	error_line("", &errors);
	assert_int_equal(errors, 1);
	/* All of them, not only the first. */
	error_line(ISSUER "leeway = x\nbogus = 1\n[service s]\npermit = x\n"
	    "single_use = x\n", &errors);
	assert_int_equal(errors, 4);
	/* Nor another that is not there: 8 is not 0. */
	error_line(ISSUER "[service s]\nsession_limit = 8\n", &errors);
	assert_int_equal(errors, 1);
}

/* A comma is not a space; nor is it an error, as a URI may end in one. */
static void
test_comma(void **state)
{
	static const struct {
		const char *audience;
		size_t warnings;
	} rows[] = { { "a b", 0 }, { "a, b", 1 }, { "a,b", 0 }, { "a,", 1 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = world_text("[issuer a]\niss = i\nkeys = /k\n"
		    "audience = %s\n", rows[i].audience);
		struct diag diag = { 0 };
		struct policy policy;

		assert_int_equal(policy_parse(bytes_str(text), "c", &host,
		    &diag, &policy), JWT_OK);
		assert_int_equal(diag.count, rows[i].warnings);
		policy_clear(&policy);
		diag_clear(&diag);
		free(text);
	}
}

static void
test_values(void **state)
{
	static const char text[] = "[issuer a]\niss = https://i\nkeys = /k /l\n"
	    "audience = ssh://%{hostname} urn:x\nleeway = 5s\nmax_age = 2m\n"
	    "max_lifetime = 3h\nalgorithms = ES256\ntypes = x+jwt\n"
	    "[service s t]\nprompt = Karte?\nhelp = ask\nissuers = a\n"
	    "permit = as alice\n[service *]\npermit = as bob\n";
	struct diag diag = { 0 };
	struct policy policy;
	const struct issuer *a;

	(void)state;
	assert_int_equal(policy_parse(bytes_str(text), "c", &host, &diag,
	    &policy), JWT_OK);
	a = &policy.issuers[0];
	assert_int_equal(a->leeway_sec, 5);
	assert_int_equal(a->max_age_sec, 120);
	assert_int_equal(a->max_lifetime_sec, 10800);
	assert_int_equal(a->algorithms, ALG_BIT(ALG_ES256));
	assert_int_equal(a->keys.count, 2);
	assert_string_equal(a->audience.item[0], "ssh://web1");
	assert_ptr_equal(policy_event_audience(a), &a->audience);
	assert_string_equal(a->types.item[0], "x+jwt");
	assert_ptr_equal(policy_service(&policy, "t"), &policy.services[0]);
	assert_ptr_equal(policy_service(&policy, "u"), &policy.services[1]);
	assert_string_equal(policy.services[0].prompt, "Karte?");
	assert_string_equal(policy.services[0].help, "ask");
	policy_clear(&policy);
	assert_int_equal(policy_parse(bytes_str(ISSUER), "c", &host, &diag,
	    &policy), JWT_OK);
	a = &policy.issuers[0];
	assert_int_equal(a->leeway_sec, 60);
	assert_int_equal(a->max_age_sec, 0);
	assert_int_equal(a->max_lifetime_sec, 86400);
	assert_false(a->algorithms_given);
	assert_string_equal(policy_service(&policy, "s")->prompt, "Token:");
	assert_null(policy_service(&policy, "s")->help);
	policy_clear(&policy);
	diag_clear(&diag);
}

/* Events may be for other words than logins; both have the names of the host. */
static void
test_event_audience(void **state)
{
	static const char text[] = ISSUER
	    "event_audience = \"a b\" https://%{fqdn}\n";
	struct diag diag = { 0 };
	const struct words *words;
	struct policy policy;

	(void)state;
	assert_int_equal(policy_parse(bytes_str(text), "c", &host, &diag,
	    &policy), JWT_OK);
	assert_int_equal(policy.issuers[0].audience.count, 1);
	assert_string_equal(policy.issuers[0].audience.item[0], "urn:h");
	words = policy_event_audience(&policy.issuers[0]);
	assert_int_equal(words->count, 2);
	assert_string_equal(words->item[0], "a b");
	assert_string_equal(words->item[1], "https://web1.example.org");
	assert_int_equal(policy.issuers[0].named_line, 5);
	policy_clear(&policy);
	diag_clear(&diag);
}

/* Whether a store is wanted, and whether the issuer's tokens need it. */
static void
assert_state(const char *text, bool wanted, bool required)
{
	struct diag diag = { 0 };
	struct policy policy;

	assert_int_equal(policy_parse(bytes_str(text), "c", &host, &diag,
	    &policy), JWT_OK);
	assert_int_equal(policy.state.wanted, wanted);
	assert_int_equal(policy.issuers[0].revocation_required, required);
	assert_int_equal(policy_requires_state(&policy), required);
	assert_non_null(policy.state.directory);
	policy_clear(&policy);
	diag_clear(&diag);
}

static void
test_state(void **state)
{
	(void)state;
	assert_state(ISSUER, false, false);
	assert_state(ISSUER "revocation = off\n", false, false);
	assert_state(ISSUER "revocation = require\n", true, true);
	assert_state(ISSUER "[state]\n", true, true);
	assert_state(ISSUER "revocation = off\n[state]\n", true, false);
	assert_state("[state]\n" ISSUER, true, true);
	assert_state(ISSUER "[service s]\nsingle_use = yes\n", true, false);
	assert_state(ISSUER "[service s]\nrevoke_on_logout = yes\n", true,
	    false);
}

static void
test_redis(void **state)
{
	static const char text[] = ISSUER "[state]\ndirectory = /d\n"
	    "redis = rediss://[2001:db8::1]:7\nredis_user = u\n"
	    "redis_password_file = /p\nredis_ca_file = /c\n"
	    "redis_cert_file = /mine\nredis_key_file = /key\n"
	    "redis_timeout = 3s\nredis_replicas = 2\n"
	    "redis_lookups = pulled\nmax_stale = 1m\n";
	struct diag diag = { 0 };
	struct policy policy;

	(void)state;
	assert_int_equal(policy_parse(bytes_str(text), "c", &host, &diag,
	    &policy), JWT_OK);
	assert_string_equal(policy.state.directory, "/d");
	assert_int_equal(policy.state.redis, REDIS_TLS);
	assert_string_equal(policy.state.redis_host, "2001:db8::1");
	assert_int_equal(policy.state.redis_port, 7);
	assert_string_equal(policy.state.redis_user, "u");
	assert_string_equal(policy.state.redis_password_file, "/p");
	assert_string_equal(policy.state.redis_ca_file, "/c");
	assert_string_equal(policy.state.redis_cert_file, "/mine");
	assert_string_equal(policy.state.redis_key_file, "/key");
	assert_int_equal(policy.state.redis_timeout_sec, 3);
	assert_int_equal(policy.state.redis_replicas, 2);
	assert_true(policy.state.redis_pulled);
	assert_int_equal(policy.state.max_stale_sec, 60);
	policy_clear(&policy);
	diag_clear(&diag);
	assert_int_equal(policy_parse(bytes_str(ISSUER
	    "[state]\nredis = redis://h\n"), "c", &host, &diag, &policy),
	    JWT_OK);
	assert_string_equal(policy.state.directory, "/var/lib/pam_jwt/state");
	assert_int_equal(policy.state.redis_port, 6379);
	assert_int_equal(policy.state.redis_timeout_sec, 1);
	assert_int_equal(policy.state.max_stale_sec, 600);
	assert_false(policy.state.redis_pulled);
	policy_clear(&policy);
	diag_clear(&diag);
}

/* sudo without sudo-i has other rules: a warning, no error. */
static void
test_siblings(void **state)
{
	struct diag diag = { 0 };
	struct policy policy;

	(void)state;
	assert_int_equal(policy_parse(bytes_str(ISSUER "[service sudo]\n"),
	    "c", &host, &diag, &policy), JWT_OK);
	assert_int_equal(diag.count, 1);
	assert_int_equal(diag.entries[0].reason, JWT_OK);
	policy_clear(&policy);
	diag_clear(&diag);
	assert_int_equal(policy_parse(bytes_str(ISSUER
	    "[service sudo sudo-i]\n"), "c", &host, &diag, &policy), JWT_OK);
	assert_int_equal(diag.count, 0);
	policy_clear(&policy);
	diag_clear(&diag);
}

/* max_age needs iat, and counts from it; the edges of each second. */
static void
test_age(void **state)
{
	static const struct {
		const char *iat;
		enum jwt_reason reason;
	} rows[] = {
		{ ",\"iat\":1699999880", JWT_OK },
		{ ",\"iat\":1699999879", JWT_TOO_OLD },
		{ "", JWT_CLAIM_INVALID },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;
		char *payload = world_text("{\"iss\":\"" WORLD_ISS "\",\"aud\":"
		    "\"urn:h\",\"sub\":\"alice\",\"exp\":1700000600%s}",
		    rows[i].iat);
		char *token;

		assert_int_equal(world_load(&world, "max_age = 2m", "",
		    world_jwk(ALG_ED25519)), JWT_OK);
		token = world_sign(ALG_ED25519, "{\"alg\":\"EdDSA\"}", payload);
		assert_int_equal(world_verdict(&world, token), rows[i].reason);
		free(token);
		free(payload);
		world_clear(&world);
	}
}

/* The words of an audience, between quotes or not; NULL: an error. */
static void
test_audience_words(void **state)
{
	static const struct {
		const char *value;
		const char *words;	/* with | between them */
	} rows[] = {
		{ "urn:a urn:b", "urn:a|urn:b" },
		{ "\"openid login\"", "openid login" },
		{ "openid login", "openid|login" },
		{ "\"openid login\"  x \"y\"", "openid login|x|y" },
		{ "\"a\\\"b\\\\c\"", "a\"b\\c" },
		{ "\"ssh://%{hostname} x\"", "ssh://web1 x" },
		{ "\"a # b\"", "a # b" },
		{ "\"a", NULL }, { "a\"", NULL }, { "a\"b\"", NULL },
		{ "\"a\"b", NULL }, { "\"a\"\"b\"", NULL }, { "\"\"", NULL },
		{ "a \"\"", NULL },
		{ "\"a\\b\"", NULL }, { "a \"a\"", NULL },
		{ "\"a b\" \"a b\"", NULL },
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diag diag = { 0 };
		struct policy policy;
		char joined[128] = "", *text = world_text("[issuer a]\niss = i\n"
		    "keys = /k\naudience = %s\n", rows[i].value);
		enum jwt_reason reason = policy_parse(bytes_str(text), "c",
		    &host, &diag, &policy);

		assert_int_equal(reason, rows[i].words == NULL ?
		    JWT_CONFIG_INVALID : JWT_OK);
		for (k = 0; rows[i].words != NULL &&
		    k < policy.issuers[0].audience.count; k++) {
			strcat(joined, k == 0 ? "" : "|");
			strcat(joined, policy.issuers[0].audience.item[k]);
		}
		if (rows[i].words != NULL)
			assert_string_equal(joined, rows[i].words);
		policy_clear(&policy);
		diag_clear(&diag);
		free(text);
	}
}

/* Which line has the host's name in its audience, for `pam-jwt check`. */
static void
test_named_line(void **state)
{
	static const struct {
		const char *word;
		unsigned line;
	} rows[] = {
		{ "ssh://%{hostname}", 4 }, { "%{fqdn}", 4 }, { "a %{fqdn} b", 4 },
		{ "urn:a", 0 }, { "%%{hostnames}", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diag diag = { 0 };
		struct policy policy;
		char *text = world_text("[issuer a]\niss = i\nkeys = /k\n"
		    "audience = %s\n", rows[i].word);

		assert_int_equal(policy_parse(bytes_str(text), "c", &host,
		    &diag, &policy), JWT_OK);
		assert_int_equal(policy.issuers[0].named_line, rows[i].line);
		policy_clear(&policy);
		diag_clear(&diag);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors), cmocka_unit_test(test_comma),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_event_audience),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_redis),
		cmocka_unit_test(test_siblings),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_audience_words),
		cmocka_unit_test(test_named_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
