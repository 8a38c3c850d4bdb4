/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps in the life of the issuer's keys, with their files.  The order of
 * the writes makes each of them safe against a crash: a key is published before
 * the list has it, and the list forgets it before it is published no more.  So
 * the published set always has the active key.
 */
#ifndef JWT_KEY_CHANGE_H
#define JWT_KEY_CHANGE_H

#include "issuerd/publish.h"

struct key_change {
	const struct issuer_conf *conf;
	struct keystore *store;		/* open for a change */
	int64_t now;			/* seconds since the epoch */
	bool force;			/* before it is safe */
	char fault[KEYSTORE_FAULT_SIZE];
};

/* Which key is wanted: a new one, or one that an agent has. */
struct key_wish {
	const struct sshkey *key;	/* NULL: make a private key */
	const char *socket;		/* of the agent */
};

/* Open the keys.  False, with a message on standard error. */
bool key_change_open(struct key_change *change, const struct issuer_conf *conf,
    enum keystore_use use);
void key_change_close(struct key_change *change);

/*
 * Put right what an interrupted command left: the published texts, and files
 * of removed keys.  A waiting key that was not in the published set waits from
 * now on.  False, with a message.
 */
bool key_change_settle(struct key_change *change);

/*
 * Make a key, or take it from an agent, and publish it.  The first key becomes
 * active at once: no host has a set that could lack it.
 *
 * Each step returns an enum tool_exit, with messages, and prints what the next
 * step is.
 */
int key_change_new(struct key_change *change, const struct key_wish *wish);

/* word: the beginning of a kid; NULL: the only key that is in question */
int key_change_activate(struct key_change *change, const char *word);
int key_change_retire(struct key_change *change, const char *word);
int key_change_remove(struct key_change *change, const char *word);

#endif
