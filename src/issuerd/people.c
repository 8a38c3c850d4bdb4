/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads issuer.people.  A key decides for whom a token is issued, so a key of
 * two people, or a line that could be read in two ways, is an error.
 */
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/policy/account.h"
#include "core/policy/conf.h"
#include "core/policy/parser.h"
#include "issuerd/people.h"

struct reader {
	struct people *out;
	struct diag *diag;
	struct diag_place place;
};

static void
fail(struct reader *in, const char *what)
{
	diag_add(in->diag, in->place, JWT_CONFIG_INVALID, "%s", what);
}

static void
no_memory(struct reader *in)
{
	diag_add(in->diag, in->place, JWT_OUT_OF_MEMORY, "memory ran out");
}

bool
people_name_is_valid(struct bytes name)
{
	return parser_is_name(name) && account_name_is_exact(name);
}

/* UTF-8 without control characters: a terminal shows what is there. */
static bool
is_plain(struct bytes line)
{
	while (line.len > 0) {
		size_t len = utf8_len(line);

		if (len == 0 || line.ptr[0] == 0x7f ||
		    (line.ptr[0] < ' ' && line.ptr[0] != '\t'))
			return false;
		line = bytes_of(line.ptr + len, line.len - len);
	}
	return true;
}

/* ---- a line ------------------------------------------------------------- */

static void
add(struct reader *in, struct bytes name, const struct sshkey *key,
    struct bytes blob, struct bytes comment)
{
	struct people *out = in->out;
	struct person person = {
		.name = arena_copy(&out->arena, name), .key = *key,
		.is_hardware = strncmp(key->type, "sk-", 3) == 0,
		.blob = arena_copy(&out->arena, blob),
		.comment = arena_copy(&out->arena, comment),
		.line = in->place.line
	};
	struct person *more = arena_grow(&out->arena, out->item, out->count,
	    sizeof(*more));

	if (more == NULL || person.name == NULL || person.blob == NULL ||
	    person.comment == NULL) {
		no_memory(in);
		return;
	}
	out->item = more;
	out->item[out->count++] = person;
}

static void
read_line(struct reader *in, struct bytes line)
{
	struct bytes name = conf_word(&line);
	struct bytes type = conf_word(&line);
	struct bytes blob = conf_word(&line);
	enum sshkey_result result;
	struct sshkey key;

	if (sshkey_type(name) != NULL) {
		fail(in, "the name of the person must come before the key");
		return;
	}
	if (!people_name_is_valid(name)) {
		fail(in, "a name has letters, digits and _ . - @ +, and does "
		    "not begin with - or .");
		return;
	}
	result = sshkey_read(type, blob, &key);
	if (result == SSHKEY_NO_MEMORY)
		no_memory(in);
	else if (result == SSHKEY_OTHER)
		fail(in, "not NAME KEYTYPE BASE64 with a key that is accepted: "
		    "ed25519, ECDSA, RSA of 2048 to 8192 bits, or a FIDO key");
	else if (result != SSHKEY_OK)
		fail(in, "not a public key of OpenSSH, or a damaged one");
	else if (key.ca[0] != '\0')
		fail(in, "a certificate: put the key itself here");
	else
		add(in, name, &key, blob, bytes_trim(line));
}

/* ---- the file ----------------------------------------------------------- */

/* By the fingerprint, then by the line. */
static int
compare(const void *va, const void *vb)
{
	const struct people_key *a = va, *b = vb;
	int order = strcmp(a->fingerprint, b->fingerprint);

	if (order != 0)
		return order;
	return a->person->line < b->person->line ? -1 : 1;
}

static void
sort(struct reader *in)
{
	struct people *out = in->out;
	size_t i;

	if (out->count == 0)
		return;
	out->by_key = arena_alloc(&out->arena,
	    out->count * sizeof(*out->by_key));
	if (out->by_key == NULL) {
		no_memory(in);
		return;
	}
	for (i = 0; i < out->count; i++)
		out->by_key[i] = (struct people_key){
			.fingerprint = out->item[i].key.fingerprint,
			.person = &out->item[i]
		};
	qsort(out->by_key, out->count, sizeof(*out->by_key), compare);
}

static void
refuse_twice(struct reader *in)
{
	const struct people *out = in->out;
	size_t i;

	for (i = 1; i < out->count && out->by_key != NULL; i++) {
		const struct people_key *first = &out->by_key[i - 1];
		const struct people_key *second = &out->by_key[i];

		if (strcmp(first->fingerprint, second->fingerprint) != 0)
			continue;
		in->place.line = second->person->line;
		diag_add(in->diag, in->place, JWT_CONFIG_INVALID,
		    "the key of line %u, which belongs to %.80s: a key belongs "
		    "to one person", first->person->line, first->person->name);
	}
}

enum jwt_reason
people_parse(struct bytes text, const char *file, struct diag *diag,
    struct people *out)
{
	struct reader in = {
		.out = out, .diag = diag, .place = { .file = file }
	};

	*out = (struct people){ .count = 0 };
	while (text.len > 0 && diag->reason != JWT_OUT_OF_MEMORY) {
		struct bytes line = bytes_trim(bytes_cut(&text, '\n'));

		in.place.line++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (is_plain(line))
			read_line(&in, line);
		else
			fail(&in, "a control character, or text that is not "
			    "UTF-8");
	}
	sort(&in);
	refuse_twice(&in);
	if (diag->reason == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (diag->reason != JWT_OK)
		return JWT_CONFIG_INVALID;
	return JWT_OK;
}

const struct person *
people_find(const struct people *people, const struct sshkey *key)
{
	size_t low = 0, high = people->count;

	if (key->ca[0] != '\0')
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct people_key *one = &people->by_key[middle];
		int order = strcmp(key->fingerprint, one->fingerprint);

		if (order == 0)
			return one->person;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void
people_clear(struct people *people)
{
	arena_clear(&people->arena);
	*people = (struct people){ .count = 0 };
}
