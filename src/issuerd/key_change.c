/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes, activates, retires and removes keys of the issuer. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/times.h"
#include "issuerd/key_change.h"

/* Print the message of what failed. */
static bool
fail(const struct key_change *change)
{
	return complain("%s", change->fault);
}

static int
trouble(const struct key_change *change)
{
	fail(change);
	return EXIT_TROUBLE;
}

bool
key_change_open(struct key_change *change, const struct issuer_conf *conf,
    enum keystore_use use)
{
	*change = (struct key_change){ .conf = conf };
	if (!keystore_open(conf, use, &change->store, change->fault))
		return fail(change);
	change->now = (int64_t)time(NULL);
	return true;
}

void
key_change_close(struct key_change *change)
{
	keystore_close(change->store);
}

/* ---- the published set -------------------------------------------------- */

/* Publish the keys of the list, as far as they are not published yet. */
static bool
publish(struct key_change *change)
{
	struct publish texts;
	bool ok = publish_prepare(change->conf, change->store, &texts,
	    change->fault) &&
	    publish_write(change->conf, &texts, change->fault);

	publish_clear(&texts);
	return ok;
}

/* The keys that hosts could not fetch wait from now on. */
static bool
wait_again(struct key_change *change, const struct publish *texts)
{
	struct key_list *list = &change->store->list;
	bool is_changed = false;
	size_t i;

	change->now = (int64_t)time(NULL);
	for (i = 0; i < list->count; i++) {
		struct issuer_key *key = &list->keys[i];

		if (!key_cycle_is_live(key) || publish_has(texts, key->kid))
			continue;
		complain("%s: it was not in %s/" PUBLISH_KEYS ", and is again "
		    "now", key->kid, change->conf->publish);
		if (key->state != KEY_STATE_PUBLISHED)
			continue;
		key->published = change->now;
		is_changed = true;
	}
	return !is_changed || keystore_write(change->store, change->fault);
}

static bool
delete_removed(struct key_change *change)
{
	const struct key_list *list = &change->store->list;
	bool ok = true;
	size_t i;

	for (i = 0; i < list->count && ok; i++) {
		if (!key_cycle_is_live(&list->keys[i]))
			ok = key_source_delete(change->store, &list->keys[i],
			    change->fault);
	}
	return ok;
}

bool
key_change_settle(struct key_change *change)
{
	struct publish texts;
	bool ok = publish_prepare(change->conf, change->store, &texts,
	    change->fault);

	if (ok && !publish_is_current(&texts))
		ok = publish_write(change->conf, &texts, change->fault) &&
		    wait_again(change, &texts);
	publish_clear(&texts);
	if (ok)
		ok = delete_removed(change);
	return ok || fail(change);
}

/* ---- what is said ------------------------------------------------------- */

static void
print_when(int64_t from, int64_t now, FILE *out)
{
	if (from <= now) {
		fputs("now", out);
		return;
	}
	fputs("from ", out);
	times_print_date(from, out);
	fputs(" on (", out);
	times_print_distance(from, now, out);
	fputc(')', out);
}

/* It is too early: say until when, and what would happen. */
static int
refuse_early(const struct key_change *change, const struct issuer_key *key,
    const char *why, int64_t from)
{
	fprintf(stderr, "pam-jwt-issuer: %s: %s: it is safe ", key->kid, why);
	print_when(from, change->now, stderr);
	fputs("; --force does it now\n", stderr);
	return EXIT_NO;
}

static int
refuse(const struct issuer_key *key, const char *why)
{
	complain("%s: %s", key->kid, why);
	return EXIT_NO;
}

static int
say_done_before(const struct issuer_key *key)
{
	printf("%s is %s already\n", key->kid, key_cycle_name(key->state));
	return EXIT_YES;
}

/* ---- which key ---------------------------------------------------------- */

/* The only key in that state. */
static struct issuer_key *
find_only(struct key_list *list, enum key_state state)
{
	struct issuer_key *found = NULL;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (list->keys[i].state != state)
			continue;
		if (found != NULL) {
			complain("several keys are %s: say which one, as key "
			    "status lists them", key_cycle_name(state));
			return NULL;
		}
		found = &list->keys[i];
	}
	if (found == NULL)
		complain("no key is %s: see key status", key_cycle_name(state));
	return found;
}

