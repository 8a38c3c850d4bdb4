/* SPDX-License-Identifier: BSD-2-Clause */
/* A store in a folder of its own for each test, and what is asked of it. */
#ifndef TEST_STATE_H
#define TEST_STATE_H

#include "core/state.h"
#include "host/state/state_dir.h"
#include "host/state/state_link.h"

#define NOW	INT64_C(1700000000)
#define EXP	(NOW + 600)

static struct state_id
id(enum state_kind kind, const char *iss, const char *value)
{
	struct state_id out;

	assert_int_equal(state_id(kind, bytes_str(iss), bytes_str(value),
	    &out), JWT_OK);
	return out;
}

static char path[64];

static int
make_store(void **state)
{
	struct state_dir dir;
	bool made;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/test_state.XXXXXX");
	if (mkdtemp(path) == NULL ||
	    state_dir_init(path, NOW - 100, &made, &dir) != JWT_OK || !made)
		return -1;
	state_dir_close(&dir);
	return 0;
}

static int
remove_store(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	return system(command);
}

static struct state_dir
open_store(void)
{
	struct state_dir dir;

	if (state_dir_open(path, &dir) != JWT_OK)
		fail_msg("%s", dir.fault);
	dir.is_volatile = false;	/* /tmp may be one */
	return dir;
}

static bool
look(struct state_dir *dir, enum state_kind kind, const char *value,
    int64_t now, int64_t *cutoff)
{
	struct state_question question = {
		.ask = { { .id = id(kind, "i", value) } }, .count = 1,
		.now = now, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };

	assert_int_equal(state_dir_ask(dir, &question, &answer), JWT_OK);
	if (cutoff != NULL)
		*cutoff = answer.fact[0].cutoff;
	return answer.fact[0].found;
}

static void
put(struct state_dir *dir, enum state_kind kind, const char *value,
    int64_t until, int64_t cutoff)
{
	struct state_fact fact = {
		.id = id(kind, "i", value), .until = until, .cutoff = cutoff
	};

	assert_int_equal(state_dir_put(dir, &fact), JWT_OK);
}

#define WEEK	STATE_PURGE_SLACK_SEC

/* A fact of now: a purge believes a clock up to a week after the newest. */
__attribute__((unused)) static void
put_witness(struct state_dir *dir)
{
	put(dir, STATE_ACCOUNT, "witness", STATE_FOREVER, 0);
}

#define IN_STORE(test) \
	cmocka_unit_test_setup_teardown(test, make_store, remove_store)

#endif
