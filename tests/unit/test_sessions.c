/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sessions pam-jwt sessions means, and which processes belong to one.
 * Each case is tried on both sides: a wrong answer would end somebody else's
 * session.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/logline.h"
#include "host/process_table.h"
#include "tool/sessions_revoked.h"

#define BOOT	"01234567-89ab-4cde-8f01-23456789abcd"
#define NO_AUDIT PROCESS_NO_AUDIT
#define SELF	900
#define OTHER	"01234567-89ab-4cde-8f01-23456789abce"

/* The record of alice, who became root by sudo. */
static char account[] = "alice", user[] = "root", iss[] = "https://id.test";
static char sub[] = "a-1", jti[] = "j-1", sid[] = "s-1", none[] = "";

static struct grant grant = {
	.account = account, .iss = iss, .sub = sub, .jti = jti, .sid = sid
};

static struct record record = {
	.grant = &grant, .user = user, .boot_id = BOOT, .pid_namespace = 7,
	.end = RECORD_NO_END
};

static void
test_match(void **state)
{
	static const struct {
		struct sessions_filter filter;
		bool expected;
	} cases[] = {
		{ { .account = NULL }, true },
		{ { .account = "alice" }, true },
		{ { .account = "root" }, true },
		{ { .account = "alic" }, false },
		{ { .account = "alicee" }, false },
		{ { .account = "Alice" }, false },
		{ { .account = "a-1" }, false },
		{ { .subject = "a-1" }, true },
		{ { .subject = "a-11" }, false },
		{ { .subject = "alice" }, false },
		{ { .iss = "https://id.test" }, true },
		{ { .iss = "https://id.test/" }, false },
		{ { .iss = "id", .section_iss = "https://id.test" }, true },
		{ { .iss = "id", .section_iss = "https://id.tes" }, false },
		{ { .iss = "id" }, false },
		{ { .jti = "j-1" }, true },
		{ { .jti = "j-" }, false },
		{ { .sid = "s-1" }, true },
		{ { .sid = "j-1" }, false },
		{ { .subject = "a-1", .iss = "https://id.test" }, true },
		{ { .subject = "a-1", .iss = "https://x.test" }, false },
		{ { .account = "root", .subject = "b" }, false },
		{ { .account = "alice", .jti = "j-1", .sid = "s-2" }, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (sessions_match(&record, &cases[i].filter) !=
		    cases[i].expected)
			fail_msg("case %zu", i);
	}
}

/* A claim that the token did not have is equal to nothing. */
static void
test_match_absent(void **state)
{
	static const struct sessions_filter jti_of = { .jti = "" },
	    sid_of = { .sid = "" };

	(void)state;
	grant.jti = none;
	grant.sid = NULL;
	assert_false(sessions_match(&record, &jti_of));
	assert_false(sessions_match(&record, &sid_of));
	grant.jti = jti;
	grant.sid = sid;
}

static void
test_place(void **state)
{
	(void)state;
	assert_int_equal(sessions_place(&record, BOOT, 7), SESSIONS_HERE);
	assert_int_equal(sessions_place(&record, BOOT, 8),
	    SESSIONS_ELSEWHERE);
	assert_int_equal(sessions_place(&record, OTHER, 7), SESSIONS_OVER);
	assert_int_equal(sessions_place(&record, OTHER, 8), SESSIONS_OVER);
}

static void
test_over_limit(void **state)
{
	(void)state;
	assert_false(sessions_over_limit(&record, INT64_MAX));
	record.end = 100;
	assert_false(sessions_over_limit(&record, 99));
	assert_true(sessions_over_limit(&record, 100));
	assert_true(sessions_over_limit(&record, 101));
	record.end = 0;
	assert_true(sessions_over_limit(&record, 0));
	record.end = RECORD_NO_END;
}

static void
test_due_why(void **state)
{
	static const struct {
		enum jwt_reason token, account;
		const char *expected;
	} cases[] = {
		{ JWT_OK, JWT_OK, NULL },
		{ JWT_REVOKED, JWT_OK, "revoked" },
		{ JWT_SUPERSEDED, JWT_OK, "superseded" },
		{ JWT_OK, JWT_REVOKED, "cut-off" },
		{ JWT_SUPERSEDED, JWT_REVOKED, "superseded" },
		/* Nobody knows: nobody is ended. */
		{ JWT_EXPIRED, JWT_OK, NULL },
		{ JWT_REPLAYED, JWT_OK, NULL },
		{ JWT_STATE_UNAVAILABLE, JWT_STATE_UNAVAILABLE, NULL },
		{ JWT_OUT_OF_MEMORY, JWT_OUT_OF_MEMORY, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = sessions_due_why(&record, 100,
		    cases[i].token, cases[i].account);

		if ((why == NULL) != (cases[i].expected == NULL) ||
		    (why != NULL && strcmp(why, cases[i].expected) != 0))
			fail_msg("case %zu", i);
	}
	record.end = 101;
	assert_null(sessions_due_why(&record, 100, JWT_OK, JWT_OK));
	record.end = 100;
	assert_string_equal(sessions_due_why(&record, 100, JWT_OK, JWT_OK),
	    "limit");
	record.end = RECORD_NO_END;
	record.refused = true;
	assert_string_equal(sessions_due_why(&record, 0, JWT_OK, JWT_OK),
	    "refused");
	record.refused = false;
}

#define VALUE(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static void
test_concerned(void **state)
{
	static const char ours[] = "https://id.test";
	static const struct {
		struct revoked fact;
		bool expected;
	} cases[] = {
		{ { STATE_TOKEN, ours, VALUE("j-1"), { 0 }, 0 }, true },
		{ { STATE_TOKEN, ours, VALUE("j-2"), { 0 }, 0 }, false },
		{ { STATE_TOKEN, "https://x.test", VALUE("j-1"), { 0 }, 0 },
		    false },
		{ { STATE_SESSION, ours, VALUE("s-1"), { 0 }, 0 }, true },
		{ { STATE_SESSION, ours, VALUE("s-1"), VALUE("a-1"), 0 },
		    true },
		{ { STATE_SESSION, ours, VALUE("s-1"), VALUE("a-2"), 0 },
		    false },
		{ { STATE_SESSION, ours, VALUE("s-2"), VALUE("a-1"), 0 },
		    false },
		{ { STATE_SUBJECT, ours, VALUE("a-1"), { 0 }, 500 }, true },
		{ { STATE_SUBJECT, ours, VALUE("a-1"), { 0 }, 499 }, false },
		{ { STATE_SUBJECT, ours, VALUE("alice"), { 0 }, 500 }, false },
		{ { STATE_ISSUER, ours, { 0 }, { 0 }, 500 }, true },
		{ { STATE_ISSUER, ours, { 0 }, { 0 }, 499 }, false },
		{ { STATE_ISSUER, "https://x.test", { 0 }, { 0 }, 500 },
		    false },
		{ { STATE_ACCOUNT, NULL, VALUE("alice"), { 0 }, 0 }, true },
		{ { STATE_ACCOUNT, NULL, VALUE("root"), { 0 }, 0 }, true },
		{ { STATE_ACCOUNT, NULL, VALUE("a-1"), { 0 }, 0 }, false },
		{ { STATE_ACCOUNT, NULL, { 0 }, { 0 }, 0 }, false },
		{ { STATE_USED, ours, VALUE("j-1"), { 0 }, 0 }, false },
	};
	size_t i;

	(void)state;
	grant.iat = 500;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (sessions_concerned(&record, &cases[i].fact) !=
		    cases[i].expected)
			fail_msg("case %zu", i);
	}
	/* A token without an iat is older than any cut-off. */
	grant.iat = -1;
	assert_true(sessions_concerned(&record, &cases[8].fact));
}

/* A token without jti is known by its digest. */
static void
test_concerned_digest(void **state)
{
	static const uint8_t hash[HASH_LEN] = { 1 }, other[HASH_LEN] = { 2 };
	struct revoked fact = {
		.kind = STATE_DIGEST, .iss = "https://id.test",
		.value = { hash, sizeof(hash) }
	};
	static const struct revoked empty = {
		.kind = STATE_TOKEN, .iss = "https://id.test"
	};

	(void)state;
	memcpy(grant.digest, hash, sizeof(hash));
	grant.has_digest = true;
	assert_false(sessions_concerned(&record, &fact));
	grant.jti = none;
	assert_true(sessions_concerned(&record, &fact));
	assert_false(sessions_concerned(&record, &empty));
	fact.value.ptr = other;
	assert_false(sessions_concerned(&record, &fact));
	fact.value.ptr = hash;
	grant.has_digest = false;
	assert_false(sessions_concerned(&record, &fact));
	grant.jti = jti;
}

/* No value of a record can forge a line of the log, or another field. */
static void
test_logline(void **state)
{
	static const struct logline_caller caller = {
		.tty = "pts/1", .rhost = "a\nb", .user = "x why=none"
	};
	static const struct logline_end end = {
		.word = "session ended", .service = "su", .account = "a=b",
		.why = "limit", .iss = VALUE("i"), .sub = VALUE("s\" t"),
		.jti = VALUE("\x1b[0m")
	};
	char line[LOGLINE_SIZE];

	(void)state;
	logline_end(&caller, &end, line);
	assert_string_equal(line, "session ended; service=su tty=pts/1 ruser= "
	    "rhost=a\\x0ab user=x\\x20why\\x3dnone account=a\\x3db why=limit "
	    "iss=\"i\" sub=\"s\\x22 t\" jti=\"\\x1b[0m\"");
}

/* ---- a record that is changed while it is read ---- */

#define NAME "30.70.0123456789abcdef"

static char folder_path[] = "/tmp/pam_jwt.XXXXXX";
static int folder = -1;

static int
make_folder(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder_path));
	folder = open(folder_path, O_RDONLY | O_DIRECTORY);
	return folder < 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlinkat(folder, NAME, 0);
	close(folder);
	return rmdir(folder_path);
}

