/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes facts in the store, for what `pam-jwt revoke` takes. */
#ifndef JWT_REVOKE_NOTE_H
#define JWT_REVOKE_NOTE_H

#include "tool/revoked.h"
#include "tool/setup.h"

/* One run of the command. */
struct revoke {
	struct setup *setup;	/* has the state */
	const char *iss;	/* of --iss: an iss or a name; NULL: each issuer */
	struct bytes user;	/* whose session --sid means; empty: each one's */
	const char *label;	/* in front of each report, or NULL */
	bool undo;
	bool credential_change;	/* an event of that kind counts */
	int64_t now;		/* seconds since the epoch, as below */
	int64_t before;		/* the time of a cut-off */
	int64_t until;		/* of the option; 0: the default of the kind */
	struct revoked_list done;	/* what was noted; the caller clears it */
};

/*
 * Note one fact until that time, or take it back with undo; print one line that
 * says so; and add it to done.  what->cutoff is the one of the store then.
 * Returns an enum tool_exit.
 */
int revoke_note(struct revoke *revoke, struct revoked *what, int64_t until);

/* Until when a token that was issued at this time, or before, can be valid. */
int64_t revoke_longest(int64_t from);

/* Whether --iss means this issuer. */
bool revoke_means(const struct revoke *revoke, const struct issuer *issuer);

/*
 * Note a fact about a value, for each issuer that is meant, or without one for
 * an account.  "-" stands for the lines of standard input.
 */
int revoke_note_value(struct revoke *revoke, enum state_kind kind,
    const char *value);

/* Note that the tokens of each issuer that is meant are cut off. */
int revoke_note_all(struct revoke *revoke);

#endif
