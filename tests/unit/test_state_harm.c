/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directory of links when it is damaged, when system calls fail, and when
 * others come in between.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/file.h"
#include "host/state/state.h"
#include "test_state.h"

/* ---- system calls that fail, in the place of libc's ---- */

static struct {
	int sync_error, syncs;	/* the next so many fail with that */
	int link_error;		/* for a temporary name; 0: none */
	int read_error;		/* 0: none */
	void (*before_link)(void);	/* what comes in between */
	void (*before_lock)(void);
	int dir_error;		/* of a folder that is listed; 0: none */
	int hurry;		/* seconds that each look at the clock takes */
} harm;

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	static int late;
	int code = (int)syscall(SYS_clock_gettime, clock, out);

	late = harm.hurry > 0 ? late + harm.hurry : 0;
	out->tv_sec += clock == CLOCK_MONOTONIC ? late : 0;
	return code;
}

int
fsync(int fd)
{
	if (harm.syncs == 0)
		return (int)syscall(SYS_fsync, fd);
	harm.syncs--;
	errno = harm.sync_error;
	return -1;
}

int
flock(int fd, int operation)
{
	void (*first)(void) = harm.before_lock;

	harm.before_lock = NULL;
	if (first != NULL)
		first();
	return (int)syscall(SYS_flock, fd, operation);
}

struct dirent *
readdir(DIR *stream)
{
	if (harm.dir_error == 0)
		return (struct dirent *)readdir64(stream);
	errno = harm.dir_error;
	return NULL;
}

/* Of a fact, in its folder or with the folder in front. */
ssize_t
readlinkat(int folder, const char *name, char *out, size_t size)
{
	if (harm.read_error == 0 || strlen(name) < 2 * HASH_LEN - 1)
		return syscall(SYS_readlinkat, folder, name, out, size);
	errno = harm.read_error;
	return -1;
}

int
symlinkat(const char *target, int folder, const char *name)
{
	void (*first)(void) = harm.before_link;

	harm.before_link = NULL;
	if (first != NULL)
		first();
	/* A temporary name is another one each time, and a purge knows it. */
	if (name[0] == '.') {
		assert_int_equal(strncmp(name, STATE_LEFTOVER,
		    strlen(STATE_LEFTOVER)), 0);
		assert_int_equal(strlen(name), strlen(STATE_LEFTOVER) + 16);
	}
	if (harm.link_error != 0 && name[0] == '.') {
		errno = harm.link_error;
		return -1;
	}
	return (int)syscall(SYS_symlinkat, target, folder, name);
}

/* ---- what is damaged ---- */

static void
test_link_text(void **state)
{
	static const char *const bad[] = {
		"", ".", "1.", ".1", "1x", "12x5", "1.2x", "1.2.3", "-1", " 1",
		"+1", "9007199254740992", "1.9007199254740992",
		"99999999999999999", "100000000000000000000000000000000001",
	};
	int64_t until, cutoff = 7;
	size_t i;

	(void)state;
	assert_true(state_link_parse("12", &until, &cutoff));
	assert_int_equal(cutoff, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (state_link_parse(bad[i], &until, &cutoff))
			fail_msg("\"%s\" is taken", bad[i]);
	}
	assert_true(state_link_parse("12", &until, &cutoff));
	assert_int_equal(until, 12);
	assert_int_equal(cutoff, 0);
	assert_true(state_link_parse("9007199254740991.34", &until, &cutoff));
	assert_int_equal(until, STATE_FOREVER);
	assert_int_equal(cutoff, 34);
}

/* A target that is too long is cut where the room for it ends. */
static void
test_link_length(void **state)
{
	const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *text = malloc(STATE_LINK_SIZE);	/* of that size alone */
	char target[STATE_LINK_SIZE + 2];
	size_t len;

	(void)state;
	assert_true(folder >= 0);
	assert_non_null(text);
	for (len = STATE_LINK_SIZE - 2; len < sizeof(target); len++) {
		memset(target, '1', len);
		target[len] = '\0';
		assert_int_equal(symlinkat(target, folder, "long"), 0);
		assert_true(state_link_read(folder, "long", text));
		assert_int_equal(strlen(text), len < STATE_LINK_SIZE ? len :
		    STATE_LINK_SIZE - 1);
		assert_int_equal(unlinkat(folder, "long", 0), 0);
	}
	free(text);
	close(folder);
}

