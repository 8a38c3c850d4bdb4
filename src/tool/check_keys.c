/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks one key file before it is put in force.  A fetch that was cut,
 * redirected or answered by a page of HTML must not replace a good file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/report.h"
#include "core/policy/conf.h"
#include "host/load.h"
#include "issuer/keyfile.h"
#include "tool/check_keys.h"
#include "tool/input.h"
#include "tool/json_out.h"

/* A made-up [issuer] to read the file for; no configuration has it. */
static const char issuer_name[] = "NAME";

struct candidate {
	const char *path;	/* absolute */
	struct issuer issuer;
	struct diag diag;
	enum jwt_reason reason;
};

static bool
fail_algorithm(struct bytes word)
{
	struct nearest nearest = alg_nearest(word);

	return complain("--algorithms: %.*s is not an algorithm that is "
	    "supported%s", BYTES_SHOW(word), nearest_text(&nearest));
}

/*
 * Take the words of the setting.  HMAC never stands beside other algorithms:
 * anybody could then use a public key as an HMAC secret.
 */
static bool
take_algorithms(const char *text, struct issuer *issuer)
{
	struct bytes rest = bytes_str(text == NULL ? "" : text);
	struct bytes word;
	alg_set set;

	while ((word = conf_word(&rest)).len > 0) {
		set = alg_by_name(word);
		if (set == 0)
			return fail_algorithm(word);
		issuer->algorithms |= set;
	}
	issuer->algorithms_given = text != NULL;
	if (text != NULL && issuer->algorithms == 0)
		return complain("--algorithms names no algorithm");
	return (issuer->algorithms & ALG_SYMMETRIC) == 0 ||
	    (issuer->algorithms & ~ALG_SYMMETRIC) == 0 ||
	    complain("--algorithms: HMAC beside other algorithms");
}

/* Find the owner of the file; false, with a message, if it cannot be read. */
static bool
find_owner(const char *path, uid_t *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	bool ok;

	*out = 0;
	if (fd < 0)
		return complain("%s: %s", path, strerror(errno));
	ok = fstat(fd, &st) == 0 || complain("%s: %s", path, strerror(errno));
	if (ok)
		*out = st.st_uid;
	close(fd);
	return ok;
}

/*
 * RSA keys that name no algorithm, as Microsoft publishes them, need the
 * setting of the [issuer].  Without it the module refuses the file too.
 */
static void
note_algorithms(struct candidate *in)
{
	struct diag_place place = { .file = in->path };

	if (in->reason == JWT_CONFIG_INVALID && !in->issuer.algorithms_given)
		diag_add(&in->diag, place, JWT_OK, "--algorithms takes the "
		    "words that algorithms has in the [issuer]");
}

/*
 * The module trusts only files of root and of its own user.  The file is not in
 * its place yet, and the user who fetched it may be another one, so this is a
 * warning.
 */
static void
note_owner(struct candidate *in, uid_t owner)
{
	struct diag_place place = { .file = in->path };

	if (in->reason == JWT_OK && owner != 0)
		diag_add(&in->diag, place, JWT_OK, "belongs to uid %u: chown "
		    "root before the module reads it", (unsigned)owner);
}

static bool
is_used(const struct jwk *key)
{
	return key->algs != 0;
}

static const char *
kty_of(const struct jwk *key)
{
	return keymat_name(key->kind)->kty;
}

static void
print_keys(const struct jwk_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct jwk *key = &set->keys[i];

		if (!is_used(key))
			continue;
		printf("key: kty %s, alg %s", kty_of(key),
		    alg_row(key->alg)->name);
		if (key->has_kid) {
			printf(", kid ");
			report_quoted(key->kid, stdout);
		}
		printf("\n");
	}
}

static void
print_text(const struct candidate *in)
{
	report_diag(&in->diag, in->reason == JWT_OK ? stdout : stderr);
	if (in->reason == JWT_OK) {
		print_keys(&in->issuer.set);
		printf("OK\n");
		return;
	}
	fprintf(stderr, "refused: %s - %s: do not put this file in force\n",
	    reason_name(in->reason), reason_text(in->reason));
}

struct json_object *
check_keys_json(const struct jwk_set *set)
{
	struct json_object *list = json_out_array(), *item;
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct jwk *key = &set->keys[i];
		const char *kid = (const char *)key->kid.ptr;

		if (!is_used(key))
			continue;
		item = json_out_object();
		json_out_string(item, "kid", key->has_kid ? kid : NULL);
		json_out_string(item, "kty", kty_of(key));
		json_out_string(item, "alg", alg_row(key->alg)->name);
		json_out_element(list, item);
	}
	return list;
}

/* List the errors, or the warnings, each as an object with its text. */
static struct json_object *
list_entries(const struct diag *diag, bool errors)
{
	struct json_object *list = json_out_array(), *item;
	size_t i;

	for (i = 0; i < diag->count; i++) {
		if ((diag->entries[i].reason != JWT_OK) != errors)
			continue;
		item = json_out_object();
		json_out_string(item, "text", diag->entries[i].text);
		json_out_element(list, item);
	}
	return list;
}

static void
print_json(const struct candidate *in)
{
	struct json_object *root = json_out_object();
	struct jwk_set none = { .count = 0 };
	bool ok = in->reason == JWT_OK;

	json_out_string(root, "file", in->path);
	json_out_boolean(root, "usable", ok);
	json_out_string(root, "reason", reason_name(in->reason));
	json_out_member(root, "keys",
	    check_keys_json(ok ? &in->issuer.set : &none));
	json_out_member(root, "errors", list_entries(&in->diag, true));
	json_out_member(root, "warnings", list_entries(&in->diag, false));
	json_out_print(root, false, stdout);
}

static int
exit_of(enum jwt_reason reason)
{
	if (reason == JWT_OK)
		return EXIT_YES;
	if (reason == JWT_OUT_OF_MEMORY || reason == JWT_INTERNAL)
		return EXIT_TROUBLE;
	return EXIT_NO;
}

static void
read_and_print(struct candidate *in, uid_t owner, bool json)
{
	struct policy policy = { .file = in->path };

	in->issuer.name = issuer_name;
	in->issuer.keys = (struct words){ .item = &in->path, .count = 1 };
	in->reason = load_keys(&policy, &in->issuer, &in->diag);
	note_owner(in, owner);
	note_algorithms(in);
	if (json)
		print_json(in);
	else
		print_text(in);
}

int
check_keys(const char *path, const char *algorithms, bool json)
{
	struct candidate in = { .reason = JWT_INTERNAL };
	char absolute[INPUT_PATH_SIZE];
	uid_t owner;

	if (!input_absolute(path, absolute, sizeof(absolute)) ||
	    !take_algorithms(algorithms, &in.issuer) ||
	    !find_owner(absolute, &owner))
		return EXIT_TROUBLE;
	in.path = absolute;
	read_and_print(&in, owner, json);
	jwk_set_clear(&in.issuer.set);
	diag_clear(&in.diag);
	return exit_of(in.reason);
}
