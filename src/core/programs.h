/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs that ask for a token: how long an answer each of them passes
 * on, and what else of them was measured that a login depends on.
 *
 * One table for all who need it: the verdict tells a token that was cut from
 * one that is malformed, the log names the program, `pam-jwt inspect` says
 * where a token fits.  tests/docs.sh compares the manual and README with it.
 */
#ifndef JWT_PROGRAMS_H
#define JWT_PROGRAMS_H

#include "core/jose/jws.h"

#define PROGRAMS_NAMES_SIZE 64	/* all that cut at one length, for people */

struct program {
	size_t answer_max;	/* bytes of the longest answer that arrives */
	const char *name;	/* `pam-jwt inspect --json` has it as a key */
	const char *phrase;	/* inside a sentence; NULL: the name */
	bool asks_on;		/* a longer token can come in parts */
	bool cuts;	/* an answer of just this length is likely a cut one */
};

/* The rows, by answer_max; NULL after the last.  Static. */
const struct program *programs_row(size_t index);

/* Whether an answer of exactly this many bytes is likely a cut one. */
bool programs_cut_at(size_t len);

/*
 * The result of jws_parse() for a token that a program passed on:
 * JWT_TOKEN_CUT if it is begun and a program cuts just there.
 *
 * jws  NULL if memory ran out
 */
enum jwt_reason programs_reason(const struct jws *jws);

/* "sudo, doas and vlock": the programs that cut there; "" if none does. */
void programs_names(size_t len, char out[PROGRAMS_NAMES_SIZE]);

/*
 * Whether the programs of a PAM service log in the user that a module sets as
 * PAM_USER.  All others would log in another user than the token's.
 */
bool programs_take_user(const char *service);

/* Whether a PAM service is sudo's: an overlong answer is an error there. */
bool programs_is_sudo(const char *service);

#endif
