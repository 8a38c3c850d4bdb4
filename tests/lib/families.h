/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A database of refresh token families in a folder of its own, for the tests
 * of family_db*.c; include it after cmocka.h.
 */
#ifndef JWT_TEST_FAMILIES_H
#define JWT_TEST_FAMILIES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuerd/family_db.h"

#define LOGIN	1000000		/* seconds */

struct families {
	char folder[32];
	char path[64];		/* of the database */
	struct issuer_conf conf;
	uint8_t secret[FAMILY_SECRET_LEN];
	struct family_db db;
};

static inline void
families_open(struct families *f)
{
	if (!family_db_open(&f->conf, bytes_of(f->secret, sizeof(f->secret)),
	    &f->db))
		fail_msg("%s", f->db.fault);
}

/* Open it again, as another process would. */
static inline void
families_reopen(struct families *f)
{
	family_db_close(&f->db);
	families_open(f);
}

static inline int
families_setup(void **state)
{
	struct families *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	snprintf(f->folder, sizeof(f->folder), "/tmp/families.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/" FAMILY_DB_NAME, f->folder);
	f->conf = (struct issuer_conf){ .directory = f->folder,
		.access_ttl_sec = 600, .refresh_ttl_sec = 10000,
		.refresh_idle_sec = 1000, .grace_sec = 10, .families_max = 3 };
	memset(f->secret, 3, sizeof(f->secret));
	if (!family_db_create(&f->conf, &f->db))
		fail_msg("%s", f->db.fault);
	families_open(f);
	*state = f;
	return 0;
}

static inline int
families_teardown(void **state)
{
	struct families *f = *state;
	char command[64];

	family_db_close(&f->db);
	snprintf(command, sizeof(command), "rm -rf %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static inline struct family_login
families_login_of(const char *person)
{
	static const char *audience[] = { "ssh://a", "urn:b" };

	return (struct family_login){ .person = person,
		.fingerprint = "SHA256:abc", .jkt = "thumb",
		.audience = { .item = audience, .count = 2 },
		.is_hardware = true };
}

/* Log in, and leave the refresh token in token. */
static inline void
families_login(struct families *f, const char *person, int64_t now,
    char token[FAMILY_TOKEN_LEN + 1])
{
	struct family_login login = families_login_of(person);
	struct family_turn turn;

	if (family_start(&f->db, &login, now, &turn) != FAMILY_OK ||
	    family_take(&f->db, &turn) != FAMILY_OK)
		fail_msg("%s", f->db.fault);
	memcpy(token, turn.token, FAMILY_TOKEN_LEN + 1);
	family_turn_clear(&turn);
}

/* Look, and forget what the answer would be. */
static inline enum family_result
families_look(struct families *f, const char *token, int64_t now)
{
	struct family_turn turn;
	enum family_result result = family_look(&f->db, bytes_str(token), now,
	    &turn);

	family_turn_clear(&turn);
	return result;
}

/* Refresh; if that is done, token becomes the next one. */
static inline enum family_result
families_refresh(struct families *f, char token[FAMILY_TOKEN_LEN + 1],
    int64_t now)
{
	struct family_turn turn;
	enum family_result result = family_look(&f->db, bytes_str(token), now,
	    &turn);

	if (result == FAMILY_OK)
		result = family_take(&f->db, &turn);
	if (result == FAMILY_OK)
		memcpy(token, turn.token, FAMILY_TOKEN_LEN + 1);
	family_turn_clear(&turn);
	return result;
}

/* Run SQL on the database, as somebody else. */
static inline void
families_sql(const struct families *f, const char *sql)
{
	sqlite3 *other = NULL;

	assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
	if (sqlite3_exec(other, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(other));
	sqlite3_close(other);
}

/* The only number that a SELECT returns. */
static inline int64_t
families_number(const struct families *f, const char *sql)
{
	sqlite3 *other = NULL;
	sqlite3_stmt *select = NULL;
	int64_t number;

	assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(other, sql, -1, &select, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(select), SQLITE_ROW);
	number = sqlite3_column_int64(select, 0);
	sqlite3_finalize(select);
	sqlite3_close(other);
	return number;
}

#endif
