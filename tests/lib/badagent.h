/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ssh-agent that has one key, and that may lie.  It speaks the protocol by
 * itself, so that it can break it at each place.
 */
#ifndef TEST_BADAGENT_H
#define TEST_BADAGENT_H

#include "core/base/secret.h"
#include "issuer/keypair.h"

enum badagent_mode {
	BADAGENT_HONEST,
	BADAGENT_SHORT,		/* honest: r begins with a zero byte */
	BADAGENT_ZEROS,		/* honest: zero bytes in front of the numbers */
	BADAGENT_FLIPPED,	/* one bit of the signature is wrong */
	BADAGENT_OTHER_KEY,	/* signed by another key of that kind */
	BADAGENT_OTHER_TEXT,	/* signed another message */
	BADAGENT_OTHER_NAME,	/* says that it signed by another algorithm */
	BADAGENT_NULL,		/* all numbers of the signature are 0 */
	BADAGENT_LONG,		/* numbers longer than the key has */
	BADAGENT_CUT,		/* half of the signature */
	BADAGENT_EMPTY,		/* a signature without a byte */
	BADAGENT_TAIL,		/* a byte after the signature */
	BADAGENT_OUTER_TAIL,	/* a byte after the answer's last field */
	BADAGENT_OVERRUN,	/* a length inside is longer than the answer */
	BADAGENT_HUGE,		/* the answer is said to have 4 GiB */
	BADAGENT_NOTHING,	/* the answer has the length 0 */
	BADAGENT_GARBAGE,	/* random bytes of another answer */
	BADAGENT_PARTIAL,	/* ends in the middle of the answer */
	BADAGENT_CLOSES,	/* ends instead of signing */
	BADAGENT_REFUSES,	/* SSH_AGENT_FAILURE: its user said no */
	BADAGENT_SLOW,		/* a byte each second */
	BADAGENT_SILENT,	/* never signs */
	BADAGENT_NO_KEY,	/* lists nothing: it is locked */
	BADAGENT_OTHER_LIST,	/* lists another key, and signs by that */
	BADAGENT_LIST_TAIL,	/* a byte after the list */
	BADAGENT_MODES
};

/* The name of a mode, in lowercase with dashes; static. */
const char *badagent_name(enum badagent_mode mode);

/*
 * Listen at the path of a socket, and serve until killed, one client after the
 * other.  Does not return, unless the socket cannot be made.
 *
 * pair   the key that the agent is asked for
 * other  another key of the same algorithm
 */
void badagent_serve(const char *path, enum badagent_mode mode,
    struct keypair *pair, struct keypair *other);

/* The public key of a pair, as SSH has it (RFC 4253 section 6.6). */
void badagent_blob(const struct keypair *pair, struct secret *out);

#endif
