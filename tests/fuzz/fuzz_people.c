/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.people.  The first line of an input is a public key that somebody
 * has proved, the rest the file.  In a file that is taken each key leads to
 * its own line and to no other; one that is refused says where.
 */
#include "issuerd/people.h"
#include "tests/fuzz/fuzz.h"

static void
check_person(const struct people *people, const struct person *person)
{
	struct sshkey again;

	FUZZ_CHECK(people_name_is_valid(bytes_str(person->name)));
	FUZZ_CHECK(person->key.ca[0] == '\0');
	FUZZ_CHECK(person->is_hardware == (person->key.type[0] == 's' &&
	    person->key.type[1] == 'k'));
	FUZZ_CHECK(people_find(people, &person->key) == person);
	FUZZ_CHECK(sshkey_read(bytes_str(person->key.type),
	    bytes_str(person->blob), &again) == SSHKEY_OK);
	FUZZ_CHECK(strcmp(again.fingerprint, person->key.fingerprint) == 0);
	FUZZ_CHECK(strpbrk(person->comment, "\n\r\x1b") == NULL);
}

static void
check_proved(const struct people *people, struct bytes line)
{
	const struct person *person;
	struct sshkey key;

	if (sshkey_read_line(line, &key) != SSHKEY_OK)
		return;
	person = people_find(people, &key);
	FUZZ_CHECK(person == NULL || (key.ca[0] == '\0' &&
	    strcmp(person->key.fingerprint, key.fingerprint) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct bytes line = fuzz_until(&rest, '\n');
	struct secret text = fuzz_copy(rest);
	struct diag diag = { .reason = JWT_OK };
	struct people people;
	enum jwt_reason reason;
	size_t i;

	reason = people_parse(secret_bytes(&text), "people", &diag, &people);
	free(text.ptr);		/* nothing may point into it */
	FUZZ_CHECK((reason == JWT_OK) == (diag.count == 0));
	if (reason == JWT_OK) {
		for (i = 0; i < people.count; i++)
			check_person(&people, &people.item[i]);
		check_proved(&people, line);
	} else {
		FUZZ_CHECK(reason == JWT_CONFIG_INVALID);
		FUZZ_CHECK(diag_first_error(&diag) != NULL &&
		    diag_first_error(&diag)->line > 0);
	}
	diag_clear(&diag);
	people_clear(&people);
	return 0;
}
