/* SPDX-License-Identifier: BSD-2-Clause */
/* The set is written before the memory: a cut between them costs a request. */
#include <limits.h>
#include <stdio.h>
#include <sys/random.h>
#include <syslog.h>
#include <time.h>

#include "cli/complain.h"
#include "core/policy/fetched.h"
#include "host/wanted.h"
#include "sync/schedule.h"
#include "tool/sync_turn.h"

/* ---- what is there -------------------------------------------------------- */

/* A file of the issuer; empty where it cannot be read or trusted. */
static void
read_file(const struct sync_turn *turn, const char *suffix, struct file *out)
{
	char path[FILE_PATH_MAX];

	*out = (struct file){ 0 };
	if (fetched_path(turn->setting->policy, turn->issuer, suffix, path,
	    sizeof(path)) && file_read(path, out) != FILE_OK)
		file_clear(out);
}

/* What was remembered of other settings does not count. */
static bool
read_memory(struct sync_turn *turn)
{
	struct memory *memory = &turn->memory;
	uint8_t settings[HASH_LEN];
	struct file file;

	if (memory_hash_settings(turn->issuer, settings) != JWT_OK)
		return complain("%s", reason_text(JWT_OUT_OF_MEMORY));
	read_file(turn, FETCHED_STATE, &file);
	memory_read(&file.text, memory);
	file_clear(&file);
	if (memcmp(memory->settings, settings, HASH_LEN) != 0)
		*memory = (struct memory){ 0 };
	memcpy(memory->settings, settings, HASH_LEN);
	return true;
}

bool
sync_turn_begin(const struct sync_setting *setting,
    const struct issuer *issuer, struct sync_turn *out)
{
	*out = (struct sync_turn){
		.setting = setting, .issuer = issuer,
		.now = (int64_t)time(NULL)
	};
	out->report.name = issuer->name;
	out->report.is_dry = setting->is_dry;
	read_file(out, FETCHED_SET, &out->set);
	return read_memory(out);
}

/* Without parsing the set, as this is asked each minute. */
static bool
has_fresh_set(const struct sync_turn *turn)
{
	const struct memory *memory = &turn->memory;

	if (turn->now - memory->synced > turn->issuer->sync.keys_max_age_sec)
		return false;
	return attempt_is_own_set(memory, secret_bytes(&turn->set.text));
}

bool
sync_turn_is_due(const struct sync_turn *turn)
{
	struct schedule_question question = {
		.now = turn->now,
		.every_sec = turn->issuer->sync.every_sec,
		.has_set = has_fresh_set(turn),
		.is_wanted = wanted_is_left(turn->issuer->name)
	};

	return schedule_is_due(&turn->memory, &question);
}

/* ---- what came of it ------------------------------------------------------ */

static bool
install(struct sync_turn *turn, const char *suffix, struct bytes text)
{
	char name[SYNC_NAME_MAX + sizeof(FETCHED_STATE)];

	(void)snprintf(name, sizeof(name), "%s%s", turn->issuer->name, suffix);
	return install_file(turn->setting->install, name, text) == JWT_OK;
}

/* The old set stays, if there is one that is worth the name. */
static void
fail(struct sync_turn *turn, enum sync_result result, const char *why)
{
	struct keyset_input input = {
		.policy = turn->setting->policy, .issuer = turn->issuer,
		.source = "", .old = secret_bytes(&turn->set.text),
		.now = turn->now
	};
	struct sync_report *report = &turn->report;
	struct keyset_look look;

	report->why = why;
	report->result = SYNC_FAILED;
	if (keyset_look(&input, &look) != JWT_OK || !look.usable)
		return;
	report->result = result;
	report->synced = look.synced;
	report->keys = look.keys;
}

static void
succeed(struct sync_turn *turn)
{
	const struct keyset *keyset = &turn->attempt.keyset;
	struct sync_report *report = &turn->report;

	report->result = SYNC_UNCHANGED;
	if (keyset->changed)
		report->result = SYNC_INSTALLED;
	report->keyset = keyset;
	report->synced = turn->now;
	report->keys = keyset->keys;
}

