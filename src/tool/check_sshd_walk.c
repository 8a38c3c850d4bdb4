/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks through sshd_config and the files that it includes.  `sshd -T` says
 * what is in force and not where it stands, and nothing of Match blocks.
 */
#include <glob.h>
#include <stdio.h>
#include <strings.h>

#include "core/policy/conf.h"
#include "host/file.h"
#include "tool/check_sshd_walk.h"

#define DEPTH_MAX 16	/* files that include others; sshd has the same limit */

struct walk {
	const char *config;
	struct arena *arena;
	bool (*visit)(void *context, const struct check_sshd_line *line);
	void *context;
	unsigned depth;
	struct diag_place match;
};

static bool walk_file(struct walk *walk, const char *path);

bool
check_sshd_is_word(struct bytes word, const char *name)
{
	return word.len == strlen(name) &&
	    strncasecmp((const char *)word.ptr, name, word.len) == 0;
}

/* The files of a pattern, in the order in which sshd reads them. */
static bool
walk_pattern(struct walk *walk, const char *pattern)
{
	glob_t found;
	bool is_done = false;
	size_t i;

	if (glob(pattern, 0, NULL, &found) != 0)
		return false;
	for (i = 0; i < found.gl_pathc && !is_done; i++)
		is_done = walk_file(walk, found.gl_pathv[i]);
	globfree(&found);
	return is_done;
}

/* A pattern that is not absolute counts from the folder of sshd_config. */
static bool
walk_include(struct walk *walk, struct bytes patterns)
{
	const char *slash = strrchr(walk->config, '/');
	int folder = slash == NULL ? 0 : (int)(slash - walk->config) + 1;
	struct bytes word;
	char path[FILE_PATH_MAX];

	while ((word = conf_word(&patterns)).len > 0) {
		bool is_absolute = word.ptr[0] == '/';

		snprintf(path, sizeof(path), "%.*s%.*s",
		    is_absolute ? 0 : folder, walk->config, (int)word.len,
		    (const char *)word.ptr);
		if (walk_pattern(walk, path))
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
	while (len < line->len && strchr(" \t=", line->ptr[len]) != NULL)
		len++;
	*line = bytes_of(line->ptr + len, line->len - len);
	return name;
}

static bool
walk_line(struct walk *walk, struct bytes text, struct diag_place place)
{
	struct check_sshd_line line = { .place = place };

	line.name = take_name(&text);
	line.value = text;
	if (check_sshd_is_word(line.name, "Match")) {
		walk->match = place;
		return false;
	}
	if (check_sshd_is_word(line.name, "Include"))
		return walk_include(walk, text);
	line.match = walk->match;
	return walk->visit(walk->context, &line);
}

static bool
walk_text(struct walk *walk, const char *path, struct bytes text)
{
	struct diag_place place = {
		.file = arena_copy(walk->arena, bytes_str(path))
	};

	if (place.file == NULL)
		return false;
	while (text.len > 0) {
		struct bytes line = bytes_trim(bytes_cut(&text, '\n'));

		place.line++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (walk_line(walk, line, place))
			return true;
	}
	return false;
}

/* A Match line counts up to the end of its file. */
static bool
walk_file(struct walk *walk, const char *path)
{
	struct diag_place outer = walk->match;
	bool is_done = false;
	struct file file;

	if (walk->depth == DEPTH_MAX)
		return false;
	walk->depth++;
	if (file_read(path, &file) == FILE_OK)
		is_done = walk_text(walk, path, secret_bytes(&file.text));
	file_clear(&file);
	walk->depth--;
	walk->match = outer;
	return is_done;
}

bool
check_sshd_walk(const char *config, struct arena *arena,
    bool (*visit)(void *context, const struct check_sshd_line *line),
    void *context)
{
	struct walk walk = {
		.config = config, .arena = arena, .visit = visit,
		.context = context
	};

	return walk_file(&walk, config);
}
