/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of the issuer's keys: published, active, retired, removed.  This is
 * pure: it knows no file, no clock and no private key.
 *
 * A host refuses a token whose key it does not have.  So a key is published
 * long enough before it signs, and stays published after it has signed, until
 * the last of its tokens has ended.  Exactly one key is active, once there is
 * one.
 */
#ifndef JWT_KEY_CYCLE_H
#define JWT_KEY_CYCLE_H

#include "core/jose/alg.h"
#include "core/jose/thumbprint.h"
#include "core/policy/policy.h"

#define KEY_LIVE_MAX	16	/* keys that are not removed: a token names one */
#define KEY_LIST_MAX	64	/* with removed ones, the oldest are forgotten */

/* How long a host takes a token after its exp, if its leeway is the longest. */
#define KEY_LEEWAY_SEC	LEEWAY_MAX_SEC

enum key_state {
	KEY_STATE_PUBLISHED,	/* hosts learn it; it does not sign */
	KEY_STATE_ACTIVE,	/* it signs */
	KEY_STATE_RETIRED,	/* published, for the tokens that it has signed */
	KEY_STATE_REMOVED	/* neither; it must not come back */
};

/* A key.  Times are seconds since the epoch; 0: not yet, or never. */
struct issuer_key {
	char kid[THUMBPRINT_SIZE];	/* RFC 7638 */
	enum alg_id alg;
	enum key_state state;
	bool in_agent;		/* an ssh-agent has it; false: a file */
	int64_t published;
	int64_t activated;
	int64_t retired;
	int64_t removed;
	unsigned ttl_sec;	/* the longest life of a token that it signed */
};

/* Too big for a stack frame. */
struct key_list {
	struct issuer_key keys[KEY_LIST_MAX];	/* the oldest first */
	size_t count;
};

/* "published" and so on; static. */
const char *key_cycle_name(enum key_state state);

/* Whether it is in the published set. */
bool key_cycle_is_live(const struct issuer_key *key);

/*
 * From when on a published key may sign: each host has fetched a set with it.
 *
 * caches_sec  the longest that a host keeps an old set
 */
int64_t key_cycle_activate_from(const struct issuer_key *key,
    unsigned caches_sec);

/*
 * From when on a retired key may be removed: no host takes a token of it any
 * more.  A key that has signed nothing may be removed at once.
 */
int64_t key_cycle_remove_from(const struct issuer_key *key);

/* The fault of a list, as a static phrase; NULL if it has none. */
const char *key_list_fault(const struct key_list *list);

/* The key with the kid; NULL without one. */
struct issuer_key *key_list_get(struct key_list *list, const char *kid);

/* The active key; NULL before the first one is there. */
struct issuer_key *key_list_active(struct key_list *list);

enum key_find { KEY_FIND_ONE, KEY_FIND_NONE, KEY_FIND_SEVERAL };

/*
 * The key whose kid begins with a word.  Dashes at the beginning of a kid do
 * not count: a word that begins with one would be an option.
 */
enum key_find key_list_find(struct key_list *list, const char *word,
    struct issuer_key **out);

/*
 * Add a key at the end.  NULL, or a static phrase: there are KEY_LIVE_MAX
 * others, or the kid is in the list already, perhaps as a removed one.
 */
const char *key_list_add(struct key_list *list, const struct issuer_key *key);

/*
 * Steps.  The caller has looked at the state and at the time.  Activating a key
 * retires the active one at the same moment.
 */
void key_list_activate(struct key_list *list, struct issuer_key *key,
    int64_t now, unsigned ttl_sec);
void key_cycle_retire(struct issuer_key *key, int64_t now);
void key_cycle_remove(struct issuer_key *key, int64_t now);

#endif
