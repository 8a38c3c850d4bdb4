/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of sessions: their text, their names and files, what a session owes
 * to its token, and what /proc says of a process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/record.h"
#include "host/process.h"
#include "host/records.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"
#define LARGEST "9007199254740991"	/* NUMBER_DATE_MAX */

/* ---- the text ---- */

static struct grant grant = {
	.account = (char[]){ "alice" }, .iss = (char[]){ "https://i" },
	.sub = (char[]){ "\"alice\\\n" }, .jti = (char[]){ "j" },
	.sid = (char[]){ "" }, .digest = { 1, 2, 255 }, .has_digest = true,
	.iat = -1, .exp = 1700000600, .session_expiry = 1700000700,
	.leeway_sec = 60, .state_required = true, .is_free = true
};

static struct record_process seen[] = { { 7, 70 }, { INT32_MAX, 0 } };

static char user[] = "root", service[] = "sudo", tty[] = "/dev/pts/1";
static char rhost[] = "";

static struct record
sample(void)
{
	return (struct record){
		.grant = &grant, .boot_id = BOOT, .pid_namespace = 4026531836,
		.leader = { 4242, 99 }, .since = 10, .end = 70,
		.opened_at = 1700000000, .refused = true,
		.user = user, .service = service, .tty = tty, .rhost = rhost,
		.seen = seen, .seen_count = 2
	};
}

static char *
text_of(const struct record *record)
{
	struct secret text = { 0 };
	char *copy;

	assert_int_equal(record_text(record, &text), JWT_OK);
	copy = calloc(1, text.len + 1);
	assert_non_null(copy);
	memcpy(copy, text.ptr, text.len);
	secret_clear(&text);
	return copy;
}

static enum jwt_reason
parse(const char *json, size_t len, struct record *out)
{
	struct secret text = { 0 };
	enum jwt_reason reason;

	assert_int_equal(secret_copy(bytes_of(json, len), &text), JWT_OK);
	reason = record_parse(&text, out);
	secret_clear(&text);
	return reason;
}

static void
assert_same_grant(const struct grant *a, const struct grant *b)
{
	assert_string_equal(a->account, b->account);
	assert_string_equal(a->iss, b->iss);
	assert_string_equal(a->sub, b->sub);
	assert_string_equal(a->jti, b->jti);
	assert_string_equal(a->sid, b->sid);
	assert_int_equal(a->has_digest, b->has_digest);
	assert_memory_equal(a->digest, b->digest, HASH_LEN);
	assert_int_equal(a->iat, b->iat);
	assert_int_equal(a->exp, b->exp);
	assert_int_equal(a->session_expiry, b->session_expiry);
	assert_int_equal(a->leeway_sec, b->leeway_sec);
	assert_int_equal(a->state_required, b->state_required);
	assert_int_equal(a->is_free, b->is_free);
}

static void
assert_same(const struct record *a, const struct record *b)
{
	assert_same_grant(a->grant, b->grant);
	assert_string_equal(a->boot_id, b->boot_id);
	assert_int_equal(a->pid_namespace, b->pid_namespace);
	assert_int_equal(a->leader.pid, b->leader.pid);
	assert_int_equal(a->leader.start, b->leader.start);
	assert_int_equal(a->since, b->since);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->opened_at, b->opened_at);
	assert_int_equal(a->refused, b->refused);
	assert_string_equal(a->user, b->user);
	assert_string_equal(a->service, b->service);
	assert_string_equal(a->tty, b->tty);
	assert_string_equal(a->rhost, b->rhost);
	assert_int_equal(a->seen_count, b->seen_count);
	assert_memory_equal(a->seen, b->seen,
	    a->seen_count * sizeof(*a->seen));
}

static void
test_round_trip(void **state)
{
	struct record record = sample(), back;
	char *text = text_of(&record);

	(void)state;
	assert_int_equal(parse(text, strlen(text), &back), JWT_OK);
	assert_same(&record, &back);
	record_clear(&back);
	assert_null(back.grant);
	assert_int_equal(back.end, RECORD_NO_END);
	record_clear(&back);
	free(text);
}

