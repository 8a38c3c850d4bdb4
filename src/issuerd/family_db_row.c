/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads, seals and writes the rows of families. */
#include <stdlib.h>

#include "issuerd/family_db_row.h"

#define FLAG_HARDWARE	1
#define FLAG_BEARER	2
#define FLAG_COMPACT	4
#define AUDIENCE_END	' '	/* after each audience; none has a space */

/* In the order of FAMILY_ROW_COLUMNS. */
enum column { ID, PERSON, FINGERPRINT, JKT, AUDIENCE, FLAGS, AUTH_TIME, ENDS,
	LAST_IAT, GENERATION, CURRENT, PREVIOUS, ENDED, WHY, SEAL };

static sqlite3_int64
flags_of(const struct family *family)
{
	return (family->is_hardware ? FLAG_HARDWARE : 0) |
	    (family->is_bearer ? FLAG_BEARER : 0) |
	    (family->is_compact ? FLAG_COMPACT : 0);
}

/* ---- the seal ----------------------------------------------------------- */

/* A text that grows; ptr is NULL while only the length is wanted. */
struct text {
	uint8_t *ptr;
	size_t len;
};

static void
put(struct text *text, struct bytes bytes)
{
	if (text->ptr != NULL && bytes.len > 0)
		memcpy(text->ptr + text->len, bytes.ptr, bytes.len);
	text->len += bytes.len;
}

static void
put_number(struct text *text, int64_t number)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
	put(text, bytes_of(bytes, sizeof(bytes)));
}

/* With its length, so that no two families have the same text. */
static void
put_string(struct text *text, const char *string)
{
	put_number(text, (int64_t)strlen(string));
	put(text, bytes_str(string));
}

static void
put_family(struct text *text, const struct family *family)
{
	size_t i;

	put(text, bytes_of("row\0\0\0\0", 8));
	put(text, bytes_of(family->id, FAMILY_ID_LEN));
	put_string(text, family->person);
	put_string(text, family->fingerprint);
	put_string(text, family->jkt);
	put_number(text, (int64_t)family->audience.count);
	for (i = 0; i < family->audience.count; i++)
		put_string(text, family->audience.item[i]);
	put_number(text, flags_of(family));
	put_number(text, family->auth_time);
	put_number(text, family->ends);
	put_number(text, family->last_iat);
	put_number(text, family->generation);
	put(text, bytes_of(family->current, HASH_LEN));
	put(text, bytes_of(family->previous, HASH_LEN));
	put_number(text, family->ended);
	put_number(text, (int64_t)family->end);
}

static bool
make_seal(struct family_db *db, const struct family *family,
    uint8_t out[HASH_LEN])
{
	struct bytes secret = bytes_of(db->secret, FAMILY_SECRET_LEN);
	struct text text = { .ptr = NULL };
	bool is_made;

	put_family(&text, family);
	text.ptr = malloc(text.len);
	if (text.ptr == NULL)
		return family_db_fail(db, "memory ran out");
	text.len = 0;
	put_family(&text, family);
	is_made = hash_keyed(secret, bytes_of(text.ptr, text.len), out) ==
	    JWT_OK;
	free(text.ptr);
	return is_made || family_db_fail(db, "memory ran out");
}

/* ---- reading ------------------------------------------------------------ */

/* Of the right length, and zero otherwise: then the seal will not fit. */
static void
read_blob(sqlite3_stmt *row, enum column column, uint8_t *out, size_t len)
{
	const void *blob = sqlite3_column_blob(row, (int)column);

	if (blob != NULL && (size_t)sqlite3_column_bytes(row, (int)column) == len)
		memcpy(out, blob, len);
}

static bool
read_string(sqlite3_stmt *row, enum column column, struct arena *arena,
    const char **out)
{
	const unsigned char *text = sqlite3_column_text(row, (int)column);
	const char *value = text == NULL ? "" : (const char *)text;

	*out = arena_copy(arena, bytes_str(value));
	return *out != NULL;
}

static bool
read_audience(sqlite3_stmt *row, struct family *out)
{
	const unsigned char *text = sqlite3_column_text(row, (int)AUDIENCE);
	struct bytes rest = bytes_str(text == NULL ? "" : (const char *)text);

	while (rest.len > 0) {
		struct bytes word = bytes_cut(&rest, AUDIENCE_END);
		const char **item = arena_grow(&out->arena, out->audience.item,
		    out->audience.count, sizeof(*item));

		if (item == NULL)
			return false;
		out->audience.item = item;
		item[out->audience.count] = arena_copy(&out->arena, word);
		if (item[out->audience.count++] == NULL)
			return false;
	}
	return true;
}

