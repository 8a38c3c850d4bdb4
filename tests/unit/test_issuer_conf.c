/* SPDX-License-Identifier: BSD-2-Clause */
/* issuer.conf: its defaults, what each setting takes, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/glob.h"
#include "issuerd/issuer_conf.h"

/* Four lines, then a fifth that tests add to [issuer]. */
#define HEAD "[issuer]\niss = https://t.example\npublish = /srv/www\n"
#define GRANT "[grant ssh]\npeople = alice\naudience = ssh://**\n"
#define WHOLE HEAD GRANT

static void
parse(const char *text, struct diag *diag, struct issuer_conf *conf)
{
	enum jwt_reason reason;

	*diag = (struct diag){ .reason = JWT_OK };
	reason = issuer_conf_parse(bytes_str(text), "issuer.conf", diag, conf);
	assert_int_equal(reason, diag->reason);
}

static void
takes(const char *text)
{
	struct issuer_conf conf;
	struct diag diag;

	parse(text, &diag, &conf);
	if (diag.count > 0)
		fail_msg("%s: line %u: %s", text, diag.entries[0].line,
		    diag.entries[0].text);
	assert_int_equal(diag.reason, JWT_OK);
	diag_clear(&diag);
	issuer_conf_clear(&conf);
}

/* There is exactly one error, in that line. */
static void
refuses(const char *text, unsigned line, const char *why)
{
	struct issuer_conf conf;
	struct diag diag;

	parse(text, &diag, &conf);
	if (diag.count != 1)
		fail_msg("%s: %zu errors, the second %s", text, diag.count,
		    diag.count > 1 ? diag.entries[1].text : "");
	assert_int_equal(diag.reason, JWT_CONFIG_INVALID);
	assert_string_equal(diag.entries[0].file, "issuer.conf");
	if (strstr(diag.entries[0].text, why) == NULL ||
	    diag.entries[0].line != line)
		fail_msg("%s: line %u: %s", text, diag.entries[0].line,
		    diag.entries[0].text);
	diag_clear(&diag);
	issuer_conf_clear(&conf);
}

static void
test_defaults(void **state)
{
	struct issuer_conf conf;
	struct diag diag;

	(void)state;
	parse(WHOLE, &diag, &conf);
	assert_int_equal(diag.reason, JWT_OK);
	assert_string_equal(conf.iss, "https://t.example");
	assert_int_equal(conf.alg, ALG_ES256);
	assert_int_equal(conf.access_ttl_sec, 600);
	assert_int_equal(conf.refresh_ttl_sec, 12 * 3600);
	assert_int_equal(conf.refresh_idle_sec, 2 * 3600);
	assert_int_equal(conf.grace_sec, 10);
	assert_int_equal(conf.caches_sec, 3600);
	assert_int_equal(conf.families_max, 20);
	assert_string_equal(conf.publish, "/srv/www");
	assert_string_equal(conf.directory, "/var/lib/pam-jwt-issuer");
	assert_null(conf.token_endpoint);
	assert_int_equal(conf.fleet.state.redis, REDIS_NONE);
	assert_false(conf.fleet.state.wanted);
	assert_int_equal(conf.grant_count, 1);
	assert_string_equal(conf.grants[0].name, "ssh");
	assert_int_equal(conf.grants[0].line, 4);
	assert_int_equal(conf.grants[0].ttl_sec, 600);
	assert_false(conf.grants[0].bearer);
	assert_false(conf.grants[0].has_groups);
	assert_int_equal(conf.grants[0].fixed_count, 0);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
}

