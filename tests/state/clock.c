/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Purging, and clocks that go back and forth: no token is accepted twice, and
 * no revocation is forgotten while its token could still log in.
 *
 *	clock FOLDER		beside a purge that runs all the time
 *	clock memory FOLDER	on a tmpfs, which is empty after a boot
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/policy/policy.h"
#include "host/clock.h"
#include "state/store.h"

#define DAY	INT64_C(86400)
#define TOKENS	240
#define LOGINS	6		/* processes */
#define WINDOW	30		/* tokens on each side of the mark */
#define FIRST	(state_keep_until(TEST_NOW))	/* when token 0 goes */

/* Seen by all processes. */
struct shared {
	_Atomic int64_t now;
	atomic_uint accepted[TOKENS];
	atomic_uint twice, forgotten, unexpected, expired;
};

static const char *path;
static struct shared *shared;

static void
must_open(struct state_dir *dir)
{
	if (state_dir_open(path, dir) != JWT_OK)
		die("the store does not open");
}

/* A fact of the real now, later than TEST_NOW: purges believe that clock. */
static void
open_with_witness(struct state_dir *dir)
{
	must_open(dir);
	if (revoke_until(dir, TOKENS + 1, STATE_FOREVER) != JWT_OK)
		die(dir->fault);
}

static enum jwt_reason
check(struct state_dir *dir, unsigned number, int64_t iat, int64_t exp,
    enum state_use use, int64_t now)
{
	const struct state_store store = { .ask = state_dir_ask, .ctx = dir };
	char jti[32];
	struct state_token token = {
		.iss = bytes_str("https://id.test"), .sub = bytes_str("alice"),
		.account = bytes_str("alice"), .iat = iat, .exp = exp
	};

	snprintf(jti, sizeof(jti), "jti-%u", number);
	token.jti = bytes_str(jti);
	return state_check(&store, &token, use, now, NULL);
}

/* ---- beside a purge ---- */

/* One token goes in each second. */
static int64_t
expiry(unsigned number)
{
	return TEST_NOW + (int64_t)number;
}

static bool
is_revoked_one(unsigned number)
{
	return number % 8 == 7;
}

static enum jwt_reason
log_in(struct state_dir *dir, unsigned number, int64_t now)
{
	return check(dir, number, TEST_NOW - 500, expiry(number),
	    STATE_USE_CONSUME, now);
}

static void
judge(unsigned number, int64_t now, enum jwt_reason reason)
{
	/* Before the state is asked such a token has been refused. */
	bool could = now <= expiry(number) + LEEWAY_MAX_SEC;

	switch (reason) {
	case JWT_OK:
		if (is_revoked_one(number))
			shared->forgotten += could;
		else if (atomic_fetch_add(&shared->accepted[number], 1) != 0)
			shared->twice++;
		break;
	case JWT_EXPIRED:
		shared->expired++;
		break;
	case JWT_REPLAYED:
	case JWT_REVOKED:
		break;
	default:
		shared->unexpected++;
	}
}

/* Those tokens whose turn it is to go; the clock is right, or a day late. */
__attribute__((noreturn)) static void
login_process(void)
{
	struct state_dir dir;

	must_open(&dir);
	srand((unsigned)getpid());
	for (;;) {
		int64_t now = shared->now;
		int64_t number = now - FIRST + rand() % (2 * WINDOW) - WINDOW;

		if (number < 0 || number >= TOKENS)
			continue;
		if (rand() % 2 == 0)
			now -= DAY;
		judge((unsigned)number, now, log_in(&dir, (unsigned)number,
		    now));
	}
}

static unsigned long
purge_all_the_time(struct state_dir *dir)
{
	unsigned long removed = 0;

	while (shared->now < FIRST + TOKENS - 2 * WINDOW) {
		struct state_dir_purge purge = {
			.now = ++shared->now + STATE_PURGE_SLACK_SEC
		};

		if (state_dir_purge(dir, &purge) != JWT_OK)
			die(dir->fault);
		removed += purge.removed;
	}
	return removed;
}

/* The clock is a day late: what does the store still know? */
static unsigned
count_wrong(struct state_dir *dir)
{
	unsigned wrong = 0, i;
	int64_t mark;

	if (state_dir_get_mark(dir, "purged", &mark) != JWT_OK)
		die(dir->fault);
	for (i = 0; i < TOKENS; i++) {
		enum jwt_reason reason = log_in(dir, i, TEST_NOW - DAY);

		if (state_keep_until(expiry(i)) <= mark)
			wrong += reason == JWT_OK;
		else if (is_revoked_one(i))
			wrong += reason != JWT_REVOKED;
		else
			wrong += reason != (shared->accepted[i] != 0 ?
			    JWT_REPLAYED : JWT_OK);
	}
	return wrong;
}

static void
start(struct state_dir *dir, pid_t *pids)
{
	unsigned i;

	open_with_witness(dir);
	for (i = 0; i < TOKENS; i++) {
		if (is_revoked_one(i) && revoke_until(dir, i,
		    state_keep_until(expiry(i))) != JWT_OK)
			die(dir->fault);
	}
	shared->now = FIRST;
	for (i = 0; i < LOGINS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0)
			login_process();
	}
}