/* The path of a fact, or of a name in the store. */
static const char *
where(const struct state_dir *dir, enum state_kind kind, const char *value)
{
	static char text[160];
	struct state_id name_id = id(kind, "i", value);
	char shard[3], name[64];

	assert_int_equal(state_dir_name(dir, &name_id, shard, name), JWT_OK);
	snprintf(text, sizeof(text), "%s/%s/%s", path, shard, name);
	return text;
}

static void
replace(const char *name, const char *target)
{
	assert_int_equal(unlink(name), 0);
	assert_int_equal(symlink(target, name), 0);
}

/* Open the store; want: a part of the fault, or NULL if it opens. */
static void
check_open(const char *want, bool missing)
{
	static const uint8_t no_key[HASH_LEN];
	struct state_dir dir = { .fd = 7, .missing = !missing };
	enum jwt_reason reason = state_dir_open(path, &dir);
	int fd;

	if (want == NULL && reason != JWT_OK)
		fail_msg("%s", dir.fault);
	if (want != NULL && (reason != JWT_STATE_UNAVAILABLE ||
	    strstr(dir.fault, want) == NULL))
		fail_msg("\"%s\" is not in \"%s\"", want, dir.fault);
	/* A store that was never made is not the same as one that is unsafe. */
	assert_true(dir.missing == missing);
	if (missing)
		assert_non_null(strstr(dir.fault, "pam-jwt state init"));
	else
		assert_null(strstr(dir.fault, "state init"));
	fd = dir.fd;
	state_dir_close(&dir);
	assert_int_equal(dir.fd, -1);
	assert_null(dir.names);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_memory_equal(dir.key, no_key, sizeof(dir.key));
}

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NUM "1234567890123456789012345678901234567890123456789012345678901234"

/* The target of the link "store": a version, when it was made, and its key. */
static void
test_store_texts(void **state)
{
	static const char damaged[] = "store is damaged";
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{ "1.5." KEY, NULL }, { "1.0." KEY, NULL },
		{ "1.5." KEY "0", damaged }, { "1.5.0" , damaged },
		{ "2.5." KEY, damaged }, { "15." KEY, damaged },
		{ "1.5" KEY, damaged }, { "1." KEY, damaged },
		{ "1." NUM, damaged }, { "1.5." NUM, NULL },
		{ "1.." KEY, damaged }, { "1.-5." KEY, damaged },
		{ "1.x." KEY, damaged }, { "1.5.6." KEY, damaged },
		{ "1.5.G" KEY, damaged }, { "1", damaged }, { ".", damaged },
		{ "1.", damaged }, { "1.5.", damaged }, { "1,5." KEY, damaged },
	};
	char name[80];
	size_t i;

	(void)state;
	snprintf(name, sizeof(name), "%s/store", path);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		replace(name, rows[i].text);
		check_open(rows[i].fault, false);
	}
}

/* Each way in which a store does not open. */
static void
test_opening(void **state)
{
	char name[80];

	(void)state;
	check_open(NULL, false);
	assert_int_equal(chmod(path, 0777), 0);
	check_open("chmod 700", false);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(name, sizeof(name), "%s/store", path);
	assert_int_equal(unlink(name), 0);
	check_open("not made ready", true);
	assert_int_equal(mkdir(name, 0700), 0);
	check_open("store: Invalid argument", false);
	assert_int_equal(rmdir(name), 0);
	/* Not a folder; and nothing at all. */
	assert_true(strlen(path) + sizeof("/f") <= sizeof(path));
	strcat(path, "/f");
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC,
	    0600)), 0);
	check_open("", false);
	assert_int_equal(unlink(path), 0);
	check_open("", true);
	*strrchr(path, '/') = '\0';
}

/* The answer to one question about a fact, and its fault. */
static enum jwt_reason
try_look(struct state_dir *dir, enum state_kind kind, const char *value)
{
	struct state_question question = {
		.ask = { { .id = id(kind, "i", value) } }, .count = 1,
		.now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };

	return state_dir_ask(dir, &question, &answer);
}

static enum jwt_reason
try_put(struct state_dir *dir, enum state_kind kind, const char *value,
    int64_t until)
{
	struct state_fact fact = {
		.id = id(kind, "i", value), .until = until, .cutoff = 5
	};

	return state_dir_put(dir, &fact);
}

/* The lowest descriptor that is free. */
static int
free_descriptor(void)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

static bool
count_any(void *ctx, const struct state_dir_entry *entry)
{
	(void)entry;
	(*(int *)ctx)++;
	errno = EIO;	/* which says nothing of the walk */
	return true;
}

