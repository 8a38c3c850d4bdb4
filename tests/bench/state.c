/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What state costs: a lookup and a durable test-and-set, as a login does them
 * (open, one operation, close), in our directory, in SQLite and in a Redis, in
 * one run.  Prints lines of JSON for report.py.
 *
 *	state FOLDER SECONDS SOCKET PORT TLS_PORT CA ENTRIES...
 *
 * ENTRIES are numbers as 1000 100000.  SOCKET, PORT and TLS_PORT are those of a
 * Redis, which is measured with the first of the numbers alone; "-": there is
 * none.  CA is the certificate that its own is signed with.
 *
 * SQLite has the flags that are right for it (rollback journal PERSIST,
 * synchronous EXTRA, no memory map), and its file lies in the same folder.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/state/state_dir.h"
#include "host/state/state_redis.h"

#define SAMPLES_MAX	200000	/* of one process */
#define PROCESSES_MAX	64
#define UNTIL		(now_epoch + 9999)

static char dir_path[600], file_path[600];
static struct state_settings unix_settings, tcp_settings, tls_settings;
static double seconds;		/* of one measurement */
static int64_t now_epoch;	/* when the program began */

static double
now_sec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

__attribute__((noreturn)) static void
die(const char *what)
{
	fprintf(stderr, "state: %s\n", what);
	exit(1);
}

static struct state_id
name(enum state_kind kind, unsigned long number)
{
	struct state_id id;
	char text[32];

	snprintf(text, sizeof(text), "jti-%lu", number);
	if (state_id(kind, bytes_str("https://id.test"), bytes_str(text),
	    &id) != JWT_OK)
		die("state_id");
	return id;
}

/* ---- the stores: look a fact up, or use a token once ---- */

static struct state_question
question_of(bool uses, unsigned long number)
{
	return (struct state_question){
		.ask = { { .id = name(uses ? STATE_USED : STATE_TOKEN, number),
		    .consume = uses } },
		.count = 1, .now = now_epoch, .until = UNTIL
	};
}

static void
dir_op(bool uses, unsigned long number)
{
	struct state_dir dir;
	struct state_question question = question_of(uses, number);
	struct state_answer answer = { .made_at = 0 };

	if (state_dir_open(dir_path, &dir) != JWT_OK ||
	    state_dir_ask(&dir, &question, &answer) != JWT_OK)
		die(dir.fault);
	state_dir_close(&dir);
}

static void
redis_op(const struct state_settings *settings, bool uses,
    unsigned long number)
{
	struct state_redis redis = { .settings = settings };
	struct state_question question = question_of(uses, number);
	struct state_answer answer = { .made_at = 0 };

	if (state_redis_ask(&redis, &question, &answer) != JWT_OK)
		die(redis.fault);
}

static void
unix_op(bool uses, unsigned long number)
{
	redis_op(&unix_settings, uses, number);
}

static void
tcp_op(bool uses, unsigned long number)
{
	redis_op(&tcp_settings, uses, number);
}

static void
tls_op(bool uses, unsigned long number)
{
	redis_op(&tls_settings, uses, number);
}

/* sqlite3_busy_timeout() starves writers; this is what shares fairly. */
static int
sleep_a_little(void *ctx, int tries)
{
	(void)ctx;
	usleep(200 + (unsigned)rand() % 800);
	return tries < 60000;
}