static void
look_at(struct stat *st)
{
	assert_int_equal(fstatat(folder, NAME, st, 0), 0);
}

static bool
is_refused(void)
{
	struct record found;
	bool refused;

	assert_int_equal(records_get(folder, NAME, &found), JWT_OK);
	refused = found.refused;
	record_clear(&found);
	return refused;
}

static size_t
seen_count(void)
{
	struct record found;
	size_t count;

	assert_int_equal(records_get(folder, NAME, &found), JWT_OK);
	count = found.seen_count;
	record_clear(&found);
	return count;
}

static void
test_update(void **state)
{
	struct record_process child = { 31, 71 };
	struct record changed = record;
	struct stat before;

	(void)state;
	changed.seen = &child;
	changed.seen_count = 1;
	record.leader = changed.leader = (struct record_process){ 30, 70 };
	assert_int_equal(records_put(folder, NAME, &record), JWT_OK);
	look_at(&before);
	assert_int_equal(records_update(folder, NAME, &before, &changed),
	    JWT_OK);
	assert_int_equal(seen_count(), 1);
	/* The module marked it meanwhile: the mark stays. */
	look_at(&before);
	record.refused = true;
	assert_int_equal(records_put(folder, NAME, &record), JWT_OK);
	assert_int_equal(records_update(folder, NAME, &before, &changed),
	    JWT_OK);
	assert_true(is_refused());
	assert_int_equal(seen_count(), 0);
	record.refused = false;
	/* The session was closed meanwhile: it does not come back. */
	look_at(&before);
	assert_int_equal(unlinkat(folder, NAME, 0), 0);
	assert_int_equal(records_update(folder, NAME, &before, &changed),
	    JWT_OK);
	assert_int_equal(faccessat(folder, NAME, F_OK, 0), -1);
	assert_int_equal(faccessat(folder, NAME RECORDS_SEEN_SUFFIX, F_OK, 0),
	    -1);
}

