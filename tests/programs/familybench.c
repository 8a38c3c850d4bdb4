/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many refreshes a second many clients get, against durable commits of bare
 * SQLite, in the same run and in turns.
 *
 *	familybench FOLDER CLIENTS SECONDS ROUNDS
 *
 * Bare means: a process opens the database, updates a row of the same size by
 * its key in one transaction, and closes it; with the same settings, and a lock
 * file that writers wait at, without which SQLite is slower.  Prints the rates and their ratio, and
 * looks whether each refresh that was answered is in the database.
 */
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/programs/family.h"

#define ROW_SIZE 420	/* bytes of a family with one audience */

enum kind { BARE, FAMILIES, KINDS };

struct client {
	char token[FAMILY_TOKEN_LEN + 1];
	unsigned refreshes;	/* that were answered, in all */
};

static unsigned clients, seconds;
static struct client client[RACERS_MAX];

static double
now_sec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- bare SQLite -------------------------------------------------------- */

static const char *
bare_path(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", conf.directory, name);
	return path;
}

static void
sql(sqlite3 *sqlite, const char *text)
{
	if (sqlite3_exec(sqlite, text, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(sqlite));
}

/* SQLite's own waits grow to 100 ms, and many clients would starve. */
static int
bare_busy(void *unused, int count)
{
	(void)unused;
	usleep(200 + (unsigned)(now_sec() * 1e9) % 800);
	return count < 20000;
}

static sqlite3 *
bare_open(void)
{
	sqlite3 *sqlite;

	if (sqlite3_open(bare_path("bare.db"), &sqlite) != SQLITE_OK)
		die("bare.db");
	sqlite3_busy_handler(sqlite, bare_busy, NULL);
	sql(sqlite, "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=EXTRA;"
	    "PRAGMA journal_size_limit=1048576; PRAGMA temp_store=MEMORY;");
	return sqlite;
}

static void
bare_create(void)
{
	sqlite3 *sqlite = bare_open();
	char text[128];
	unsigned i;

	sql(sqlite, "CREATE TABLE row(id BLOB PRIMARY KEY, value BLOB) "
	    "WITHOUT ROWID");
	for (i = 0; i < clients; i++) {
		snprintf(text, sizeof(text), "INSERT INTO row VALUES("
		    "CAST(%u AS BLOB), zeroblob(%d))", i, ROW_SIZE);
		sql(sqlite, text);
	}
	sqlite3_close(sqlite);
}

static void
bare_commit(const char *text, int queue)
{
	struct flock lock = { .l_type = F_WRLCK };
	sqlite3 *sqlite = bare_open();

	while (fcntl(queue, F_OFD_SETLK, &lock) != 0)
		(void)bare_busy(NULL, 0);
	sql(sqlite, "BEGIN IMMEDIATE");
	sql(sqlite, text);
	sql(sqlite, "COMMIT");
	lock.l_type = F_UNLCK;
	fcntl(queue, F_OFD_SETLK, &lock);
	sqlite3_close(sqlite);
}

static unsigned
run_bare(unsigned number, double until)
{
	const int queue = open(bare_path("bare.lock"), O_RDWR | O_CREAT, 0600);
	char text[128];
	unsigned done;

	snprintf(text, sizeof(text), "UPDATE row SET value=randomblob(%d) "
	    "WHERE id=CAST(%u AS BLOB)", ROW_SIZE, number);
	for (done = 0; now_sec() < until; done++)
		bare_commit(text, queue);
	close(queue);
	return done;
}

/* ---- families ----------------------------------------------------------- */

/* As serve does it: each refresh opens the database. */
static unsigned
run_families(struct client *one, double until)
{
	int64_t now = START + one->refreshes;
	unsigned done;

	for (done = 0; now_sec() < until; done++) {
		struct answer answer;
		struct family_db db;

		if (!open_db(&db) || refresh(&db, one->token, ++now,
		    &answer) != FAMILY_OK)
			die(db.fault[0] != '\0' ? db.fault : "refresh");
		family_db_close(&db);
		memcpy(one->token, answer.token, sizeof(answer.token));
	}
	one->refreshes += done;
	return done;
}

static bool
check_families(void)
{
	unsigned i;

	for (i = 0; i < clients; i++) {
		struct family_turn turn;
		struct family_db db;

		if (!open_db(&db) || family_look(&db,
		    bytes_str(client[i].token), START + 100000, &turn) !=
		    FAMILY_OK)
			return wrong("the token of client %u is lost", i);
		if (turn.family.generation != client[i].refreshes)
			return wrong("client %u: %u refreshes, generation %u",
			    i, client[i].refreshes, turn.family.generation);
		family_turn_clear(&turn);
		family_db_close(&db);
	}
	return true;
}

/* ---- one slice ---------------------------------------------------------- */

__attribute__((noreturn)) static void
be_client(enum kind kind, unsigned number, double start, int told)
{
	struct client *one = &client[number];

	while (now_sec() < start)
		usleep(1000);
	if (kind == BARE)
		one->token[0] = '\0';
	if (kind == BARE)
		one->refreshes = run_bare(number, start + seconds);
	else
		(void)run_families(one, start + seconds);
	if (write(told, one, sizeof(*one)) != sizeof(*one))
		_exit(2);
	_exit(0);
}

/* Commits a second, of all clients at once. */
static double
run_slice(enum kind kind)
{
	const double start = now_sec() + 0.2;
	int told[RACERS_MAX][2];
	unsigned total = 0, i;

	for (i = 0; i < clients; i++) {
		if (pipe(told[i]) != 0)
			die("pipe");
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			be_client(kind, i, start, told[i][1]);
		default:
			close(told[i][1]);
		}
	}
	for (i = 0; i < clients; i++) {
		struct client one;

		if (read(told[i][0], &one, sizeof(one)) != sizeof(one))
			die("a client failed");
		close(told[i][0]);
		total += one.refreshes;
		if (kind == FAMILIES) {
			total -= client[i].refreshes;
			client[i] = one;
		}
	}
	while (wait(NULL) > 0)
		;
	return total / (now_sec() - start);
}

int
main(int argc, char **argv)
{
	double rate[KINDS] = { 0, 0 };
	unsigned rounds, i;

	if (argc != 5)
		die("FOLDER CLIENTS SECONDS ROUNDS");
	choose_folder(argv[1]);
	clients = (unsigned)atoi(argv[2]);
	seconds = (unsigned)atoi(argv[3]);
	rounds = (unsigned)atoi(argv[4]);
	if (clients == 0 || clients > RACERS_MAX || seconds == 0 || rounds == 0)
		die("the numbers");
	bare_create();
	for (i = 0; i < clients; i++)
		start_family(i, START, client[i].token);
	for (i = 0; i < rounds; i++) {
		rate[BARE] += run_slice(BARE) / rounds;
		rate[FAMILIES] += run_slice(FAMILIES) / rounds;
	}
	if (!check_families())
		return 1;
	printf("%u clients: %.0f refreshes/s, %.0f bare commits/s, ratio "
	    "%.2f\n", clients, rate[FAMILIES], rate[BARE],
	    rate[FAMILIES] / rate[BARE]);
	return 0;
}