static const char *const all_settings =
    "# comment\n"
    "[grant ops]\npeople = alice %wheel \\\n b@c.example\n"
    "audience = ssh://** urn:x:*\nclaims = groups\n"
    "claim = department ops\nclaim = https://x/y \"a \\\"b\\\" c\"\n"
    "bearer = yes\nttl = 5m\nencrypt_to = ssh://* /etc/one.jwk\n"
    "encrypt_to = urn:x:* /etc/two.jwk\n"
    "[issuer]\niss = http://127.0.0.1:8080/t\nalgorithm = RS256\n"
    "access_ttl = 20s\nrefresh_ttl = 1h\nrefresh_idle = 21s\ngrace = 0s\n"
    "caches = 1m\npublish = /srv/www/tokens\n"
    "token_endpoint = https://t.example/token\nfamilies_max = 1\n"
    "directory = /var/lib/x\nredis = rediss://r.example:7000\n"
    "redis_user = issuer\nredis_password_file = /etc/p\n"
    "redis_ca_file = /etc/ca\nredis_cert_file = /etc/c\n"
    "redis_key_file = /etc/k\nredis_timeout = 2s\nredis_replicas = 1\n"
    "[grant two]\npeople = bob\naudience = ssh://b\nbearer = no\n";

static void
check_redis(const struct state_settings *redis)
{
	assert_true(redis->wanted);
	assert_int_equal(redis->redis, REDIS_TLS);
	assert_string_equal(redis->redis_host, "r.example");
	assert_int_equal(redis->redis_port, 7000);
	assert_string_equal(redis->redis_user, "issuer");
	assert_string_equal(redis->redis_password_file, "/etc/p");
	assert_string_equal(redis->redis_ca_file, "/etc/ca");
	assert_string_equal(redis->redis_cert_file, "/etc/c");
	assert_string_equal(redis->redis_key_file, "/etc/k");
	assert_int_equal(redis->redis_timeout_sec, 2);
	assert_int_equal(redis->redis_replicas, 1);
}

static void
check_ops(const struct issuer_grant *grant)
{
	assert_string_equal(grant->name, "ops");
	assert_int_equal(grant->people.count, 3);
	assert_string_equal(grant->people.item[1], "%wheel");
	assert_string_equal(grant->people.item[2], "b@c.example");
	assert_int_equal(grant->audience.count, 2);
	assert_true(grant->has_groups);
	assert_int_equal(grant->fixed_count, 2);
	assert_string_equal(grant->fixed[0].name, "department");
	assert_string_equal(grant->fixed[0].value, "ops");
	assert_string_equal(grant->fixed[1].name, "https://x/y");
	assert_string_equal(grant->fixed[1].value, "a \"b\" c");
	assert_true(grant->bearer);
	assert_int_equal(grant->encrypt_count, 2);
	assert_string_equal(grant->encrypt[0].audience, "ssh://*");
	assert_string_equal(grant->encrypt[0].path, "/etc/one.jwk");
	assert_string_equal(grant->encrypt[1].audience, "urn:x:*");
	assert_string_equal(grant->encrypt[1].path, "/etc/two.jwk");
}

/* The ttl of the first grant is too long for this [issuer]; then it is not. */
static void
test_all_settings(void **state)
{
	struct issuer_conf conf;
	struct diag diag;
	char text[2048];
	char *ttl;

	(void)state;
	refuses(all_settings, 2, "a ttl that is longer than access_ttl");
	snprintf(text, sizeof(text), "%s", all_settings);
	ttl = strstr(text, "ttl = 5m");
	memcpy(ttl, "ttl =20s", 8);
	parse(text, &diag, &conf);
	if (diag.count > 0)
		fail_msg("%s", diag.entries[0].text);
	assert_string_equal(conf.iss, "http://127.0.0.1:8080/t");
	assert_int_equal(conf.alg, ALG_RS256);
	assert_int_equal(conf.access_ttl_sec, 20);
	assert_int_equal(conf.refresh_ttl_sec, 3600);
	assert_int_equal(conf.refresh_idle_sec, 21);
	assert_int_equal(conf.grace_sec, 0);
	assert_int_equal(conf.caches_sec, 60);
	assert_string_equal(conf.token_endpoint, "https://t.example/token");
	assert_int_equal(conf.families_max, 1);
	assert_string_equal(conf.directory, "/var/lib/x");
	check_redis(&conf.fleet.state);
	check_ops(&conf.grants[0]);
	assert_int_equal(conf.grants[0].ttl_sec, 20);
	assert_int_equal(conf.grants[1].ttl_sec, 20);
	assert_false(conf.grants[1].bearer);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
}

