/* SPDX-License-Identifier: BSD-2-Clause */
/* What familytry and familybench share: one issuer, in a folder of theirs. */
#ifndef JWT_TEST_FAMILY_H
#define JWT_TEST_FAMILY_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuerd/family_db.h"

#define START		1000000000	/* seconds; the clock is not asked */
#define RACERS_MAX	128

static struct issuer_conf conf = { .access_ttl_sec = 600,
	.refresh_ttl_sec = 10000000, .refresh_idle_sec = 1000000,
	.grace_sec = 10, .families_max = 1000 };
static uint8_t secret[FAMILY_SECRET_LEN] = { 7, 7, 7 };

/* What a client gets. */
struct answer {
	enum family_result result;
	char token[FAMILY_TOKEN_LEN + 1];
	char jti[FAMILY_JTI_LEN + 1];
	int64_t iat;
};

__attribute__((noreturn)) static inline void
die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(2);
}

__attribute__((format(printf, 1, 2))) static inline bool
wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return false;
}

/* Of an issuer that `init` made, the secret is its own. */
static inline void
choose_folder(const char *folder)
{
	char path[1024];
	FILE *file;

	conf.directory = folder;
	snprintf(path, sizeof(path), "%s/keys/secret", folder);
	file = fopen(path, "r");
	if (file == NULL)
		return;
	if (fread(secret, sizeof(secret), 1, file) != 1)
		die("keys/secret");
	fclose(file);
}

static inline const char *
database(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/" FAMILY_DB_NAME, conf.directory);
	return path;
}

static inline bool
open_db(struct family_db *db)
{
	return family_db_open(&conf, bytes_of(secret, sizeof(secret)), db);
}

static inline int
create(void)
{
	struct family_db db;

	if (family_db_create(&conf, &db))
		return 0;
	die(db.fault);
}

/* Sign, which is not done here, and take. */
static inline enum family_result
take(struct family_db *db, struct family_turn *turn, struct answer *out)
{
	enum family_result result = family_take(db, turn);

	out->result = result;
	out->iat = turn->iat;
	memcpy(out->token, turn->token, sizeof(out->token));
	if (family_jti(bytes_of(secret, sizeof(secret)), turn->family.id,
	    turn->generation, bytes_str("ssh://a"), out->jti) != JWT_OK)
		die("family_jti");
	return result;
}

static inline enum family_result
log_in(struct family_db *db, const char *person, int64_t now,
    struct answer *out)
{
	static const char *audience[] = { "ssh://a.example.com" };
	struct family_login login = { .person = person, .jkt =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", .fingerprint =
		"SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
		.audience = { .item = audience, .count = 1 } };
	struct family_turn turn;
	enum family_result result = family_start(db, &login, now, &turn);

	if (result == FAMILY_OK)
		result = take(db, &turn, out);
	family_turn_clear(&turn);
	return result;
}

/* As the desk does it. */
static inline enum family_result
refresh(struct family_db *db, const char *token, int64_t now,
    struct answer *out)
{
	enum family_result result = FAMILY_AGAIN;
	unsigned looks;

	for (looks = 0; looks < 3 && result == FAMILY_AGAIN; looks++) {
		struct family_turn turn;

		result = family_look(db, bytes_str(token), now, &turn);
		if (result == FAMILY_OK || result == FAMILY_REPEAT)
			result = take(db, &turn, out);
		family_turn_clear(&turn);
	}
	return result;
}

/* A new login, of the person with that number. */
static inline void
start_family(unsigned number, int64_t now, char token[FAMILY_TOKEN_LEN + 1])
{
	struct answer answer;
	struct family_db db;
	char person[16];

	snprintf(person, sizeof(person), "person%u", number);
	if (!open_db(&db) || log_in(&db, person, now, &answer) != FAMILY_OK)
		die(db.fault);
	family_db_close(&db);
	memcpy(token, answer.token, sizeof(answer.token));
}

/* Look at a token; false, with a line, unless it gets that. */
static inline bool
expect(const char *token, int64_t now, enum family_result expected)
{
	struct family_turn turn;
	struct family_db db;
	enum family_result result = FAMILY_TROUBLE;

	if (open_db(&db)) {
		result = family_look(&db, bytes_str(token), now, &turn);
		family_turn_clear(&turn);
	}
	family_db_close(&db);
	return result == expected || wrong("%s, and not %s",
	    family_result_text(result), family_result_text(expected));
}

#endif
