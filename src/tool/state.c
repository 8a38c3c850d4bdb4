/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt state: makes the store, lists and counts its facts, and removes those
 * that no token can need any more.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/times.h"
#include "host/state/state_link.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/setup.h"
#include "tool/tool.h"

#define MADE_AGAIN "was made before, by a clock that was ahead: made now"

struct state_options {
	const char *config;
	const char *directory;	/* instead of the configuration's; or NULL */
	bool json;
	bool reset;	/* for purge: correct its date, and remove nothing */
};

/* A walk through the directory, for list and stats. */
struct walk {
	struct json_object *json;	/* NULL: text */
	int64_t now;
	unsigned long count[sizeof(STATE_KINDS)];
	unsigned long over;
	unsigned long damaged;
};

/* The words for the letters of STATE_KINDS. */
static const char *
kind_name(enum state_kind kind)
{
	switch (kind) {
	case STATE_TOKEN:
		return "token";
	case STATE_DIGEST:
		return "digest";
	case STATE_SESSION:
		return "session";
	case STATE_ACCOUNT:
		return "account";
	case STATE_SUBJECT:
		return "subject";
	case STATE_ISSUER:
		return "issuer";
	case STATE_USED:
		return "used";
	}
	return "unknown";
}

/* Find the directory: the one that was named, or the configuration's. */
static bool
find_directory(const struct state_options *options, struct setup *setup,
    const char **out)
{
	*out = options->directory;
	if (options->directory != NULL && options->config != NULL)
		return complain("--config or --directory, not both");
	if (options->directory != NULL)
		return options->directory[0] == '/' ||
		    complain("--directory is an absolute path");
	if (!setup_open(options->config, false, setup))
		return false;
	*out = setup->policy.state.directory;
	return true;
}

static int
fail_dir(const char *path, const struct state_dir *dir)
{
	fprintf(stderr, "pam-jwt: %s: %s\n", path, dir->fault);
	return EXIT_TROUBLE;
}

/* Logins that need a damaged entry are refused until it is revoked again. */
static int
fail_damaged(unsigned long count)
{
	fprintf(stderr, "pam-jwt: %lu damaged; pam-jwt state list names "
	    "them: remove each, and revoke again what it was for\n", count);
	return EXIT_TROUBLE;
}

static void
print_until(int64_t until)
{
	if (until == STATE_FOREVER)
		fputs("undone", stdout);
	else
		times_print_date(until, stdout);
}

static void
print_entry(const struct state_dir_entry *entry)
{
	printf("%-8s %s%.14s  ", kind_name(entry->kind), entry->shard_name,
	    entry->name + 1);
	if (state_is_cutoff(entry->kind)) {
		fputs("tokens up to ", stdout);
		times_print_date(entry->cutoff, stdout);
		fputs(", ", stdout);
	}
	fputs("until ", stdout);
	print_until(entry->until);
	putchar('\n');
}

static void
add_json(struct walk *walk, const struct state_dir_entry *entry)
{
	struct json_object *one = json_out_object();
	char name[2 * HASH_LEN + 1];

	snprintf(name, sizeof(name), "%s%s", entry->shard_name,
	    entry->name + 1);
	json_out_string(one, "kind", kind_name(entry->kind));
	json_out_string(one, "name", name);
	if (entry->until == STATE_FOREVER)
		json_out_string(one, "until", NULL);
	else
		json_out_number(one, "until", (long long)entry->until);
	if (state_is_cutoff(entry->kind))
		json_out_number(one, "cutoff", (long long)entry->cutoff);
	json_out_element(walk->json, one);
}

static bool
list_entry(void *ctx, const struct state_dir_entry *entry)
{
	struct walk *walk = ctx;

	if (entry->leftover)
		return true;
	walk->damaged += entry->damaged;
	if (entry->damaged)
		fprintf(stderr, "pam-jwt: %s/%s is damaged\n",
		    entry->shard_name, entry->name);
	else if (walk->json != NULL)
		add_json(walk, entry);
	else
		print_entry(entry);
	return true;
}

static bool
count_entry(void *ctx, const struct state_dir_entry *entry)
{
	struct walk *walk = ctx;

	if (entry->leftover || entry->damaged)
		walk->damaged += !entry->leftover;
	else
		walk->count[strchr(STATE_KINDS, (int)entry->kind) -
		    STATE_KINDS]++;
	walk->over += !entry->damaged && entry->until <= walk->now;
	return true;
}

static int
run_list(const char *path, struct state_dir *dir,
    const struct state_options *options)
{
	struct walk walk = { .json = NULL };

	if (options->json)
		walk.json = json_out_array();
	if (state_dir_walk(dir, list_entry, &walk) != JWT_OK)
		return fail_dir(path, dir);
	if (options->json)
		json_out_print(walk.json, false, stdout);
	if (walk.damaged != 0)
		return fail_damaged(walk.damaged);
	return EXIT_YES;
}

