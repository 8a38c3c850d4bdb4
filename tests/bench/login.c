/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole logins through libpam, row by row and turn by turn.
 *
 *	login MODE ROWS [ROUNDS]
 *
 * ROWS has a line for each login: NAME CONFDIR SERVICE USER WANT FILE, in which
 * WANT is 0 or the code of a refusal and FILE holds the token.  The modes:
 *
 *	times		a line of JSON for each login: the CPU time of its phases
 *			in a forked child, in one with libcrypto, and in a warm
 *			process
 *	memory		the same lines with the peak of heap and stack
 *	warm		times of a warm process alone
 *	account		times of a child that has the account phase alone
 *	share		the time of warm logins in the kernel and outside of it
 *	trace		two logins: the first after write(-1, "login"), the second
 *			after write(-1, "again"), and write(-1, "end") in the end
 *	instructions	under callgrind: a dump for each row, of a warm login
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/callgrind.h"
#include "tests/bench/footprint.h"
#include "tests/bench/libcrypto_up.h"
#include "tests/bench/login_run.h"

#define ROWS_MAX	128
#define TOKEN_MAX_LEN	32768

struct rows {
	struct login row[ROWS_MAX];
	size_t count;
};

_Noreturn static void
die(const char *what)
{
	fprintf(stderr, "login: %s\n", what);
	exit(1);
}

/* ---- rows ---------------------------------------------------------------- */

static char *
read_token(const char *path)
{
	char *text = calloc(1, TOKEN_MAX_LEN);
	FILE *file = fopen(path, "r");

	if (file == NULL || text == NULL)
		die(path);
	if (fread(text, 1, TOKEN_MAX_LEN - 1, file) == 0)
		die(path);
	text[strcspn(text, "\n")] = '\0';
	fclose(file);
	return text;
}

static void
read_rows(const char *path, struct rows *rows)
{
	FILE *file = fopen(path, "r");
	char answer[256];

	if (file == NULL)
		die(path);
	while (rows->count < ROWS_MAX) {
		struct login *row = &rows->row[rows->count];

		if (fscanf(file, "%63s %255s %63s %63s %d %255s", row->name,
		    row->confdir, row->service, row->user, &row->want,
		    answer) != 6)
			break;
		row->answer = read_token(answer);
		rows->count++;
	}
	fclose(file);
}

/* ---- one login ----------------------------------------------------------- */

static void
login(const struct login *row, struct login_times *times)
{
	if (login_run(row, times) == 0)
		return;
	fprintf(stderr, "login: %s: code %d\n", row->name, times->code);
	exit(1);
}

static void
print_times(const struct login *row, const char *mode)
{
	struct login_times times;
	char line[1024];
	size_t len, i;

	login(row, &times);
	len = (size_t)snprintf(line, sizeof(line),
	    "{\"row\": \"%s\", \"mode\": \"%s\"", row->name, mode);
	for (i = 0; i < PHASES; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len,
		    ", \"%s\": %lld", phase_names[i], (long long)times.ns[i]);
	dprintf(STDOUT_FILENO, "%s}\n", line);
}

static void
login_once(void *ctx)
{
	struct login_times times;

	login(ctx, &times);
}

static void
print_memory(const struct login *row, const char *mode)
{
	struct login copy = *row;
	struct footprint print;

	footprint_of(login_once, &copy, &print);
	dprintf(STDOUT_FILENO, "{\"row\": \"%s\", \"mode\": \"%s\", "
	    "\"heap\": %zu, \"stack\": %zu, \"rss\": %ld, \"private\": %ld}\n",
	    row->name, mode, print.heap, print.stack, print.rss_kib,
	    print.private_kib);
}

/* ---- where it takes place ------------------------------------------------ */

static void
wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		die("a child failed");
}

typedef void print_fn(const struct login *row, const char *mode);

/* Each login in a child of its own: of a process with or without libcrypto. */
static void
in_children(const struct rows *rows, unsigned rounds, bool with_libcrypto,
    print_fn *print)
{
	const char *mode = with_libcrypto ? "up" : "cold";
	unsigned i;
	size_t k;

	if (with_libcrypto)
		libcrypto_up("libcrypto.so.3");
	for (i = 0; i < rounds * rows->count; i++) {
		pid_t pid = fork();

		k = i % rows->count;
		if (pid == 0) {
			print(&rows->row[k], mode);
			_exit(0);
		}
		wait_for(pid);
	}
}