/* The key that is meant; NULL, with a message. */
static struct issuer_key *
find(struct key_change *change, const char *word, enum key_state state)
{
	struct key_list *list = &change->store->list;
	struct issuer_key *found = NULL;

	if (word == NULL)
		return find_only(list, state);
	switch (key_list_find(list, word, &found)) {
	case KEY_FIND_NONE:
		complain("no kid begins with %s: see key status", word);
		return NULL;
	case KEY_FIND_SEVERAL:
		complain("several kids begin with %s: write more of it", word);
		return NULL;
	case KEY_FIND_ONE:
		break;
	}
	return found;
}

/* ---- new ---------------------------------------------------------------- */

static bool
get_source(struct key_change *change, const struct key_wish *wish,
    struct key_source *out)
{
	enum alg_id alg = change->conf->alg;

	if (wish->key != NULL)
		return key_source_find(wish->key, alg, wish->socket, out,
		    change->fault) || fail(change);
	return key_source_make(alg, out) || complain("OpenSSL cannot make a "
	    "key for %s", alg_row(alg)->name);
}

/* It is published: write the list that has it. */
static bool
record(struct key_change *change, struct issuer_key *key, bool is_first)
{
	change->now = (int64_t)time(NULL);
	key->published = change->now;
	if (is_first)
		key_list_activate(&change->store->list, key, change->now,
		    change->conf->access_ttl_sec);
	return keystore_write(change->store, change->fault) || fail(change);
}

static void
say_new(const struct key_change *change, const struct issuer_key *key)
{
	const char *alg = alg_row(key->alg)->name;

	if (key->state == KEY_STATE_ACTIVE) {
		printf("%s (%s) is published, and active as the first key\n",
		    key->kid, alg);
		return;
	}
	printf("%s (%s) is published\nnext: pam-jwt issuer key activate, ",
	    key->kid, alg);
	print_when(key_cycle_activate_from(key, change->conf->caches_sec),
	    change->now, stdout);
	putchar('\n');
}

/* A host may list the algorithms that it takes. */
static void
warn_other_alg(struct key_change *change, const struct issuer_key *key)
{
	const struct issuer_key *active = key_list_active(&change->store->list);

	if (active != NULL && active->alg != key->alg)
		complain("the active key is for %s: make sure that the hosts "
		    "take %s before you activate this one",
		    alg_row(active->alg)->name, alg_row(key->alg)->name);
}

static int
add_source(struct key_change *change, const struct key_source *source)
{
	struct key_list *list = &change->store->list;
	struct issuer_key key = {
		.alg = source->pair.alg, .in_agent = source->socket[0] != '\0',
		.published = change->now
	};
	bool is_first = list->count == 0;
	const char *words;

	memcpy(key.kid, source->pair.kid, sizeof(key.kid));
	words = key_list_add(list, &key);
	if (words != NULL)
		return refuse(&key, words);
	if (!key_source_save(change->store, source, change->fault))
		return trouble(change);
	if (!publish(change)) {
		fail(change);
		(void)key_source_delete(change->store, &key, change->fault);
		return EXIT_TROUBLE;
	}
	if (!record(change, key_list_get(list, key.kid), is_first))
		return EXIT_TROUBLE;
	warn_other_alg(change, &key);
	say_new(change, key_list_get(list, key.kid));
	return EXIT_YES;
}

int
key_change_new(struct key_change *change, const struct key_wish *wish)
{
	struct key_source source = { .socket = "" };
	int code = EXIT_TROUBLE;

	if (get_source(change, wish, &source))
		code = add_source(change, &source);
	key_source_clear(&source);
	return code;
}

/* ---- activate ----------------------------------------------------------- */

/* A key that cannot sign must not become the one that signs. */
static bool
try_key(struct key_change *change, const struct issuer_key *key)
{
	struct secret signature = { .len = 0 };
	struct key_source source;
	bool ok = key_source_load(change->store, key, &source,
	    change->fault) && key_source_sign(&source,
	    bytes_str("pam-jwt issuer key activate"), &signature,
	    change->fault);

	secret_clear(&signature);
	key_source_clear(&source);
	return ok || fail(change);
}

