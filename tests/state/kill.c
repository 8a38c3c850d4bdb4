/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writers are killed at random moments: nothing that was answered is lost.
 *
 *	kill FOLDER TRIALS
 *
 * Six writers revoke tokens, use them, and cut one subject off, each time
 * later; they tell of each when it was answered.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "state/store.h"

#define WRITERS 6
#define LATER	3700	/* seconds; when a leftover may go */

static const char *path;

enum deed { USE, REVOKE, CUT_OFF };

/* Half of the writers share a subject, so that they wait for each other. */
static enum deed
deed(unsigned number)
{
	return number % 2 != 0 ? CUT_OFF : number % 6 == 0 ? USE : REVOKE;
}

static bool
write_one(struct state_dir *dir, unsigned number)
{
	bool found;

	switch (deed(number)) {
	case USE:
		return use_once(dir, number, true, &found) == JWT_OK && !found;
	case REVOKE:
		return revoke_token(dir, number) == JWT_OK;
	case CUT_OFF:
		break;
	}
	return cut_off(dir, number, TEST_UNTIL) == JWT_OK;
}

__attribute__((noreturn)) static void
writer(unsigned number, int told)
{
	struct state_dir dir;

	if (state_dir_open(path, &dir) != JWT_OK)
		_exit(1);
	for (;; number += WRITERS) {
		if (!write_one(&dir, number))
			_exit(1);
		if (write(told, &number, sizeof(number)) != sizeof(number))
			_exit(1);
	}
}

static bool
is_there(struct state_dir *dir, unsigned number)
{
	int64_t cutoff = 0;
	bool found = false;

	switch (deed(number)) {
	case USE:
		return use_once(dir, number, false, &found) == JWT_OK && found;
	case REVOKE:
		return is_revoked(dir, number, &found) == JWT_OK && found;
	case CUT_OFF:
		break;
	}
	return get_cutoff(dir, &cutoff) == JWT_OK && cutoff >= number;
}

/* Counts what was answered, and what of it is not there. */
static void
check(int told, unsigned *answered, unsigned *lost, long *slowest_usec)
{
	struct timespec start, end;
	struct state_dir dir;
	unsigned number;
	long usec;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (state_dir_open(path, &dir) != JWT_OK)
		die("the store does not open");
	clock_gettime(CLOCK_MONOTONIC, &end);
	usec = (end.tv_sec - start.tv_sec) * 1000000 +
	    (end.tv_nsec - start.tv_nsec) / 1000;
	if (usec > *slowest_usec)
		*slowest_usec = usec;
	while (read(told, &number, sizeof(number)) == sizeof(number)) {
		(*answered)++;
		*lost += !is_there(&dir, number);
	}
	state_dir_close(&dir);
}

/* Each trial has numbers of its own; a killed one leaves gaps behind. */
static void
trial(unsigned base, unsigned *answered, unsigned *lost, long *slowest_usec)
{
	pid_t pids[WRITERS];
	int told[2];
	unsigned i;

	if (pipe(told) != 0)
		die("pipe");
	for (i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0)
			writer(base + i, told[1]);
	}
	close(told[1]);
	usleep((useconds_t)(rand() % 12000));
	for (i = 0; i < WRITERS; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < WRITERS; i++)
		waitpid(pids[i], NULL, 0);
	check(told[0], answered, lost, slowest_usec);
	close(told[0]);
}

static bool
count_leftover(void *ctx, const struct state_dir_entry *entry)
{
	*(unsigned *)ctx += entry->leftover;
	return true;
}

/* The temporary names of those who were killed before they renamed. */
static void
purge_leftovers(void)
{
	struct state_dir_purge purge = { .now = (int64_t)time(NULL) + LATER };
	unsigned before = 0, behind = 0;
	struct state_dir dir;

	if (state_dir_open(path, &dir) != JWT_OK ||
	    state_dir_walk(&dir, count_leftover, &before) != JWT_OK ||
	    state_dir_purge(&dir, &purge) != JWT_OK ||
	    state_dir_walk(&dir, count_leftover, &behind) != JWT_OK)
		die(dir.fault);
	report(behind == 0, "a purge removes what killed writers left", "%u "
	    "of %u are there", behind, before);
	printf("# %u were left\n", before);
	state_dir_close(&dir);
}

int
main(int argc, char **argv)
{
	unsigned answered = 0, lost = 0, total, i;
	long slowest_usec = 0;

	if (argc != 3)
		return 2;
	total = (unsigned)atoi(argv[2]);
	srand((unsigned)getpid());
	path = new_store(argv[1]);
	for (i = 0; i < total; i++)
		trial(i * 120000, &answered, &lost, &slowest_usec);
	report(lost == 0 && answered > total, "writers are killed: nothing "
	    "that was answered is lost", "%u of %u lost", lost, answered);
	printf("# %u trials, %u answers, slowest open %ld us\n", total,
	    answered, slowest_usec);
	purge_leftovers();
	return failed != 0;
}