/* One store for all questions of a call: the second finds it no better. */
static void
test_store_that_does_not_open(void **state)
{
	const struct state_settings settings = {
		.wanted = true, .directory = path
	};
	struct state_question question = {
		.ask = { { .id = id(STATE_TOKEN, "i", "x") } }, .count = 1,
		.now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };
	struct state opened;
	char name[80];
	int i;

	(void)state;
	snprintf(name, sizeof(name), "%s/store", path);
	assert_int_equal(unlink(name), 0);
	state_open(&settings, &opened);
	for (i = 0; i < 2; i++) {
		assert_int_equal(opened.store.ask(opened.store.ctx, &question,
		    &answer), JWT_STATE_UNAVAILABLE);
		assert_non_null(strstr(opened.fault, "state init"));
	}
	state_close(&opened);
}

/* The limit at which so many descriptors are free. */
static rlim_t
limit_for(size_t count)
{
	int fd[FILE_SPARE];
	rlim_t limit = 3;
	size_t i;

	for (i = 0; i < count; i++) {
		fd[i] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		assert_true(fd[i] >= 0);
		limit = (rlim_t)fd[i] + 1;
	}
	for (i = 0; i < count; i++)
		close(fd[i]);
	return limit;
}

/* The answer of a store that is missing, with so many free descriptors. */
static enum jwt_reason
ask_missing(size_t descriptors)
{
	const struct state_settings settings = {
		.wanted = true, .directory = "/nowhere/state"
	};
	struct rlimit old, few;
	struct state opened;
	enum jwt_reason reason;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = limit_for(descriptors);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	state_open(&settings, &opened);
	reason = state_check_account(&opened.store, "x", NOW);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_true(opened.fault[0] != '\0');
	state_close(&opened);
	return reason;
}

/*
 * A user who calls su chooses its limits.  If they keep the module from opening
 * the store, the answer must not be the one of a store that failed: some sites let
 * users in then.
 */
static void
test_few_descriptors(void **state)
{
	int before = free_descriptor();
	size_t i;

	(void)state;
	for (i = 0; i < FILE_SPARE; i++)
		assert_int_equal(ask_missing(i), JWT_INTERNAL);
	assert_int_equal(ask_missing(FILE_SPARE), JWT_STATE_UNAVAILABLE);
	assert_int_equal(free_descriptor(), before);
}

/* Up to when, is not known: so nobody can say. */
static void
test_damaged_cutoff(void **state)
{
	struct state_dir dir = open_store();

	(void)state;
	put(&dir, STATE_SUBJECT, "x", EXP, 5);
	replace(where(&dir, STATE_SUBJECT, "x"), "nonsense");
	assert_int_equal(try_look(&dir, STATE_SUBJECT, "x"),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "damaged"));
	put(&dir, STATE_SUBJECT, "x", EXP, 7);
	assert_true(look(&dir, STATE_SUBJECT, "x", NOW, NULL));
	state_dir_close(&dir);
}

static void
test_damaged_store(void **state)
{
	struct state_dir dir = open_store();
	char name[80], text[STATE_LINK_SIZE];

	(void)state;
	snprintf(name, sizeof(name), "%s/purged", path);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(try_look(&dir, STATE_TOKEN, "x"),
	    JWT_STATE_UNAVAILABLE);
	assert_int_equal(rmdir(name), 0);
	assert_true(state_link_read(dir.fd, "store", text));
	state_dir_close(&dir);
	text[0] = '2';
	snprintf(name, sizeof(name), "%s/store", path);
	replace(name, text);
	assert_int_equal(state_dir_open(path, &dir), JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "version"));
	state_dir_close(&dir);
}

/* A folder that is gone took facts with it. */
static void
test_missing_shard(void **state)
{
	struct state_dir dir;
	char name[80];
	bool made;

	(void)state;
	snprintf(name, sizeof(name), "%s/7f", path);
	assert_int_equal(rmdir(name), 0);
	assert_int_equal(state_dir_init(path, NOW, &made, &dir),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "7f is missing"));
	assert_int_equal(access(name, F_OK), -1);
	state_dir_close(&dir);
}

/* Nor does it say that a fact was never noted, whatever is in its place. */
static void
test_lost_shard(void **state)
{
	struct state_dir dir = open_store();
	char shard[160], away[176];

	(void)state;
	snprintf(shard, sizeof(shard), "%s", where(&dir, STATE_TOKEN, "x"));
	*strrchr(shard, '/') = '\0';
	snprintf(away, sizeof(away), "%s.away", shard);
	assert_int_equal(try_look(&dir, STATE_TOKEN, "x"), JWT_OK);
	assert_int_equal(rename(shard, away), 0);
	assert_int_equal(try_look(&dir, STATE_TOKEN, "x"),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "No such file"));
	assert_int_equal(symlink(away, shard), 0);
	assert_int_equal(try_look(&dir, STATE_TOKEN, "x"),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "Not a directory"));
	assert_int_equal(unlink(shard), 0);
	assert_int_equal(rename(away, shard), 0);
	assert_int_equal(try_look(&dir, STATE_TOKEN, "x"), JWT_OK);
	state_dir_close(&dir);
}