static void
say_active(const struct key_change *change, const struct issuer_key *key,
    const struct issuer_key *old)
{
	printf("%s is active\n%s is retired\nnext: pam-jwt issuer key remove "
	    "%.8s, ", key->kid, old->kid, old->kid + strspn(old->kid, "-"));
	print_when(key_cycle_remove_from(old), change->now, stdout);
	putchar('\n');
}

static int
activate(struct key_change *change, struct issuer_key *key)
{
	struct key_list *list = &change->store->list;
	struct issuer_key *old = key_list_active(list);
	int64_t from = key_cycle_activate_from(key, change->conf->caches_sec);

	if (change->now < from && !change->force)
		return refuse_early(change, key, "hosts may still have a key "
		    "set without it, and would refuse its tokens", from);
	if (!try_key(change, key))
		return EXIT_TROUBLE;
	change->now = (int64_t)time(NULL);
	key_list_activate(list, key, change->now,
	    change->conf->access_ttl_sec);
	if (!keystore_write(change->store, change->fault))
		return trouble(change);
	say_active(change, key, old);
	return EXIT_YES;
}

int
key_change_activate(struct key_change *change, const char *word)
{
	struct issuer_key *key = find(change, word, KEY_STATE_PUBLISHED);

	if (key == NULL)
		return EXIT_NO;
	switch (key->state) {
	case KEY_STATE_ACTIVE:
		return say_done_before(key);
	case KEY_STATE_RETIRED:
	case KEY_STATE_REMOVED:
		return refuse(key, "it was retired, and cannot become active "
		    "again: make a new key with pam-jwt issuer key new");
	case KEY_STATE_PUBLISHED:
		break;
	}
	if (!key_change_settle(change))
		return EXIT_TROUBLE;
	return activate(change, key);
}

/* ---- retire ------------------------------------------------------------- */

int
key_change_retire(struct key_change *change, const char *word)
{
	struct issuer_key *key = find(change, word, KEY_STATE_PUBLISHED);

	if (key == NULL)
		return EXIT_NO;
	switch (key->state) {
	case KEY_STATE_ACTIVE:
		return refuse(key, "it is the active key: activate another "
		    "key, which retires this one");
	case KEY_STATE_RETIRED:
	case KEY_STATE_REMOVED:
		return say_done_before(key);
	case KEY_STATE_PUBLISHED:
		break;
	}
	key_cycle_retire(key, change->now);
	if (!keystore_write(change->store, change->fault))
		return trouble(change);
	printf("%s is retired, and has signed nothing\nnext: pam-jwt issuer "
	    "key remove %.8s, now\n", key->kid,
	    key->kid + strspn(key->kid, "-"));
	return EXIT_YES;
}

/* ---- remove ------------------------------------------------------------- */

/* The list forgets it first: it must not come back by a crash. */
static int
remove_key(struct key_change *change, struct issuer_key *key)
{
	int64_t from = key_cycle_remove_from(key);

	if (change->now < from && !change->force)
		return refuse_early(change, key, "tokens that it has signed "
		    "may still be in use, and would be refused", from);
	key_cycle_remove(key, change->now);
	if (!keystore_write(change->store, change->fault) ||
	    !publish(change) ||
	    !key_source_delete(change->store, key, change->fault))
		return trouble(change);
	printf("%s is removed\n", key->kid);
	if (key->in_agent)
		printf("its private key is still where the ssh-agent has it\n");
	return EXIT_YES;
}

int
key_change_remove(struct key_change *change, const char *word)
{
	struct issuer_key *key = find(change, word, KEY_STATE_RETIRED);

	if (key == NULL)
		return EXIT_NO;
	switch (key->state) {
	case KEY_STATE_PUBLISHED:
		return refuse(key, "it waits to become active: retire it "
		    "first");
	case KEY_STATE_ACTIVE:
		return refuse(key, "it is the active key: activate another key "
		    "first");
	case KEY_STATE_REMOVED:
		if (!key_change_settle(change))
			return EXIT_TROUBLE;
		return say_done_before(key);
	case KEY_STATE_RETIRED:
		break;
	}
	return remove_key(change, key);
}