/* False when memory ran out. */
static bool
read_strings(sqlite3_stmt *row, struct family *out)
{
	return read_string(row, PERSON, &out->arena, &out->person) &&
	    read_string(row, FINGERPRINT, &out->arena, &out->fingerprint) &&
	    read_string(row, JKT, &out->arena, &out->jkt) &&
	    read_audience(row, out);
}

static int64_t
read_number(sqlite3_stmt *row, enum column column)
{
	return sqlite3_column_int64(row, (int)column);
}

static void
read_numbers(sqlite3_stmt *row, struct family *out)
{
	int64_t flags = read_number(row, FLAGS);

	out->is_hardware = (flags & FLAG_HARDWARE) != 0;
	out->is_bearer = (flags & FLAG_BEARER) != 0;
	out->is_compact = (flags & FLAG_COMPACT) != 0;
	out->auth_time = read_number(row, AUTH_TIME);
	out->ends = read_number(row, ENDS);
	out->last_iat = read_number(row, LAST_IAT);
	out->generation = (uint32_t)read_number(row, GENERATION);
	out->ended = read_number(row, ENDED);
	out->end = (enum family_end)read_number(row, WHY);
}

static enum family_row
read_row(struct family_db *db, sqlite3_stmt *row, struct family *out)
{
	uint8_t seal[HASH_LEN];

	read_blob(row, ID, out->id, FAMILY_ID_LEN);
	read_blob(row, CURRENT, out->current, HASH_LEN);
	read_blob(row, PREVIOUS, out->previous, HASH_LEN);
	read_blob(row, SEAL, out->seal, HASH_LEN);
	read_numbers(row, out);
	family_sid_write(out->id, out->sid);
	if (!read_strings(row, out)) {
		family_db_fail(db, "memory ran out");
		return FAMILY_ROW_TROUBLE;
	}
	if (!make_seal(db, out, seal))
		return FAMILY_ROW_TROUBLE;
	if (!hash_is_same(out->seal, seal, HASH_LEN)) {
		family_db_fail(db, "a row or keys/secret was changed or "
		    "damaged: pam-jwt issuer restore drops such rows");
		return FAMILY_ROW_DAMAGED;
	}
	return FAMILY_ROW_OK;
}

enum family_row
family_row_step(struct family_db *db, sqlite3_stmt *select, struct family *out)
{
	int code = sqlite3_step(select);

	*out = (struct family){ .ended = 0 };
	if (code == SQLITE_DONE)
		return FAMILY_ROW_NONE;
	if (code != SQLITE_ROW) {
		family_db_fail_sql(db, code);
		return FAMILY_ROW_TROUBLE;
	}
	return read_row(db, select, out);
}

enum family_row
family_row_find(struct family_db *db, const uint8_t id[FAMILY_ID_LEN],
    struct family *out)
{
	sqlite3_stmt *select = family_db_prepare(db,
	    "SELECT " FAMILY_ROW_COLUMNS " FROM family WHERE id=?1");
	enum family_row result;

	*out = (struct family){ .ended = 0 };
	if (select == NULL)
		return FAMILY_ROW_TROUBLE;
	sqlite3_bind_blob(select, 1, id, FAMILY_ID_LEN, SQLITE_STATIC);
	result = family_row_step(db, select, out);
	sqlite3_finalize(select);
	return result;
}

/* ---- writing ------------------------------------------------------------ */

static void
bind_text(sqlite3_stmt *into, enum column column, const char *text)
{
	sqlite3_bind_text(into, (int)column + 1, text, -1, SQLITE_STATIC);
}

static void
bind_blob(sqlite3_stmt *into, enum column column, const uint8_t *blob, int len)
{
	sqlite3_bind_blob(into, (int)column + 1, blob, len, SQLITE_STATIC);
}

static void
bind_number(sqlite3_stmt *into, enum column column, int64_t number)
{
	sqlite3_bind_int64(into, (int)column + 1, number);
}

/* The audiences, each with its end; NULL when memory ran out. */
static char *
join_audience(const struct words *audience)
{
	size_t len = 0, i;
	char *text, *next;

	for (i = 0; i < audience->count; i++)
		len += strlen(audience->item[i]) + 1;
	text = malloc(len + 1);
	if (text == NULL)
		return NULL;
	next = text;
	for (i = 0; i < audience->count; i++) {
		next = stpcpy(next, audience->item[i]);
		*next++ = AUDIENCE_END;
	}
	*next = '\0';
	return text;
}

/* The columns that a turn changes, and the id that finds the row. */
static void
bind_turn(sqlite3_stmt *into, const struct family *family,
    const uint8_t seal[HASH_LEN])
{
	bind_blob(into, ID, family->id, FAMILY_ID_LEN);
	bind_number(into, LAST_IAT, family->last_iat);
	bind_number(into, GENERATION, family->generation);
	bind_blob(into, CURRENT, family->current, HASH_LEN);
	bind_blob(into, PREVIOUS, family->previous, HASH_LEN);
	bind_blob(into, SEAL, seal, HASH_LEN);
}

