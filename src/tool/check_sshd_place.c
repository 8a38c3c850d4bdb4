/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the line of a setting in sshd_config.  `sshd -T` says what is in force
 * and not where it stands, and drop-in files make that hard to see.
 */
#include <glob.h>
#include <stdio.h>
#include <strings.h>

#include "core/policy/conf.h"
#include "host/file.h"
#include "tool/check_sshd_place.h"

#define DEPTH_MAX 16	/* files that include others; sshd has the same limit */

struct search {
	const char *config;
	const char *setting;
	struct arena *arena;
	unsigned depth;
	struct diag_place place;
};

static bool search_file(struct search *search, const char *path);

static bool
is_word(struct bytes word, const char *text)
{
	return word.len == strlen(text) &&
	    strncasecmp((const char *)word.ptr, text, word.len) == 0;
}

/* The files of a pattern, in the order in which sshd reads them. */
static bool
search_pattern(struct search *search, const char *pattern)
{
	glob_t found;
	bool is_found = false;
	size_t i;

	if (glob(pattern, 0, NULL, &found) != 0)
		return false;
	for (i = 0; i < found.gl_pathc && !is_found; i++)
		is_found = search_file(search, found.gl_pathv[i]);
	globfree(&found);
	return is_found;
}

/* A pattern that is not absolute counts from the folder of sshd_config. */
static bool
search_include(struct search *search, struct bytes patterns)
{
	const char *slash = strrchr(search->config, '/');
	int folder = slash == NULL ? 0 : (int)(slash - search->config) + 1;
	struct bytes word;
	char path[FILE_PATH_MAX];

	while ((word = conf_word(&patterns)).len > 0) {
		bool is_absolute = word.ptr[0] == '/';

		snprintf(path, sizeof(path), "%.*s%.*s",
		    is_absolute ? 0 : folder, search->config, (int)word.len,
		    (const char *)word.ptr);
		if (search_pattern(search, path))
			return true;
	}
	return false;
}

/* "Name value" or "Name=value". */
static struct bytes
take_name(struct bytes *line)
{
	size_t len = 0;
	struct bytes name;

	while (len < line->len && strchr(" \t=", line->ptr[len]) == NULL)
		len++;
	name = bytes_of(line->ptr, len);
	*line = bytes_trim(bytes_of(line->ptr + len, line->len - len));
	return name;
}

static bool
search_text(struct search *search, const char *path, struct bytes text)
{
	unsigned number = 0;

	while (text.len > 0) {
		struct bytes line = bytes_trim(bytes_cut(&text, '\n')), name;

		number++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		name = take_name(&line);
		if (is_word(name, "Match"))
			return false;
		if (is_word(name, "Include") && search_include(search, line))
			return true;
		if (!is_word(name, search->setting))
			continue;
		search->place.file = arena_copy(search->arena,
		    bytes_str(path));
		search->place.line = number;
		return search->place.file != NULL;
	}
	return false;
}

static bool
search_file(struct search *search, const char *path)
{
	bool is_found = false;
	struct file file;

	if (search->depth == DEPTH_MAX)
		return false;
	search->depth++;
	if (file_read(path, &file) == FILE_OK)
		is_found = search_text(search, path, secret_bytes(&file.text));
	file_clear(&file);
	search->depth--;
	return is_found;
}

struct diag_place
check_sshd_place(const char *config, const char *setting, struct arena *arena)
{
	struct search search = {
		.config = config, .setting = setting, .arena = arena
	};

	if (search_file(&search, config))
		return search.place;
	return (struct diag_place){ .file = config };
}