/* A copy of the fault: that of the memory, which comes after, takes its place. */
static void
fail_install(struct sync_turn *turn)
{
	const char *why = arena_copy(&turn->attempt.arena,
	    bytes_str(turn->setting->install->fault));

	if (why == NULL)
		why = reason_text(JWT_OUT_OF_MEMORY);
	fail(turn, SYNC_KEPT, why);
}

static void
conclude(struct sync_turn *turn)
{
	const struct attempt *attempt = &turn->attempt;

	if (attempt->result == ATTEMPT_REFUSED)
		fail(turn, SYNC_REFUSED, attempt->why);
	else if (attempt->result != ATTEMPT_GOOD)
		fail(turn, SYNC_KEPT, attempt->why);
	else if (!turn->setting->is_dry && !install(turn, FETCHED_SET,
	    secret_bytes(&attempt->keyset.text)))
		fail_install(turn);
	else
		succeed(turn);
}

/* ---- for the next time ---------------------------------------------------- */

static unsigned
find_chance(void)
{
	unsigned chance;

	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(chance))
		return UINT_MAX / 2;
	return chance;
}

/*
 * For how long the provider lets the set be kept, but at most a third of
 * keys_max_age: two more attempts may fail before the set stops counting.
 */
static int64_t
find_max_age(const struct sync_turn *turn)
{
	int64_t longest = turn->issuer->sync.keys_max_age_sec / 3;
	int64_t max_age = turn->attempt.max_age;

	return max_age < longest ? max_age : longest;
}

static void
note_time(struct sync_turn *turn)
{
	unsigned every_sec = turn->issuer->sync.every_sec;
	struct memory *memory = &turn->memory;

	if (turn->report.keyset == NULL) {
		schedule_note_failure(memory, turn->now, every_sec,
		    turn->attempt.retry_after, find_chance());
		return;
	}
	schedule_note_success(memory, turn->now, every_sec,
	    find_max_age(turn));
	attempt_remember(&turn->attempt, turn->now, memory);
}

static void
log_failure(struct sync_turn *turn)
{
	bool is_new = schedule_take_warning(&turn->memory, turn->now);

	if (turn->setting->is_timed && !is_new)
		return;
	if (turn->attempt.keyset.has_private)
		sync_report_log(&turn->report, LOG_ERR);
	else
		sync_report_log(&turn->report, LOG_WARNING);
}

/* Losing it costs a request, so the result stays what it is. */
static void
write_memory(struct sync_turn *turn)
{
	const char *fault = reason_text(JWT_OUT_OF_MEMORY);
	struct secret text;
	bool is_written;

	is_written = memory_put(&turn->memory, &text) == JWT_OK;
	if (is_written) {
		fault = turn->setting->install->fault;
		is_written = install(turn, FETCHED_STATE, secret_bytes(&text));
	}
	if (!is_written)
		complain("%s: what was learnt is not kept: %s",
		    turn->issuer->name, fault);
	secret_clear(&text);
}

void
sync_turn_take(struct sync_turn *turn)
{
	struct attempt_input input = {
		.fetcher = turn->setting->fetcher,
		.policy = turn->setting->policy, .issuer = turn->issuer,
		.old = secret_bytes(&turn->set.text),
		.memory = &turn->memory, .now = turn->now
	};

	/* Before it is asked: a login that comes now wants a later answer. */
	if (!turn->setting->is_dry)
		wanted_remove(turn->issuer->name);
	attempt_run(&input, &turn->attempt);
	conclude(turn);
	if (turn->setting->is_dry)
		return;
	note_time(turn);
	if (turn->report.result == SYNC_INSTALLED)
		sync_report_log(&turn->report, LOG_NOTICE);
	else if (turn->report.result != SYNC_UNCHANGED)
		log_failure(turn);
	write_memory(turn);
}

void
sync_turn_end(struct sync_turn *turn)
{
	attempt_clear(&turn->attempt);
	file_clear(&turn->set);
}
