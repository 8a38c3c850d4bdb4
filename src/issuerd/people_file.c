/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and changes issuer.people.  A change is parsed before it is written, so
 * a file that was usable stays usable.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "issuerd/people_file.h"

#define LOCK_MSEC 5000	/* another change takes milliseconds */

/* ---- reading ------------------------------------------------------------ */

enum jwt_reason
people_file_load(const char *path, struct diag *diag, struct people_file *out)
{
	struct diag_place place = { .file = path };
	enum jwt_reason reason;

	*out = (struct people_file){ .people = { .count = 0 } };
	reason = rootfile_read(path, &out->file);
	if (reason != JWT_OK && out->file.missing)
		return JWT_OK;
	if (reason != JWT_OK) {
		diag_add(diag, place, reason, "%s", out->file.fault);
		return reason;
	}
	return people_parse(secret_bytes(&out->file.text), path, diag,
	    &out->people);
}

void
people_file_clear(struct people_file *file)
{
	people_clear(&file->people);
	file_clear(&file->file);
}

/* ---- one change --------------------------------------------------------- */

/* The file while it is being changed. */
struct edit {
	const char *path;
	const char *name;	/* the part of path after its folder */
	int folder;		/* locked; -1: not open */
	struct people_file old;
	struct secret text;	/* the new one */
};

/*
 * rename() would put a file in the place of a symbolic link, and whoever keeps
 * the file elsewhere would not see the change.
 */
static bool
is_link(const struct edit *edit)
{
	struct stat st;

	return fstatat(edit->folder, edit->name, &st, AT_SYMLINK_NOFOLLOW) ==
	    0 && S_ISLNK(st.st_mode);
}

static bool
open_folder(struct edit *edit)
{
	const char *slash = strrchr(edit->path, '/');
	char folder[FILE_PATH_MAX];
	struct file fault = { .missing = false };
	enum file_result result;

	if (edit->path[0] != '/' || slash == NULL || slash[1] == '\0' ||
	    strlen(edit->path) >= sizeof(folder))
		return complain("%s: not the absolute path of a file",
		    edit->path);
	edit->name = slash + 1;
	/* The slash stays, so that the folder may be the root. */
	snprintf(folder, sizeof(folder), "%.*s", (int)(edit->name -
	    edit->path), edit->path);
	result = file_open_public(folder, &edit->folder, &fault);
	if (result != FILE_OK)
		complain("%s: %s", folder, fault.fault);
	file_clear(&fault);
	return result == FILE_OK;
}

/* Lock the folder, and read the file as it is then. */
static bool
start(struct edit *edit, const char *path)
{
	struct diag diag = { .reason = JWT_OK };
	enum jwt_reason reason;

	*edit = (struct edit){ .path = path, .name = "", .folder = -1 };
	if (!open_folder(edit))
		return false;
	if (!file_lock(edit->folder, LOCK_MSEC))
		return complain("%s: it is being changed by another process: "
		    "%s", path, strerror(errno));
	if (is_link(edit))
		return complain("%s: a symbolic link: change the file that it "
		    "names", path);
	reason = people_file_load(path, &diag, &edit->old);
	report_diag(&diag, stderr);
	diag_clear(&diag);
	return reason == JWT_OK;
}

/* Check the new text, and put it in the place of the old one. */
static enum people_change
commit(struct edit *edit)
{
	struct diag diag = { .reason = JWT_OK };
	struct people people;
	enum jwt_reason reason = people_parse(secret_bytes(&edit->text),
	    edit->path, &diag, &people);

	report_diag(&diag, stderr);
	diag_clear(&diag);
	people_clear(&people);
	if (reason != JWT_OK)
		return PEOPLE_TROUBLE;
	if (edit->text.len >= FILE_SIZE_MAX) {
		complain("%s: it would have 1 MiB or more", edit->path);
		return PEOPLE_TROUBLE;
	}
	if (!file_replace(edit->folder, edit->name, secret_bytes(&edit->text),
	    0644)) {
		complain_errno(edit->path);
		return PEOPLE_TROUBLE;
	}
	return PEOPLE_CHANGED;
}