static void
beside_a_purge(const char *folder)
{
	unsigned long removed;
	unsigned used = 0, wrong, i;
	struct state_dir dir;
	pid_t pids[LOGINS];

	path = new_store(folder);
	start(&dir, pids);
	removed = purge_all_the_time(&dir);
	for (i = 0; i < LOGINS; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < LOGINS; i++)
		waitpid(pids[i], NULL, 0);
	for (i = 0; i < TOKENS; i++)
		used += shared->accepted[i] != 0;
	report(shared->twice == 0 && used > TOKENS / 2 && removed > TOKENS / 2
	    && shared->expired > 0, "no token is accepted twice beside a "
	    "purge, and a late clock", "%u twice, %u used, %lu removed, %u "
	    "expired", shared->twice, used, removed, shared->expired);
	report(shared->forgotten == 0 && shared->unexpected == 0,
	    "no revocation is forgotten beside a purge", "%u were, %u other "
	    "answers", shared->forgotten, shared->unexpected);
	/* A login that was killed may have used its token up. */
	wrong = count_wrong(&dir);
	report(wrong <= LOGINS, "all that is not purged is still known", "%u "
	    "wrong", wrong);
	printf("# %u tokens used, %lu facts removed, %u refused as expired\n",
	    used, removed, shared->expired);
	state_dir_close(&dir);
}

/* ---- clocks ---- */

static void
expect(bool *good, enum jwt_reason is, enum jwt_reason wanted)
{
	if (is != wanted)
		printf("# %s, and not %s\n", reason_name(is),
		    reason_name(wanted));
	*good = *good && is == wanted;
}

static void
back_and_forth(const char *folder)
{
	const int64_t now = TEST_NOW, iat = now - 500;
	const int64_t soon = now + 600, late = now + 2 * DAY;
	const int64_t clocks[] = { now, now + DAY, now - DAY, now };
	struct state_dir_purge purge = {
		.now = now + DAY + STATE_PURGE_SLACK_SEC
	};
	const enum state_use use = STATE_USE_CONSUME;
	bool good = true;
	struct state_dir dir;
	size_t i;

	path = new_store(folder);
	open_with_witness(&dir);
	expect(&good, check(&dir, 1, iat, soon, use, now), JWT_OK);
	expect(&good, check(&dir, 2, iat, late, use, now), JWT_OK);
	expect(&good, revoke_until(&dir, 3, state_keep_until(late)), JWT_OK);
	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		expect(&good, check(&dir, 1, iat, soon, use, clocks[i]),
		    JWT_REPLAYED);
		expect(&good, check(&dir, 2, iat, late, use, clocks[i]),
		    JWT_REPLAYED);
		expect(&good, check(&dir, 3, iat, late, use, clocks[i]),
		    JWT_REVOKED);
	}
	report(good, "a clock that goes a day back and forth", "see above");
	good = state_dir_purge(&dir, &purge) == JWT_OK && purge.removed == 1;
	expect(&good, check(&dir, 1, iat, soon, use, now), JWT_EXPIRED);
	expect(&good, check(&dir, 4, iat, soon, STATE_USE_ANY, now),
	    JWT_EXPIRED);
	expect(&good, check(&dir, 2, iat, late, use, now), JWT_REPLAYED);
	expect(&good, check(&dir, 3, iat, late, use, now), JWT_REVOKED);
	expect(&good, check(&dir, 5, iat, late, use, now), JWT_OK);
	report(good, "what was purged is refused when the clock goes back",
	    "see above; %lu removed", purge.removed);
	state_dir_close(&dir);
}

/* ---- memory ---- */

/*
 * new_store() says that it was made 1,000 s ago, and a store in memory is no
 * older than the boot.  On a machine that was started later, the boot counts:
 * its seconds go by while this runs, so that "older" is well before it.
 */
static void
in_memory(const char *folder)
{
	const int64_t now = TEST_NOW, booted = now - clock_boot_sec();
	const bool is_young = booted > now - 1000;
	const int64_t older = is_young ? booted - 60 : now - 1001;
	const int64_t newer = is_young ? booted + 1 : now - 999;
	const int64_t exp = now + 600;
	const enum state_use use = STATE_USE_CONSUME;
	struct state_dir dir;
	bool good;

	path = new_store(folder);
	must_open(&dir);
	good = dir.is_volatile;
	expect(&good, check(&dir, 1, older, exp, use, now), JWT_REPLAYED);
	expect(&good, check(&dir, 2, older, exp, STATE_USE_LOOK, now),
	    JWT_REPLAYED);
	expect(&good, check(&dir, 3, -1, exp, use, now), JWT_REPLAYED);
	expect(&good, check(&dir, 4, older, exp, STATE_USE_ANY, now),
	    JWT_OK);
	expect(&good, check(&dir, 5, newer, exp, use, now), JWT_OK);
	expect(&good, check(&dir, 5, newer, exp, use, now), JWT_REPLAYED);
	expect(&good, check(&dir, 6, now + 1, exp, use, now),
	    JWT_ISSUED_IN_FUTURE);
	expect(&good, check(&dir, 6, now + 1, exp, use, now + 1), JWT_OK);
	report(good, "a store in memory refuses what is older than it, for "
	    "one-time use", "volatile %d; see above", dir.is_volatile);
	state_dir_close(&dir);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "memory") == 0) {
		in_memory(argv[2]);
		return failed != 0;
	}
	if (argc != 2)
		return 2;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	back_and_forth(argv[1]);
	beside_a_purge(argv[1]);
	return failed != 0;
}
