/* SPDX-License-Identifier: BSD-2-Clause */
/* A database of families that is damaged, or that somebody else put there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "families.h"

#define PAGE	4096	/* bytes; what SQLite takes by default */

/* Run a shell command on the database, whose path is $D. */
static void
shell(const struct families *f, const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "D=%s; %s", f->path, command);
	assert_int_equal(system(text), 0);
}

/* It cannot be opened, and the message names the file and the fault. */
static void
assert_refused(struct families *f, const char *fault)
{
	family_db_close(&f->db);
	if (family_db_open(&f->conf, bytes_of(f->secret, sizeof(f->secret)),
	    &f->db))
		fail_msg("opened, and not refused: %s", fault);
	if (strstr(f->db.fault, fault) == NULL ||
	    strstr(f->db.fault, f->folder) == NULL)
		fail_msg("%s, and not: %s", f->db.fault, fault);
}

/* ---- the file ----------------------------------------------------------- */

static void
test_file(void **state)
{
	static const struct {
		const char *command;
		const char *fault;
	} cases[] = {
		{ "rm $D", "there is no database" },
		{ "ln -s $D.kept $D", "symbolic link" },
		{ "ln $D.kept $D", "a second name" },
		{ "mkdir $D", "opened: Is a directory" },
		{ "mkfifo -m 600 $D", "not a regular file" },
		{ "cp $D.kept $D; chmod 640 $D", "chmod 600" },
		{ "cp $D.kept $D; chmod 604 $D", "chmod 600" },
		{ "install -m 600 /dev/null $D", "not a database" },
		{ "head -c 99 $D.kept >$D", "not a database" },
		{ "umask 077; head -c 8192 /dev/urandom >$D", "not a database" },
		{ "cp $D.kept $D; printf x | dd of=$D bs=1 seek=71 "
		  "conv=notrunc 2>/dev/null", "not a database" },
		{ "cp $D.kept $D; printf '\\002' | dd of=$D bs=1 seek=63 "
		  "conv=notrunc 2>/dev/null", "another version" },
	};
	struct families *f = *state;
	size_t i;

	shell(f, "cp -p $D $D.kept");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		shell(f, "umask 077; rm -rf $D; umask 077");
		if (i > 0)
			shell(f, cases[i].command);
		if (i > 6)
			shell(f, "chmod 600 $D");
		assert_refused(f, cases[i].fault);
	}
	shell(f, "rm -rf $D; cp -p $D.kept $D");
	families_reopen(f);
}

/* Root can make a file of somebody else's; others cannot. */
static void
test_owner(void **state)
{
	struct families *f = *state;

	if (geteuid() != 0)
		skip();
	shell(f, "chown 12345 $D");
	assert_refused(f, "another user");
}

static void
test_folder(void **state)
{
	struct families *f = *state;

	shell(f, "chmod 750 ${D%/*}");
	assert_refused(f, "");
	shell(f, "chmod 700 ${D%/*}");
	families_reopen(f);
}

/* A folder that is reached by a link of its owner's is as good as any. */
static void
test_linked_folder(void **state)
{
	struct families *f = *state;
	char link[64];

	snprintf(link, sizeof(link), "%s/link", f->folder);
	assert_int_equal(symlink(".", link), 0);
	f->conf.directory = link;
	families_reopen(f);
	assert_string_equal(f->db.path, f->path);
	f->conf.directory = f->folder;
}

static void
test_secret(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	family_db_close(&f->db);
	assert_false(family_db_open(&f->conf, bytes_of(f->secret, 31), &f->db));
	family_db_close(&f->db);
	/* Another secret: the token is not ours, and the rows are not, either. */
	f->secret[31] ^= 1;
	families_open(f);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_UNKNOWN);
	assert_false(family_db_check(&f->db));
	assert_false(family_list(&f->db, NULL, NULL));
}