/* A folder of facts is opened as a folder; a pipe would be waited for. */
static void
test_pipe_as_shard(void **state)
{
	struct state_dir dir = open_store();
	char shard[160];
	int count = 0;

	(void)state;
	snprintf(shard, sizeof(shard), "%s", where(&dir, STATE_TOKEN, "x"));
	*strrchr(shard, '/') = '\0';
	assert_int_equal(rmdir(shard), 0);
	assert_int_equal(mkfifo(shard, 0600), 0);
	alarm(60);
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", EXP),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "Not a directory"));
	assert_int_equal(state_dir_walk(&dir, count_any, &count),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "Not a directory"));
	alarm(0);
	state_dir_close(&dir);
}

/* What a purge does not understand stays, and still counts. */
static void
test_purge_damaged(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW };
	char name[160];

	(void)state;
	put_witness(&dir);
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	replace(where(&dir, STATE_TOKEN, "x"), "nonsense");
	put(&dir, STATE_TOKEN, "y", 1, 0);
	snprintf(name, sizeof(name), "%s", where(&dir, STATE_TOKEN, "y"));
	strrchr(name, '/')[1] = 'z';	/* no kind of ours */
	assert_int_equal(symlink("1", name), 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 1);
	assert_int_equal(purge.damaged, 2);
	assert_true(look(&dir, STATE_TOKEN, "x", NOW, NULL));
	assert_int_equal(faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW),
	    0);
	state_dir_close(&dir);
}

static void
test_purge_fails(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = (int64_t)time(NULL) + 3700 };
	char name[128];

	(void)state;
	snprintf(name, sizeof(name), "%s/00/.new-0123456789abcdef", path);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "it cannot be written"));
	state_dir_close(&dir);
}

/* A temporary name goes when it is older than an hour, and not before. */
static void
test_purge_leftover(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge;
	struct stat st;
	char name[128];
	int i;

	(void)state;
	snprintf(name, sizeof(name), "%s/00/.new-0123456789abcdef", path);
	assert_int_equal(symlink("1", name), 0);
	assert_int_equal(lstat(name, &st), 0);
	for (i = 0; i < 2; i++) {
		purge = (struct state_dir_purge){
			.now = (int64_t)st.st_ctim.tv_sec + 3600 + i
		};
		assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
		assert_int_equal(purge.removed, i);
		assert_int_equal(lstat(name, &st), i == 0 ? 0 : -1);
	}
	state_dir_close(&dir);
}

/* A purge that finds nothing to remove writes no mark, ahead or not. */
static void
test_purge_nothing(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = (int64_t)time(NULL) };
	int64_t mark;
	int i;

	(void)state;
	put_witness(&dir);
	for (i = 0; i < 2; i++) {
		assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
		assert_int_equal(purge.removed, 0);
		assert_int_equal(state_dir_get_mark(&dir, STATE_PURGED, &mark),
		    JWT_OK);
		assert_int_equal(mark, 0);
		purge.now += 50 * WEEK;
	}
	state_dir_close(&dir);
}

/* A mark that is not ahead of the clock stays where it is. */
static void
test_reset_keeps(void **state)
{
	struct state_dir dir = open_store();
	int64_t before, after;

	(void)state;
	assert_int_equal(state_dir_set_mark(&dir, STATE_PURGED, NOW), JWT_OK);
	assert_int_equal(state_dir_reset(&dir, NOW + 5, &before), JWT_OK);
	assert_int_equal(before, NOW);
	assert_int_equal(state_dir_get_mark(&dir, STATE_PURGED, &after),
	    JWT_OK);
	assert_int_equal(after, NOW);
	state_dir_close(&dir);
}

/* What was noted here since the fleet's store was read stays; older goes. */
static void
test_copy_since(void **state)
{
	struct state_dir dir = open_store();
	const struct state_fact fact = {
		.id = id(STATE_TOKEN, "i", "x"), .until = EXP + 1
	};
	struct stat st;
	bool changed;
	int i;

	(void)state;
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_int_equal(lstat(where(&dir, STATE_TOKEN, "x"), &st), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(state_dir_copy(&dir, &fact,
		    (int64_t)st.st_ctim.tv_sec + i, &changed), JWT_OK);
		assert_true(changed == (i == 1));
	}
	state_dir_close(&dir);
}

