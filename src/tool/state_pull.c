/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt state pull: copies the revocations and cut-offs of the fleet to this
 * host, so that a login asks the network only about one-time tokens.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/options.h"
#include "host/state/state_link.h"
#include "tool/setup.h"
#include "tool/tool.h"

struct pull {
	struct state_dir *dir;
	int64_t started;
	int64_t made_at;		/* when the store of the fleet was made */
	char (*names)[2 * HASH_LEN + 2];	/* facts of Redis; sorted */
	size_t count;
	size_t room;
	unsigned long seen;
	unsigned long changed;
	unsigned long removed;
	const char *fault;	/* of this host's directory, or NULL */
	bool shows;		/* show progress on a terminal */
};

static bool
stop(struct pull *pull, const char *fault)
{
	pull->fault = fault;
	return false;
}

static void
show(const struct pull *pull, const char *what, unsigned long count,
    const char *end)
{
	if (pull->shows)
		fprintf(stderr, "\r%s %lu%s", what, count, end);
}

static bool
make_room(struct pull *pull)
{
	size_t room = pull->room == 0 ? 1024 : pull->room * 2;
	void *more;

	if (pull->count < pull->room)
		return true;
	more = reallocarray(pull->names, room, sizeof(*pull->names));
	if (more == NULL)
		return stop(pull, "memory ran out");
	pull->names = more;
	pull->room = room;
	return true;
}

/* Keep the shard and the name, "3ftHASH", as the directory has them. */
static bool
note_name(struct pull *pull, const struct state_fact *fact)
{
	char *out, shard[3], name[64];

	if (!make_room(pull) ||
	    state_dir_name(pull->dir, &fact->id, shard, name) != JWT_OK)
		return stop(pull, "memory ran out");
	out = pull->names[pull->count++];
	snprintf(out, sizeof(*pull->names), "%s%s", shard, name);
	return true;
}

static bool
add(void *ctx, const struct state_fact *fact)
{
	struct pull *pull = ctx;
	bool changed;

	if (state_dir_copy(pull->dir, fact, pull->started - 1, &changed) !=
	    JWT_OK)
		return stop(pull, pull->dir->fault);
	pull->changed += changed;
	pull->seen++;
	if (pull->seen % 256 == 0)
		show(pull, "pulled", pull->seen, "");
	return note_name(pull, fact);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * Remove a fact that Redis does not have any more, with two exceptions.  A fact
 * that was written since we started stays, because it may have come to Redis
 * after we looked.  And a fact from before the store of the fleet was made
 * stays: a Redis that lost its data and was made again would otherwise
 * un-revoke tokens.
 */
static bool
remove_other(void *ctx, const struct state_dir_entry *entry)
{
	struct pull *pull = ctx;
	char name[2 * HASH_LEN + 2];

	if (entry->leftover || entry->damaged || entry->kind == STATE_USED ||
	    entry->changed >= pull->started - 1 ||
	    entry->changed <= pull->made_at)
		return true;
	snprintf(name, sizeof(name), "%s%s", entry->shard_name, entry->name);
	if (pull->count > 0 && bsearch(name, pull->names, pull->count,
	    sizeof(*pull->names), compare) != NULL)
		return true;
	if (!state_dir_remove(pull->dir, entry))
		return stop(pull, pull->dir->fault);
	pull->removed++;
	return true;
}

/* Report the fault of this host's directory, otherwise that of Redis. */
static int
fail(const struct setup *setup, const struct pull *pull)
{
	const char *where = "redis", *what = setup->state.redis.fault;

	if (pull->fault != NULL) {
		where = setup->policy.state.directory;
		what = pull->fault;
	}
	fprintf(stderr, "pam-jwt: %s: %s\n", where, what);
	return EXIT_TROUBLE;
}

static int
pull_all(struct setup *setup, struct pull *pull)
{
	if (state_redis_walk(&setup->state.redis, add, pull, &pull->made_at) !=
		JWT_OK ||
	    pull->fault != NULL)
		return fail(setup, pull);
	show(pull, "pulled", pull->seen, "\n");
	if (pull->count > 0)
		qsort(pull->names, pull->count, sizeof(*pull->names), compare);
	if (state_dir_sweep(pull->dir, remove_other, pull) != JWT_OK ||
	    state_dir_set_mark(pull->dir, STATE_PULLED, pull->started) !=
	    JWT_OK)
		stop(pull, pull->dir->fault);
	if (pull->fault != NULL)
		return fail(setup, pull);
	printf("pulled %lu, changed %lu, removed %lu\n", pull->seen,
	    pull->changed, pull->removed);
	return EXIT_YES;
}

static int
pull(struct setup *setup)
{
	const struct state_settings *settings = &setup->policy.state;
	struct pull pull = {
		.dir = &setup->state.dir, .started = (int64_t)time(NULL),
		.shows = isatty(STDERR_FILENO) != 0
	};
	int code;

	if (!settings->redis_pulled)
		return setup_fail("state pull is for redis_lookups = pulled");
	if (state_dir_open(settings->directory, pull.dir) != JWT_OK)
		stop(&pull, pull.dir->fault);
	if (pull.fault != NULL)
		code = fail(setup, &pull);
	else
		code = pull_all(setup, &pull);
	free(pull.names);
	return code;
}

int
tool_state_pull(int argc, char **argv)
{
	const char *config = NULL;
	const struct option_spec specs[] = {
		{ .name = "config", .value = &config },
		{ .name = NULL }
	};
	struct setup setup = SETUP_CLOSED;
	int code = EXIT_TROUBLE;

	if (!options_parse("pam-jwt state pull", argc, argv, specs))
		return EXIT_TROUBLE;
	if (setup_open(config, false, &setup))
		code = pull(&setup);
	setup_close(&setup);
	return code;
}