static void
bind_end(sqlite3_stmt *into, const struct family *family)
{
	bind_number(into, ENDED, family->ended);
	bind_number(into, WHY, (int64_t)family->end);
}

static bool
change_one(struct family_db *db, sqlite3_stmt *statement)
{
	int changed;

	if (!family_db_change(db, statement, &changed))
		return false;
	return changed == 1 || family_db_fail_sql(db, SQLITE_CORRUPT);
}

bool
family_row_insert(struct family_db *db, const struct family *family)
{
	char *audience = join_audience(&family->audience);
	uint8_t seal[HASH_LEN];
	sqlite3_stmt *insert = NULL;
	bool is_done = false;

	if (audience == NULL) {
		family_db_fail(db, "memory ran out");
		goto out;
	}
	if (!make_seal(db, family, seal))
		goto out;
	insert = family_db_prepare(db, "INSERT INTO family("
	    FAMILY_ROW_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
	if (insert == NULL)
		goto out;
	bind_turn(insert, family, seal);
	bind_end(insert, family);
	bind_text(insert, PERSON, family->person);
	bind_text(insert, FINGERPRINT, family->fingerprint);
	bind_text(insert, JKT, family->jkt);
	bind_text(insert, AUDIENCE, audience);
	bind_number(insert, FLAGS, flags_of(family));
	bind_number(insert, AUTH_TIME, family->auth_time);
	bind_number(insert, ENDS, family->ends);
	is_done = change_one(db, insert);
out:
	sqlite3_finalize(insert);
	free(audience);
	return is_done;
}

bool
family_row_rotate(struct family_db *db, const struct family *family,
    bool *changed)
{
	uint8_t seal[HASH_LEN];
	sqlite3_stmt *update;
	bool is_done;
	int count;

	*changed = false;
	if (!make_seal(db, family, seal))
		return false;
	update = family_db_prepare(db, "UPDATE family SET last_iat=?9,"
	    "generation=?10,current=?11,previous=?12,seal=?15 "
	    "WHERE id=?1 AND seal=?16");
	if (update == NULL)
		return false;
	bind_turn(update, family, seal);
	sqlite3_bind_blob(update, FAMILY_ROW_COUNT + 1, family->seal, HASH_LEN,
	    SQLITE_STATIC);
	is_done = family_db_change(db, update, &count);
	*changed = count == 1;
	sqlite3_finalize(update);
	return is_done;
}

bool
family_row_end(struct family_db *db, const struct family *family)
{
	uint8_t seal[HASH_LEN];
	sqlite3_stmt *update;
	bool is_done;

	if (!make_seal(db, family, seal))
		return false;
	update = family_db_prepare(db, "UPDATE family SET ended=?13,why=?14,"
	    "seal=?15 WHERE id=?1");
	if (update == NULL)
		return false;
	bind_blob(update, ID, family->id, FAMILY_ID_LEN);
	bind_end(update, family);
	bind_blob(update, SEAL, seal, HASH_LEN);
	is_done = change_one(db, update);
	sqlite3_finalize(update);
	return is_done;
}

bool
family_row_drop(struct family_db *db, int64_t now, int limit, int *changed)
{
	sqlite3_stmt *drop = family_db_prepare(db, "DELETE FROM family WHERE "
	    "id IN (SELECT id FROM family WHERE ends<=?1 LIMIT ?2)");
	bool is_done;

	if (drop == NULL)
		return false;
	sqlite3_bind_int64(drop, 1, now);
	sqlite3_bind_int(drop, 2, limit);
	is_done = family_db_change(db, drop, changed);
	sqlite3_finalize(drop);
	return is_done;
}

bool
family_row_drop_ended(struct family_db *db, const char *person, int64_t before,
    int keep, int limit)
{
	sqlite3_stmt *drop = family_db_prepare(db, "DELETE FROM family WHERE "
	    "id IN (SELECT id FROM family WHERE person=?1 AND ended<>0 "
	    "AND ended<?2 AND ended<=(SELECT ended FROM family "
	    "WHERE person=?1 AND ended<>0 ORDER BY ended DESC "
	    "LIMIT 1 OFFSET ?3) ORDER BY ended LIMIT ?4)");
	bool is_done;
	int changed;

	if (drop == NULL)
		return false;
	sqlite3_bind_text(drop, 1, person, -1, SQLITE_STATIC);
	sqlite3_bind_int64(drop, 2, before);
	sqlite3_bind_int(drop, 3, keep);
	sqlite3_bind_int(drop, 4, limit);
	is_done = family_db_change(db, drop, &changed);
	sqlite3_finalize(drop);
	return is_done;
}
