/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs that ask for a token: how long an answer each of them passes on,
 * and what else we measured of them that a login depends on.
 *
 * There is one table for all uses: the verdict distinguishes a token that was
 * cut from a malformed one, the log names the program, and `pam-jwt inspect`
 * says where a token fits.  tests/docs.sh compares the manual and README with
 * it.
 */
#ifndef JWT_PROGRAMS_H
#define JWT_PROGRAMS_H

#include "core/jose/jws.h"

#define PROGRAMS_NAMES_SIZE 64	/* the names of all that cut at one length */

struct program {
	size_t answer_max;	/* bytes of the longest answer that arrives */
	const char *name;	/* `pam-jwt inspect --json` has it as a key */
	const char *phrase;	/* inside a sentence; NULL: the name */
	bool asks_on;		/* a longer token can come in parts */
	bool cuts;	/* an answer of exactly this length was likely cut */
};

/* The rows, by answer_max; NULL after the last.  Static. */
const struct program *programs_row(size_t index);

/* Whether an answer of exactly this many bytes was likely cut. */
bool programs_cut_at(size_t len);

/* Whether a token of that length that is only begun was cut by a program. */
bool programs_has_cut(bool is_begun, size_t len);

/*
 * The result of jws_parse() for a token that a program passed on:
 * JWT_TOKEN_CUT if it is the start of a token and a program cuts just there.
 *
 * jws  NULL if memory ran out
 */
enum jwt_reason programs_reason(const struct jws *jws);

/* Name the programs that cut there, "sudo, doas and vlock"; "" if none does. */
void programs_names(size_t len, char out[PROGRAMS_NAMES_SIZE]);

/*
 * Whether the program of a PAM service logs in the user that a module sets as
 * PAM_USER.  Any other program would log in a user that is not the token's.
 */
bool programs_take_user(const char *service);

/*
 * Whether a PAM service is sudo's, where an answer that is too long is an
 * error.
 */
bool programs_is_sudo(const char *service);

#endif