static void
stop(struct edit *edit)
{
	if (edit->folder >= 0)
		close(edit->folder);
	secret_clear(&edit->text);
	people_file_clear(&edit->old);
}

static void
append(struct secret *text, struct bytes more)
{
	if (more.len > 0)
		memcpy(text->ptr + text->len, more.ptr, more.len);
	text->len += more.len;
}

/* ---- adding ------------------------------------------------------------- */

/* The old text, then the line. */
static bool
append_line(struct edit *edit, const struct person *person)
{
	struct bytes old = secret_bytes(&edit->old.file.text);
	const char *const words[] = {
		person->name, person->key.type, person->blob, person->comment
	};
	size_t size = old.len + 2, i;

	for (i = 0; i < 4; i++)
		size += strlen(words[i]) + 1;
	if (secret_alloc(size, &edit->text) != JWT_OK)
		return complain("memory ran out");
	edit->text.len = 0;
	append(&edit->text, old);
	if (old.len > 0 && old.ptr[old.len - 1] != '\n')
		append(&edit->text, bytes_str("\n"));
	for (i = 0; i < 4 && words[i][0] != '\0'; i++) {
		if (i > 0)
			append(&edit->text, bytes_str(" "));
		append(&edit->text, bytes_str(words[i]));
	}
	append(&edit->text, bytes_str("\n"));
	return true;
}

static enum people_change
add(struct edit *edit, const struct person *person)
{
	const struct person *owner = people_find(&edit->old.people,
	    &person->key);

	if (owner != NULL && strcmp(owner->name, person->name) == 0)
		return PEOPLE_SAME;
	if (owner != NULL) {
		complain("%s:%u: the key already belongs to %s", edit->path,
		    owner->line, owner->name);
		return PEOPLE_REFUSED;
	}
	if (!append_line(edit, person))
		return PEOPLE_TROUBLE;
	return commit(edit);
}

enum people_change
people_file_add(const char *path, const struct person *person)
{
	enum people_change change = PEOPLE_TROUBLE;
	struct edit edit;

	if (start(&edit, path))
		change = add(&edit, person);
	stop(&edit);
	return change;
}

/* ---- removing ----------------------------------------------------------- */

static bool
is_meant(const struct person *person, const char *name,
    const char *fingerprint)
{
	return strcmp(person->name, name) == 0 && (fingerprint == NULL ||
	    strcmp(person->key.fingerprint, fingerprint) == 0);
}

/* Copy the lines that stay; false if none is left out. */
static bool
keep_others(struct edit *edit, const char *name, const char *fingerprint)
{
	const struct people *people = &edit->old.people;
	struct bytes rest = secret_bytes(&edit->old.file.text);
	bool is_removed = false;
	unsigned line = 0;
	size_t next = 0;

	edit->text.len = 0;
	while (rest.len > 0) {
		struct bytes whole = rest;

		(void)bytes_cut(&rest, '\n');
		whole.len -= rest.len;
		line++;
		if (next < people->count && people->item[next].line == line &&
		    is_meant(&people->item[next++], name, fingerprint))
			is_removed = true;
		else
			append(&edit->text, whole);
	}
	return is_removed;
}

enum people_change
people_file_remove(const char *path, const char *name, const char *fingerprint)
{
	enum people_change change = PEOPLE_TROUBLE;
	struct edit edit;

	if (!start(&edit, path))
		goto out;
	if (secret_alloc(edit.old.file.text.len, &edit.text) != JWT_OK) {
		complain("memory ran out");
		goto out;
	}
	change = PEOPLE_REFUSED;
	if (keep_others(&edit, name, fingerprint))
		change = commit(&edit);
	else
		complain("%s: there is no such key of %s", path, name);
out:
	stop(&edit);
	return change;
}
