/* SPDX-License-Identifier: BSD-2-Clause */
/* The secret beside the keys of the issuer: made once, and read with care. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "issuerd/issuer_secret.h"

static char directory[] = "/tmp/test_issuer_secret.XXXXXX";
static char keys[64], path[80];
static struct issuer_conf conf = { .directory = directory };

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(keys, sizeof(keys), "%s/keys", directory);
	snprintf(path, sizeof(path), "%s/secret", keys);
	return mkdir(keys, 0700);
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(keys) == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static void
make(void)
{
	int folder = open(keys, O_RDONLY | O_DIRECTORY);

	assert_true(folder >= 0);
	assert_true(issuer_secret_make(folder));
	close(folder);
}

static void
write_len(size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	while (len-- > 0)
		fputc('x', file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static void
refused(const char *words)
{
	static const uint8_t zero[ISSUER_SECRET_LEN];
	uint8_t out[ISSUER_SECRET_LEN] = { 1 };
	const char *fault = issuer_secret_read(&conf, out);

	assert_non_null(fault);
	assert_non_null(strstr(fault, words));
	assert_memory_equal(out, zero, sizeof(out));
}

static void
test_secret(void **state)
{
	uint8_t first[ISSUER_SECRET_LEN], again[ISSUER_SECRET_LEN];
	struct stat st;

	(void)state;
	refused("issuer init");
	make();
	assert_null(issuer_secret_read(&conf, first));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	make();			/* it stays */
	assert_null(issuer_secret_read(&conf, again));
	assert_memory_equal(first, again, sizeof(first));
	assert_int_equal(unlink(path), 0);
	make();			/* another one is random */
	assert_null(issuer_secret_read(&conf, again));
	assert_memory_not_equal(first, again, sizeof(first));
}

static void
test_faults(void **state)
{
	(void)state;
	write_len(ISSUER_SECRET_LEN - 1);
	refused("damaged");
	write_len(ISSUER_SECRET_LEN + 1);
	refused("damaged");
	write_len(ISSUER_SECRET_LEN);
	assert_int_equal(chmod(path, 0640), 0);
	refused("chmod 600");
	assert_int_equal(chmod(path, 0620), 0);
	refused("others have a right");
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod(keys, 0770), 0);
	refused("others have a right");
	assert_int_equal(chmod(keys, 0700), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("nowhere", path), 0);
	make();			/* a link counts as what is there */
	refused("missing");
	if (geteuid() != 0)
		return;
	assert_int_equal(unlink(path), 0);
	write_len(ISSUER_SECRET_LEN);
	assert_int_equal(chown(path, 4294900000U, 0), 0);
	refused("others have a right");
}

static void
test_no_folder(void **state)
{
	(void)state;
	errno = 0;
	assert_false(issuer_secret_make(-1));
	assert_int_equal(errno, EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_folder),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