/* A grant for the hand-over: items are not set, and nothing was seen. */
static void
test_round_trip_of_grant(void **state)
{
	struct record record = {
		.grant = &grant, .boot_id = BOOT, .pid_namespace = 1,
		.leader = { 1, 0 }, .end = RECORD_NO_END, .user = grant.account
	}, back;
	char *text = text_of(&record);

	(void)state;
	assert_int_equal(parse(text, strlen(text), &back), JWT_OK);
	assert_string_equal(back.user, "alice");
	assert_string_equal(back.service, "");
	assert_string_equal(back.tty, "");
	assert_string_equal(back.rhost, "");
	assert_int_equal(back.end, RECORD_NO_END);
	assert_int_equal(back.seen_count, 0);
	assert_false(back.refused);
	record_clear(&back);
	free(text);
}

/* What a program has set as an item decides nothing, and spoils nothing. */
static void
test_not_utf8(void **state)
{
	struct record record = sample(), back;
	char *text;

	(void)state;
	record.tty = (char[]){ "\xff" };
	record.rhost = (char[]){ "h\xc3" };
	text = text_of(&record);
	assert_int_equal(parse(text, strlen(text), &back), JWT_OK);
	assert_string_equal(back.tty, "?");
	assert_string_equal(back.rhost, "?");
	record_clear(&back);
	free(text);
}

/* The text with what stands between name and its end replaced. */
static char *
replaced(const char *text, const char *member, const char *value)
{
	char name[32], *at, *out = calloc(1, strlen(text) + strlen(value) + 1);
	size_t len;

	assert_non_null(out);
	snprintf(name, sizeof(name), "\"%s\":", member);
	at = strstr(text, name);
	assert_non_null(at);
	at += strlen(name);
	if (*at == '[')
		len = strcmp(member, "seen") == 0 ? strlen(at) - 1 :
		    strcspn(at, "]") + 1;
	else
		len = strcspn(at + 1, ",}") + 1;
	sprintf(out, "%.*s%s%s", (int)(at - text), text, value, at + len);
	return out;
}

static enum jwt_reason
parse_with(const char *text, const char *member, const char *value)
{
	char *json = replaced(text, member, value);
	struct record back;
	enum jwt_reason reason = parse(json, strlen(json), &back);

	record_clear(&back);
	free(json);
	return reason;
}

static const char *const members[] = {
	"account", "iss", "sub", "jti", "sid", "digest", "iat", "exp",
	"session_expiry", "leeway", "state_required", "boot_id",
	"pid_namespace", "since", "end", "opened_at", "refused", "user",
	"service", "tty", "rhost", "leader", "seen"
};

/* Each member has one type, and must be there. */
static void
test_members(void **state)
{
	static const char *const values[] = {
		"null", "true", "{}", "1.5", "-2", "1e3", "[]", "[[1,2,3]]",
		"\"a\\u0000b\"", "[1]", "\"x\"", "12"
	};
	struct record record = sample();
	char *text = text_of(&record), *json, name[32];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(members) / sizeof(*members); i++) {
		for (j = 0; j < 6; j++) {
			if (parse_with(text, members[i], values[j]) !=
			    JWT_CLAIM_INVALID)
				fail_msg("%s: %s", members[i], values[j]);
		}
		assert_int_equal(parse_with(text, members[i], values[8]),
		    JWT_CLAIM_INVALID);
		/* Under another name it is not there. */
		json = strdup(text);
		assert_non_null(json);
		snprintf(name, sizeof(name), "\"%s\":", members[i]);
		strstr(json, name)[1] = 'Q';
		if (parse(json, strlen(json), &record) != JWT_CLAIM_INVALID)
			fail_msg("without %s", members[i]);
		record_clear(&record);
		free(json);
	}
	/* That of an earlier version does not say that the session is free. */
	strstr(text, "\"free\":")[1] = 'Q';
	assert_int_equal(parse(text, strlen(text), &record), JWT_OK);
	assert_false(record.grant->is_free);
	record_clear(&record);
	free(text);
}