/* Each setting can be written once; whatever is not one is an error. */
static void
test_strict(void **state)
{
	(void)state;
	refuses("", 0, "no [issuer]");
	refuses(HEAD, 0, "no [grant NAME]");
	refuses(GRANT, 0, "no [issuer]");
	refuses("iss = https://x\n" WHOLE, 1, "before the first");
	refuses(WHOLE "[issuer]\n", 7, "a second [issuer]");
	refuses(WHOLE GRANT, 7, "a second [grant ssh]");
	refuses("[issuer x]\n" WHOLE, 1, "is not a section");
	refuses(WHOLE "[state]\nredis = unix:/r\n", 7, "is not a section");
	refuses(WHOLE "[grant]\npeople = a\n", 7, "takes one name");
	refuses(WHOLE "[grant a b]\n", 7, "takes one name");
	refuses(WHOLE "[grant a/b]\n", 7, "takes one name");
	refuses(HEAD "ISS = x\n" GRANT, 4, "is not a setting");
	refuses(HEAD "people = alice\n" GRANT, 4, "is not a setting");
	refuses(HEAD "redis_lookups = all\n" GRANT, 4, "is not a setting");
	refuses(HEAD "iss = https://u.example\n" GRANT, 4, "set twice");
	refuses(HEAD "grace = 1s\ngrace = 1s\n" GRANT, 5, "set twice");
	refuses(WHOLE "people = bob\n", 7, "set twice");
	refuses(WHOLE "iss = https://x\n", 7, "is not a setting");
	refuses(WHOLE "ttl\n", 7, "neither [section]");
	refuses(WHOLE "ttl = 5m # late\n", 7, "comment");
	refuses("[issuer]\npublish = /p\n" GRANT, 1, "no iss");
	refuses("[issuer]\niss = https://x\n" GRANT, 1, "no publish");
	refuses(HEAD "[grant a]\naudience = ssh://x\n", 4, "no people");
	refuses(HEAD "[grant a]\npeople = x\n", 4, "no audience");
}

static void
test_issuer_values(void **state)
{
	(void)state;
	refuses("[issuer]\niss = http://t.example\npublish = /p\n" GRANT, 2,
	    "must start with https://");
	refuses("[issuer]\niss = t.example\npublish = /p\n" GRANT, 2,
	    "does not start");
	refuses("[issuer]\niss = https://t.example/?a\npublish = /p\n" GRANT, 2,
	    "query");
	refuses("[issuer]\niss = https://a@t.example\npublish = /p\n" GRANT, 2,
	    "user name");
	takes("[issuer]\niss = http://[::1]:1\npublish = /p\n" GRANT);
	refuses("[issuer]\niss = https://x\npublish = p\n" GRANT, 3,
	    "absolute path");
	refuses(HEAD "directory = var\n" GRANT, 4, "absolute path");
	refuses(HEAD "token_endpoint = http://x\n" GRANT, 4, "https://");
	takes(HEAD "algorithm = Ed25519\n" GRANT);
	takes(HEAD "algorithm = ES384\n" GRANT);
	takes(HEAD "algorithm = PS256\n" GRANT);
	refuses(HEAD "algorithm = EdDSA\n" GRANT, 4, "algorithm must be");
	refuses(HEAD "algorithm = es256\n" GRANT, 4, "algorithm must be");
	refuses(HEAD "algorithm = HS256\n" GRANT, 4, "algorithm must be");
	refuses(HEAD "algorithm = ES512\n" GRANT, 4, "algorithm must be");
	refuses(HEAD "algorithm = none\n" GRANT, 4, "algorithm must be");
	takes(HEAD "families_max = 1000\n" GRANT);
	refuses(HEAD "families_max = 1001\n" GRANT, 4, "from 1 to 1000");
	refuses(HEAD "families_max = 0\n" GRANT, 4, "from 1 to 1000");
	refuses(HEAD "families_max = -1\n" GRANT, 4, "from 1 to 1000");
}