/*
 * A machine: an administrator (audit session 7) restarted sshd by hand, which
 * is now 20; alice came by it, has a shell, and runs su.
 */
static const struct process_entry machine[] = {
	{ .process = { 1, 0, 1 }, .audit = NO_AUDIT },
	{ .process = { 10, 1, 50 }, .audit = 7 },	/* administrator */
	{ .process = { 20, 1, 60 }, .audit = 7 },	/* listener of sshd */
	{ .process = { 30, 20, 70 }, .audit = 8, .login = "3" },	/* sshd */
	{ .process = { 31, 30, 71 }, .audit = 8, .login = "3" },	/* shell */
	{ .process = { 32, 1, 72 }, .audit = 8, .login = "3" },	/* nohup */
	{ .process = { 40, 31, 80 }, .audit = 8, .login = "3" },	/* su */
	{ .process = { 41, 40, 81 }, .audit = 8, .login = "3" },	/* its shell */
	{ .process = { 42, 1, 82 }, .audit = 8, .login = "3" },	/* its nohup */
	{ .process = { 50, 20, 75 }, .audit = 9, .login = "4" },	/* bob */
	{ .process = { 51, 50, 76 }, .audit = 9, .login = "4" },
	{ .process = { 60, 10, 90 }, .audit = 7 },	/* administrator's su */
	{ .process = { 61, 1, 91 }, .audit = 7 },	/* its parent ended */
	{ .process = { SELF, 10, 99 }, .audit = 7 },
	{ .process = { 901, SELF, 99 }, .audit = 8, .login = "3" },
};