static void
test_bounds(void **state)
{
	static const struct {
		const char *member, *value;
		bool ok;
	} rows[] = {
		{ "iat", "-1", true }, { "iat", LARGEST, true },
		{ "iat", "9007199254740992", false },
		{ "exp", "-1", true }, { "end", "-1", true },
		{ "leeway", "0", true }, { "leeway", "65535", true },
		{ "leeway", "65536", false }, { "leeway", "-1", false },
		{ "refused", "0", true }, { "refused", "1", true },
		{ "refused", "2", false }, { "refused", "-1", false },
		{ "state_required", "2", false },
		{ "free", "2", false },
		{ "leader", "[1,0]", true }, { "leader", "[0,0]", false },
		{ "leader", "[-1,0]", false }, { "leader", "[1,-1]", false },
		{ "leader", "[2147483647,1]", true },
		{ "leader", "[2147483648,1]", false },
		{ "leader", "[1]", false }, { "leader", "[1,2,3]", false },
		{ "leader", "[1,\"2\"]", false }, { "leader", "[]", false },
		{ "seen", "[]", true }, { "seen", "[[1,0]]", true },
		{ "seen", "[[1]]", false }, { "seen", "[1,0]", false },
		{ "digest", "\"\"", true }, { "digest", "\"00\"", false },
		{ "digest", "\"0g02ff00000000000000000000000000"
		  "00000000000000000000000000000000\"", false },
		{ "digest", "\"0002ff0000000000000000000000000000"
		  "0000000000000000000000000000000000\"", false },
		{ "boot_id", "\"\"", false },
		{ "boot_id", "\"" BOOT "0\"", false },
		{ "user", "\"\"", true }, { "sub", "\"\"", true },
		{ "user", "7", false }, { "leader", "\"1\"", false },
	};
	struct record record = sample();
	char *text = text_of(&record);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool ok = parse_with(text, rows[i].member, rows[i].value) ==
		    JWT_OK;

		if (ok != rows[i].ok)
			fail_msg("%s: %s", rows[i].member, rows[i].value);
	}
	free(text);
}

static void
test_seen_bound(void **state)
{
	static struct record_process many[RECORD_SEEN_MAX + 1];
	struct record record = sample(), back;
	char *text;
	size_t count;

	(void)state;
	for (count = 0; count <= RECORD_SEEN_MAX; count++)
		many[count] = (struct record_process){ 1 + (int64_t)count, 5 };
	record.seen = many;
	for (count = RECORD_SEEN_MAX; count <= RECORD_SEEN_MAX + 1; count++) {
		record.seen_count = count;
		text = text_of(&record);
		assert_int_equal(parse(text, strlen(text), &back),
		    count == RECORD_SEEN_MAX ? JWT_OK : JWT_CLAIM_INVALID);
		record_clear(&back);
		free(text);
	}
}

/* Texts that are no record; the end of a file that was cut is one of them. */
static void
test_not_a_record(void **state)
{
	static const char *const texts[] = {
		"", " ", "[]", "{}", "null", "\"\"", "{\"account\":1}", "{",
		"[[[[[[[[", "\xff"
	};
	struct record record = sample(), back;
	char *text = text_of(&record);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(parse(texts[i], strlen(texts[i]), &back),
		    JWT_CLAIM_INVALID);
		record_clear(&back);
	}
	for (i = 0; i < strlen(text); i++) {
		if (parse(text, i, &back) != JWT_CLAIM_INVALID)
			fail_msg("the first %zu bytes", i);
		record_clear(&back);
	}
	free(text);
}

/* ---- what a session owes to its token ---- */

static void
test_seconds(void **state)
{
	static const struct {
		unsigned limit;
		bool until_exp;
		int64_t expiry, seconds;
	} rows[] = {
		{ 0, false, -1, GRANT_NO_LIMIT },
		{ 300, false, -1, 300 },
		{ 0, true, -1, 100 },
		{ 300, true, -1, 100 }, { 50, true, -1, 50 },
		{ 0, false, 1060, 60 }, { 300, false, 1060, 60 },
		{ 30, false, 1060, 30 }, { 0, true, 1060, 60 },
		{ 0, true, 1200, 100 },
		{ 0, false, 1001, 1 }, { 0, false, 1000, 0 },
		{ 0, false, 0, 0 }, { 300, true, 999, 0 },
	};
	struct grant g = { .exp = 1100 };
	struct service of = { .session_limit_sec = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		of.session_limit_sec = rows[i].limit;
		of.session_until_exp = rows[i].until_exp;
		g.session_expiry = rows[i].expiry;
		if (grant_seconds(&g, &of, 1000) != rows[i].seconds)
			fail_msg("row %zu", i);
		assert_int_equal(grant_binds(&g, &of), i > 0);
	}
	g.session_expiry = -1;
	of = (struct service){ .session_until_exp = true };
	g.exp = 999;
	assert_int_equal(grant_seconds(&g, &of, 1000), 0);
	of = (struct service){ .revoke_on_logout = true };
	assert_true(grant_binds(&g, &of));
}

