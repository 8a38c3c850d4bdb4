/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gives up root's rights.  The keys and the database belong to one account, and
 * nothing of the issuer works in their folder as root: a file there could be a
 * trap of that account's.
 */
#ifndef JWT_OWNER_H
#define JWT_OWNER_H

#include "core/base/bytes.h"
#include "core/reason.h"

enum owner_result {
	OWNER_OK,	/* this process is the owner of the directory now */
	OWNER_MISSING,	/* there is no such directory; nothing was changed */
	OWNER_FAULT	/* *fault says why; the process must end */
};

/*
 * Become the owner of the directory for good, with the groups of that account;
 * a caller who is the owner stays so.  Refused for a directory of root's, for
 * one that others may enter, and for any other user than root and the owner.
 *
 * directory  absolute
 * fault      a static phrase, for OWNER_FAULT
 */
JWT_MUST_USE enum owner_result owner_become(const char *directory,
    const char **fault);

#endif