#define MACHINE (sizeof(machine) / sizeof(machine[0]))

static struct process_entry entries[MACHINE];	/* by number, when linked */
static struct process_table table = { .item = entries };

/* The entries come from readdir(3), in any order. */
static void
fill_table(void)
{
	size_t i;

	for (i = 0; i < MACHINE; i++)
		entries[i] = machine[MACHINE - 1 - i];
	for (i = 0; i < MACHINE; i++)
		entries[i].user = PROCESS_NO_USER;
	table.count = MACHINE;
	process_table_link(&table);
}

/* The numbers of the members are these, in their order; 0 ends them. */
static void
assert_members(const struct process_session *session, const int *expected)
{
	size_t i;

	process_table_mark(&table, session);
	for (i = 0; i < table.count; i++) {
		if (!table.item[i].is_member)
			continue;
		if (table.item[i].process.pid != *expected)
			fail_msg("%d is a member, not %d",
			    (int)table.item[i].process.pid, *expected);
		expected++;
	}
	assert_int_equal(*expected, 0);
}

static void
test_mark(void **state)
{
	static const struct process_known sshd[] = { { 30, 70, -1, 0, 0 } },
	    younger[] = { { 30, 71, -1, 0, 0 } },
	    su[] = { { 40, 80, -1, 0, 0 } },
	    administrator[] = { { 10, 50, -1, 0, 0 } },
	    two[] = { { 42, 82, -1, 0, 0 }, { 51, 76, -1, 0, 0 } },
	    spared[] = { { 1, 1, -1, 0, 0 }, { SELF, 99, -1, 0, 0 } };
	struct process_session session = {
		.known = sshd, .count = 1, .audit = NO_AUDIT, .login = "", .user = PROCESS_NO_USER,
		.self = SELF
	};

	(void)state;
	fill_table();
	assert_members(&session, (const int[]){ 30, 31, 40, 41, 0 });
	session.audit = 8;
	assert_members(&session,
	    (const int[]){ 30, 31, 32, 40, 41, 42, 0 });
	session.audit = NO_AUDIT;
	session.login = "3";
	assert_members(&session,
	    (const int[]){ 30, 31, 32, 40, 41, 42, 0 });
	session.login = "33";
	assert_members(&session, (const int[]){ 30, 31, 40, 41, 0 });
	session.login = "";
	entries[2].user = 2001;
	session.user = 2001;
	assert_members(&session, (const int[]){ 20, 30, 31, 40, 41, 50, 51,
	    0 });
	session.user = 2002;
	assert_members(&session, (const int[]){ 30, 31, 40, 41, 0 });
	session.user = PROCESS_NO_USER;
	/* A number that was given again is another process. */
	session.known = younger;
	assert_members(&session, (const int[]){ 0 });
	session.known = su;
	assert_members(&session, (const int[]){ 40, 41, 0 });
	session.known = two;
	session.count = 2;
	assert_members(&session, (const int[]){ 42, 51, 0 });
	session.known = spared;
	assert_members(&session, (const int[]){ 0 });
	/* The administrator's session has the sshd, but not its logins. */
	session.known = administrator;
	session.count = 1;
	assert_members(&session, (const int[]){ 10, 60, 0 });
	session.audit = 7;
	assert_members(&session, (const int[]){ 10, 20, 60, 61, 0 });
	process_table_find(&table, 50, 75)->audit = NO_AUDIT;
	assert_members(&session, (const int[]){ 10, 20, 50, 51, 60, 61, 0 });
	/* Without one that root has made, processes make their own. */
	session.audit = NO_AUDIT;
	process_table_find(&table, 20, 60)->process.parent = 10;
	process_table_link(&table);
	assert_members(&session, (const int[]){ 10, 20, 30, 31, 40, 41, 50, 51,
	    60, 0 });
	session.audit = 6;
	assert_members(&session, (const int[]){ 10, 20, 30, 31, 40, 41, 50, 51,
	    60, 0 });
	session.audit = NO_AUDIT;
	fill_table();
	session.count = 0;
	assert_members(&session, (const int[]){ 0 });
}