static void
test_environment(void **state)
{
	static const char *const names[] = {
		"JWT_ISS", "JWT_SUB", "JWT_JTI", "JWT_EXP"
	};
	static const char *const values[] = {
		"https://i", "\"alice\\\n", "j", "1700000600"
	};
	char number[GRANT_NUMBER_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_string_equal(grant_name(i), names[i]);
		assert_string_equal(grant_value(&grant, i, number), values[i]);
	}
	assert_null(grant_name(4));
}

/* ---- names and files ---- */

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		bool grant, session, left;
	} rows[] = {
		{ "1.0", true, false, false },
		{ "4242.9900", true, false, false },
		{ "1.0.0123456789abcdef", false, true, false },
		{ "1.0.0123456789abcdef.new", false, false, true },
		{ "1.0.0123456789abcdef.fedcba9876543210.new", false, false,
		  true },
		{ "1.0.new", false, false, true },
		{ "1.0.fedcba9876543210.new", false, false, true },
		{ "1.0.0123456789abcdef.seen", false, false, true },
		{ "1.0.0123456789abcdef.seen.fedcba9876543210.new", false,
		  false, true },
		{ "1.0.0123456789abcdef.seen.new", false, false, true },
		{ "1.0.0123456789abcdef.seen.fedcba9876543210", false, false,
		  false },
		{ "1.0.0123456789abcdef.seen.seen", false, false, false },
		{ "1.0.0123456789abcdef.seen.seen.new", false, false, false },
		{ "1.0.0123456789ABCDEF", false, false, false },
		{ "1.0.0123456789abcde", false, false, false },
		{ "1.0.0123456789abcdef0", false, false, false },
		{ "1.0.0123456789abcdef.", false, false, false },
		{ "1.0.0123456789abcdef.old", false, false, false },
		{ "1.0.0123456789abcdef.new.new", false, false, false },
		{ "", false, false, false }, { ".", false, false, false },
		{ "..", false, false, false }, { "1", false, false, false },
		{ "1.", false, false, false }, { ".1", false, false, false },
		{ "1..0", false, false, false }, { "-1.0", false, false, false },
		{ "1.0 ", false, false, false }, { " 1.0", false, false, false },
		{ "+1.0", false, false, false }, { "1.0x", false, false, false },
		{ "1.0/x", false, false, false },
		{ "9223372036854775808.0", false, false, false },
		{ "9223372036854775807.0", true, false, false },
	};
	char name[RECORDS_NAME_SIZE], other[RECORDS_NAME_SIZE];
	const struct record_process process = { INT32_MAX, INT64_MAX };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (records_is_grant(rows[i].name) != rows[i].grant ||
		    records_is_session(rows[i].name) != rows[i].session ||
		    records_is_draft(rows[i].name) != rows[i].left)
			fail_msg("\"%s\"", rows[i].name);
	}
	records_grant_name(&process, name);
	assert_string_equal(name, "2147483647.9223372036854775807");
	assert_true(records_is_grant(name));
	assert_true(records_new_name(&process, name));
	assert_true(records_new_name(&process, other));
	assert_true(records_is_session(name));
	assert_string_not_equal(name, other);
}

static char folder[64];