static sqlite3 *
sql_open(void)
{
	sqlite3 *db;

	if (sqlite3_open_v2(file_path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		die("sqlite3_open_v2");
	sqlite3_busy_handler(db, sleep_a_little, NULL);
	if (sqlite3_exec(db, "PRAGMA journal_mode=PERSIST;"
	    "PRAGMA synchronous=EXTRA; PRAGMA mmap_size=0;"
	    "PRAGMA temp_store=MEMORY", NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	return db;
}

static void
sql_step(sqlite3 *db, const char *text, const struct state_id *id)
{
	sqlite3_stmt *statement;
	int code;

	if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	sqlite3_bind_blob(statement, 1, id->hash, HASH_LEN, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		die(sqlite3_errmsg(db));
	sqlite3_finalize(statement);
}

static void
sql_op(bool uses, unsigned long number)
{
	struct state_id id = name(uses ? STATE_USED : STATE_TOKEN, number);
	sqlite3 *db = sql_open();

	sql_step(db, uses ? "INSERT OR IGNORE INTO fact VALUES (?1, 1)" :
	    "SELECT until FROM fact WHERE id = ?1", &id);
	sqlite3_close(db);
}

/* ---- filling ---- */

static void
fill_dir(unsigned long from, unsigned long to)
{
	struct state_dir dir;
	char shard[3], file[64], path[800], target[32];

	if (state_dir_open(dir_path, &dir) != JWT_OK)
		die(dir.fault);
	/* Without the fsync of each: it is not what is measured. */
	for (; from < to; from++) {
		struct state_id id = name(STATE_TOKEN, from);

		if (state_dir_name(&dir, &id, shard, file) != JWT_OK)
			die("state_dir_name");
		snprintf(path, sizeof(path), "%s/%s/%s", dir_path, shard, file);
		snprintf(target, sizeof(target), "%lld", (long long)UNTIL);
		if (symlink(target, path) != 0)
			die("symlink");
	}
	state_dir_close(&dir);
	sync();
}

static void
fill_sql(unsigned long from, unsigned long to)
{
	sqlite3 *db = sql_open();

	sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS fact (id BLOB PRIMARY "
	    "KEY NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID; BEGIN",
	    NULL, NULL, NULL);
	for (; from < to; from++) {
		struct state_id id = name(STATE_TOKEN, from);

		sql_step(db, "INSERT INTO fact VALUES (?1, 1)", &id);
	}
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* ---- measuring ---- */

struct samples {
	double start;	/* for all processes */
	unsigned count[PROCESSES_MAX];
	float usec[PROCESSES_MAX][SAMPLES_MAX];
};

static struct samples *samples;	/* shared by all processes */

__attribute__((noreturn)) static void
work(void (*op)(bool, unsigned long), bool uses, unsigned process,
    unsigned long entries)
{
	/* Half of the lookups find something; every use is a new one. */
	unsigned long next = (unsigned long)getpid() * 1000000UL;
	double start = samples->start, before;
	unsigned count = 0;

	srand((unsigned)getpid());
	while (now_sec() < start)
		usleep(1000);
	while ((before = now_sec()) < start + seconds && count < SAMPLES_MAX) {
		unsigned long number = uses ? 1000000000UL + next++ :
		    (unsigned long)rand() % (2 * entries);

		op(uses, number);
		samples->usec[process][count++] =
		    (float)((now_sec() - before) * 1e6);
	}
	samples->count[process] = count;
	_exit(0);
}

static int
compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void
print_row(const char *store, const char *what, unsigned long entries,
    unsigned processes)
{
	static float all[PROCESSES_MAX * (SAMPLES_MAX / 4)];
	size_t count = 0;
	unsigned i;

	for (i = 0; i < processes; i++) {
		size_t n = samples->count[i];

		if (count + n > sizeof(all) / sizeof(all[0]))
			n = sizeof(all) / sizeof(all[0]) - count;
		memcpy(all + count, samples->usec[i], n * sizeof(all[0]));
		count += n;
	}
	qsort(all, count, sizeof(all[0]), compare);
	printf("{\"table\": \"state\", \"store\": \"%s\", \"what\": \"%s\", "
	    "\"entries\": %lu, \"processes\": %u, \"per_second\": %.0f, "
	    "\"p10\": %.0f, \"p50\": %.0f, \"p90\": %.0f, \"p99\": %.0f}\n",
	    store, what, entries, processes, (double)count / seconds,
	    (double)all[count / 10], (double)all[count / 2],
	    (double)all[count * 9 / 10], (double)all[count * 99 / 100]);
	fflush(stdout);
}

static void
measure(const char *store, void (*op)(bool, unsigned long), bool uses,
    unsigned long entries, unsigned processes)
{
	unsigned i;

	memset(samples->count, 0, sizeof(samples->count));
	samples->start = now_sec() + 0.3;
	for (i = 0; i < processes; i++) {
		if (fork() == 0)
			work(op, uses, i, entries);
	}
	while (wait(NULL) > 0)
		;
	print_row(store, uses ? "one-time token" : "lookup", entries,
	    processes);
}

static const struct store {
	const char *name;
	void (*op)(bool uses, unsigned long number);
	const struct state_settings *redis;	/* NULL: it is none */
} stores[] = {
	{ "directory", dir_op, NULL },
	{ "SQLite", sql_op, NULL },
	{ "Redis, unix", unix_op, &unix_settings },
	{ "Redis, tcp", tcp_op, &tcp_settings },
	{ "Redis, tls", tls_op, &tls_settings }
};

static void
measure_all(unsigned long entries, bool with_redis)
{
	static const unsigned processes[] = { 1, 8, 64 };
	unsigned uses, i;
	size_t k;

	for (i = 0; i < 6; i++) {
		uses = i / 3;
		for (k = 0; k < sizeof(stores) / sizeof(stores[0]); k++) {
			if (stores[k].redis == NULL || (with_redis &&
			    stores[k].redis->redis != REDIS_NONE))
				measure(stores[k].name, stores[k].op, uses != 0,
				    entries, processes[i % 3]);
		}
	}
}

static struct state_settings
redis_at(enum redis_transport transport, const char *host, const char *port)
{
	return (struct state_settings){
		.redis = strcmp(port, "-") == 0 ? REDIS_NONE : transport,
		.redis_host = host, .redis_timeout_sec = 30,
		.redis_port = (unsigned)strtoul(port, NULL, 10)
	};
}

static void
set_redis(char **argv)
{
	struct state_redis redis = { .settings = &unix_settings };
	enum state_made made;

	unix_settings = redis_at(REDIS_UNIX, argv[0], argv[0]);
	tcp_settings = redis_at(REDIS_TCP, "127.0.0.1", argv[1]);
	tls_settings = redis_at(REDIS_TLS, "127.0.0.1", argv[2]);
	tls_settings.redis_ca_file = argv[3];
	if (unix_settings.redis != REDIS_NONE &&
	    state_redis_init(&redis, now_epoch - 1, &made) != JWT_OK)
		die(redis.fault);
}

int
main(int argc, char **argv)
{
	struct state_dir dir;
	unsigned long done = 0;
	bool made;
	int i;

	if (argc < 8)
		return 2;
	now_epoch = time(NULL);
	snprintf(dir_path, sizeof(dir_path), "%s/state", argv[1]);
	snprintf(file_path, sizeof(file_path), "%s/state.db", argv[1]);
	seconds = strtod(argv[2], NULL);
	set_redis(argv + 3);
	if (state_dir_init(dir_path, now_epoch - 1, &made, &dir) != JWT_OK)
		die(dir.fault);
	state_dir_close(&dir);
	samples = mmap(NULL, sizeof(*samples), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (samples == MAP_FAILED)
		die("mmap");
	for (i = 7; i < argc; i++) {
		unsigned long entries = strtoul(argv[i], NULL, 10);

		fill_dir(done, entries);
		fill_sql(done, entries);
		done = entries;
		measure_all(entries, i == 7);
	}
	return 0;
}
