/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the sandboxes of units that must write to the state: our own, and that
 * of polkit's helper, which runs the PAM stack of pkexec and run0.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/conf.h"
#include "host/file.h"
#include "host/state/state.h"
#include "tool/check_units.h"

const char *const check_units_folders[] = {
	"/etc/systemd/system", "/run/systemd/system",
	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system", NULL
};

/* The settings of a unit and its drop-ins that concern a directory. */
struct unit {
	const char *directory;
	const char *real;	/* the directory with links followed; or NULL */
	bool is_sandboxed;	/* ProtectSystem=strict */
	bool may_write;
	bool names_directory;	/* as an argument of its command */
};

struct dropin {
	const char *name;
	const char *path;
};

struct dropins {
	struct arena *arena;
	struct dropin *items;
	size_t count;
};

/* ---- settings ---- */

static bool
is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 0 && folder[len - 1] == '/')
		len--;
	return strncmp(path, folder, len) == 0 &&
	    (path[len] == '\0' || path[len] == '/');
}

/* Whether a path of ReadWritePaths=, with links followed, has the directory. */
static bool
covers(const struct unit *unit, struct bytes word)
{
	char path[FILE_PATH_MAX], *real;
	bool result;

	while (word.len > 0 && (word.ptr[0] == '-' || word.ptr[0] == '+'))
		word = bytes_of(word.ptr + 1, word.len - 1);
	if (word.len == 0 || word.ptr[0] != '/' || word.len >= sizeof(path))
		return false;
	memcpy(path, word.ptr, word.len);
	path[word.len] = '\0';
	real = realpath(path, NULL);
	result = is_below(unit->directory, path) || (real != NULL &&
	    unit->real != NULL && is_below(unit->real, real));
	free(real);
	return result;
}

static void
take_word(struct unit *unit, struct bytes key, struct bytes word)
{
	if (bytes_eq_str(key, "ProtectSystem"))
		unit->is_sandboxed = bytes_eq_str(word, "strict");
	else if (bytes_eq_str(key, "ReadWritePaths"))
		unit->may_write = unit->may_write || covers(unit, word);
	else if (bytes_eq_str(key, "ExecStart"))
		unit->names_directory = unit->names_directory ||
		    bytes_eq_str(word, unit->directory);
}

/* An empty value cancels the values before it. */
static void
take_back(struct unit *unit, struct bytes key)
{
	if (bytes_eq_str(key, "ReadWritePaths"))
		unit->may_write = false;
	else if (bytes_eq_str(key, "ExecStart"))
		unit->names_directory = false;
}

/* No other section has settings of these names, so sections do not matter. */
static void
take_text(struct unit *unit, struct bytes rest)
{
	struct bytes key = { 0 };
	bool goes_on = false;

	while (rest.len > 0) {
		struct bytes line = bytes_trim(bytes_cut(&rest, '\n'));

		if (line.len > 0 && (line.ptr[0] == '#' || line.ptr[0] == ';'))
			continue;
		if (!goes_on) {
			key = bytes_trim(bytes_cut(&line, '='));
			line = bytes_trim(line);
			if (line.len == 0)
				take_back(unit, key);
		}
		goes_on = line.len > 0 && line.ptr[line.len - 1] == '\\';
		if (goes_on)
			line.len--;
		while (bytes_trim(line).len > 0)
			take_word(unit, key, conf_word(&line));
	}
}

/* False when there is no file that systemd can read. */
static bool
take_file(struct unit *unit, const char *path)
{
	struct file file;
	bool ok = file_read(path, &file) == FILE_OK;

	if (ok)
		take_text(unit, secret_bytes(&file.text));
	file_clear(&file);
	return ok;
}

/* ---- files ---- */