static int
open_folder(void)
{
	int fd;

	snprintf(folder, sizeof(folder), "/tmp/pam_jwt_test.XXXXXX");
	assert_non_null(mkdtemp(folder));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void
close_folder(int fd)
{
	char command[96];

	close(fd);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

static void
write_plain(int fd, const char *name, const char *text, size_t len)
{
	int file = openat(fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(file, text, len), (ssize_t)len);
	close(file);
}

static void
test_files(void **state)
{
	static char large[RECORD_SIZE_MAX + 1];
	struct record record = sample(), back;
	struct stat st;
	int fd = open_folder();
	char *text = text_of(&record);

	(void)state;
	assert_int_equal(records_get(fd, "1.0", &back), JWT_INTERNAL);
	assert_int_equal(errno, ENOENT);
	record_clear(&back);
	assert_int_equal(records_put(fd, "1.0", &record), JWT_OK);
	assert_int_equal(records_get(fd, "1.0", &back), JWT_OK);
	assert_same(&record, &back);
	record_clear(&back);
	assert_int_equal(fstatat(fd, "1.0", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* Over an older one, and nothing is left beside it. */
	record.refused = false;
	assert_int_equal(records_put(fd, "1.0", &record), JWT_OK);
	assert_int_equal(records_get(fd, "1.0", &back), JWT_OK);
	assert_false(back.refused);
	record_clear(&back);
	assert_int_equal(unlinkat(fd, "1.0", 0), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(records_put(fd, "1.0", &record), JWT_INTERNAL);
	assert_int_equal(errno, ENOENT);
	close(fd);
	fd = open_folder();
	/* What is too large, no record, a link, a FIFO and a folder. */
	memset(large, ' ', sizeof(large));
	memcpy(large, text, strlen(text));
	write_plain(fd, "2.0", large, sizeof(large) - 1);
	assert_int_equal(records_get(fd, "2.0", &back), JWT_OK);
	record_clear(&back);
	write_plain(fd, "2.0", large, sizeof(large));
	assert_int_equal(records_get(fd, "2.0", &back), JWT_CLAIM_INVALID);
	record_clear(&back);
	write_plain(fd, "3.0", "{}", 2);
	assert_int_equal(records_get(fd, "3.0", &back), JWT_CLAIM_INVALID);
	record_clear(&back);
	assert_int_equal(records_put(fd, "1.0", &record), JWT_OK);
	assert_int_equal(symlinkat("1.0", fd, "4.0"), 0);
	assert_int_equal(records_get(fd, "4.0", &back), JWT_INTERNAL);
	assert_int_equal(errno, ELOOP);
	record_clear(&back);
	assert_int_equal(mkfifoat(fd, "5.0", 0600), 0);
	assert_int_equal(records_get(fd, "5.0", &back), JWT_CLAIM_INVALID);
	record_clear(&back);
	assert_int_equal(mkdirat(fd, "6.0", 0700), 0);
	assert_int_equal(records_get(fd, "6.0", &back), JWT_CLAIM_INVALID);
	record_clear(&back);
	free(text);
	close_folder(fd);
}

/* A write beyond RLIMIT_FSIZE would end the process. */
static void
test_file_size(void **state)
{
	struct record record = sample(), back;
	struct rlimit limit, before;
	char *text = text_of(&record);
	int fd = open_folder();

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = strlen(text) - 1;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(records_put(fd, "1.0", &record), JWT_INTERNAL);
	assert_int_equal(errno, EFBIG);
	limit.rlim_cur = strlen(text);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(records_put(fd, "1.0", &record), JWT_OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(records_get(fd, "1.0", &back), JWT_OK);
	record_clear(&back);
	free(text);
	close_folder(fd);
}

static void
test_stamp(void **state)
{
	struct record own = { .end = 0 }, parent = { .end = 0 };
	pid_t gone = fork();
	int status;

	(void)state;
	if (gone == 0)
		_exit(0);
	assert_int_equal(waitpid(gone, &status, 0), gone);
	assert_true(records_stamp(getpid(), &own));
	assert_true(records_stamp(getppid(), &parent));
	assert_false(records_stamp(gone, &parent));
	assert_int_equal(own.leader.pid, getpid());
	assert_int_equal(parent.leader.pid, getppid());
	assert_true(own.since > 0);
	assert_int_equal(own.end, RECORD_NO_END);
	assert_true(records_is_here(&own));
	own.pid_namespace++;
	assert_false(records_is_here(&own));
	own.pid_namespace--;
	own.boot_id[0] ^= 1;
	assert_false(records_is_here(&own));
}

/* ---- /proc ---- */

#define FIELDS " S 41 42 42 34816 42 4194304 1 2 3 4 5 6 7 8 20 0 1 0 "

static void
test_stat(void **state)
{
	static const struct {
		const char *text;
		int64_t parent, start;	/* -1: it is refused */
	} rows[] = {
		{ "42 (sshd)" FIELDS "12345 1 2\n", 41, 12345 },
		{ "42 (a) S 1 2 3) S 7 (x)" FIELDS "12345 1\n", 41, 12345 },
		{ "42 (a b\n) c)" FIELDS "9007199254740991 1\n", 41,
		  INT64_C(9007199254740991) },
		{ "42 ())" FIELDS "5 1\n", 41, 5 },
		{ "42 (sshd)" FIELDS "12345", 41, 12345 },
		{ "42 (sshd)" FIELDS, -1, -1 },
		{ "42 (sshd)" FIELDS "-5 1\n", -1, -1 },
		{ "42 (sshd)" FIELDS "9007199254740992 1\n", -1, -1 },
		{ "42 (sshd) S", -1, -1 }, { "42 (sshd) S x 1", -1, -1 },
		{ "42 sshd" FIELDS "12345 1\n", -1, -1 }, { "", -1, -1 },
	};
	struct process process;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool ok = process_of_stat(rows[i].text, 42, &process);

		if (ok != (rows[i].start >= 0))
			fail_msg("row %zu", i);
		if (!ok)
			continue;
		assert_int_equal(process.pid, 42);
		assert_int_equal(process.parent, rows[i].parent);
		assert_int_equal(process.start, rows[i].start);
	}
	assert_true(process_read(getpid(), &process));
	assert_int_equal(process.parent, getppid());
	assert_false(process_read(-1, &process));
}

#define USER "/user.slice/user-1000.slice"
#define LONG63 "123456789012345678901234567890123456789012345678901234567890123"

/* A user names the scopes of his own manager; none of them is a session. */
static void
test_cgroup(void **state)
{
	static const struct {
		const char *text, *session;	/* "": none */
	} rows[] = {
		{ "0::" USER "/session-3.scope\n", "3" },
		{ "0::" USER "/session-c12.scope", "c12" },
		{ "0::" USER "/session-3.scope/deeper/session-4.scope\n", "3" },
		{ "0::/session-3.scope\n", "3" },
		{ "12:pids:/x\n1:name=systemd:" USER "/session-3.scope\n"
		  "0::/\n", "3" },
		{ "0::" USER "/session-" LONG63 ".scope\n", LONG63 },
		{ "0::" USER "/session-" LONG63 "4.scope\n", "" },
		{ "0::" USER "/user@1000.service/session-3.scope\n", "" },
		{ "0::" USER "/user@1000.service/app.slice/session-3.scope\n",
		  "" },
		{ "0::/system.slice/ssh.service/session-3.scope\n", "" },
		{ "0::/machine.slice/machine-x.scope/payload" USER
		  "/session-3.scope\n", "" },
		{ "5:pids:" USER "/session-3.scope\n", "" },
		{ "1:name=elogind:" USER "/session-3.scope\n", "" },
		{ "0::" USER "/session-.scope\n", "" },
		{ "0::" USER "/session-3.scope2\n", "" },
		{ "0::" USER "/session-3.slice\n", "" },
		{ "0::" USER "/session-3-4.scope\n", "" },
		{ "0::" USER "/session-3:.scope\n", "" },
		{ "0::" USER "/xsession-3.scope\n", "" },
		{ "0::" USER "\n", "" }, { "0::/\n", "" }, { "0::\n", "" },
		{ "0:\n", "" }, { "session-3.scope\n", "" },
		{ ":/session-3.scope\n", "" }, { "", "" }, { "\n\n", "" },
		{ "0::/x\n0::" USER "/session-3.scope\n", "3" },
	};
	char session[PROCESS_SESSION_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool found = process_session_of_cgroup(rows[i].text, session);

		if (strcmp(session, rows[i].session) != 0 ||
		    found != (session[0] != '\0'))
			fail_msg("%s: \"%s\"", rows[i].text, session);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_of_grant),
		cmocka_unit_test(test_not_utf8),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_seen_bound),
		cmocka_unit_test(test_not_a_record),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_cgroup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
