/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an administrator does with the families: list, revoke, restore, purge.
 * Families are read into memory first: a walk that waits for its reader, such as
 * a pager, would keep every refresh waiting.
 */
#include <stdlib.h>

#include "issuerd/family_db_row.h"

#define PURGE_ROWS	100	/* in one transaction: 4 ms */

/* How a walk treats a row that is damaged. */
enum damaged {
	DAMAGED_FAILS,	/* the walk ends there */
	DAMAGED_STAYS,	/* it is counted */
	DAMAGED_GOES	/* and dropped as well */
};

struct walk {
	struct family *item;	/* owned */
	size_t count, size;
	size_t ended;		/* by this walk */
	size_t damaged;		/* rows, unless that is a failure */
};

static void
walk_clear(struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->count; i++)
		family_clear(&walk->item[i]);
	free(walk->item);
	*walk = (struct walk){ .count = 0 };
}

/* Put a family at the end; *family is empty then. */
static bool
walk_add(struct family_db *db, struct walk *walk, struct family *family)
{
	if (walk->count == walk->size) {
		size_t size = walk->size == 0 ? 64 : walk->size * 2;
		struct family *item = reallocarray(walk->item, size,
		    sizeof(*item));

		if (item == NULL)
			return family_db_fail(db, "memory ran out");
		walk->item = item;
		walk->size = size;
	}
	walk->item[walk->count++] = *family;
	*family = (struct family){ .ended = 0 };
	return true;
}

static bool
call_each(const struct walk *walk, family_each *each, void *context)
{
	size_t i;

	for (i = 0; each != NULL && i < walk->count; i++) {
		if (!each(&walk->item[i], context))
			return false;
	}
	return true;
}

/* ---- reading ------------------------------------------------------------ */

static bool
is_chosen(const struct family *family, const struct family_choice *choice)
{
	if (choice->person != NULL &&
	    strcmp(family->person, choice->person) != 0)
		return false;
	return choice->sid == NULL || strcmp(family->sid, choice->sid) == 0;
}

static bool
drop_row(struct family_db *db, sqlite3_value *id)
{
	sqlite3_stmt *drop = family_db_prepare(db,
	    "DELETE FROM family WHERE id=?1");
	bool is_done;
	int changed;

	if (drop == NULL)
		return false;
	sqlite3_bind_value(drop, 1, id);
	is_done = family_db_change(db, drop, &changed);
	sqlite3_finalize(drop);
	return is_done;
}

/* Take the next row. */
static enum family_row
read_one(struct family_db *db, sqlite3_stmt *select,
    const struct family_choice *choice, enum damaged damaged,
    struct walk *walk)
{
	struct family family;
	enum family_row result = family_row_step(db, select, &family);
	bool is_done = true;

	if (result == FAMILY_ROW_OK && is_chosen(&family, choice))
		is_done = walk_add(db, walk, &family);
	if (result == FAMILY_ROW_DAMAGED && damaged != DAMAGED_FAILS) {
		if (damaged == DAMAGED_GOES)
			is_done = drop_row(db, sqlite3_column_value(select, 0));
		walk->damaged++;
		result = FAMILY_ROW_OK;
	}
	family_clear(&family);
	if (!is_done)
		return FAMILY_ROW_TROUBLE;
	return result;
}

/*
 * Read the chosen families, by person and login.  No index is used: where one
 * is damaged a row would be missing, and this is how families are revoked.
 */
static bool
read_all(struct family_db *db, const struct family_choice *choice,
    enum damaged damaged, struct walk *walk)
{
	sqlite3_stmt *select = family_db_prepare(db, "SELECT "
	    FAMILY_ROW_COLUMNS " FROM family NOT INDEXED "
	    "ORDER BY person, auth_time, id");
	enum family_row result = FAMILY_ROW_OK;

	if (select == NULL)
		return false;
	while (result == FAMILY_ROW_OK)
		result = read_one(db, select, choice, damaged, walk);
	sqlite3_finalize(select);
	return result == FAMILY_ROW_NONE;
}

bool
family_list(struct family_db *db, family_each *each, void *context)
{
	const struct family_choice all = { .person = NULL };
	struct walk walk = { .count = 0 };
	bool is_done;

	family_db_begin_call(db);
	is_done = family_db_is_same(db) && read_all(db, &all, DAMAGED_FAILS,
	    &walk) &&
	    call_each(&walk, each, context);
	walk_clear(&walk);
	return is_done;
}

/* ---- ending ------------------------------------------------------------- */

static bool
end_all(struct family_db *db, enum family_end end, int64_t now,
    struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->count; i++) {
		struct family *family = &walk->item[i];

		if (family->ended != 0)
			continue;
		family->ended = now;
		family->end = end;
		walk->ended++;
		if (!family_row_end(db, family))
			return false;
	}
	return true;
}

/* In one transaction: read and end.  The hosts learn it after that. */
static bool
end_chosen(struct family_db *db, const struct family_choice *choice,
    enum damaged damaged, int64_t now, struct walk *walk)
{
	family_db_begin_call(db);
	if (!family_db_begin(db))
		return false;
	if (read_all(db, choice, damaged, walk) &&
	    end_all(db, choice->end, now, walk))
		return family_db_commit(db);
	family_db_rollback(db);
	return false;
}

/* One damaged row must not keep all others from being revoked. */
bool
family_revoke(struct family_db *db, const struct family_choice *choice,
    int64_t now, family_each *each, void *context, size_t *ended)
{
	struct walk walk = { .count = 0 };
	bool is_done = end_chosen(db, choice, DAMAGED_STAYS, now, &walk) &&
	    call_each(&walk, each, context);

	if (is_done && walk.damaged > 0)
		is_done = family_db_fail(db, "%zu rows are damaged, and cannot "
		    "be revoked: pam-jwt issuer restore drops them",
		    walk.damaged);
	*ended = walk.ended;
	walk_clear(&walk);
	return is_done;
}

bool
family_restore(struct family_db *db, int64_t now, family_each *each,
    void *context, size_t *ended, size_t *dropped)
{
	const struct family_choice all = { .end = FAMILY_END_RESTORED };
	struct walk walk = { .count = 0 };
	bool is_done = end_chosen(db, &all, DAMAGED_GOES, now, &walk) &&
	    call_each(&walk, each, context);

	*ended = walk.ended;
	*dropped = walk.damaged;
	walk_clear(&walk);
	return is_done;
}

/* ---- dropping ----------------------------------------------------------- */

bool
family_purge(struct family_db *db, int64_t now, size_t *dropped)
{
	int changed = PURGE_ROWS;

	*dropped = 0;
	while (changed == PURGE_ROWS) {
		family_db_begin_call(db);
		if (!family_db_begin(db))
			return false;
		if (!family_row_drop(db, now, PURGE_ROWS, &changed)) {
			family_db_rollback(db);
			return false;
		}
		if (!family_db_commit(db))
			return false;
		*dropped += (size_t)changed;
	}
	return true;
}