/* ---- what comes in between ---- */

static bool
is_locked(const char *name)
{
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0;

	assert_true(fd >= 0);
	close(fd);
	return locked;
}

static bool
entry_is_locked(void *ctx, const struct state_dir_entry *entry)
{
	char name[80];

	snprintf(name, sizeof(name), "%s/%s", path, entry->shard_name);
	*(bool *)ctx = is_locked(name);
	return true;
}

static bool purge_was_locked;

static void
step(unsigned shard)
{
	(void)shard;
	purge_was_locked = is_locked(path);
}

static void
test_locks(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW, .step = step };
	bool locked = false;
	int64_t before;

	(void)state;
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_int_equal(state_dir_sweep(&dir, entry_is_locked, &locked),
	    JWT_OK);
	assert_true(locked);
	/* Who looks, a list into a pager that was stopped, holds nobody up. */
	assert_int_equal(state_dir_walk(&dir, entry_is_locked, &locked),
	    JWT_OK);
	assert_false(locked);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_true(purge_was_locked);
	assert_false(is_locked(path));
	assert_int_equal(state_dir_reset(&dir, NOW, &before), JWT_OK);
	assert_false(is_locked(path));
	state_dir_close(&dir);
}

/* Another process purges. */
static void
purge_now(void)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = EXP + WEEK };

	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	state_dir_close(&dir);
}

/* A purge that takes a fact while a login looks: the login hears of it. */
static void
test_purge_between(void **state)
{
	struct state_dir dir = open_store();
	struct state_question question = {
		.ask = { { .id = id(STATE_USED, "i", "x"), .consume = true } },
		.count = 1, .now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };

	(void)state;
	put_witness(&dir);
	put(&dir, STATE_USED, "x", EXP, 0);
	harm.before_link = purge_now;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_false(answer.fact[0].found);
	assert_int_equal(answer.purged, EXP);
	state_dir_close(&dir);
}

/* ---- system calls that fail ---- */

static enum jwt_reason
try_use(struct state_dir *dir, const char *value)
{
	struct state_question question = {
		.ask = { { .id = id(STATE_USED, "i", value),
		    .consume = true } }, .count = 1, .now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };
	enum jwt_reason reason = state_dir_ask(dir, &question, &answer);

	/* No answer: a refusal of another kind would hide why. */
	assert_true(reason == JWT_OK || !answer.fact[0].found);
	return reason;
}

/* A store that was made in the future judges no one-time token. */
static void
test_made_ahead(void **state)
{
	struct state_dir dir = open_store();

	(void)state;
	dir.is_volatile = true;
	dir.made_at = NOW + STATE_CLOCK_AHEAD_SEC;
	assert_int_equal(try_use(&dir, "x"), JWT_OK);
	dir.made_at++;
	assert_int_equal(try_use(&dir, "y"), JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "made in the future"));
	state_dir_close(&dir);
}

/* Who holds the lock may have been stopped: then nobody waits for ever. */
static void
test_lock_is_held(void **state)
{
	struct state_dir dir = open_store();
	struct state_id held_id = id(STATE_TOKEN, "i", "x");
	const struct state_fact fact = { .id = held_id, .until = EXP + 2 };
	bool changed;
	char name[64];
	int held, before, count = 0;

	(void)state;
	assert_int_equal(state_dir_open_shard(&dir, &held_id, name, &held),
	    JWT_OK);
	assert_int_equal(flock(held, LOCK_EX), 0);
	before = free_descriptor();
	harm.hurry = 4;
	/* The first link of a fact needs no lock; the smallest until is 1. */
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", 1), JWT_OK);
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", EXP + 1),
	    JWT_STATE_UNAVAILABLE);
	assert_string_equal(dir.fault, "another process keeps it locked");
	dir.fault[0] = '\0';
	assert_int_equal(state_dir_copy(&dir, &fact, 0, &changed),
	    JWT_STATE_UNAVAILABLE);
	assert_false(changed);
	assert_string_equal(dir.fault, "another process keeps it locked");
	dir.fault[0] = '\0';
	assert_int_equal(state_dir_sweep(&dir, count_any, &count),
	    JWT_STATE_UNAVAILABLE);
	harm.hurry = 0;
	assert_string_equal(dir.fault, "another process keeps it locked");
	assert_int_equal(free_descriptor(), before);
	assert_int_equal(close(held), 0);
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", EXP + 1), JWT_OK);
	state_dir_close(&dir);
}