static void
test_lives(void **state)
{
	(void)state;
	takes(HEAD "access_ttl = 24h\nrefresh_idle = 25h\n"
	    "refresh_ttl = 2d\n" GRANT);
	refuses(HEAD "access_ttl = 86401s\n" GRANT, 4, "more than");
	refuses(HEAD "access_ttl = 0s\n" GRANT, 4, "more than 0");
	refuses(HEAD "access_ttl = 600\n" GRANT, 4, "not a duration");
	refuses(HEAD "caches = 0m\n" GRANT, 4, "more than 0");
	refuses(HEAD "refresh_ttl = 0s\n" GRANT, 4, "more than 0");
	refuses(HEAD "refresh_ttl = 367d\n" GRANT, 4, "more than");
	takes(HEAD "grace = 5m\n" GRANT);
	refuses(HEAD "grace = 301s\n" GRANT, 4, "more than");
	takes(HEAD "refresh_idle = 12h\n" GRANT);
	refuses(HEAD "refresh_idle = 43201s\n" GRANT, 1, "longer than "
	    "refresh_ttl");
	takes(HEAD "refresh_idle = 601s\n" GRANT);
	refuses(HEAD "refresh_idle = 600s\n" GRANT, 1, "not longer than "
	    "access_ttl");
	takes(WHOLE "ttl = 10m\n");
	refuses(WHOLE "ttl = 601s\n", 4, "longer than access_ttl");
	refuses(WHOLE "ttl = 0s\n", 7, "more than 0");
	refuses(WHOLE "ttl = x\n", 7, "not a duration");
}

static void
test_redis(void **state)
{
	(void)state;
	takes(HEAD "redis = unix:/run/r\n" GRANT);
	refuses(HEAD "redis = r.example\n" GRANT, 4, "redis is unix:");
	refuses(HEAD "redis_timeout = 2s\n" GRANT, 1, "redis");
	refuses(HEAD "redis = redis://r\nredis_user = a\n" GRANT, 1,
	    "needs a redis_password_file");
	refuses(HEAD "redis = redis://r\nredis_ca_file = /a\n" GRANT, 1,
	    "rediss://");
	refuses(HEAD "redis = rediss://r\nredis_key_file = /a\n" GRANT, 1,
	    "together");
}

static void
test_people_and_audience(void **state)
{
	char text[1024], long_word[GLOB_MAX + 2];

	(void)state;
	takes(HEAD "[grant a]\npeople = Alice _b c.d-e+f %g@h\n"
	    "audience = urn:x\n");
	refuses(HEAD "[grant a]\npeople = a a\naudience = urn:x\n", 5, "twice");
	refuses(HEAD "[grant a]\npeople = *\naudience = urn:x\n", 5,
	    "neither the name");
	refuses(HEAD "[grant a]\npeople = %\naudience = urn:x\n", 5,
	    "neither the name");
	refuses(HEAD "[grant a]\npeople = -a\naudience = urn:x\n", 5,
	    "neither the name");
	refuses(HEAD "[grant a]\npeople = a,b\naudience = urn:x\n", 5,
	    "neither the name");
	refuses(HEAD "[grant a]\npeople = a\naudience = **\n", 6,
	    "absolute URI");
	refuses(HEAD "[grant a]\npeople = a\naudience = host\n", 6,
	    "absolute URI");
	refuses(HEAD "[grant a]\npeople = a\naudience = ssh://a@b\n", 6,
	    "user name");
	memset(long_word, '*', sizeof(long_word));
	memcpy(long_word, "urn:", 4);
	long_word[GLOB_MAX + 1] = '\0';
	snprintf(text, sizeof(text), HEAD "[grant a]\npeople = a\n"
	    "audience = %s\n", long_word);
	refuses(text, 6, "longer than 256");
	text[strlen(text) - 2] = '\n';
	text[strlen(text) - 1] = '\0';
	takes(text);
}