/* What is there stays; a journal without its database is thrown away. */
static void
test_create(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct family_db other;
	struct stat st;

	families_login(f, "alice", LOGIN, token);
	assert_true(family_db_create(&f->conf, &other));
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OK);
	shell(f, "rm $D; echo x >$D-journal; echo x >$D.new");
	assert_true(family_db_create(&f->conf, &other));
	shell(f, "! test -e $D.new && ! test -e $D-journal");
	families_reopen(f);
	assert_true(family_db_check(&f->db));
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* SQLite is told to be durable, and to trust nothing in the file. */
static void
test_settings(void **state)
{
	static const struct {
		const char *pragma;
		const char *value;
	} cases[] = {
		{ "PRAGMA synchronous", "3" },
		{ "PRAGMA journal_mode", "persist" },
		{ "PRAGMA journal_size_limit", "1048576" },
		{ "PRAGMA mmap_size", "0" },
		{ "PRAGMA temp_store", "2" },
		{ "PRAGMA trusted_schema", "0" },
		{ "PRAGMA cell_size_check", "1" },
		{ "PRAGMA foreign_keys", "1" },
	};
	struct families *f = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sqlite3_stmt *select;

		assert_int_equal(sqlite3_prepare_v2(f->db.sqlite,
		    cases[i].pragma, -1, &select, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(select), SQLITE_ROW);
		assert_string_equal(sqlite3_column_text(select, 0),
		    cases[i].value);
		sqlite3_finalize(select);
	}
	assert_int_equal(sqlite3_limit(f->db.sqlite, SQLITE_LIMIT_ATTACHED,
	    -1), 0);
}

/* ---- replaced while it is open ------------------------------------------ */

static void
test_replaced(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct family_turn turn;

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 1,
	    &turn), FAMILY_OK);
	shell(f, "cp -p $D $D.copy && mv $D $D.old && mv $D.copy $D");
	assert_int_equal(family_take(&f->db, &turn), FAMILY_TROUBLE);
	assert_non_null(strstr(f->db.fault, "it was replaced"));
	family_turn_clear(&turn);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_TROUBLE);
	assert_false(family_list(&f->db, NULL, NULL));
	shell(f, "rm $D");
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_TROUBLE);
	assert_non_null(strstr(f->db.fault, "it has gone"));
	shell(f, "mv $D.old $D");
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OK);
}

/* The same answer again writes nothing, but it must not come from old rows. */
static void
test_replaced_in_repeat(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], first[FAMILY_TOKEN_LEN + 1];
	struct family_turn turn;

	families_login(f, "alice", LOGIN, token);
	memcpy(first, token, sizeof(first));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(family_look(&f->db, bytes_str(first), LOGIN + 1,
	    &turn), FAMILY_REPEAT);
	shell(f, "cp -p $D $D.copy && mv $D $D.old && mv $D.copy $D");
	assert_int_equal(family_take(&f->db, &turn), FAMILY_TROUBLE);
	assert_non_null(strstr(f->db.fault, "it was replaced"));
	shell(f, "mv $D.old $D");
	assert_int_equal(family_take(&f->db, &turn), FAMILY_OK);
	family_turn_clear(&turn);
}

/* Called in the middle of a commit. */
static int
replace(void *context)
{
	shell(context, "cp -p $D $D.copy && mv $D $D.old && mv $D.copy $D");
	return 0;
}

/* What was committed is in a file that nobody reads: it is no answer. */
static void
test_replaced_in_commit(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct family_turn turn;

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 1,
	    &turn), FAMILY_OK);
	sqlite3_commit_hook(f->db.sqlite, replace, f);
	assert_int_equal(family_take(&f->db, &turn), FAMILY_TROUBLE);
	family_turn_clear(&turn);
	families_reopen(f);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OK);
}

/* ---- damaged ------------------------------------------------------------ */

/* Each column of a row is under the seal. */
static void
test_columns(void **state)
{
	static const char *const change[] = {
		"person='bob'", "fingerprint='SHA256:x'", "jkt='x'",
		"jkt=''", "audience='ssh://a '", "audience='ssh://a urn:c '",
		"audience='ssh://a urn:b'", "audience=''", "flags=flags+2",
		"flags=flags+4", "auth_time=auth_time+1", "ends=ends+1",
		"last_iat=last_iat+1", "generation=generation+1",
		"current=zeroblob(32)", "previous=randomblob(32)",
		"ended=1", "why=1", "seal=zeroblob(32)", "seal=x'00'",
		"current=x''", "person=person||' '", "id=randomblob(16)",
		"last_iat='x'", "person=x'61'",
	};
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], text[128];
	size_t i;

	families_login(f, "alice", LOGIN, token);
	for (i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		enum family_result result;

		families_sql(f, "CREATE TABLE kept AS SELECT * FROM family");
		snprintf(text, sizeof(text), "UPDATE family SET %s", change[i]);
		families_sql(f, text);
		families_reopen(f);
		result = families_look(f, token, LOGIN + 1);
		/* A text that ends without its space is the same list. */
		if (i != 6 && result != FAMILY_TROUBLE &&
		    result != FAMILY_UNKNOWN)
			fail_msg("%s: %s", change[i],
			    family_result_text(result));
		if (i != 6)
			assert_false(family_db_check(&f->db));
		families_sql(f, "DELETE FROM family; INSERT INTO family SELECT "
		    "* FROM kept; DROP TABLE kept");
	}
	families_reopen(f);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OK);
	assert_true(family_db_check(&f->db));
}