/* The fact that another process takes back before we have the lock. */
static char taken_back[160];

static void
take_back_now(void)
{
	assert_int_equal(unlink(taken_back), 0);
}

/* A fact that is taken back while it is noted again is noted. */
static void
test_taken_back_between(void **state)
{
	struct state_dir dir = open_store();

	(void)state;
	put(&dir, STATE_TOKEN, "x", EXP + 5, 0);
	snprintf(taken_back, sizeof(taken_back), "%s", where(&dir,
	    STATE_TOKEN, "x"));
	harm.before_lock = take_back_now;
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_true(look(&dir, STATE_TOKEN, "x", EXP - 1, NULL));
	assert_false(look(&dir, STATE_TOKEN, "x", EXP, NULL));
	state_dir_close(&dir);
}

/* What may not be on the disk has not been answered. */
static void
test_sync_fails(void **state)
{
	struct state_dir dir = open_store();
	size_t i;

	(void)state;
	harm.sync_error = EIO;
	put(&dir, STATE_SUBJECT, "merged", EXP, 1);
	for (i = 0; i < 4; i++) {
		enum jwt_reason reason;

		harm.syncs = 1;
		reason = i == 0 ? try_use(&dir, "x") :
		    i == 1 ? try_put(&dir, STATE_TOKEN, "x", EXP) :
		    i == 2 ? try_put(&dir, STATE_SUBJECT, "merged", EXP) :
		    try_put(&dir, STATE_TOKEN, "x", 0);
		if (reason != JWT_STATE_UNAVAILABLE || harm.syncs != 0 ||
		    strstr(dir.fault, "Input/output error") == NULL)
			fail_msg("case %zu: %s", i, dir.fault);
	}
	/* A use that was noted before is on the disk already. */
	assert_int_equal(try_use(&dir, "x"), JWT_OK);
	harm.syncs = 1;
	assert_int_equal(try_use(&dir, "x"), JWT_OK);
	assert_int_equal(harm.syncs, 1);
	harm.sync_error = EINTR;
	harm.syncs = 3;
	assert_int_equal(try_use(&dir, "y"), JWT_OK);
	assert_int_equal(harm.syncs, 0);
	state_dir_close(&dir);
}

/* What cannot be read is not overwritten, and is not "not revoked". */
static void
test_read_fails(void **state)
{
	struct state_dir dir = open_store();
	int64_t cutoff;

	(void)state;
	put(&dir, STATE_SUBJECT, "x", EXP, 9);
	harm.read_error = EIO;
	assert_int_equal(try_look(&dir, STATE_SUBJECT, "x"),
	    JWT_STATE_UNAVAILABLE);
	assert_int_equal(try_put(&dir, STATE_SUBJECT, "x", EXP),
	    JWT_STATE_UNAVAILABLE);
	harm.read_error = 0;
	assert_true(look(&dir, STATE_SUBJECT, "x", NOW, &cutoff));
	assert_int_equal(cutoff, 9);
	state_dir_close(&dir);
}

/* A folder that cannot be listed to its end is not empty. */
static void
test_list_fails(void **state)
{
	struct state_dir dir = open_store();
	int count = 0;

	(void)state;
	harm.dir_error = EIO;
	assert_int_equal(state_dir_walk(&dir, count_any, &count),
	    JWT_STATE_UNAVAILABLE);
	harm.dir_error = 0;
	assert_string_equal(dir.fault, "00: Input/output error");
	state_dir_close(&dir);
}

static bool
no_leftover(void *ctx, const struct state_dir_entry *entry)
{
	(void)ctx;
	assert_false(entry->leftover);
	return true;
}

/* A rename that fails takes its temporary name away. */
static void
test_rename_fails(void **state)
{
	struct state_dir dir = open_store();

	(void)state;
	assert_int_equal(mkdir(where(&dir, STATE_TOKEN, "x"), 0700), 0);
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", EXP),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "Is a directory"));
	assert_int_equal(state_dir_walk(&dir, no_leftover, NULL), JWT_OK);
	state_dir_close(&dir);
}

/* What cannot be written in the place of the other is not noted. */
static void
test_replace_fails(void **state)
{
	struct state_dir dir = open_store();
	const struct state_fact fact = {
		.id = id(STATE_SUBJECT, "i", "x"), .until = EXP + 1
	};
	bool changed;

	(void)state;
	put(&dir, STATE_SUBJECT, "x", EXP, 5);
	harm.link_error = ENOSPC;
	assert_int_equal(try_put(&dir, STATE_SUBJECT, "x", EXP + 1),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "No space left"));
	dir.fault[0] = '\0';
	assert_int_equal(state_dir_copy(&dir, &fact, (int64_t)time(NULL) + 100,
	    &changed), JWT_STATE_UNAVAILABLE);
	harm.link_error = 0;
	assert_non_null(strstr(dir.fault, "No space left"));
	assert_false(changed);
	state_dir_close(&dir);
}