static void
print_mark(const char *label, int64_t when)
{
	printf("%-8s ", label);
	if (when == 0)
		fputs("never", stdout);
	else
		times_print_date(when, stdout);
	putchar('\n');
}

static void
print_stats(const struct state_dir *dir, const struct walk *walk,
    int64_t purged, int64_t pulled)
{
	size_t i;

	print_mark("made", dir->made_at);
	print_mark("purged", purged);
	print_mark("pulled", pulled);
	for (i = 0; STATE_KINDS[i] != '\0'; i++)
		printf("%-8s %lu\n", kind_name((enum state_kind)
		    STATE_KINDS[i]), walk->count[i]);
	printf("%-8s %lu\n%-8s %lu\n", "over", walk->over, "damaged",
	    walk->damaged);
}

static void
print_stats_json(const struct state_dir *dir, const struct walk *walk,
    int64_t purged, int64_t pulled)
{
	struct json_object *out = json_out_object();
	size_t i;

	json_out_number(out, "made", (long long)dir->made_at);
	json_out_number(out, "purged", (long long)purged);
	json_out_number(out, "pulled", (long long)pulled);
	for (i = 0; STATE_KINDS[i] != '\0'; i++)
		json_out_number(out, kind_name((enum state_kind)
		    STATE_KINDS[i]), (long long)walk->count[i]);
	json_out_number(out, "over", (long long)walk->over);
	json_out_number(out, "damaged", (long long)walk->damaged);
	json_out_print(out, false, stdout);
}

static int
run_stats(const char *path, struct state_dir *dir,
    const struct state_options *options)
{
	struct walk walk = { .now = (int64_t)time(NULL) };
	int64_t purged, pulled;

	if (state_dir_get_mark(dir, STATE_PURGED, &purged) != JWT_OK ||
	    state_dir_get_mark(dir, STATE_PULLED, &pulled) != JWT_OK ||
	    state_dir_walk(dir, count_entry, &walk) != JWT_OK)
		return fail_dir(path, dir);
	if (options->json)
		print_stats_json(dir, &walk, purged, pulled);
	else
		print_stats(dir, &walk, purged, pulled);
	return EXIT_YES;
}

/* Show people at a terminal how far a long purge has come. */
static void
show_step(unsigned shard)
{
	fprintf(stderr, "\rpurging %3u %%%s", (shard + 1) * 100 / STATE_SHARDS,
	    shard + 1 == STATE_SHARDS ? "\n" : "");
}

static void
print_purge_json(const struct state_dir_purge *purge)
{
	struct json_object *out = json_out_object();

	json_out_number(out, "removed", (long long)purge->removed);
	json_out_number(out, "kept", (long long)purge->kept);
	json_out_number(out, "damaged", (long long)purge->damaged);
	json_out_print(out, false, stdout);
}

/* A clock that may be wrong must not remove facts that are still needed. */
static void
warn_of_clock(const struct state_dir_purge *purge)
{
	if (purge->ahead_sec == 0)
		return;
	fputs("pam-jwt: by this clock nothing was noted here for ", stderr);
	times_print_span(purge->ahead_sec, stderr);
	fputs(", so it may be wrong: facts that were needed then stay\n",
	    stderr);
}

/*
 * After a purge by a clock that was ahead, tokens up to that time are refused,
 * because their facts may be gone.  This accepts them again.
 */
static int
reset(const char *path, struct state_dir *dir)
{
	int64_t now = (int64_t)time(NULL), before;

	if (state_dir_reset(dir, now, &before) != JWT_OK)
		return fail_dir(path, dir);
	if (before <= now) {
		puts("nothing to reset: \"purged\" is not in the future");
		return EXIT_YES;
	}
	fputs("reset: \"purged\" was ", stdout);
	times_print_date(before, stdout);
	fputs(", and is now ", stdout);
	times_print_date(now, stdout);
	puts("\nTokens that were revoked or used may not be known any more; for "
	    "each issuer run:\n    pam-jwt revoke --all --iss ISSUER");
	return EXIT_YES;
}

static int
run_purge(const char *path, struct state_dir *dir,
    const struct state_options *options)
{
	struct state_dir_purge purge = {
		.now = (int64_t)time(NULL),
		.step = isatty(STDERR_FILENO) ? show_step : NULL
	};

	if (options->reset)
		return reset(path, dir);
	if (state_dir_purge(dir, &purge) != JWT_OK)
		return fail_dir(path, dir);
	warn_of_clock(&purge);
	if (options->json)
		print_purge_json(&purge);
	else
		printf("removed %lu, kept %lu\n", purge.removed, purge.kept);
	if (purge.damaged != 0)
		return fail_damaged(purge.damaged);
	return EXIT_YES;
}

