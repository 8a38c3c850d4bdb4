/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Families of refresh tokens, in many processes that race and die.
 *
 *	familytry FOLDER create | login PERSON NOW | look TOKEN NOW |
 *	    refresh TOKEN NOW | hold SECONDS | flip TOKEN STRIDE |
 *	    race PROCESSES ROUNDS | kill SWEEPS
 *
 * refresh prints the next token and the iat; look and refresh print the result.
 * race and kill print a line on what they did, or what is wrong.  Exit: 0 fine,
 * 1 refused or wrong, 2 trouble.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tests/programs/family.h"

/* ---- one turn ----------------------------------------------------------- */

static const char *
name_of(enum family_result result)
{
	static const char *const name[] = { "TROUBLE", "OK", "REPEAT",
		"UNKNOWN", "OVER", "REUSED", "REUSED_AGAIN", "AHEAD", "CLOCK",
		"AGAIN" };

	return name[result];
}

static int
tell(const struct family_db *db, enum family_result result)
{
	printf("%s\n", name_of(result));
	if (result == FAMILY_TROUBLE)
		fprintf(stderr, "%s\n", db->fault);
	if (result == FAMILY_TROUBLE)
		return 2;
	return result == FAMILY_OK || result == FAMILY_REPEAT ? 0 : 1;
}

static int
run_login(const char *person, int64_t now)
{
	struct answer answer;
	struct family_db db;
	enum family_result result = FAMILY_TROUBLE;

	if (open_db(&db))
		result = log_in(&db, person, now, &answer);
	family_db_close(&db);
	if (result != FAMILY_OK)
		return tell(&db, result);
	printf("%s\n", answer.token);
	return 0;
}

static int
run_look(const char *token, int64_t now)
{
	struct family_turn turn;
	struct family_db db;
	enum family_result result = FAMILY_TROUBLE;

	if (open_db(&db)) {
		result = family_look(&db, bytes_str(token), now, &turn);
		family_turn_clear(&turn);
	}
	family_db_close(&db);
	return tell(&db, result);
}

static int
run_refresh(const char *token, int64_t now)
{
	struct answer answer;
	struct family_db db;
	enum family_result result = FAMILY_TROUBLE;

	if (open_db(&db))
		result = refresh(&db, token, now, &answer);
	family_db_close(&db);
	if (result == FAMILY_OK)
		printf("%s %lld\n", answer.token, (long long)answer.iat);
	return tell(&db, result);
}

/* Hold the database as a process does that was stopped while it wrote. */
static int
run_hold(unsigned seconds)
{
	struct family_db db;
	sqlite3 *sqlite = NULL;

	if (!open_db(&db))
		return 2;
	if (sqlite3_open(db.path, &sqlite) != SQLITE_OK ||
	    sqlite3_exec(sqlite, "BEGIN EXCLUSIVE", NULL, NULL, NULL) !=
	    SQLITE_OK)
		return 2;
	printf("held\n");
	fflush(stdout);
	sleep(seconds);
	sqlite3_close(sqlite);
	family_db_close(&db);
	return 0;
}

/* Look, with one byte of the file changed. */
static enum family_result
look_changed(int fd, off_t at, uint8_t mask, const char *token)
{
	struct family_turn turn;
	struct family_db db;
	enum family_result result = FAMILY_TROUBLE;
	uint8_t byte, changed;

	if (pread(fd, &byte, 1, at) != 1)
		die("pread");
	changed = byte ^ mask;
	if (pwrite(fd, &changed, 1, at) != 1)
		die("pwrite");
	if (open_db(&db)) {
		result = family_look(&db, bytes_str(token), START, &turn);
		family_turn_clear(&turn);
	}
	family_db_close(&db);
	if (pwrite(fd, &byte, 1, at) != 1)
		die("pwrite");
	return result;
}

/* With one bit of the file flipped, a family that has ended must not live. */
static int
run_flip(const char *token, unsigned stride)
{
	const int fd = open(database(), O_RDWR);
	const off_t size = lseek(fd, 0, SEEK_END);
	unsigned refused = 0, seen = 0;
	off_t at;

	for (at = 0; at < size; at += stride) {
		enum family_result result = look_changed(fd, at,
		    (uint8_t)(1 << seen % 8), token);

		if (result == FAMILY_OK || result == FAMILY_REPEAT)
			return !wrong("byte %lld: %s", (long long)at,
			    name_of(result));
		seen++;
		refused += result == FAMILY_TROUBLE;
	}
	close(fd);
	printf("%u bits, %u times the database was refused\n", seen, refused);
	return 0;
}

/* ---- races -------------------------------------------------------------- */

struct racer {
	char token[FAMILY_TOKEN_LEN + 1];	/* that it has */
	struct answer answer;
};

enum race { RACE_EACH, RACE_ONE, RACE_REUSE };