/* A purge removes nothing while another process replaces a name. */
static void
test_purge_waits(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW };
	struct timespec start, end, pause = { .tv_nsec = 300000000 };
	char name[80], byte;
	int pipes[2], fd;
	pid_t child;

	(void)state;
	snprintf(name, sizeof(name), "%s/ff", path);
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (flock(fd, LOCK_EX) != 0 || write(pipes[1], "x", 1) != 1)
			_exit(1);
		nanosleep(&pause, NULL);
		_exit(0);
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	clock_gettime(CLOCK_MONOTONIC, &start);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true((end.tv_sec - start.tv_sec) * 1000 +
	    (end.tv_nsec - start.tv_nsec) / 1000000 >= 150);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(pipes[0]);
	close(pipes[1]);
	state_dir_close(&dir);
}

/* What is in memory forgets at a boot, and has to know that it does. */
static void
test_volatile(void **state)
{
	struct state_dir dir;
	struct statfs fs;
	bool made;

	(void)state;
	assert_int_equal(statfs(path, &fs), 0);
	assert_int_equal(state_dir_open(path, &dir), JWT_OK);
	assert_true(dir.is_volatile == (fs.f_type == TMPFS_MAGIC));
	state_dir_close(&dir);
	if (statfs("/dev/shm", &fs) != 0 || fs.f_type != TMPFS_MAGIC ||
	    access("/dev/shm", W_OK) != 0)
		return;
	remove_store(NULL);
	snprintf(path, sizeof(path), "/dev/shm/test_state.XXXXXX");
	assert_non_null(mkdtemp(path));
	assert_int_equal(state_dir_init(path, NOW, &made, &dir), JWT_OK);
	assert_true(dir.is_volatile);
	state_dir_close(&dir);
}

static void
test_nothing_to_take_back(void **state)
{
	struct state_dir dir = open_store();
	int count = 0;

	(void)state;
	put(&dir, STATE_TOKEN, "x", 0, 0);
	assert_int_equal(state_dir_walk(&dir, count_any, &count), JWT_OK);
	assert_int_equal(count, 0);
	state_dir_close(&dir);
}

/* The folder above is made, for others to enter; those above that are not. */
static void
test_init_makes_parent(void **state)
{
	struct state_dir dir;
	char name[80];
	struct stat st;
	bool made;

	(void)state;
	snprintf(name, sizeof(name), "%s/a/b", path);
	assert_int_equal(state_dir_init(name, NOW, &made, &dir), JWT_OK);
	state_dir_close(&dir);
	*strrchr(name, '/') = '\0';
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	/* What is inside is for root alone, each folder of it. */
	snprintf(name, sizeof(name), "%s/a/b", path);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(name, sizeof(name), "%s/a/b/00", path);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(name, sizeof(name), "%s/c/d/e", path);
	dir.fd = 7;
	assert_int_equal(state_dir_init(name, NOW, &made, &dir),
	    JWT_STATE_UNAVAILABLE);
	assert_int_equal(dir.fd, -1);
	state_dir_close(&dir);
}

/* ---- what comes back ---- */

/* Whatever the answer held before the question. */
static void
test_answer_is_set(void **state)
{
	struct state_dir dir = open_store();
	struct state_question question = {
		.ask = { { .id = id(STATE_TOKEN, "i", "x") },
		    { .id = id(STATE_USED, "i", "x"), .consume = true } },
		.count = 2, .now = NOW, .until = EXP
	};
	struct state_answer answer = {
		.fact = { { .found = true }, { .found = true } },
		.made_at = 7, .purged = 7
	};

	(void)state;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_false(answer.fact[0].found);
	assert_false(answer.fact[1].found);
	assert_int_equal(answer.made_at, 0);
	assert_int_equal(answer.purged, 0);
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_true(answer.fact[0].found);
	assert_int_equal(answer.fact[0].until, EXP);
	state_dir_close(&dir);
}

static bool
keep_entry(void *ctx, const struct state_dir_entry *entry)
{
	*(struct state_dir_entry *)ctx = *entry;
	return true;
}

