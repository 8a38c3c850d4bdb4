/* SPDX-License-Identifier: BSD-2-Clause */
/* issuer.people: which lines are taken, and whose a key is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/policy/account.h"
#include "issuerd/people.h"

/*
 * Keys that were made for these tests.  SK_FIRST has the numbers of FIRST, and
 * CERT is a certificate of FIRST.
 */
#define FIRST "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDPY1TJ19tUr7Q43ag4Ug/HMPXR4CRjsRVSR" \
    "D/sKE/HT"
#define SECOND "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIHSXHNUO949zwSYFVLLYC9WQrmIpnSE+Igi8" \
    "1R1jvjrY"
#define THIRD "ecdsa-sha2-nistp256 " \
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLNsDZs/" \
    "N77xq/X/kH1qEbZZxqWqxzc5oOi0QOT1hhNtGaqGSKk8i1BIrDvHSjitCUni" \
    "DXffE7qsPOMe99rpDFs="
#define SK_FIRST "sk-ssh-ed25519@openssh.com " \
    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIDPY1TJ19tUr7Q43" \
    "ag4Ug/HMPXR4CRjsRVSRD/sKE/HTAAAABHNzaDo="
#define CERT "ssh-ed25519-cert-v01@openssh.com " \
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAILDkhWzo" \
    "XbboS9ifW+kCVUvpmbM/ECmjRcoVqbAZZAHTAAAAIDPY1TJ19tUr7Q43ag4U" \
    "g/HMPXR4CRjsRVSRD/sKE/HTAAAAAAAAAAAAAAABAAAAAXgAAAAJAAAABWFs" \
    "aWNlAAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9y" \
    "d2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAA" \
    "FnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAA" \
    "AAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5" \
    "AAAAIA/Q35IsQxwj1Uw6qSTYu7lyN+o/N71CawizfJzEGj79AAAAUwAAAAtz" \
    "c2gtZWQyNTUxOQAAAEBGL2Ta72G31egKUzzLrnKzhK6AeXBb2V0sy3jvwd4m" \
    "0jbvF8P+XSUA57TGwI+UvJrapc1TBH4IG2wsn5celFcC"
#define SHORT_RSA "ssh-rsa " \
    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQD7JTdXw3IHuEGhlnL3yBTOvkRwsSvK" \
    "cAy7Hx0sA6pIlSxeEC3vsnTyadrfqqcewZneRDNsH5WVcR2TaBSDDEO9FYjD" \
    "lmFodcn/b0+yyz/ZtYRJyWgmutZ+Sv7TMwqHR1/l9egdH2QcTpZr+GIih5P9" \
    "Y+vX8/tPCsjn2TWydMLM/w=="

static enum jwt_reason
parse(const char *text, struct diag *diag, struct people *people)
{
	*diag = (struct diag){ .reason = JWT_OK };
	return people_parse(bytes_str(text), "people", diag, people);
}

/* The text has that many lines of people. */
static void
takes(const char *text, size_t count)
{
	struct people people;
	struct diag diag;

	if (parse(text, &diag, &people) != JWT_OK)
		fail_msg("%s: line %u: %s", text, diag.entries[0].line,
		    diag.entries[0].text);
	assert_int_equal(people.count, count);
	assert_int_equal(diag.count, 0);
	people_clear(&people);
	diag_clear(&diag);
}

/* There is exactly one error, in that line. */
static void
refuses(const char *text, unsigned line, const char *why)
{
	struct people people;
	struct diag diag;

	assert_int_equal(parse(text, &diag, &people), JWT_CONFIG_INVALID);
	assert_int_equal(diag.count, 1);
	if (strstr(diag.entries[0].text, why) == NULL ||
	    diag.entries[0].line != line)
		fail_msg("%s: line %u: %s", text, diag.entries[0].line,
		    diag.entries[0].text);
	people_clear(&people);
	diag_clear(&diag);
}