/* Processes without an audit session have that in common with the kernel. */
static void
test_mark_no_audit(void **state)
{
	struct process_session session = {
		.known = NULL, .audit = NO_AUDIT, .login = "", .user = PROCESS_NO_USER, .self = SELF
	};

	(void)state;
	fill_table();
	process_table_find(&table, 31, 71)->audit = NO_AUDIT;
	assert_members(&session, (const int[]){ 0 });
}

/* A child is not older than its parent, unless the number is another's. */
static void
test_mark_reused_parent(void **state)
{
	static const struct process_known known[] = { { 60, 90, -1, 0, 0 } };
	struct process_session session = {
		.known = known, .count = 1, .audit = NO_AUDIT, .login = "", .user = PROCESS_NO_USER,
		.self = SELF
	};

	(void)state;
	fill_table();
	process_table_find(&table, 51, 76)->process.parent = 60;
	process_table_find(&table, 51, 76)->audit = 7;
	process_table_find(&table, 61, 91)->process.parent = 60;
	process_table_link(&table);
	assert_members(&session, (const int[]){ 60, 61, 0 });
	process_table_find(&table, 51, 76)->process.start = 90;
	process_table_link(&table);
	assert_members(&session, (const int[]){ 51, 60, 61, 0 });
}

static uint32_t
own_audit(pid_t leader, int64_t start)
{
	return process_table_own_audit(&table, leader, start, SELF);
}

static void
test_own_audit(void **state)
{
	(void)state;
	fill_table();
	assert_int_equal(own_audit(30, 70), 8);
	assert_int_equal(own_audit(50, 75), 9);
	assert_int_equal(own_audit(30, 71), NO_AUDIT);
	assert_int_equal(own_audit(99, 71), NO_AUDIT);
	/* su is in the audit session of its parent. */
	assert_int_equal(own_audit(40, 80), NO_AUDIT);
	assert_int_equal(own_audit(60, 90), NO_AUDIT);
	/* So was this one, but its parent has ended. */
	assert_int_equal(own_audit(61, 91), NO_AUDIT);
	assert_int_equal(own_audit(42, 82), NO_AUDIT);
	/* The parent alone may tell: its number is larger. */
	process_table_find(&table, 60, 90)->process.pid = 9;
	process_table_find(&table, 10, 50)->process.start = 90;
	process_table_link(&table);
	process_table_find(&table, 20, 60)->audit = NO_AUDIT;
	process_table_find(&table, SELF, 99)->audit = NO_AUDIT;
	assert_int_equal(own_audit(9, 90), NO_AUDIT);
	fill_table();
	/* The oldest process that has it is the leader itself. */
	process_table_find(&table, 10, 50)->audit = 8;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	/* It may be as young, but then its number is larger. */
	process_table_find(&table, 10, 50)->process.start = 70;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	process_table_find(&table, 10, 70)->process.start = 71;
	assert_int_equal(own_audit(30, 70), 8);
	process_table_find(&table, 31, 71)->process.start = 70;
	assert_int_equal(own_audit(30, 70), 8);
	fill_table();
	/* A caller that looks for its own is in it, and names process 1. */
	process_table_find(&table, SELF, 99)->audit = 8;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	assert_int_equal(process_table_own_audit(&table, 30, 70, 1), 8);
	/* su is in the audit session of its parent, whoever asks. */
	assert_int_equal(process_table_own_audit(&table, 40, 80, 1), NO_AUDIT);
}

static void
test_own_audit_others(void **state)
{
	(void)state;
	fill_table();
	process_table_find(&table, 30, 70)->audit = NO_AUDIT;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	fill_table();
	process_table_find(&table, SELF, 99)->audit = 8;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	fill_table();
	process_table_find(&table, 1, 1)->audit = 8;
	process_table_find(&table, 1, 1)->process.start = 100;
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	/* The parent is gone, or its number is another's by now. */
	fill_table();
	process_table_find(&table, 30, 70)->process.parent = 21;
	process_table_link(&table);
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
	process_table_find(&table, 30, 70)->process.parent = 50;
	process_table_link(&table);
	assert_int_equal(own_audit(30, 70), NO_AUDIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_absent),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_over_limit),
		cmocka_unit_test(test_due_why),
		cmocka_unit_test(test_concerned),
		cmocka_unit_test(test_concerned_digest),
		cmocka_unit_test(test_logline),
		cmocka_unit_test_setup_teardown(test_update, make_folder,
		    remove_folder),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_mark_no_audit),
		cmocka_unit_test(test_mark_reused_parent),
		cmocka_unit_test(test_own_audit),
		cmocka_unit_test(test_own_audit_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
