/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps a token, or the rest of one, between two prompts, in a folder that only
 * the user may write.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "askpass/parts_file.h"
#include "cli/complain.h"

#define PARTS "parts"
#define REST "rest"
#define TOLD "told"
#define DRAFT "draft"	/* as in places.c */

/* ---- names --------------------------------------------------------------- */

static bool
is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr(".-_:", c) != NULL);
}

/* A name of a user or host, in which a slash is not a slash: as in a URL. */
static char *
escape(const char *name, struct arena *arena)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, 3 * strlen(name) + 1), *to = out;

	if (out == NULL)
		return NULL;
	for (; *name != '\0'; name++) {
		uint8_t c = (uint8_t)*name;

		if (is_plain(c)) {
			*to++ = *name;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return out;
}

/* *out is NULL for a name that is longer than the file system takes. */
static bool
name_file(const char *folder, const char *kind, const struct asker *asker,
    struct arena *arena, const char **out)
{
	char name[NAME_MAX + 1], *user, *host, *path;
	size_t size = strlen(folder) + sizeof(name) + 1;
	int len;

	*out = NULL;
	user = escape(asker->user == NULL ? "" : asker->user, arena);
	host = escape(asker->host == NULL ? "" : asker->host, arena);
	if (user == NULL || host == NULL)
		return complain("memory ran out");
	len = snprintf(name, sizeof(name), "%s.%d.%s@%s", kind,
	    (int)asker->program, user, host);
	if (len < 0 || (size_t)len >= sizeof(name))
		return true;
	path = arena_alloc(arena, size);
	if (path == NULL)
		return complain("memory ran out");
	snprintf(path, size, "%s/%s", folder, name);
	*out = path;
	return true;
}

bool
parts_file_find(const struct places *places, const struct asker *asker,
    struct arena *arena, struct parts_file *out)
{
	*out = (struct parts_file){ .folder = places->folder,
	    .draft = places->draft };
	if (places->folder == NULL)
		return true;
	return name_file(places->folder, PARTS, asker, arena, &out->parts) &&
	    name_file(places->folder, REST, asker, arena, &out->rest) &&
	    name_file(places->folder, TOLD, asker, arena, &out->told);
}

/* ---- ages ---------------------------------------------------------------- */

/*
 * The wall clock may be set between two prompts.  So the time of a file is that
 * of the clock which counts from the start of the machine.
 */
static struct timespec
boot_time(void)
{
	struct timespec now = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return now;
}

static bool
set_time(int fd)
{
	const struct timespec times[2] = { boot_time(), boot_time() };

	return futimens(fd, times) == 0;
}

/* A file of an earlier boot may have a time that is still to come. */
static bool
is_recent(int64_t written_sec, int64_t max_sec)
{
	int64_t age = (int64_t)boot_time().tv_sec - written_sec;

	return age >= 0 && age <= max_sec;
}

/*
 * A file that another process is just writing has the time of the wall clock,
 * until set_time() is called.  It must not be removed.
 */
static bool
is_old(int64_t written_sec)
{
	int64_t age = (int64_t)time(NULL) - written_sec;

	return !is_recent(written_sec, PARTS_FILE_PARTS_SEC) &&
	    (age < -PARTS_FILE_PARTS_SEC || age > PARTS_FILE_PARTS_SEC);
}

/* ---- files --------------------------------------------------------------- */

enum userfile_result
parts_file_read(const struct parts_file *files, const char *path,
    int64_t max_sec, struct secret *out)
{
	enum userfile_result result;
	struct userfile file;
	struct stat st;

	if (path == NULL || (lstat(path, &st) != 0 &&
	    (errno == ENOENT || errno == ENOTDIR)))
		return USERFILE_MISSING;
	if (!userfile_is_own_folder(files->folder))
		return USERFILE_FAULT;
	result = userfile_read(path, USERFILE_PRIVATE, &file);
	if (result == USERFILE_OK && !is_recent(file.written_sec, max_sec))
		result = USERFILE_MISSING;
	if (result == USERFILE_OK)
		*out = file.text;
	else
		secret_clear(&file.text);
	return result;
}

static bool
make_folder(const char *path)
{
	if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
		return complain_errno(path);
	return userfile_is_own_folder(path);
}

/* Write a draft and rename it: a reader finds the whole token or none. */
static bool
write_draft(char *draft, const char *path, struct bytes token)
{
	int fd = mkostemp(draft, O_CLOEXEC);	/* with mode 0600 */
	bool ok;

	if (fd < 0)
		return complain_errno(draft);
	ok = userfile_write(fd, token) && set_time(fd);
	ok = close(fd) == 0 && ok;
	if (ok && rename(draft, path) == 0)
		return true;
	complain_errno(path);
	(void)unlink(draft);
	return false;
}

static bool
is_ours(const char *name)
{
	static const char *const kinds[] = { PARTS ".", REST ".", TOLD ".",
		DRAFT "." };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
			return true;
	}
	return false;
}

/*
 * A login may have ended between two parts, or we in front of a rename, and
 * its token must not stay.
 */
static void
remove_old(const char *folder)
{
	const struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(folder);

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (!is_ours(name))
			continue;
		if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_old(st.st_mtime))
			(void)unlinkat(dirfd(dir), name, 0);
	}
	(void)closedir(dir);
}

bool
parts_file_write(const struct parts_file *files, const char *path,
    struct bytes text)
{
	char *draft;
	bool ok;

	if (path == NULL)
		return true;
	draft = strdup(files->draft);
	if (draft == NULL)
		return complain("memory ran out");
	ok = make_folder(files->folder);
	if (ok) {
		remove_old(files->folder);
		ok = write_draft(draft, path, text);
	}
	free(draft);
	return ok;
}

void
parts_file_remove(const char *path)
{
	if (path != NULL)
		(void)unlink(path);
}