/* A child: wait for the start, take part, and say what came out. */
__attribute__((noreturn)) static void
take_part(int start, int told, const char *token, int64_t now)
{
	struct answer answer = { .iat = 0 };
	struct family_db db;
	char byte;

	if (!open_db(&db) || read(start, &byte, 1) != 0)
		_exit(2);
	answer.result = refresh(&db, token, now, &answer);
	if (answer.result == FAMILY_TROUBLE)
		fprintf(stderr, "%s\n", db.fault);
	family_db_close(&db);
	if (write(told, &answer, sizeof(answer)) != sizeof(answer))
		_exit(2);
	_exit(0);
}

/* All at once; the answers are in racers. */
static void
run_race(struct racer *racers, unsigned count, int64_t now)
{
	int start[2], told[RACERS_MAX][2];
	unsigned i;

	if (pipe(start) != 0)
		die("pipe");
	for (i = 0; i < count; i++) {
		if (pipe(told[i]) != 0)
			die("pipe");
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			close(start[1]);
			/* Clocks that were read a moment before and after. */
			take_part(start[0], told[i][1], racers[i].token,
			    now + i % 3);
		default:
			close(told[i][1]);
		}
	}
	close(start[0]);
	usleep(50000);
	close(start[1]);
	for (i = 0; i < count; i++) {
		if (read(told[i][0], &racers[i].answer,
		    sizeof(struct answer)) != sizeof(struct answer))
			racers[i].answer.result = FAMILY_TROUBLE;
		close(told[i][0]);
	}
	while (wait(NULL) > 0)
		;
}

/* Each has a family: each gets an answer, and goes on with it. */
static bool
check_each(struct racer *racers, unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		if (racers[i].answer.result != FAMILY_OK)
			return wrong("process %u of its own family: %s", i,
			    name_of(racers[i].answer.result));
		memcpy(racers[i].token, racers[i].answer.token,
		    sizeof(racers[i].token));
	}
	return true;
}

/* All have the same token: all get the same answer. */
static bool
check_one(struct racer *racers, unsigned count)
{
	const struct answer *first = &racers[0].answer;
	unsigned i;

	for (i = 0; i < count; i++) {
		const struct answer *answer = &racers[i].answer;

		if (answer->result != FAMILY_OK)
			return wrong("process %u of one family: %s", i,
			    name_of(answer->result));
		if (strcmp(answer->token, first->token) != 0 ||
		    strcmp(answer->jti, first->jti) != 0 ||
		    answer->iat != first->iat)
			return wrong("process %u of one family has another "
			    "answer", i);
	}
	for (i = 0; i < count; i++)
		memcpy(racers[i].token, racers[0].answer.token,
		    sizeof(racers[i].token));
	return true;
}

/* All have the same old token: one of them ends the family. */
static bool
check_reuse(struct racer *racers, unsigned count)
{
	unsigned ended = 0, i;

	for (i = 0; i < count; i++) {
		enum family_result result = racers[i].answer.result;

		if (result != FAMILY_REUSED && result != FAMILY_REUSED_AGAIN)
			return wrong("process %u with an old token: %s", i,
			    name_of(result));
		ended += result == FAMILY_REUSED;
	}
	return ended == 1 || wrong("%u processes ended the family", ended);
}

static bool
race_rounds(enum race race, unsigned count, unsigned rounds)
{
	static struct racer racers[RACERS_MAX];
	char first[FAMILY_TOKEN_LEN + 1];
	int64_t now = START;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (i == 0 || race == RACE_EACH)
			start_family(i, now, first);
		memcpy(racers[i].token, first, sizeof(first));
	}
	for (i = 0; i < rounds; i++) {
		now += 10;
		run_race(racers, count, now);
		if (race == RACE_EACH && !check_each(racers, count))
			return false;
		if (race == RACE_ONE && !check_one(racers, count))
			return false;
	}
	if (race == RACE_EACH)
		return true;
	for (i = 0; i < count; i++)
		memcpy(racers[i].token, first, sizeof(first));
	run_race(racers, count, now + 10);
	return check_reuse(racers, count);
}

static int
race(unsigned count, unsigned rounds)
{
	if (count == 0 || count > RACERS_MAX || rounds < 2)
		return 2;
	if (!race_rounds(RACE_EACH, count, rounds) ||
	    !race_rounds(RACE_ONE, count, rounds))
		return 1;
	printf("%u processes, %u rounds each\n", count, rounds);
	return 0;
}

/* ---- kills -------------------------------------------------------------- */

/* A child that stops at each system call: refresh, and tell the answer. */
__attribute__((noreturn)) static void
be_killed(int told, const char *token, int64_t now)
{
	struct answer answer;
	struct family_db db;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(2);
	raise(SIGSTOP);
	if (!open_db(&db))
		_exit(2);
	answer.result = refresh(&db, token, now, &answer);
	if (answer.result == FAMILY_OK &&
	    write(told, &answer, sizeof(answer)) != sizeof(answer))
		_exit(2);
	family_db_close(&db);
	_exit(answer.result == FAMILY_OK ? 0 : 2);
}