/* A walk tells all of a fact. */
static void
test_entry(void **state)
{
	static const enum state_kind kinds[] = { STATE_TOKEN, STATE_SUBJECT };
	struct state_dir dir = open_store();
	struct state_dir_entry entry;
	struct stat st;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		const char *name = where(&dir, kinds[i], "x");

		put(&dir, kinds[i], "x", EXP, 7);
		assert_int_equal(lstat(name, &st), 0);
		memset(&entry, 0, sizeof(entry));
		assert_int_equal(state_dir_walk(&dir, keep_entry, &entry),
		    JWT_OK);
		assert_int_equal(entry.kind, kinds[i]);
		assert_int_equal(entry.until, EXP);
		assert_int_equal(entry.cutoff, i == 0 ? 0 : 7);
		assert_int_equal(entry.changed, st.st_ctim.tv_sec);
		assert_false(entry.damaged);
		assert_false(entry.leftover);
		assert_string_equal(entry.name, strrchr(name, '/') + 1);
		assert_memory_equal(entry.shard_name, strrchr(name, '/') - 2,
		    2);
		put(&dir, kinds[i], "x", 0, 0);
	}
	state_dir_close(&dir);
}

/* Taking a fact back tells whether there was one; until 1 is a time. */
static void
test_taken_back(void **state)
{
	struct state_dir dir = open_store();
	struct state_fact fact = { .id = id(STATE_TOKEN, "i", "x") };

	(void)state;
	assert_int_equal(state_dir_put(&dir, &fact), JWT_OK);
	assert_int_equal(fact.until, STATE_NOTHING);
	put(&dir, STATE_TOKEN, "x", 1, 0);
	assert_true(look(&dir, STATE_TOKEN, "x", 0, NULL));
	put(&dir, STATE_TOKEN, "x", 1, 0);
	assert_true(look(&dir, STATE_TOKEN, "x", 0, NULL));
	fact.until = 0;
	assert_int_equal(state_dir_put(&dir, &fact), JWT_OK);
	assert_int_equal(fact.until, 0);
	assert_false(look(&dir, STATE_TOKEN, "x", 0, NULL));
	state_dir_close(&dir);
}

/* No call leaves a folder open. */
static void
test_descriptors(void **state)
{
	const int first = free_descriptor();
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW };
	struct state_fact fact = {
		.id = id(STATE_TOKEN, "i", "y"), .until = EXP
	};
	const int before = free_descriptor();
	int count = 0;
	bool changed;

	(void)state;
	assert_int_equal(try_use(&dir, "x"), JWT_OK);
	assert_int_equal(free_descriptor(), before);
	assert_int_equal(try_put(&dir, STATE_TOKEN, "x", EXP), JWT_OK);
	assert_int_equal(free_descriptor(), before);
	assert_int_equal(state_dir_copy(&dir, &fact, 0, &changed), JWT_OK);
	assert_int_equal(free_descriptor(), before);
	assert_int_equal(state_dir_walk(&dir, count_any, &count), JWT_OK);
	assert_int_equal(free_descriptor(), before);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(free_descriptor(), before);
	state_dir_close(&dir);
	assert_int_equal(free_descriptor(), first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_text),
		IN_STORE(test_link_length),
		IN_STORE(test_store_that_does_not_open),
		cmocka_unit_test(test_few_descriptors),
		IN_STORE(test_store_texts),
		IN_STORE(test_opening),
		IN_STORE(test_damaged_cutoff),
		IN_STORE(test_damaged_store),
		IN_STORE(test_missing_shard),
		IN_STORE(test_lost_shard),
		IN_STORE(test_purge_damaged),
		IN_STORE(test_purge_fails),
		IN_STORE(test_purge_leftover),
		IN_STORE(test_purge_nothing),
		IN_STORE(test_reset_keeps),
		IN_STORE(test_copy_since),
		IN_STORE(test_locks),
		IN_STORE(test_purge_between),
		IN_STORE(test_made_ahead),
		IN_STORE(test_lock_is_held),
		IN_STORE(test_sync_fails),
		IN_STORE(test_read_fails),
		IN_STORE(test_list_fails),
		IN_STORE(test_rename_fails),
		IN_STORE(test_replace_fails),
		IN_STORE(test_purge_waits),
		IN_STORE(test_volatile),
		IN_STORE(test_nothing_to_take_back),
		IN_STORE(test_init_makes_parent),
		IN_STORE(test_pipe_as_shard),
		IN_STORE(test_taken_back_between),
		IN_STORE(test_answer_is_set),
		IN_STORE(test_entry),
		IN_STORE(test_taken_back),
		IN_STORE(test_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