/*
 * Each login after the same one, which is not measured.  Otherwise a row would
 * be slower only because the row before it has another module.
 */
static void
in_one_process(const struct rows *rows, unsigned rounds, print_fn *print)
{
	struct login_times times;
	unsigned i;

	for (i = 0; i < rounds * rows->count; i++) {
		const struct login *row = &rows->row[i % rows->count];

		login(row, &times);
		print(row, "warm");
	}
}

static void
in_all_places(const struct rows *rows, unsigned rounds, print_fn *print)
{
	int place;

	for (place = 0; place < 3; place++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (place == 2)
				in_one_process(rows, rounds, print);
			else
				in_children(rows, rounds, place == 1, print);
			_exit(0);
		}
		wait_for(pid);
	}
}

/* Only the account phase, in a new process, as sudo has it with a ticket. */
static void
account_alone(struct rows *rows, unsigned rounds)
{
	size_t k;
	int up;

	for (k = 0; k < rows->count; k++)
		rows->row[k].account_only = true;
	for (up = 0; up < 2; up++) {
		pid_t pid = fork();

		if (pid == 0) {
			in_children(rows, rounds, up == 1, print_times);
			_exit(0);
		}
		wait_for(pid);
	}
}

static double
us_of(struct timeval time)
{
	return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

/* The kernel's samples are coarse, so this takes very many logins. */
static void
print_share(const struct login *row, unsigned rounds)
{
	struct login_times times;
	struct rusage before, after;
	unsigned i;

	login(row, &times);
	getrusage(RUSAGE_SELF, &before);
	for (i = 0; i < rounds; i++)
		login(row, &times);
	getrusage(RUSAGE_SELF, &after);
	printf("{\"row\": \"%s\", \"user\": %.1f, \"kernel\": %.1f}\n",
	    row->name,
	    (us_of(after.ru_utime) - us_of(before.ru_utime)) / rounds,
	    (us_of(after.ru_stime) - us_of(before.ru_stime)) / rounds);
}

/* ---- under another program ----------------------------------------------- */

static void
count_instructions(const struct rows *rows)
{
	struct login_times times;
	size_t k;

	for (k = 0; k < rows->count; k++) {
		login(&rows->row[k], &times);
		CALLGRIND_ZERO_STATS;
		login(&rows->row[k], &times);
		CALLGRIND_DUMP_STATS_AT(rows->row[k].name);
	}
}

/*
 * strace shows where the login begins and ends.  An earlier process logs in
 * first: the first login after a boot makes the folders below /run.
 */
static void
trace(const struct login *row)
{
	struct login_times times;
	pid_t pid = fork();

	if (pid == 0) {
		login(row, &times);
		_exit(0);
	}
	wait_for(pid);
	(void)!write(-1, "login", 5);
	login(row, &times);
	(void)!write(-1, "again", 5);
	login(row, &times);
	(void)!write(-1, "end", 3);
}

int
main(int argc, char **argv)
{
	static struct rows rows;
	unsigned rounds = 1;

	if (argc < 3)
		die("MODE ROWS [ROUNDS]");
	if (argc > 3)
		rounds = (unsigned)strtoul(argv[3], NULL, 10);
	read_rows(argv[2], &rows);
	if (rows.count == 0)
		die("there is no row");
	if (strcmp(argv[1], "times") == 0)
		in_all_places(&rows, rounds, print_times);
	else if (strcmp(argv[1], "memory") == 0)
		in_all_places(&rows, rounds, print_memory);
	else if (strcmp(argv[1], "warm") == 0)
		in_one_process(&rows, rounds, print_times);
	else if (strcmp(argv[1], "account") == 0)
		account_alone(&rows, rounds);
	else if (strcmp(argv[1], "share") == 0)
		print_share(&rows.row[0], rounds);
	else if (strcmp(argv[1], "trace") == 0)
		trace(&rows.row[0]);
	else if (strcmp(argv[1], "instructions") == 0)
		count_instructions(&rows);
	else
		die("there is no such mode");
	return 0;
}
