/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes, opens and checks the database of families.  Another user must not have
 * been able to put it there, and SQLite must not trust what is in it: the
 * settings are those of a file that may be damaged.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/clock.h"
#include "issuerd/family_db_sql.h"

#define NEW_NAME	FAMILY_DB_NAME ".new"
#define JOURNAL_NAME	FAMILY_DB_NAME "-journal"
#define QUEUE_NAME	"issuer.lock"
#define APPLICATION_ID	"1347049289"	/* the bytes "PJWI" */
#define VERSION		"1"

/* Places in the first page: "The SQLite Database File Format", section 1.3. */
#define HEADER_LEN	100	/* bytes */
#define HEADER_VERSION	60
#define HEADER_APPLICATION 68

static const char SCHEMA[] =
    "BEGIN IMMEDIATE;"
    "PRAGMA application_id=" APPLICATION_ID ";"
    "PRAGMA user_version=" VERSION ";"
    "CREATE TABLE family("
    "id BLOB PRIMARY KEY NOT NULL, person TEXT NOT NULL,"
    "fingerprint TEXT NOT NULL, jkt TEXT NOT NULL, audience TEXT NOT NULL,"
    "flags INTEGER NOT NULL, auth_time INTEGER NOT NULL,"
    "ends INTEGER NOT NULL, last_iat INTEGER NOT NULL,"
    "generation INTEGER NOT NULL, current BLOB NOT NULL,"
    "previous BLOB NOT NULL, ended INTEGER NOT NULL, why INTEGER NOT NULL,"
    "seal BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX family_person ON family(person) WHERE ended=0;"
    "CREATE INDEX family_ended ON family(person,ended) WHERE ended<>0;"
    "CREATE INDEX family_ends ON family(ends);"
    "COMMIT;";

/* EXTRA also syncs the folder: a commit is there after a power cut. */
static const char SETTINGS[] =
    "PRAGMA synchronous=EXTRA;"
    "PRAGMA mmap_size=0;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA foreign_keys=ON;";

/* The journal stays, with its start zeroed, so a commit needs no new file. */
static const char JOURNAL[] =
    "PRAGMA journal_mode=PERSIST;"
    "PRAGMA journal_size_limit=1048576;";

/* ---- the file ----------------------------------------------------------- */

/* SQLite takes no path with a symbolic link in it, so it gets the real one. */
static bool
find_path(struct family_db *db, const char *name)
{
	char *real = realpath(db->conf->directory, NULL);
	struct stat a, b;
	int len = -1;

	if (real != NULL)
		len = snprintf(db->path, sizeof(db->path), "%s/%s", real, name);
	if (real == NULL || len < 0 || (size_t)len >= sizeof(db->path) ||
	    stat(real, &a) != 0 || fstat(db->folder, &b) != 0 ||
	    a.st_dev != b.st_dev || a.st_ino != b.st_ino) {
		free(real);
		return family_db_fail(db, "its folder has no usable path");
	}
	free(real);
	return true;
}

static bool
open_folder(struct family_db *db)
{
	struct file file = { .missing = false };
	bool is_ok = file_open_folder(db->conf->directory, &db->folder,
	    &file) == FILE_OK;

	if (!is_ok)
		family_db_fail(db, "%s", file.fault);
	file_clear(&file);
	return is_ok;
}

static const char *
find_fault(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "it is not a regular file";
	if (st->st_uid != geteuid())
		return "it belongs to another user";
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "group or others have a right to it: chmod 600";
	if (st->st_nlink != 1)
		return "it has a second name (a hard link)";
	return NULL;
}

/*
 * Whether the file is a database of ours, by its first bytes.  They are the same
 * at all times, so this needs no lock.
 */
static const char *
find_header_fault(int fd)
{
	static const uint8_t version[4] = { 0, 0, 0, 1 };
	uint8_t header[HEADER_LEN];

	if (pread(fd, header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header, "SQLite format 3", 16) != 0 ||
	    memcmp(header + HEADER_APPLICATION, "PJWI", 4) != 0)
		return "it is not a database of pam-jwt issuer, or damaged";
	if (memcmp(header + HEADER_VERSION, version, sizeof(version)) != 0)
		return "it was made by another version of pam-jwt-issuer";
	return NULL;
}

/*
 * Look at the file before SQLite opens it.  The descriptor is closed at once:
 * later, closing it would drop the locks that SQLite has on the file.
 */
static bool
look_at_file(struct family_db *db)
{
	int fd = file_open_at(db->folder, FAMILY_DB_NAME, O_RDWR | O_NONBLOCK);
	const char *fault;
	struct stat st;
	int error = errno;

	if (fd < 0 && error == ENOENT)
		return family_db_fail(db, "there is no database: pam-jwt "
		    "issuer init makes it");
	if (fd < 0 && error == ELOOP)
		return family_db_fail(db, "it is a symbolic link");
	if (fd < 0 && error == EROFS)
		return family_db_fail_sql(db, SQLITE_READONLY);
	if (fd < 0)
		return family_db_fail(db, "it cannot be opened: %s",
		    file_errno_text(error));
	fault = "it cannot be looked at";
	if (fstat(fd, &st) == 0)
		fault = find_fault(&st);
	if (fault == NULL)
		fault = find_header_fault(fd);
	close(fd);
	if (fault != NULL)
		return family_db_fail(db, "%s", fault);
	db->dev = st.st_dev;
	db->ino = st.st_ino;
	return true;
}

