/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Warns of fetched keys that stopped coming.  Nothing else shows it: logins
 * continue until keys_max_age, and then nobody gets in.
 */
#include <dirent.h>
#include <unistd.h>

#include "cli/times.h"
#include "core/policy/fetched.h"
#include "host/file.h"
#include "sync/fetcher.h"
#include "tool/check_sync.h"

#define QUIET_SEC	3600	/* since the last success, or 3 sync_every */
#define STRANGERS_MAX	10	/* unused sets that are named */

static struct diag_place
place_of(const struct policy *policy, const struct issuer *issuer)
{
	return (struct diag_place){
		.file = policy->file, .line = issuer->line
	};
}

/* ---- one issuer ----------------------------------------------------------- */

/*
 * How old a set may be without a warning.  With a short keys_max_age the limit
 * is halfway between sync_every and it: a warning must come while people still
 * get in.
 */
static int64_t
find_quiet(const struct sync_settings *sync)
{
	int64_t quiet = 3 * (int64_t)sync->every_sec;
	int64_t half = ((int64_t)sync->every_sec + sync->keys_max_age_sec) / 2;

	if (quiet < QUIET_SEC)
		quiet = QUIET_SEC;
	return quiet < half ? quiet : half;
}

static void
note_age(const struct policy *policy, const struct issuer *issuer, int64_t now,
    struct diag *diag)
{
	int64_t age = now - issuer->synced;

	if (issuer->fetched != JWT_OK || age <= find_quiet(&issuer->sync))
		return;
	diag_add(diag, place_of(policy, issuer), JWT_OK, "[issuer %s]: the "
	    "last success of pam-jwt sync is %lld min ago: is "
	    "pam-jwt-sync.timer active, and what does pam-jwt sync %s say? "
	    "After keys_max_age the keys do not count any more", issuer->name,
	    (long long)(age / 60), issuer->name);
}

/* Warn of a set that stops counting before the next one is fetched. */
static void
note_times(const struct policy *policy, const struct issuer *issuer,
    struct diag *diag)
{
	if (issuer->sync.every_sec < issuer->sync.keys_max_age_sec)
		return;
	diag_add(diag, place_of(policy, issuer), JWT_OK, "[issuer %s]: "
	    "sync_every is not shorter than keys_max_age: in between no key "
	    "counts", issuer->name);
}

/* Check a file that the command reads for the fetcher; path may be NULL. */
static void
note_file(const struct policy *policy, const struct issuer *issuer,
    const char *path, bool is_secret, struct diag *diag)
{
	struct diag_place place = place_of(policy, issuer);
	struct file file;

	if (path == NULL)
		return;
	if (file_read(path, &file) != FILE_OK)
		diag_add(diag, place, JWT_OK, "[issuer %s]: without %s "
		    "nothing is fetched: %s", issuer->name, path, file.fault);
	else if (is_secret && file.readable)
		diag_add(diag, place, JWT_OK, "[issuer %s]: without %s "
		    "nothing is fetched: others may read it: chmod 600",
		    issuer->name, path);
	file_clear(&file);
}

/* Only root can tell whether root can read a file. */
static void
note_files(const struct policy *policy, const struct issuer *issuer,
    struct diag *diag)
{
	const struct sync_settings *sync = &issuer->sync;

	if (geteuid() != 0)
		return;
	note_file(policy, issuer, sync->ca_file, false, diag);
	note_file(policy, issuer, sync->client_cert, false, diag);
	note_file(policy, issuer, sync->client_key, true, diag);
}

/* ---- the host ------------------------------------------------------------- */

static void
note_fetcher(const struct policy *policy, const struct issuer *issuer,
    struct diag *diag)
{
	struct diag_place place = place_of(policy, issuer);
	char path[FETCHER_PATH_MAX];

	if (!fetcher_find(path))
		diag_add(diag, place, JWT_OK, "keys = sync needs %s, which is "
		    "not there: install the package pam-jwt-net",
		    FETCHER_PROGRAM);
	else if (!fetcher_has_user(FETCHER_USER))
		diag_add(diag, place, JWT_OK, "keys = sync needs the user %s, "
		    "who does not exist, or is root: nothing is fetched",
		    FETCHER_USER);
}

static bool
has_issuer(const struct policy *policy, struct bytes name)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].sync.wanted &&
		    bytes_eq_str(name, policy->issuers[i].name))
			return true;
	}
	return false;
}

/* Whether no issuer uses this set. */
static bool
is_stranger(const struct policy *policy, const char *file)
{
	struct bytes name = bytes_str(file), suffix = bytes_str(FETCHED_SET);

	if (!bytes_ends(name, suffix))
		return false;
	name.len -= suffix.len;
	return !has_issuer(policy, name);
}

/* An issuer that was removed or renamed leaves its set behind. */
static void
note_strangers(const struct policy *policy, struct diag *diag)
{
	const char *folder = policy->state.sync_directory;
	struct diag_place place = { .file = policy->file };
	const struct dirent *entry;
	DIR *directory = opendir(folder);
	unsigned count = 0;

	if (directory == NULL)
		return;
	while (count < STRANGERS_MAX && (entry = readdir(directory)) != NULL) {
		if (!is_stranger(policy, entry->d_name))
			continue;
		count++;
		diag_add(diag, place, JWT_OK, "%s/%s is of no [issuer] with "
		    "keys = sync: remove it", folder, entry->d_name);
	}
	(void)closedir(directory);
}

void
check_sync_note(const struct policy *policy, int64_t now, struct diag *diag)
{
	const struct issuer *first = NULL;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		if (!issuer->sync.wanted)
			continue;
		if (first == NULL)
			first = issuer;
		note_age(policy, issuer, now, diag);
		note_times(policy, issuer, diag);
		note_files(policy, issuer, diag);
	}
	if (first != NULL)
		note_fetcher(policy, first, diag);
	note_strangers(policy, diag);
}

void
check_sync_print(const struct issuer *issuer, int64_t now, FILE *out)
{
	if (!issuer->sync.wanted)
		return;
	if (issuer->synced == 0) {
		fputs("    no fetched keys yet\n", out);
		return;
	}
	fputs("    keys fetched ", out);
	times_print_distance(issuer->synced, now, out);
	if (issuer->fetched != JWT_OK)
		fputs(", which do not count", out);
	fputc('\n', out);
}
