/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many use the same one-time token at the same moment: exactly one is first.
 *
 *	race FOLDER ROUNDS
 *
 * 64 processes; 16 threads of one process; 64 processes of which half are
 * killed: then there may be no winner, but never two.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/store.h"

#define PROCESSES	64
#define THREADS		16

struct tally {
	unsigned won, lost, error, silent;
};

static const char *path;

/* 'W': it was first; 'L': it was not; 'E': no answer. */
static char
try_once(unsigned number)
{
	struct state_dir dir;
	bool found = true;
	char result = 'E';

	if (state_dir_open(path, &dir) == JWT_OK &&
	    use_once(&dir, number, true, &found) == JWT_OK)
		result = found ? 'L' : 'W';
	state_dir_close(&dir);
	return result;
}

static void
count(struct tally *tally, char result)
{
	tally->won += result == 'W';
	tally->lost += result == 'L';
	tally->error += result == 'E';
}

/* Waits until the gate is closed by the parent, then tries. */
__attribute__((noreturn)) static void
child(unsigned number, int gate, int results)
{
	char byte;

	(void)!read(gate, &byte, 1);
	byte = try_once(number);
	(void)!write(results, &byte, 1);
	_exit(0);
}

static void
open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		die("pipe");
}

/* Half of them, at random moments within a millisecond. */
static void
kill_half(const pid_t *pids)
{
	unsigned i;

	for (i = 0; i < PROCESSES; i += 2) {
		if (rand() % 4 == 0)
			usleep((useconds_t)(rand() % 300));
		kill(pids[i], SIGKILL);
	}
}

static struct tally
run_processes(unsigned number, bool kills)
{
	struct tally tally = { 0 };
	int gate[2], results[2];
	pid_t pids[PROCESSES];
	unsigned i;
	char byte;

	open_pipe(gate);
	open_pipe(results);
	for (i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0) {
			close(gate[1]);
			child(number, gate[0], results[1]);
		}
	}
	close(results[1]);
	close(gate[0]);
	close(gate[1]);		/* go */
	if (kills)
		kill_half(pids);
	while (read(results[0], &byte, 1) == 1)
		count(&tally, byte);
	close(results[0]);
	for (i = 0; i < PROCESSES; i++)
		waitpid(pids[i], NULL, 0);
	tally.silent = PROCESSES - tally.won - tally.lost - tally.error;
	return tally;
}

struct thread {
	pthread_barrier_t *barrier;
	unsigned number;
	char result;
};

static void *
run_thread(void *arg)
{
	struct thread *thread = arg;

	pthread_barrier_wait(thread->barrier);
	thread->result = try_once(thread->number);
	return NULL;
}

static struct tally
run_threads(unsigned number)
{
	struct thread threads[THREADS];
	pthread_t ids[THREADS];
	pthread_barrier_t barrier;
	struct tally tally = { 0 };
	unsigned i;

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ &barrier, number, 'E' };
		if (pthread_create(&ids[i], NULL, run_thread, &threads[i]) != 0)
			die("pthread_create");
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(ids[i], NULL);
		count(&tally, threads[i].result);
	}
	pthread_barrier_destroy(&barrier);
	return tally;
}

/* Whoever comes later finds it used; but where nobody was first, perhaps not. */
static bool
is_used(unsigned number)
{
	struct state_dir dir;
	bool found = false;

	if (state_dir_open(path, &dir) != JWT_OK ||
	    use_once(&dir, number, false, &found) != JWT_OK)
		found = false;
	state_dir_close(&dir);
	return found;
}

static void
rounds(const char *what, unsigned total, unsigned first, int mode)
{
	unsigned bad = 0, none = 0, errors = 0, i;

	for (i = 0; i < total; i++) {
		struct tally tally = mode == 2 ? run_threads(first + i) :
		    run_processes(first + i, mode == 1);

		none += tally.won == 0;
		errors += tally.error;
		bad += tally.won > 1 || (mode != 1 && (tally.won != 1 ||
		    tally.silent != 0 || tally.error != 0)) ||
		    (tally.won == 1 && !is_used(first + i));
	}
	report(bad == 0 && errors == 0, what, "%u of %u rounds wrong, %u "
	    "errors", bad, total, errors);
	if (mode == 1)
		printf("# %u of %u rounds without a winner: it was killed\n",
		    none, total);
}

int
main(int argc, char **argv)
{
	unsigned total;

	if (argc != 3)
		return 2;
	total = (unsigned)atoi(argv[2]);
	srand((unsigned)getpid());
	path = new_store(argv[1]);
	rounds("64 processes race for a token: one is first", total, 0, 0);
	rounds("16 threads race for a token: one is first", total, 10000, 2);
	rounds("64 processes race, half of them are killed: never two", total,
	    20000, 1);
	return failed != 0;
}
