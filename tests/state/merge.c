/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cut-offs of one subject, put by many at once while it is also taken back:
 * one that was answered is never replaced by an earlier one.
 *
 *	merge FOLDER ROUNDS
 *
 * Three processes put an early cut-off, again and again.  A fourth takes it
 * back, puts a late one, and looks: nobody has taken that back.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/store.h"

#define OTHERS	3
#define EARLY	1000
#define LATE	2000

static const char *path;

static void
must_open(struct state_dir *dir)
{
	if (state_dir_open(path, dir) != JWT_OK)
		die("the store does not open");
}

static void
ignore(int signal_number)
{
	(void)signal_number;
}

/* Interrupted now and then: waiting for the lock must not fail. */
static void
start_alarms(void)
{
	struct itimerval often = { { 0, 500 }, { 0, 500 } };
	struct sigaction action = { .sa_handler = ignore };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* Until it is killed; tells of the first put that failed, and goes on. */
__attribute__((noreturn)) static void
other(int told)
{
	struct state_dir dir;
	bool good = true;

	must_open(&dir);
	start_alarms();
	for (;;) {
		if (cut_off(&dir, EARLY, TEST_UNTIL) == JWT_OK || !good)
			continue;
		good = false;
		(void)!write(told, dir.fault, sizeof(dir.fault));
	}
}

static unsigned
count_lost(struct state_dir *dir, unsigned rounds)
{
	unsigned lost = 0, i;
	int64_t cutoff;

	for (i = 0; i < rounds; i++) {
		if (cut_off(dir, 0, 0) != JWT_OK ||
		    cut_off(dir, LATE, TEST_UNTIL) != JWT_OK)
			die(dir->fault);
		/* Long enough for whoever has read an older one. */
		usleep((useconds_t)(rand() % 400));
		if (get_cutoff(dir, &cutoff) != JWT_OK)
			die(dir->fault);
		lost += cutoff != LATE;
	}
	return lost;
}

static void
race(unsigned rounds)
{
	char fault[STATE_FAULT_SIZE] = "";
	struct state_dir dir;
	pid_t pids[OTHERS];
	int told[2];
	unsigned lost, i;

	if (pipe(told) != 0)
		die("pipe");
	for (i = 0; i < OTHERS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0)
			other(told[1]);
	}
	close(told[1]);
	must_open(&dir);
	lost = count_lost(&dir, rounds);
	state_dir_close(&dir);
	for (i = 0; i < OTHERS; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < OTHERS; i++)
		waitpid(pids[i], NULL, 0);
	report(lost == 0, "a cut-off that was answered is not replaced by an "
	    "earlier one", "%u of %u were", lost, rounds);
	report(read(told[0], fault, sizeof(fault)) <= 0, "a cut-off is put "
	    "although signals arrive", "\"%s\"", fault);
	close(told[0]);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	srand((unsigned)getpid());
	path = new_store(argv[1]);
	race((unsigned)atoi(argv[2]));
	return failed != 0;
}