/* Make the store of the fleet as well, if there is one. */
static int
init_redis(struct setup *setup)
{
	static const char *const words[] = {
		[STATE_MADE_BEFORE] = "was made before",
		[STATE_MADE] = "made",
		[STATE_MADE_AGAIN] = MADE_AGAIN
	};
	enum state_made made;

	if (setup->policy.state.redis == REDIS_NONE)
		return EXIT_YES;
	if (state_redis_init(&setup->state.redis, (int64_t)time(NULL), &made)
	    != JWT_OK) {
		fprintf(stderr, "pam-jwt: redis: %s\n",
		    setup->state.redis.fault);
		return EXIT_TROUBLE;
	}
	printf("redis: %s\n", words[made]);
	return EXIT_YES;
}

/* Make the directory, and correct a date of making in the future. */
static enum jwt_reason
init_directory(const char *path, struct state_dir *dir)
{
	int64_t now = (int64_t)time(NULL);
	bool made, mended = false;
	enum jwt_reason reason = state_dir_init(path, now, &made, dir);

	if (reason != JWT_OK)
		return reason;
	reason = state_dir_set_made(dir, now, &mended);
	if (reason != JWT_OK)
		return reason;
	printf("%s: %s%s\n", path, made ? "made" : "was made before",
	    mended ? ", by a clock that was ahead: made now" : "");
	if (dir->is_volatile)
		printf("%s is in memory: make it again after a boot; one-time "
		    "tokens from before are refused\n", path);
	return JWT_OK;
}

static int
init(const struct state_options *options)
{
	struct setup setup = SETUP_CLOSED;
	struct state_dir dir = { .fd = -1 };
	int code = EXIT_TROUBLE;
	const char *path;

	if (!find_directory(options, &setup, &path))
		goto out;
	if (options->directory == NULL && state_is_live(&setup.policy.state)) {
		code = init_redis(&setup);
		goto out;
	}
	if (init_directory(path, &dir) != JWT_OK) {
		fail_dir(path, &dir);
		goto out;
	}
	code = EXIT_YES;
	if (options->directory == NULL)
		code = init_redis(&setup);
out:
	state_dir_close(&dir);
	setup_close(&setup);
	return code;
}

static int
open_and_run(const struct state_options *options,
    int (*run)(const char *path, struct state_dir *dir,
    const struct state_options *options))
{
	struct setup setup = SETUP_CLOSED;
	struct state_dir dir = { .fd = -1 };
	int code = EXIT_TROUBLE;
	const char *path;

	if (!find_directory(options, &setup, &path))
		goto out;
	if (options->directory == NULL && state_is_live(&setup.policy.state))
		code = setup_fail("state: nothing is kept on this host: Redis "
		    "answers all, and forgets by itself");
	else if (state_dir_open(path, &dir) != JWT_OK)
		code = fail_dir(path, &dir);
	else
		code = run(path, &dir, options);
out:
	state_dir_close(&dir);
	setup_close(&setup);
	return code;
}

/* The options of the commands of the store; each takes some of them. */
#define OPTION_CONFIG { .name = "config", .value = &options.config }
#define OPTION_DIRECTORY { .name = "directory", .value = &options.directory }
#define OPTION_JSON { .name = "json", .flag = &options.json }

int
tool_state_init(int argc, char **argv)
{
	struct state_options options = { .json = false };
	const struct option_spec specs[] = {
		OPTION_CONFIG, OPTION_DIRECTORY, { .name = NULL }
	};

	if (!options_parse("pam-jwt state init", argc, argv, specs))
		return EXIT_TROUBLE;
	return init(&options);
}

int
tool_state_list(int argc, char **argv)
{
	struct state_options options = { .json = false };
	const struct option_spec specs[] = {
		OPTION_CONFIG, OPTION_DIRECTORY, OPTION_JSON, { .name = NULL }
	};

	if (!options_parse("pam-jwt state list", argc, argv, specs))
		return EXIT_TROUBLE;
	return open_and_run(&options, run_list);
}

int
tool_state_stats(int argc, char **argv)
{
	struct state_options options = { .json = false };
	const struct option_spec specs[] = {
		OPTION_CONFIG, OPTION_DIRECTORY, OPTION_JSON, { .name = NULL }
	};

	if (!options_parse("pam-jwt state stats", argc, argv, specs))
		return EXIT_TROUBLE;
	return open_and_run(&options, run_stats);
}

int
tool_state_purge(int argc, char **argv)
{
	static const char command[] = "pam-jwt state purge";
	struct state_options options = { .json = false };
	const struct option_spec specs[] = {
		OPTION_CONFIG, OPTION_DIRECTORY, OPTION_JSON,
		{ .name = "reset", .flag = &options.reset }, { .name = NULL }
	};

	if (!options_parse(command, argc, argv, specs))
		return EXIT_TROUBLE;
	if (options.reset && options.json) {
		command_fail(command, "--reset prints no JSON");
		return EXIT_TROUBLE;
	}
	return open_and_run(&options, run_purge);
}
