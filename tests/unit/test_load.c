/* SPDX-License-Identifier: BSD-2-Clause */
/* The private keys of [issuer] decryption_keys, loaded from a file system. */
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
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

#define NOBODY 65534

static char folder[] = "/tmp/pam_jwt_load.XXXXXX";

static char *
write_file(const char *name, mode_t mode, char *text)
{
	char *path = world_text("%s/%s", folder, name);
	FILE *file;

	unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fchmod(fileno(file), mode), 0);
	assert_int_equal(fclose(file), 0);
	free(text);
	return path;
}

static char *
host_jwk(const char *more)
{
	return jwe_make_jwk(jwe_make_key(JWE_P256), JWE_P256, more);
}

/* Load a configuration with that line; whether the first error names word. */
static enum jwt_reason
load(const char *line, const char *word)
{
	char *keys = write_file("keys", 0644, world_jwk(ALG_ES256));
	char *config = write_file("conf", 0644, world_text("[issuer t]\n"
	    "iss = https://i\nkeys = %s\naudience = urn:h\n%s\n", keys, line));
	struct diag diag = { 0 };
	struct policy policy;
	enum jwt_reason reason;

	if (geteuid() == 0 && strcmp(word, "as nobody") == 0)
		assert_int_equal(seteuid(NOBODY), 0);
	reason = load_policy(config, NULL, WORLD_NOW, &diag, &policy);
	if (geteuid() == NOBODY)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(diag.reason, reason);
	if (reason != JWT_OK)
		assert_non_null(strstr(diag_first_error(&diag)->text,
		    strcmp(word, "as nobody") == 0 ? "host" : word));
	policy_clear(&policy);
	diag_clear(&diag);
	free(config);
	free(keys);
	return reason;
}

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	if (mkdtemp(folder) == NULL)
		return -1;
	return chmod(folder, 0755);
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

#define KEY(kid)	",\"alg\":\"ECDH-ES\",\"kid\":\"" kid "\""

static void
test_rights(void **state)
{
	char *path = write_file("host", 0600, host_jwk(KEY("a")));
	char *line = world_text("decryption_keys = %s", path);

	(void)state;
	assert_int_equal(load("", ""), JWT_OK);
	assert_int_equal(load(line, ""), JWT_OK);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(load(line, ""), JWT_OK);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(load(line, "others may read"), JWT_KEY_FILE_UNSAFE);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(load(line, "others may read"), JWT_KEY_FILE_UNSAFE);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(load(line, "host"), JWT_KEY_FILE_UNSAFE);
	/* Whoever runs the program has no right to it, and may not. */
	assert_int_equal(chmod(path, geteuid() == 0 ? 0600 : 0), 0);
	assert_int_equal(load(line, "as nobody"), JWT_KEY_FILE_UNSAFE);
	assert_int_equal(load("decryption_keys = /none/there", "/none/there"),
	    JWT_KEY_FILE_INVALID);
	free(line);
	free(path);
}

/* Two files, in one issuer and in two; every error is reported. */
static void
test_files(void **state)
{
	char *a = write_file("a", 0600, host_jwk(KEY("a")));
	char *b = write_file("b", 0600, host_jwk(KEY("b")));
	EVP_PKEY *key = jwe_make_fresh(JWE_P256);
	char *other = write_file("c", 0600, jwe_make_jwk(key, JWE_P256,
	    KEY("a")));
	char *both = world_text("decryption_keys = %s %s", a, b);
	char *rivals = world_text("decryption_keys = %s %s", a, other);
	char *two = world_text("decryption_keys = %s\n[issuer u]\n"
	    "iss = https://j\nkeys = %s/keys\naudience = urn:h\n"
	    "decryption_keys = %s", a, folder, other);
	char *shared = world_text("decryption_keys = %s\n[issuer u]\n"
	    "iss = https://j\nkeys = %s/keys\naudience = urn:h\n"
	    "decryption_keys = %s", a, folder, a);

	(void)state;
	EVP_PKEY_free(key);
	assert_int_equal(load(both, ""), JWT_OK);
	assert_int_equal(load(shared, ""), JWT_OK);
	assert_int_equal(load(rivals, "the kid \"a\""), JWT_KEY_FILE_INVALID);
	assert_int_equal(load(two, "[issuer u]"), JWT_KEY_FILE_INVALID);
	free(shared);
	free(two);
	free(rivals);
	free(both);
	free(other);
	free(b);
	free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