static bool
open_queue(struct family_db *db)
{
	db->queue = file_open_at(db->folder, QUEUE_NAME, O_RDWR | O_CREAT);
	if (db->queue < 0)
		return family_db_fail(db, "its lock file " QUEUE_NAME " cannot "
		    "be opened: %s", file_errno_text(errno));
	return true;
}

/* ---- SQLite ------------------------------------------------------------- */

static bool
open_sqlite(struct family_db *db)
{
	int code = sqlite3_open_v2(db->path, &db->sqlite, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
	    NULL);

	if (code != SQLITE_OK)
		return family_db_fail_sql(db, code);
	sqlite3_busy_handler(db->sqlite, family_db_busy, db);
	sqlite3_limit(db->sqlite, SQLITE_LIMIT_ATTACHED, 0);
	code = sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1,
	    NULL);
	if (code != SQLITE_OK)
		return family_db_fail_sql(db, code);
	return family_db_exec(db, SETTINGS);
}

static bool
open_database(struct family_db *db)
{
	if (!look_at_file(db) || !open_queue(db) || !open_sqlite(db) ||
	    !family_db_is_same(db))
		return false;
	if (sqlite3_db_readonly(db->sqlite, "main") != 0)
		return family_db_fail_sql(db, SQLITE_READONLY);
	return family_db_exec(db, JOURNAL);
}

/* ---- making it ---------------------------------------------------------- */

/* Under another name, so that a database is there whole or not at all. */
static bool
make_new(struct family_db *db)
{
	int fd;

	if (unlinkat(db->folder, NEW_NAME, 0) != 0 && errno != ENOENT)
		return family_db_fail(db, "an old one cannot be removed: %s",
		    file_errno_text(errno));
	fd = file_open_at(db->folder, NEW_NAME, O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
		return family_db_fail(db, "it cannot be made: %s",
		    file_errno_text(errno));
	close(fd);
	if (!open_sqlite(db))
		return false;
	return family_db_exec(db, SCHEMA);
}

/* A journal without its database would be played into the new one. */
static bool
put_in_place(struct family_db *db)
{
	if (unlinkat(db->folder, JOURNAL_NAME, 0) != 0 && errno != ENOENT)
		return family_db_fail(db, "the journal of an old database "
		    "cannot be removed: %s", file_errno_text(errno));
	/* It may be that another process was faster, with one as empty. */
	if (linkat(db->folder, NEW_NAME, db->folder, FAMILY_DB_NAME, 0) != 0 &&
	    errno != EEXIST)
		return family_db_fail(db, "it cannot be put in place: %s",
		    file_errno_text(errno));
	if (unlinkat(db->folder, NEW_NAME, 0) != 0 || !file_sync(db->folder))
		return family_db_fail(db, "its folder cannot be written: %s",
		    file_errno_text(errno));
	return true;
}

static void
start(struct family_db *db, const struct issuer_conf *conf)
{
	*db = (struct family_db){ .conf = conf, .folder = -1, .queue = -1 };
	snprintf(db->path, sizeof(db->path), "%s", conf->directory);
	family_db_begin_call(db);
}

bool
family_db_create(const struct issuer_conf *conf, struct family_db *db)
{
	struct stat st;
	bool is_made;

	start(db, conf);
	is_made = open_folder(db) && find_path(db, NEW_NAME);
	if (is_made && fstatat(db->folder, FAMILY_DB_NAME, &st,
	    AT_SYMLINK_NOFOLLOW) == 0) {
		family_db_close(db);
		return true;
	}
	is_made = is_made && make_new(db);
	sqlite3_close(db->sqlite);
	db->sqlite = NULL;
	is_made = is_made && put_in_place(db);
	family_db_close(db);
	return is_made;
}

/* ---- for the callers ---------------------------------------------------- */

bool
family_db_open(const struct issuer_conf *conf, struct bytes secret,
    struct family_db *db)
{
	start(db, conf);
	if (secret.len != FAMILY_SECRET_LEN)
		return family_db_fail(db, "the secret has the wrong length");
	memcpy(db->secret, secret.ptr, FAMILY_SECRET_LEN);
	return open_folder(db) && find_path(db, FAMILY_DB_NAME) &&
	    open_database(db);
}

/* Leaves the fault, which the caller may print afterwards. */
void
family_db_close(struct family_db *db)
{
	sqlite3_close(db->sqlite);
	db->sqlite = NULL;
	if (db->queue >= 0)
		close(db->queue);
	if (db->folder >= 0)
		close(db->folder);
	db->queue = -1;
	db->folder = -1;
	explicit_bzero(db->secret, sizeof(db->secret));
}

/* Whether SQLite finds no fault in any page; otherwise db->fault says it. */
static bool
check_pages(struct family_db *db)
{
	sqlite3_stmt *check = family_db_prepare(db, "PRAGMA quick_check(1)");
	const char *value = NULL;
	bool is_ok;
	int code;

	if (check == NULL)
		return false;
	code = sqlite3_step(check);
	if (code == SQLITE_ROW)
		value = (const char *)sqlite3_column_text(check, 0);
	is_ok = value != NULL && strcmp(value, "ok") == 0;
	sqlite3_finalize(check);
	if (code != SQLITE_ROW)
		return family_db_fail_sql(db, code);
	return is_ok || family_db_fail_sql(db, SQLITE_CORRUPT);
}

bool
family_db_check(struct family_db *db)
{
	family_db_begin_call(db);
	return check_pages(db) && family_list(db, NULL, NULL);
}
