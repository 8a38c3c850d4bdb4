/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the line of a setting in sshd_config: drop-in files make it hard. */
#include "tool/check_sshd_place.h"
#include "tool/check_sshd_walk.h"

struct search {
	const char *setting;
	struct diag_place place;
};

static bool
is_it(void *context, const struct check_sshd_line *line)
{
	struct search *search = context;

	if (line->match.file != NULL ||
	    !check_sshd_is_word(line->name, search->setting))
		return false;
	search->place = line->place;
	return true;
}

struct diag_place
check_sshd_place(const char *config, const char *setting, struct arena *arena)
{
	struct search search = { .setting = setting };

	if (check_sshd_walk(config, arena, is_it, &search))
		return search.place;
	return (struct diag_place){ .file = config };
}
