/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of the database and struct family, in both directions.  Each row has a
 * seal: an HMAC of all that it says.  SQLite has no checksums, so one flipped
 * bit could otherwise make an ended family live, or give it to somebody else.
 */
#ifndef JWT_FAMILY_DB_ROW_H
#define JWT_FAMILY_DB_ROW_H

#include "issuerd/family_db_sql.h"

/* The columns, in the order of enum column in family_db_row.c. */
#define FAMILY_ROW_COLUMNS \
	"id,person,fingerprint,jkt,audience,flags,auth_time,ends,last_iat," \
	"generation,current,previous,ended,why,seal"
#define FAMILY_ROW_COUNT 15

enum family_row {
	FAMILY_ROW_OK,
	FAMILY_ROW_NONE,	/* there is no more row */
	FAMILY_ROW_DAMAGED,	/* db->fault says so */
	FAMILY_ROW_TROUBLE	/* db->fault says why */
};

/*
 * Step a SELECT of FAMILY_ROW_COLUMNS and read its row.  The caller must clear
 * *out whatever the result.
 */
enum family_row family_row_step(struct family_db *db, sqlite3_stmt *select,
    struct family *out);

/* Read the row of one family, in a statement of its own. */
enum family_row family_row_find(struct family_db *db,
    const uint8_t id[FAMILY_ID_LEN], struct family *out);

/* Write a family that is not there yet. */
JWT_MUST_USE bool family_row_insert(struct family_db *db,
    const struct family *family);

/*
 * Write what a turn changes in a family: last_iat, generation, current and
 * previous; but only if its row is still the one with family->seal.
 *
 * changed  whether it was
 */
JWT_MUST_USE bool family_row_rotate(struct family_db *db,
    const struct family *family, bool *changed);

/* Write the end of a family: ended and end.  Its row must be there. */
JWT_MUST_USE bool family_row_end(struct family_db *db,
    const struct family *family);

/*
 * Drop at most limit families whose absolute end has passed; how many is in
 * *changed.
 */
JWT_MUST_USE bool family_row_drop(struct family_db *db, int64_t now, int limit,
    int *changed);

/*
 * Drop at most limit families of a person that ended before a time, the oldest
 * first, but none of the newest ones.
 *
 * keep  how many ended ones stay
 */
JWT_MUST_USE bool family_row_drop_ended(struct family_db *db,
    const char *person, int64_t before, int keep, int limit);

#endif
