/* SPDX-License-Identifier: BSD-2-Clause */
/* Decides about the states of the issuer's keys. */
#include <string.h>

#include "core/base/b64url.h"
#include "core/base/number.h"
#include "issuerd/key_cycle.h"

const char *
key_cycle_name(enum key_state state)
{
	static const char *const names[] = {
		[KEY_STATE_PUBLISHED] = "published",
		[KEY_STATE_ACTIVE] = "active",
		[KEY_STATE_RETIRED] = "retired",
		[KEY_STATE_REMOVED] = "removed"
	};

	return names[state];
}

bool
key_cycle_is_live(const struct issuer_key *key)
{
	return key->state != KEY_STATE_REMOVED;
}

int64_t
key_cycle_activate_from(const struct issuer_key *key, unsigned caches_sec)
{
	return key->published + (int64_t)caches_sec;
}

int64_t
key_cycle_remove_from(const struct issuer_key *key)
{
	if (key->activated == 0)
		return key->retired;
	return key->retired + (int64_t)key->ttl_sec + KEY_LEEWAY_SEC;
}

/* ---- what a list must be ------------------------------------------------ */

static bool
is_kid(const char *kid)
{
	size_t i;

	for (i = 0; kid[i] != '\0'; i++) {
		if (!b64url_is_char((uint8_t)kid[i]))
			return false;
	}
	return i == THUMBPRINT_SIZE - 1;
}

/* Whether a time is there exactly if it must be. */
static bool
is_time(int64_t time, bool must_be)
{
	return must_be ? time > 0 && time <= NUMBER_DATE_MAX : time == 0;
}

static const char *
key_fault(const struct issuer_key *key)
{
	bool was_retired = key->state == KEY_STATE_RETIRED ||
	    key->state == KEY_STATE_REMOVED;
	bool was_active = key->activated != 0;

	if (!is_kid(key->kid))
		return "a kid is not the thumbprint of a key";
	if (key->state == KEY_STATE_ACTIVE || key->state == KEY_STATE_PUBLISHED)
		was_active = key->state == KEY_STATE_ACTIVE;
	if (!is_time(key->published, true) ||
	    !is_time(key->activated, was_active) ||
	    !is_time(key->retired, was_retired) ||
	    !is_time(key->removed, key->state == KEY_STATE_REMOVED))
		return "the times of a key do not fit its state";
	if (was_active != (key->ttl_sec != 0))
		return "the life of the tokens of a key does not fit its state";
	return NULL;
}

static size_t
count_live(const struct key_list *list)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += key_cycle_is_live(&list->keys[i]);
	return count;
}

static size_t
count_active(const struct key_list *list)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += list->keys[i].state == KEY_STATE_ACTIVE;
	return count;
}

static bool
has_twins(const struct key_list *list)
{
	size_t i, k;

	for (i = 0; i < list->count; i++) {
		for (k = 0; k < i; k++) {
			if (strcmp(list->keys[i].kid, list->keys[k].kid) == 0)
				return true;
		}
	}
	return false;
}

const char *
key_list_fault(const struct key_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const char *fault = key_fault(&list->keys[i]);

		if (fault != NULL)
			return fault;
	}
	if (has_twins(list))
		return "a key is there twice";
	if (count_live(list) > KEY_LIVE_MAX)
		return "there are too many keys";
	if (count_active(list) > 1)
		return "two keys are active";
	if (list->count > 0 && count_active(list) == 0)
		return "no key is active";
	return NULL;
}

/* ---- looking ------------------------------------------------------------ */

struct issuer_key *
key_list_get(struct key_list *list, const char *kid)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(list->keys[i].kid, kid) == 0)
			return &list->keys[i];
	}
	return NULL;
}

struct issuer_key *
key_list_active(struct key_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (list->keys[i].state == KEY_STATE_ACTIVE)
			return &list->keys[i];
	}
	return NULL;
}

enum key_find
key_list_find(struct key_list *list, const char *word,
    struct issuer_key **out)
{
	size_t i;

	*out = NULL;
	for (i = 0; i < list->count; i++) {
		const char *kid = list->keys[i].kid;

		kid += strspn(kid, "-");
		if (strncmp(kid, word, strlen(word)) != 0)
			continue;
		if (*out != NULL)
			return KEY_FIND_SEVERAL;
		*out = &list->keys[i];
	}
	if (*out == NULL)
		return KEY_FIND_NONE;
	return KEY_FIND_ONE;
}

/* ---- steps -------------------------------------------------------------- */

/* Forget the oldest removed key; false if none is removed. */
static bool
forget_one(struct key_list *list)
{
	size_t i = 0;

	while (i < list->count && key_cycle_is_live(&list->keys[i]))
		i++;
	if (i == list->count)
		return false;
	list->count--;
	memmove(&list->keys[i], &list->keys[i + 1],
	    (list->count - i) * sizeof(list->keys[0]));
	return true;
}

const char *
key_list_add(struct key_list *list, const struct issuer_key *key)
{
	const struct issuer_key *twin = key_list_get(list, key->kid);

	if (twin != NULL && !key_cycle_is_live(twin))
		return "the key was removed, and a removed key must not come "
		    "back: make a new one";
	if (twin != NULL)
		return "the issuer has this key already";
	if (count_live(list) >= KEY_LIVE_MAX)
		return "there are 16 keys: remove old ones first";
	if (list->count == KEY_LIST_MAX && !forget_one(list))
		return "the list is full";
	list->keys[list->count++] = *key;
	return NULL;
}

void
key_list_activate(struct key_list *list, struct issuer_key *key, int64_t now,
    unsigned ttl_sec)
{
	struct issuer_key *old = key_list_active(list);

	if (old != NULL)
		key_cycle_retire(old, now);
	key->state = KEY_STATE_ACTIVE;
	key->activated = now;
	key->ttl_sec = ttl_sec;
}

/*
 * Its last token may be of the moment before.  If the clock went back, the
 * tokens are of a later time than now.
 */
void
key_cycle_retire(struct issuer_key *key, int64_t now)
{
	key->state = KEY_STATE_RETIRED;
	key->retired = now > key->activated ? now : key->activated;
}

void
key_cycle_remove(struct issuer_key *key, int64_t now)
{
	key->state = KEY_STATE_REMOVED;
	key->removed = now;
}