/* A row of one family under the id of another. */
static void
test_swapped_rows(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], other[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	families_login(f, "bob", LOGIN, other);
	families_sql(f, "CREATE TABLE kept AS SELECT * FROM family;"
	    "DELETE FROM family WHERE person='bob';"
	    "UPDATE family SET id=(SELECT id FROM kept WHERE person='bob')");
	families_reopen(f);
	assert_int_equal(families_look(f, other, LOGIN + 1), FAMILY_TROUBLE);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_UNKNOWN);
}

static void
damage(const struct families *f, off_t page, bool zero)
{
	uint8_t bytes[PAGE / 2];
	int fd = open(f->path, O_WRONLY);
	size_t i;

	assert_true(fd >= 0);
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = zero ? 0 : (uint8_t)(i * 7 + 3);
	assert_int_equal(pwrite(fd, bytes, sizeof(bytes), page * PAGE),
	    sizeof(bytes));
	assert_int_equal(pwrite(fd, bytes, sizeof(bytes),
	    page * PAGE + PAGE / 2), sizeof(bytes));
	close(fd);
}

/* A turn of a family that has ended, and of one that lives. */
static void
try_damaged(struct families *f, const char *ended, const char *live)
{
	char token[FAMILY_TOKEN_LEN + 1];
	enum family_result result;

	family_db_close(&f->db);
	if (!family_db_open(&f->conf, bytes_of(f->secret, sizeof(f->secret)),
	    &f->db))
		return;
	result = families_look(f, ended, LOGIN + 2);
	if (result != FAMILY_OVER && result != FAMILY_TROUBLE)
		fail_msg("%s", family_result_text(result));
	memcpy(token, live, sizeof(token));
	result = families_refresh(f, token, LOGIN + 2);
	if (result != FAMILY_OK && result != FAMILY_TROUBLE)
		fail_msg("%s", family_result_text(result));
	assert_false(family_db_check(&f->db));
}

/* Each page lost, or full of something else: nothing is believed. */
static void
test_pages(void **state)
{
	struct families *f = *state;
	char ended[FAMILY_TOKEN_LEN + 1], live[FAMILY_TOKEN_LEN + 1];
	struct family_turn turn;
	int64_t pages, i;

	for (i = 0; i < 40; i++)
		families_login(f, "carol", LOGIN + i, live);
	families_login(f, "alice", LOGIN, ended);
	families_login(f, "bob", LOGIN, live);
	assert_int_equal(family_logout(&f->db, bytes_str(ended), LOGIN + 1,
	    &turn), FAMILY_OK);
	family_turn_clear(&turn);
	pages = families_number(f, "PRAGMA page_count");
	assert_true(pages >= 6);
	shell(f, "cp -p $D $D.kept");
	for (i = 0; i < 2 * pages; i++) {
		damage(f, i / 2, i % 2 == 0);
		try_damaged(f, ended, live);
		shell(f, "cp $D.kept $D; rm -f $D-journal");
	}
	families_reopen(f);
	assert_int_equal(families_look(f, live, LOGIN + 2), FAMILY_OK);
}

/* Cut off after any page, or in one.  The last one is not read by each turn. */
static void
test_truncated(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], command[64];
	int64_t pages, i;

	families_login(f, "alice", LOGIN, token);
	pages = families_number(f, "PRAGMA page_count");
	shell(f, "cp -p $D $D.kept");
	for (i = 0; i < 2 * pages; i++) {
		snprintf(command, sizeof(command),
		    "cp $D.kept $D; truncate -s %d $D", (int)i * PAGE / 2);
		shell(f, command);
		family_db_close(&f->db);
		if (!family_db_open(&f->conf, bytes_of(f->secret,
		    sizeof(f->secret)), &f->db))
			continue;
		if (i < 2 * pages - 1)
			assert_int_equal(families_look(f, token, LOGIN + 1),
			    FAMILY_TROUBLE);
		assert_false(family_db_check(&f->db));
	}
	shell(f, "cp $D.kept $D");
	families_reopen(f);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OK);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, families_setup, \
	families_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_file),
		TEST(test_owner),
		TEST(test_folder),
		TEST(test_linked_folder),
		TEST(test_secret),
		TEST(test_create),
		TEST(test_settings),
		TEST(test_replaced),
		TEST(test_replaced_in_repeat),
		TEST(test_replaced_in_commit),
		TEST(test_columns),
		TEST(test_swapped_rows),
		TEST(test_pages),
		TEST(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
