/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps a mark beside the parts of tokens: that a fault was told to the program
 * which asks.
 */
#include <fcntl.h>
#include <unistd.h>

#include "askpass/ancestors.h"
#include "askpass/told.h"

#define TOLD_SEC	30	/* ssh asks again at once; process ids come again */

bool
told_find(const struct places *places, struct arena *arena, struct told *out)
{
	struct ancestors ancestors;
	struct asker asker = { .kind = ASKER_UNKNOWN };

	ancestors_find(&ancestors);
	asker.program = ancestors.program;
	if (!parts_file_find(places, &asker, arena, &out->files))
		return false;
	out->is_known = asker.program != 0 && out->files.told != NULL;
	return true;
}

void
told_be_quiet(const struct told *told)
{
	struct secret mark = { .ptr = NULL };
	enum userfile_result result;
	int fd;

	if (!told->is_known)
		return;
	result = parts_file_read(&told->files, told->files.told, TOLD_SEC,
	    &mark);
	secret_clear(&mark);
	if (result != USERFILE_OK)
		return;
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)dup2(fd, STDERR_FILENO);
	(void)close(fd);
}

void
told_note(const struct told *told, bool is_answered)
{
	if (!told->is_known)
		return;
	if (is_answered)
		parts_file_remove(told->files.told);
	else
		(void)parts_file_write(&told->files, told->files.told,
		    bytes_str("told\n"));
}
