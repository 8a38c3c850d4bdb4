/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.people on disk: read whole, and changed line by line, so that the
 * comments and the order of the administrator stay.
 */
#ifndef JWT_PEOPLE_FILE_H
#define JWT_PEOPLE_FILE_H

#include "issuerd/people.h"
#include "issuerd/rootfile.h"

struct people_file {
	struct file file;
	struct people people;
};

/*
 * Read the file, which must be root's.  Without a file nobody may log in:
 * file.missing is set, people is empty, and the result is JWT_OK.
 *
 * path  absolute
 *
 * Every error is noted in diag.  Returns as people_parse(), or
 * JWT_CONFIG_UNSAFE or JWT_INTERNAL.  The caller must clear *out whatever the
 * result.
 */
JWT_MUST_USE enum jwt_reason people_file_load(const char *path,
    struct diag *diag, struct people_file *out);

void people_file_clear(struct people_file *file);

enum people_change {
	PEOPLE_CHANGED,
	PEOPLE_SAME,		/* nothing was left to do */
	PEOPLE_REFUSED,		/* with a message */
	PEOPLE_TROUBLE		/* with a message */
};

/*
 * Add a line for the person, or leave the file as it is if the person has that
 * key.  Refused if the key is another person's.  One process at a time changes
 * the file, and readers see the old or the new one.
 */
enum people_change people_file_add(const char *path,
    const struct person *person);

/*
 * Remove the lines of a person, or only the one of a key.
 *
 * fingerprint  NULL: all keys
 *
 * Refused if there is no such line: a name with a typing error must not look
 * like access that was taken away.
 */
enum people_change people_file_remove(const char *path, const char *name,
    const char *fingerprint);

#endif
