/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the states of the keys. */
#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/times.h"
#include "core/base/json_write.h"
#include "issuerd/key_status.h"

#define JSON_MAX	((size_t)65536)	/* bytes; a key takes 300 */

/* The command that comes next for a key; NULL: none. */
struct next {
	const char *step;
	int64_t from;	/* seconds since the epoch */
};

static struct next
find_next(const struct key_change *change, const struct issuer_key *key)
{
	switch (key->state) {
	case KEY_STATE_PUBLISHED:
		return (struct next){ "activate", key_cycle_activate_from(key,
		    change->conf->caches_sec) };
	case KEY_STATE_RETIRED:
		return (struct next){ "remove", key_cycle_remove_from(key) };
	case KEY_STATE_ACTIVE:
	case KEY_STATE_REMOVED:
		break;
	}
	return (struct next){ NULL, 0 };
}

/* Since when the key is in its state. */
static int64_t
since(const struct issuer_key *key)
{
	switch (key->state) {
	case KEY_STATE_ACTIVE:
		return key->activated;
	case KEY_STATE_RETIRED:
		return key->retired;
	case KEY_STATE_REMOVED:
		return key->removed;
	case KEY_STATE_PUBLISHED:
		break;
	}
	return key->published;
}

static const char *
place_of(const struct issuer_key *key)
{
	return key->in_agent ? "agent" : "file";
}

/* ---- text --------------------------------------------------------------- */

static void
print_key(const struct key_change *change, const struct issuer_key *key)
{
	struct next next = find_next(change, key);

	printf("%s %s %s %s since ", key->kid, alg_row(key->alg)->name,
	    place_of(key), key_cycle_name(key->state));
	times_print_date(since(key), stdout);
	fputs(" (", stdout);
	times_print_distance(since(key), change->now, stdout);
	fputs(")\n", stdout);
	if (next.step == NULL)
		return;
	printf("    next: key %s %.8s, ", next.step,
	    key->kid + strspn(key->kid, "-"));
	if (next.from <= change->now) {
		fputs("now\n", stdout);
		return;
	}
	fputs("from ", stdout);
	times_print_date(next.from, stdout);
	fputs(" on (", stdout);
	times_print_distance(next.from, change->now, stdout);
	fputs(")\n", stdout);
}

static void
print_text(const struct key_change *change)
{
	const struct key_list *list = &change->store->list;
	size_t i;

	for (i = 0; i < list->count; i++)
		print_key(change, &list->keys[i]);
}

/* ---- JSON --------------------------------------------------------------- */

static void
put_number(struct json_write *json, const char *name, int64_t number)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, number);
}

static void
put_key(struct json_write *json, const struct key_change *change,
    const struct issuer_key *key)
{
	struct next next = find_next(change, key);

	json_write_object(json);
	json_write_member(json, "kid", key->kid);
	json_write_member(json, "alg", alg_row(key->alg)->name);
	json_write_member(json, "place", place_of(key));
	json_write_member(json, "state", key_cycle_name(key->state));
	put_number(json, "since", since(key));
	if (next.step != NULL) {
		json_write_member(json, "next", next.step);
		put_number(json, "next_from", next.from);
	}
	json_write_close(json);
}

static bool
print_json(const struct key_change *change, bool is_published)
{
	const struct key_list *list = &change->store->list;
	struct json_write json;
	struct secret text;
	size_t i;

	json_write_start(&json, JSON_MAX);
	json_write_object(&json);
	json_write_member(&json, "iss", change->conf->iss);
	put_number(&json, "now", change->now);
	json_write_name(&json, bytes_str("is_published"));
	json_write_raw(&json, bytes_str(is_published ? "true" : "false"));
	json_write_name(&json, bytes_str("keys"));
	json_write_array(&json);
	for (i = 0; i < list->count; i++)
		put_key(&json, change, &list->keys[i]);
	json_write_close(&json);
	json_write_close(&json);
	if (json_write_finish(&json, &text) != JWT_OK)
		return complain("memory ran out");
	printf("%.*s\n", (int)text.len, (const char *)text.ptr);
	secret_clear(&text);
	return true;
}

/* ---- all of it ---------------------------------------------------------- */

/* Whether the folder has what hosts must get; *is_published says so. */
static bool
look(struct key_change *change, bool *is_published)
{
	struct publish texts;
	bool ok = publish_prepare(change->conf, change->store, &texts,
	    change->fault);

	*is_published = ok && publish_is_current(&texts);
	publish_clear(&texts);
	return ok || complain("%s", change->fault);
}

static bool
has_stray(struct key_change *change)
{
	char name[FILE_NAME_MAX + 1];

	if (!keystore_find_stray(change->store, name))
		return false;
	complain("%s/%s is not a key of the issuer: an interrupted command "
	    "left it, and you can delete it", change->store->path, name);
	return true;
}

int
key_status_print(struct key_change *change, bool as_json)
{
	bool is_published, is_stray;

	if (!look(change, &is_published))
		return EXIT_TROUBLE;
	if (!as_json)
		print_text(change);
	else if (!print_json(change, is_published))
		return EXIT_TROUBLE;
	is_stray = has_stray(change);
	if (!is_published)
		complain("%s has other keys or metadata: pam-jwt issuer init "
		    "publishes them again", change->conf->publish);
	if (is_stray || !is_published)
		return EXIT_NO;
	return EXIT_YES;
}
