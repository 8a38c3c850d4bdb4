/* SPDX-License-Identifier: BSD-2-Clause */
/* The account of this host that has the name of a person, and its groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

#include <cmocka.h>

#include "issuerd/person_account.h"

/* Whether NSS itself says that the account is in the group. */
static bool
is_in(const struct passwd *entry, const char *name)
{
	const struct group *group = getgrnam(name);
	size_t i;

	assert_non_null(group);
	if (entry->pw_gid == group->gr_gid)
		return true;
	for (i = 0; group->gr_mem[i] != NULL; i++) {
		if (strcmp(group->gr_mem[i], entry->pw_name) == 0)
			return true;
	}
	return false;
}

static void
test_root(void **state)
{
	struct person_account account;
	const struct passwd *entry;
	size_t i;

	(void)state;
	assert_int_equal(person_account_look_up("root", &account), JWT_OK);
	assert_true(account.exists);
	assert_true(account.is_protected);
	assert_true(account.groups.count > 0);
	entry = getpwnam("root");
	assert_non_null(entry);
	for (i = 0; i < account.groups.count; i++)
		assert_true(is_in(entry, account.groups.item[i]));
	person_account_clear(&account);
	assert_int_equal(account.groups.count, 0);
	assert_false(account.exists);
}

static void
test_nobody(void **state)
{
	static const char *const names[] = {
		"no-such-account", "", "Root", "root ", "0"
	};
	struct person_account account;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(person_account_look_up(names[i], &account),
		    JWT_OK);
		assert_false(account.exists);
		assert_int_equal(account.groups.count, 0);
		person_account_clear(&account);
	}
}

/* ---- a name service that fails ------------------------------------------ */

static int group_error = -1;

struct group *__real_getgrgid(gid_t gid);
struct group *__wrap_getgrgid(gid_t gid);

struct group *
__wrap_getgrgid(gid_t gid)
{
	if (group_error < 0)
		return __real_getgrgid(gid);
	errno = group_error;
	return NULL;
}

static void
test_failure(void **state)
{
	struct person_account account;

	(void)state;
	group_error = EIO;
	assert_int_equal(person_account_look_up("root", &account),
	    JWT_INTERNAL);
	assert_int_equal(account.groups.count, 0);
	assert_true(account.is_protected);
	person_account_clear(&account);
	/* A group without a name cannot be in a grant or a token. */
	group_error = 0;
	assert_int_equal(person_account_look_up("root", &account), JWT_OK);
	assert_int_equal(account.groups.count, 0);
	person_account_clear(&account);
	group_error = -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
