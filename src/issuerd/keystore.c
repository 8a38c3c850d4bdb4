/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the folder of the keys, and reads and writes the list in it. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuerd/key_source.h"
#include "issuerd/keystore.h"

#define LOCK_MSEC	5000	/* another command takes less than that */

bool
keystore_fail(char fault[KEYSTORE_FAULT_SIZE], const char *what,
    const char *format, ...)
{
	char text[KEYSTORE_FAULT_SIZE / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(fault, KEYSTORE_FAULT_SIZE, "%.200s: %s", what, text);
	return false;
}

/* ---- the folder --------------------------------------------------------- */

static bool
make_folder(struct keystore *store, char fault[KEYSTORE_FAULT_SIZE])
{
	struct file file;
	bool ok = file_make_folder(store->path, 0700, &file) == FILE_OK;

	if (!ok)
		keystore_fail(fault, store->path, "%s", file.fault);
	file_clear(&file);
	return ok;
}

static bool
open_folder(struct keystore *store, char fault[KEYSTORE_FAULT_SIZE])
{
	struct file file;
	bool ok = file_open_folder(store->path, &store->folder, &file) ==
	    FILE_OK;

	if (!ok && file.missing)
		keystore_fail(fault, store->path, "there are no keys yet: "
		    "pam-jwt issuer init");
	else if (!ok)
		keystore_fail(fault, store->path, "%s", file.fault);
	file_clear(&file);
	return ok;
}

/* Whether an entry of the folder is a key of that kind; *kid becomes its kid. */
static bool
is_key_file(const char *name, const char *suffix, char kid[THUMBPRINT_SIZE])
{
	if (strlen(name) != THUMBPRINT_SIZE - 1 + strlen(suffix) ||
	    strcmp(name + THUMBPRINT_SIZE - 1, suffix) != 0)
		return false;
	memcpy(kid, name, THUMBPRINT_SIZE - 1);
	kid[THUMBPRINT_SIZE - 1] = '\0';
	return true;
}

bool
keystore_find_stray(struct keystore *store, char out[FILE_NAME_MAX + 1])
{
	DIR *listing = opendir(store->path);
	char kid[THUMBPRINT_SIZE];
	struct dirent *entry;
	bool is_stray = false;

	if (listing == NULL)
		return false;
	while (!is_stray && (entry = readdir(listing)) != NULL) {
		const char *name = entry->d_name;
		const struct issuer_key *key;

		if (!is_key_file(name, KEY_SOURCE_FILE, kid) &&
		    !is_key_file(name, KEY_SOURCE_AGENT, kid))
			continue;
		key = key_list_get(&store->list, kid);
		is_stray = key == NULL || !key_cycle_is_live(key);
		snprintf(out, FILE_NAME_MAX + 1, "%.*s", FILE_NAME_MAX, name);
	}
	closedir(listing);
	return is_stray;
}

/* ---- the list ----------------------------------------------------------- */

/* A lost list must not look like a new beginning: hosts would get other keys. */
static bool
start_list(struct keystore *store, char fault[KEYSTORE_FAULT_SIZE])
{
	char name[FILE_NAME_MAX + 1];

	if (keystore_find_stray(store, name))
		return keystore_fail(fault, store->path, KEYSTORE_STATE " is "
		    "missing, but %s is there: bring " KEYSTORE_STATE " back "
		    "from a backup, or remove the keys to begin again", name);
	return keystore_write(store, fault);
}

static bool
take_list(struct keystore *store, struct secret *text, const char *path,
    char fault[KEYSTORE_FAULT_SIZE])
{
	const char *words = key_state_parse(text, &store->list);

	return words == NULL || keystore_fail(fault, path, "damaged: %s",
	    words);
}

static bool
read_list(struct keystore *store, enum keystore_use use,
    char fault[KEYSTORE_FAULT_SIZE])
{
	char path[FILE_PATH_MAX];
	struct file file;
	bool ok;

	snprintf(path, sizeof(path), "%.*s/" KEYSTORE_STATE,
	    (int)(sizeof(path) - sizeof(KEYSTORE_STATE) - 1), store->path);
	if (file_read(path, &file) == FILE_OK)
		ok = take_list(store, &file.text, path, fault);
	else if (file.missing && use == KEYSTORE_INIT)
		ok = start_list(store, fault);
	else if (file.missing)
		ok = keystore_fail(fault, path, "it is missing: pam-jwt issuer "
		    "init, or bring it back from a backup");
	else
		ok = keystore_fail(fault, path, "%s", file.fault);
	file_clear(&file);
	return ok;
}

/* ---- all of it ---------------------------------------------------------- */

static bool
fail_lock(const struct keystore *store, char fault[KEYSTORE_FAULT_SIZE])
{
	if (errno == ETIMEDOUT)
		return keystore_fail(fault, store->path, "another command is "
		    "changing it");
	return keystore_fail(fault, store->path, "it cannot be locked: %s",
	    file_errno_text(errno));
}

bool
keystore_open(const struct issuer_conf *conf, enum keystore_use use,
    struct keystore **out, char fault[KEYSTORE_FAULT_SIZE])
{
	struct keystore *store = calloc(1, sizeof(*store));

	*out = store;
	if (store == NULL)
		return keystore_fail(fault, conf->directory, "memory ran out");
	store->folder = -1;
	if (snprintf(store->path, sizeof(store->path), "%s/" KEYSTORE_FOLDER,
	    conf->directory) >= (int)(sizeof(store->path) - FILE_NAME_MAX))
		return keystore_fail(fault, conf->directory, "the path is too "
		    "long");
	if (use == KEYSTORE_INIT && !make_folder(store, fault))
		return false;
	if (!open_folder(store, fault))
		return false;
	if (use != KEYSTORE_READ && !file_lock(store->folder, LOCK_MSEC))
		return fail_lock(store, fault);
	return read_list(store, use, fault);
}

bool
keystore_write(const struct keystore *store, char fault[KEYSTORE_FAULT_SIZE])
{
	struct secret text;
	bool ok;

	if (key_state_write(&store->list, &text) != JWT_OK)
		return keystore_fail(fault, store->path, "memory ran out");
	ok = file_replace(store->folder, KEYSTORE_STATE, secret_bytes(&text),
	    0600);
	if (!ok)
		keystore_fail(fault, store->path, KEYSTORE_STATE ": %s",
		    file_errno_text(errno));
	secret_clear(&text);
	return ok;
}

void
keystore_close(struct keystore *store)
{
	if (store == NULL)
		return;
	if (store->folder >= 0)
		close(store->folder);
	free(store);
}
