/* SPDX-License-Identifier: BSD-2-Clause */
/* What `pam-jwt check` shows as in force: each setting, set and by default. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/check_force.h"

#define ISSUER "[issuer i]\niss = https://i\naudience = a\n"
#define KEYS "keys = /k\n"

static struct policy policy;
static struct arena arena;

static void
parse(const char *conf)
{
	const struct policy_host host = { .hostname = NULL };
	struct diag diag = { 0 };

	if (policy_parse(bytes_str(conf), "conf", &host, &diag, &policy) !=
	    JWT_OK)
		fail_msg("%s: %s", conf, diag.entries[0].text);
	diag_clear(&diag);
}

/* The items as "name value", with * after a default, one a line. */
static void
expect(const struct force *force, const char *text)
{
	char got[2000] = "";
	size_t used = 0, i;

	for (i = 0; i < force->count; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used,
		    "%s %s%s\n", force->items[i].name, force->items[i].value,
		    force->items[i].is_default ? "*" : "");
	assert_string_equal(got, text);
	policy_clear(&policy);
	arena_clear(&arena);
}

static void
issuer_is(const char *settings, const char *text)
{
	struct force force = { .arena = &arena };
	char conf[2000];

	snprintf(conf, sizeof(conf), ISSUER "%s", settings);
	parse(conf);
	force_issuer(&force, &policy.issuers[0]);
	expect(&force, text);
}

static void
test_issuer(void **state)
{
	(void)state;
	issuer_is(KEYS, "keys /k\naudience a\ntypes JWT at+jwt none*\n"
	    "leeway 1m*\nmax_lifetime 1d*\nrevocation off*\n");
	issuer_is(KEYS "algorithms = ES256 RS256\ndecryption_keys = /d /e\n"
	    "encryption = allowed\nevent_audience = \"x y\" z\n"
	    "types = JWT\nleeway = 90s\nmax_age = 2h\nmax_lifetime = 3d\n"
	    "revocation = require\n",
	    "keys /k\nalgorithms ES256 RS256\ndecryption_keys /d /e\n"
	    "encryption allowed\naudience a\nevent_audience \"x y\" z\n"
	    "types JWT\nleeway 90s\nmax_age 2h\nmax_lifetime 3d\n"
	    "revocation require\n");
	issuer_is(KEYS "decryption_keys = /d\n[state]\n",
	    "keys /k\ndecryption_keys /d\nencryption required*\naudience a\n"
	    "types JWT at+jwt none*\nleeway 1m*\nmax_lifetime 1d*\n"
	    "revocation require*\n");
}

static void
test_sync(void **state)
{
	(void)state;
	issuer_is("keys = sync\n", "keys sync\nsync_every 10m*\n"
	    "keys_max_age 7d*\naudience a\ntypes JWT at+jwt none*\n"
	    "leeway 1m*\nmax_lifetime 1d*\nrevocation off*\n");
	issuer_is("keys = sync\njwks_uri = https://i/j\nsync_every = 5m\n"
	    "keys_max_age = 1d\nkeep_old = 1h\nsync_ca_file = /ca\n"
	    "sync_client_cert = /c\nsync_client_key = /ck\n"
	    "sync_proxy = http://p:1\n",
	    "keys sync\njwks_uri https://i/j\nsync_every 5m\n"
	    "keys_max_age 1d\nkeep_old 1h\nsync_ca_file /ca\n"
	    "sync_client_cert /c\nsync_client_key /ck\n"
	    "sync_proxy http://p:1\naudience a\ntypes JWT at+jwt none*\n"
	    "leeway 1m*\nmax_lifetime 1d*\nrevocation off*\n");
	issuer_is("keys = sync\ndiscovery = https://i/d\n", "keys sync\n"
	    "discovery https://i/d\nsync_every 10m*\nkeys_max_age 7d*\n"
	    "audience a\ntypes JWT at+jwt none*\nleeway 1m*\n"
	    "max_lifetime 1d*\nrevocation off*\n");
}

static void
service_is(const char *name, const char *settings, const char *text)
{
	struct force force = { .arena = &arena };
	char conf[2000];

	snprintf(conf, sizeof(conf), ISSUER KEYS "[service %s]\n%s", name,
	    settings);
	parse(conf);
	force_service(&force, &policy.services[0]);
	expect(&force, text);
}

static void
test_service(void **state)
{
	(void)state;
	service_is("sshd", "", "prompt Token:*\n");
	service_is("sudo", "issuers = i\nsingle_use = yes\nprompt = P:\n"
	    "help = h\nsession_limit = 8h\nclients = yes\nproof = session\n"
	    "require_proof = yes\ntoken_file = /run/user/%{uid}/t\n"
	    "revoke_on_logout = yes\n",
	    "issuers i\nsingle_use yes\nprompt P:\nhelp h\n"
	    "session_limit 8h\nclients yes\nproof session\n"
	    "require_proof yes\ntoken_file /run/user/%{uid}/t\n"
	    "revoke_on_logout yes\n");
	service_is("sshd", "session_limit = token\nproof = ssh-key\n",
	    "prompt Token:*\nsession_limit token\nproof ssh-key\n");
}

static void
state_is(const char *settings, const char *text)
{
	struct force force = { .arena = &arena };
	char conf[2000];

	snprintf(conf, sizeof(conf), ISSUER "%s", settings);
	parse(conf);
	force_state(&force, &policy);
	expect(&force, text);
}

static void
test_state(void **state)
{
	(void)state;
	state_is(KEYS, "");
	state_is(KEYS "[state]\n", "directory /var/lib/pam_jwt/state*\n"
	    "session_enforcer logind*\n");
	state_is("keys = sync\n[state]\ndirectory = /d\n"
	    "session_enforcer = watch\nsync_directory = /s\n",
	    "directory /d\nsession_enforcer watch\nsync_directory /s\n");
	state_is(KEYS "[state]\nredis = rediss://[2001:db8::1]:6380\n"
	    "redis_user = u\nredis_password_file = /p\nredis_ca_file = /ca\n"
	    "redis_cert_file = /c\nredis_key_file = /k\nredis_timeout = 2s\n"
	    "redis_replicas = 1\n",
	    "redis rediss://[2001:db8::1]:6380\nredis_user u\n"
	    "redis_password_file /p\nredis_ca_file /ca\nredis_cert_file /c\n"
	    "redis_key_file /k\nredis_timeout 2s\nredis_replicas 1\n"
	    "redis_lookups live*\nsession_enforcer logind*\n");
	state_is(KEYS "[state]\nredis = unix:/r\nredis_lookups = pulled\n",
	    "directory /var/lib/pam_jwt/state*\nredis unix:/r\n"
	    "redis_timeout 1s*\nredis_lookups pulled\nmax_stale 10m*\n"
	    "session_enforcer logind*\n");
	state_is("keys = sync\n", "sync_directory /var/lib/pam_jwt/keys*\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_issuer), cmocka_unit_test(test_sync),
		cmocka_unit_test(test_service), cmocka_unit_test(test_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