static bool
has_dropin(const struct dropins *dropins, const char *name)
{
	size_t i;

	for (i = 0; i < dropins->count; i++) {
		if (strcmp(dropins->items[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The first file of a name counts, so an empty one disables a later one. */
static void
add_dropin(struct dropins *dropins, const char *folder, const char *name)
{
	char path[FILE_PATH_MAX + 257];
	struct dropin *more;

	if (has_dropin(dropins, name))
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	more = arena_grow(dropins->arena, dropins->items, dropins->count,
	    sizeof(*more));
	if (more == NULL)
		return;
	dropins->items = more;
	more[dropins->count].name = arena_copy(dropins->arena,
	    bytes_str(name));
	more[dropins->count].path = arena_copy(dropins->arena,
	    bytes_str(path));
	dropins->count += more[dropins->count].name != NULL &&
	    more[dropins->count].path != NULL;
}

static int
is_dropin(const struct dirent *entry)
{
	return bytes_ends(bytes_str(entry->d_name), bytes_str(".conf"));
}

static void
add_folder(struct dropins *dropins, const char *folder)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, is_dropin, alphasort);
	int i;

	for (i = 0; i < count; i++) {
		add_dropin(dropins, folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/*
 * Drop-ins are in unit.d, and of a-b.service in a-.service.d: systemd.unit(5).
 */
static void
find_dropins(struct dropins *dropins, const char *const *folders,
    const char *name)
{
	char path[FILE_PATH_MAX];
	size_t len = strlen(name), i;

	while (len > 0) {
		const char *end = name[len] == '\0' ? "" : ".service";

		for (i = 0; folders[i] != NULL; i++) {
			snprintf(path, sizeof(path), "%s/%.*s%s.d", folders[i],
			    (int)len, name, end);
			add_folder(dropins, path);
		}
		len--;
		while (len > 0 && name[len - 1] != '-')
			len--;
	}
}

static int
compare_names(const void *va, const void *vb)
{
	const struct dropin *a = va, *b = vb;

	return strcmp(a->name, b->name);
}

/* False when this host has no such unit. */
static bool
read_unit(const char *const *folders, const char *name, struct unit *unit)
{
	struct arena arena = { 0 };
	struct dropins dropins = { .arena = &arena };
	char path[FILE_PATH_MAX];
	bool found = false;
	size_t i;

	for (i = 0; folders[i] != NULL && !found; i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		found = take_file(unit, path);
	}
	find_dropins(&dropins, folders, name);
	if (dropins.count > 1)
		qsort(dropins.items, dropins.count, sizeof(*dropins.items),
		    compare_names);
	for (i = 0; i < dropins.count; i++)
		(void)take_file(unit, dropins.items[i].path);
	arena_clear(&arena);
	return found;
}

/* ---- warnings ---- */

static void
note_unit(const char *const *folders, const char *name, const char *directory,
    struct diag_place place, struct diag *diag)
{
	char *real = realpath(directory, NULL);
	struct unit unit = { .directory = directory, .real = real };

	if (read_unit(folders, name, &unit) && unit.is_sandboxed &&
	    !unit.may_write)
		diag_add(diag, place, JWT_OK, "%s may not write to %s: its "
		    "sandbox needs \"ReadWritePaths=%s\" below [Service], in "
		    "/etc/systemd/system/%s.d/directory.conf", name, directory,
		    directory, name);
	free(real);
}

/* A unit whose command names the directory does not read the configuration. */
static void
note_purge(const char *const *folders, const char *directory,
    struct diag_place place, struct diag *diag)
{
	static const char name[] = "pam-jwt-purge.service";
	struct unit unit = { .directory = directory };

	if (read_unit(folders, name, &unit) && !unit.names_directory)
		diag_add(diag, place, JWT_OK, "%s purges another directory, "
		    "and %s grows for ever: it needs a drop-in with an "
		    "ExecStart of its own: pam_jwt.conf(5), directory", name,
		    directory);
}

static void
note_state(const char *const *folders, const struct policy *policy,
    struct diag *diag)
{
	const struct state_settings *state = &policy->state;
	struct diag_place place = {
		.file = policy->file, .line = state->line
	};
	const char *directory = state->directory;

	note_unit(folders, "pam-jwt-purge.service", directory, place, diag);
	note_purge(folders, directory, place, diag);
	note_unit(folders, "pam-jwt-logout@.service", directory, place, diag);
	if (state->redis_pulled)
		note_unit(folders, "pam-jwt-pull.service", directory, place,
		    diag);
	if (policy_service(policy, "polkit-1")->single_use)
		note_unit(folders, "polkit-agent-helper@.service", directory,
		    place, diag);
}

void
check_units_note(const char *const *folders, const struct policy *policy,
    struct diag *diag)
{
	const struct state_settings *state = &policy->state;
	struct diag_place place = {
		.file = policy->file, .line = state->line
	};
	size_t i;

	if (state->wanted && !state_is_live(state))
		note_state(folders, policy, diag);
	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].sync.wanted) {
			note_unit(folders, "pam-jwt-sync.service",
			    state->sync_directory, place, diag);
			return;
		}
	}
}
