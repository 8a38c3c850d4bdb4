/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writers are killed at random moments: nothing that was answered is lost.
 *
 *	kill FOLDER TRIALS
 *
 * Four writers revoke and use tokens, and tell of each when it was answered.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "state/store.h"

#define WRITERS 4

static const char *path;

/* Even numbers are used, odd ones are revoked. */
static bool
write_one(struct state_dir *dir, unsigned number)
{
	bool found;

	if (number % 2 != 0)
		return revoke_token(dir, number) == JWT_OK;
	return use_once(dir, number, true, &found) == JWT_OK && !found;
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
	bool found = false;

	if (number % 2 != 0)
		return is_revoked(dir, number, &found) == JWT_OK && found;
	return use_once(dir, number, false, &found) == JWT_OK && found;
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
		trial(i * 100000, &answered, &lost, &slowest_usec);
	report(lost == 0 && answered > total, "writers are killed: nothing "
	    "that was answered is lost", "%u of %u lost", lost, answered);
	printf("# %u trials, %u answers, slowest open %ld us\n", total,
	    answered, slowest_usec);
	return failed != 0;
}