static void
test_claims(void **state)
{
	static const char *const reserved[] = {
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id",
		"auth_time", "amr", "cnf", "sid", "groups", "events", "typ"
	};
	char text[1024], filled[CLAIM_VALUE_MAX + 2];
	size_t i;

	(void)state;
	refuses(WHOLE "claims = groups email\n", 7, "a claim that the issuer");
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		snprintf(text, sizeof(text), WHOLE "claim = %s x\n",
		    reserved[i]);
		refuses(text, 7, "the issuer alone decides");
	}
	takes(WHOLE "claim = roles x\nclaim = Sub x\n");
	refuses(WHOLE "claim = a x\nclaim = a y\n", 8, "set twice");
	refuses(WHOLE "claim = a\n", 7, "NAME VALUE");
	refuses(WHOLE "claim = a b c\n", 7, "needs quotes");
	refuses(WHOLE "claim = a \"b\n", 7, "a quote");
	refuses(WHOLE "claim = \xc3\xa9 b\n", 7, "printable");
	refuses(WHOLE "claim = \"a\" b\n", 7, "printable");
	takes(WHOLE "claim = a \xc3\xa9\n");
	memset(filled, 'x', sizeof(filled));
	filled[CLAIM_VALUE_MAX + 1] = '\0';
	snprintf(text, sizeof(text), WHOLE "claim = a %s\n", filled);
	refuses(text, 7, "longer than 256");
	filled[CLAIM_VALUE_MAX] = '\0';
	snprintf(text, sizeof(text), WHOLE "claim = a %s\n", filled);
	takes(text);
	filled[CLAIM_NAME_MAX + 1] = '\0';
	snprintf(text, sizeof(text), WHOLE "claim = %s x\n", filled);
	refuses(text, 7, "at most 64 bytes");
	filled[CLAIM_NAME_MAX] = '\0';
	snprintf(text, sizeof(text), WHOLE "claim = %s x\n", filled);
	takes(text);
	refuses(WHOLE "bearer = true\n", 7, "yes or no");
	refuses(WHOLE "encrypt_to = ssh://a\n", 7, "AUDIENCE-PATTERN PATH");
	refuses(WHOLE "encrypt_to = ssh://a /k /l\n", 7, "PATTERN PATH");
	refuses(WHOLE "encrypt_to = ssh://a k.jwk\n", 7, "absolute path");
	refuses(WHOLE "encrypt_to = a /k.jwk\n", 7, "a: ");
	takes(WHOLE "encrypt_to = ssh://a /k.jwk\nencrypt_to = ssh://a /l\n");
}

/* Only root's file counts, and only one that nobody else may write. */
static void
test_load(void **state)
{
	char folder[] = "/tmp/issuer_conf.XXXXXX", path[64];
	struct issuer_conf conf;
	struct diag diag = { .reason = JWT_OK };
	enum jwt_reason wanted = getuid() == 0 ? JWT_OK : JWT_CONFIG_UNSAFE;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/issuer.conf", folder);
	assert_int_equal(issuer_conf_load(path, &diag, &conf),
	    JWT_CONFIG_INVALID);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(WHOLE, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(issuer_conf_load(path, &diag, &conf), wanted);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
	assert_int_equal(chmod(path, 0664), 0);
	assert_int_equal(issuer_conf_load(path, &diag, &conf),
	    JWT_CONFIG_UNSAFE);
	issuer_conf_clear(&conf);
	diag_clear(&diag);
	/* Root would trust its own eyes, but not the file of somebody else. */
	if (getuid() == 0) {
		assert_int_equal(chmod(path, 0644), 0);
		assert_int_equal(chmod(folder, 0755), 0);
		assert_int_equal(chown(path, 1234, 1234), 0);
		assert_int_equal(seteuid(1234), 0);
		assert_int_equal(issuer_conf_load(path, &diag, &conf),
		    JWT_CONFIG_UNSAFE);
		assert_non_null(strstr(diag.entries[0].text, "root"));
		assert_int_equal(seteuid(0), 0);
		issuer_conf_clear(&conf);
		diag_clear(&diag);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_settings),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_issuer_values),
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_redis),
		cmocka_unit_test(test_people_and_audience),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_load)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