static void
test_lines(void **state)
{
	(void)state;
	takes("", 0);
	takes("# nobody yet\n\n \t\n", 0);
	takes("alice " FIRST, 1);
	takes("alice " FIRST " alice@laptop, the old one\nalice " SECOND
	    "\r\n\t bob\t" THIRD " # x\n", 3);
	takes("alice " FIRST " \xc3\xa9\n", 1);
	refuses("alice " FIRST " \x1b[2J\n", 1, "control character");
	refuses("alice " FIRST " \xff\n", 1, "control character");
	refuses("alice\x7f " FIRST "\n", 1, "control character");
	refuses("\nalice\n", 2, "not NAME KEYTYPE BASE64");
	refuses("alice ssh-ed25519\n", 1, "not a public key");
	refuses(FIRST " alice\n", 1, "the name of the person must come before");
	refuses("alice restrict " FIRST "\n", 1, "not NAME KEYTYPE BASE64");
	refuses("alice ssh-dss AAAA\n", 1, "not NAME KEYTYPE BASE64");
	refuses("alice ssh-ed25519 AAAA\n", 1, "damaged");
	refuses("alice ssh-ed25519 !\n", 1, "damaged");
	refuses("alice " SHORT_RSA "\n", 1, "RSA of 2048");
	refuses("bob " SECOND "\nalice " CERT "\n", 2, "a certificate");
}

static void
test_nul(void **state)
{
	static const char text[] = "alice\0x " FIRST "\n";
	struct people people;
	struct diag diag = { .reason = JWT_OK };

	(void)state;
	assert_int_equal(people_parse(bytes_of(text, sizeof(text) - 1), "p",
	    &diag, &people), JWT_CONFIG_INVALID);
	people_clear(&people);
	diag_clear(&diag);
}

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		bool is_valid;
	} cases[] = {
		{ "alice", true }, { "Alice", true }, { "_a", true },
		{ "a.b-c_d+e@f.example", true }, { "0", true },
		{ "", false }, { "-a", false }, { ".a", false },
		{ "%wheel", false }, { "#a", false }, { "*", false },
		{ "a b", false }, { "a/b", false }, { "a:b", false },
		{ "a,b", false }, { "a\"b", false }, { "\xc3\xa9", false },
		{ "DOM\\a", false }
	};
	char name[ACCOUNT_NAME_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (people_name_is_valid(bytes_str(cases[i].name)) !=
		    cases[i].is_valid)
			fail_msg("%s", cases[i].name);
	}
	memset(name, 'a', sizeof(name));
	assert_true(people_name_is_valid(bytes_of(name, ACCOUNT_NAME_MAX)));
	assert_false(people_name_is_valid(bytes_of(name,
	    ACCOUNT_NAME_MAX + 1)));
	refuses("%wheel " FIRST "\n", 1, "a name has letters");
	refuses("-a " FIRST "\n", 1, "a name has letters");
}

/* A key has one owner, whatever the comments and the order. */
static void
test_twice(void **state)
{
	(void)state;
	refuses("alice " FIRST "\nbob " FIRST "\n", 2, "of line 1, which "
	    "belongs to alice: ");
	refuses("alice " FIRST " a\nbob " SECOND "\nalice " FIRST " b\n", 3,
	    "of line 1");
	takes("alice " FIRST "\nalice " SECOND "\n", 2);
	/* A FIDO key with the same numbers is another key. */
	takes("alice " FIRST "\nbob " SK_FIRST "\n", 2);
}

static void
find(const struct people *people, const char *line, const char *name)
{
	const struct person *person;
	struct sshkey key;

	assert_int_equal(sshkey_read_line(bytes_str(line), &key), SSHKEY_OK);
	person = people_find(people, &key);
	if (name == NULL) {
		assert_null(person);
		return;
	}
	assert_non_null(person);
	assert_string_equal(person->name, name);
}

static void
test_find(void **state)
{
	struct people people;
	struct diag diag;

	(void)state;
	assert_int_equal(parse("alice " FIRST " old\nbob " SK_FIRST "\n"
	    "alice " THIRD "\n", &diag, &people), JWT_OK);
	find(&people, FIRST, "alice");
	find(&people, FIRST " another comment", "alice");
	find(&people, SK_FIRST, "bob");
	find(&people, THIRD, "alice");
	find(&people, SECOND, NULL);
	/* The certificate of a listed key is not the key. */
	find(&people, CERT, NULL);
	assert_string_equal(people.item[0].comment, "old");
	assert_string_equal(people.item[2].comment, "");
	assert_int_equal(people.item[2].line, 3);
	assert_false(people.item[0].is_hardware);
	assert_true(people.item[1].is_hardware);
	people_clear(&people);
	assert_int_equal(parse("", &diag, &people), JWT_OK);
	find(&people, FIRST, NULL);
	people_clear(&people);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_find)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
