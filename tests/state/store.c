/* SPDX-License-Identifier: BSD-2-Clause */
/* Results, and questions to a store, for the programs of tests/state. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "state/store.h"

int failed;

void
report(bool good, const char *name, const char *format, ...)
{
	va_list args;

	printf("%s - state: %s", good ? "ok" : "not ok", name);
	if (!good) {
		printf("\n# ");
		va_start(args, format);
		vprintf(format, args);
		va_end(args);
		failed++;
	}
	putchar('\n');
	fflush(stdout);
}

void
die(const char *what)
{
	perror(what);
	exit(2);
}

const char *
new_store(const char *folder)
{
	static char path[512];
	static unsigned count;
	struct state_dir dir;
	bool made;

	snprintf(path, sizeof(path), "%s/store%d-%u", folder, (int)getpid(),
	    count++);
	if (state_dir_init(path, TEST_NOW - 1000, &made, &dir) != JWT_OK ||
	    !made) {
		fprintf(stderr, "%s: %s\n", path, dir.fault);
		exit(2);
	}
	state_dir_close(&dir);
	return path;
}

static struct state_id
name(enum state_kind kind, unsigned number)
{
	struct state_id id;
	char text[32];

	snprintf(text, sizeof(text), "jti-%u", number);
	if (state_id(kind, bytes_str("https://id.test"), bytes_str(text),
	    &id) != JWT_OK)
		die("state_id");
	return id;
}

static enum jwt_reason
ask(struct state_dir *dir, struct state_id id, bool consume, bool *found)
{
	struct state_question question = {
		.ask = { { .id = id, .consume = consume } }, .count = 1,
		.now = TEST_NOW, .until = TEST_UNTIL
	};
	struct state_answer answer = { .made_at = 0 };
	enum jwt_reason reason = state_dir_ask(dir, &question, &answer);

	*found = answer.fact[0].found;
	return reason;
}

enum jwt_reason
use_once(struct state_dir *dir, unsigned number, bool consume, bool *found)
{
	return ask(dir, name(STATE_USED, number), consume, found);
}

enum jwt_reason
is_revoked(struct state_dir *dir, unsigned number, bool *found)
{
	return ask(dir, name(STATE_TOKEN, number), false, found);
}

enum jwt_reason
revoke_token(struct state_dir *dir, unsigned number)
{
	return revoke_until(dir, number, TEST_UNTIL);
}

enum jwt_reason
revoke_until(struct state_dir *dir, unsigned number, int64_t until)
{
	struct state_fact fact = {
		.id = name(STATE_TOKEN, number), .until = until
	};

	return state_dir_put(dir, &fact);
}

enum jwt_reason
token_name(struct state_dir *dir, unsigned number, char shard[3],
    char link[64])
{
	struct state_id id = name(STATE_TOKEN, number);

	return state_dir_name(dir, &id, shard, link);
}

enum jwt_reason
cut_off(struct state_dir *dir, int64_t cutoff, int64_t until)
{
	struct state_fact fact = {
		.id = name(STATE_SUBJECT, 0), .cutoff = cutoff, .until = until
	};

	return state_dir_put(dir, &fact);
}

enum jwt_reason
get_cutoff(struct state_dir *dir, int64_t *cutoff)
{
	struct state_question question = {
		.ask = { { .id = name(STATE_SUBJECT, 0) } }, .count = 1,
		.iat = INT64_MAX, .now = TEST_NOW, .until = TEST_UNTIL
	};
	struct state_answer answer = { .made_at = 0 };
	enum jwt_reason reason = state_dir_ask(dir, &question, &answer);

	*cutoff = answer.fact[0].found ? answer.fact[0].cutoff : 0;
	return reason;
}