/* Let the child go to the start of its system call number calls, and kill it. */
static bool
kill_at(pid_t child, unsigned calls)
{
	unsigned stops = 0;
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		die("the child does not stop");
	/* It stops at the start and at the end of each. */
	while (stops < 2 * calls - 1) {
		if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
			die("ptrace");
		if (waitpid(child, &status, 0) != child)
			die("waitpid");
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			return false;
		if (!WIFSTOPPED(status))
			die("the child failed");
		stops++;
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return true;
}

/*
 * A refresh that is killed at its system call number calls; *answer has its
 * answer, if it came so far.  False if it has no such call.
 */
static bool
killed_refresh(const char *token, int64_t now, unsigned calls,
    struct answer *answer)
{
	int told[2];
	pid_t child;
	bool was_killed;

	*answer = (struct answer){ .result = FAMILY_TROUBLE };
	if (pipe(told) != 0)
		die("pipe");
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		close(told[0]);
		be_killed(told[1], token, now);
	}
	close(told[1]);
	was_killed = kill_at(child, calls);
	if (read(told[0], answer, sizeof(*answer)) != sizeof(*answer))
		answer->result = FAMILY_TROUBLE;
	close(told[0]);
	return was_killed;
}

/*
 * What the client does then: it asks again with the same token.  The answer must
 * be the one that it may have had, and its token the only usable one.
 */
static bool
recover(char *token, int64_t now, const struct answer *had)
{
	struct family_turn turn;
	struct answer answer;
	struct family_db db;
	enum family_result result;

	if (!open_db(&db))
		return wrong("%s", db.fault);
	result = refresh(&db, token, now, &answer);
	if (result != FAMILY_OK)
		return wrong("the second try: %s", name_of(result));
	if (had->result == FAMILY_OK && (strcmp(had->token, answer.token) != 0 ||
	    strcmp(had->jti, answer.jti) != 0 || had->iat != answer.iat))
		return wrong("an answer was lost");
	result = family_look(&db, bytes_str(token), now, &turn);
	if (result != FAMILY_REPEAT || strcmp(turn.token, answer.token) != 0)
		return wrong("the old token: %s", name_of(result));
	family_turn_clear(&turn);
	result = family_look(&db, bytes_str(answer.token), now, &turn);
	if (result != FAMILY_OK)
		return wrong("the new token: %s", name_of(result));
	family_turn_clear(&turn);
	family_db_close(&db);
	memcpy(token, answer.token, sizeof(answer.token));
	return true;
}

/* One sweep: a refresh for each system call that there is to be killed at. */
static bool
sweep(unsigned number, unsigned *kills)
{
	char token[FAMILY_TOKEN_LEN + 1], first[FAMILY_TOKEN_LEN + 1];
	int64_t now = START;
	struct answer had;
	unsigned calls;

	start_family(number, now, token);
	memcpy(first, token, sizeof(first));
	for (calls = 1;; calls++) {
		now += 20;
		if (!killed_refresh(token, now, calls, &had))
			break;
		if (!recover(token, now + 3, &had))
			return wrong("killed at system call %u", calls);
		(*kills)++;
	}
	/* The last one was not killed, and its token is current. */
	if (!recover(token, now + 3, &had))
		return false;
	return expect(first, now + 3, FAMILY_REUSED) &&
	    expect(token, now + 3, FAMILY_OVER);
}

static int
run_kills(unsigned sweeps)
{
	unsigned kills = 0, i;

	for (i = 0; i < sweeps; i++) {
		if (!sweep(i, &kills))
			return 1;
	}
	printf("%u sweeps, %u refreshes killed\n", sweeps, kills);
	return 0;
}

/* ---- the words ---------------------------------------------------------- */

int
main(int argc, char **argv)
{
	const char *word = argc >= 3 ? argv[2] : "";
	const char *a = argc >= 4 ? argv[3] : "", *b = argc >= 5 ? argv[4] : "";

	if (argc < 3)
		die("FOLDER WORD...");
	choose_folder(argv[1]);
	if (strcmp(word, "create") == 0)
		return create();
	if (strcmp(word, "login") == 0)
		return run_login(a, atoll(b));
	if (strcmp(word, "look") == 0)
		return run_look(a, atoll(b));
	if (strcmp(word, "refresh") == 0)
		return run_refresh(a, atoll(b));
	if (strcmp(word, "hold") == 0)
		return run_hold((unsigned)atoi(a));
	if (strcmp(word, "flip") == 0)
		return run_flip(a, (unsigned)atoi(b));
	if (strcmp(word, "race") == 0)
		return race((unsigned)atoi(a), (unsigned)atoi(b));
	if (strcmp(word, "kill") == 0)
		return run_kills((unsigned)atoi(a));
	die("no such word");
}
