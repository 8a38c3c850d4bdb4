/* SPDX-License-Identifier: BSD-2-Clause */
/* Forms: what is written into one, and what is taken from a query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "login/form.h"

static void
holds(struct form *form, const char *text)
{
	assert_false(form->failed);
	assert_true(bytes_eq_str(secret_bytes(&form->text), text));
	form_clear(form);
}

static void
test_write(void **state)
{
	struct form form = { 0 };

	(void)state;
	form_add(&form, "a", bytes_str(""));
	form_add(&form, "scope", bytes_str("openid offline_access"));
	form_add(&form, "r", bytes_str("ssh://a.b~c-d"));
	holds(&form, "a=&scope=openid%20offline_access&r=ssh%3A%2F%2Fa.b~c-d");
	form = (struct form){ 0 };
	form_add(&form, "x", bytes_of("\0&=+%\xff\n", 7));
	holds(&form, "x=%00%26%3D%2B%25%FF%0A");
}

/* A form is as long as one may be, or one byte longer and then empty. */
static void
test_limit(void **state)
{
	static uint8_t text[FORM_MAX];
	struct form form = { 0 };

	(void)state;
	memset(text, 'a', sizeof(text));
	form_add(&form, "n", bytes_of(text, FORM_MAX - 2));
	assert_false(form.failed);
	assert_int_equal(form.text.len, FORM_MAX);
	form_add(&form, "m", bytes_str(""));
	assert_true(form.failed);
	assert_int_equal(form.text.len, 0);
	form_add(&form, "n", bytes_str("a"));
	assert_int_equal(form.text.len, 0);
	form_clear(&form);
	form = (struct form){ 0 };
	form_add(&form, "n", bytes_of(text, FORM_MAX - 1));
	assert_true(form.failed);
}

static void
test_read(void **state)
{
	static const struct {
		const char *query, *value;	/* NULL: refused */
	} rows[] = {
		{ "code=x", "x" },
		{ "code=", "" },
		{ "code", "" },
		{ "a=b&code=x%2By+z&c", "x+y z" },
		{ "code=%7e%7E", "~~" },
		{ "code=a=b", "a=b" },
		{ "", NULL },
		{ "acode=x&codea=y&Code=z", NULL },
		{ "code=x&code=x", NULL },
		{ "code=%", NULL },
		{ "code=%4", NULL },
		{ "code=%4g", NULL },
		{ "code=%g4", NULL },
	};
	struct secret value;
	size_t i;
	bool found;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		found = form_get(bytes_str(rows[i].query), "code", &value);
		assert_int_equal(found, rows[i].value != NULL);
		if (found)
			assert_true(bytes_eq_str(secret_bytes(&value),
			    rows[i].value));
		secret_clear(&value);
	}
	/* What lies after the query is not a part of it. */
	assert_false(form_get(bytes_of("code=%41", 7), "code", &value));
	secret_clear(&value);
	assert_true(form_get(bytes_of("code=x&code=y", 6), "code", &value));
	secret_clear(&value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
