/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the folder below /tmp. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pamfolder.h"

static char folder[64];
const char *const pamfolder_list[] = { folder, NULL };

int
pamfolder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pam_jwt.XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	return 0;
}

int
pamfolder_remove(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

const char *
pamfolder_path(const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

void
pamfolder_put(const char *name, const char *text)
{
	FILE *file = fopen(pamfolder_path(name), "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(pamfolder_path(name), 0644), 0);
}

void
pamfolder_drop(const char *name)
{
	assert_int_equal(unlink(pamfolder_path(name)), 0);
}

static bool
is_like(const char *text, const char *wanted)
{
	if (wanted[0] == '^')
		return strncmp(text, wanted + 1, strlen(wanted + 1)) == 0;
	return strstr(text, wanted) != NULL;
}

void
pamfolder_expect(struct diag *diag, const char *name, unsigned line,
    const char *text)
{
	const struct diag_entry *entry = diag->entries;
	size_t i;

	for (i = 0; i < diag->count && diag->count != (text != NULL); i++)
		print_message("%s:%u: %s\n", entry[i].file, entry[i].line,
		    entry[i].text);
	if (diag->count != (text != NULL))
		fail_msg("%zu warnings, and not %s", diag->count,
		    text == NULL ? "none" : text);
	if (text != NULL && (entry->reason != JWT_OK || entry->line != line ||
	    strcmp(entry->file, pamfolder_path(name)) != 0 ||
	    !is_like(entry->text, text)))
		fail_msg("%s:%u: %s, and not %s:%u: %s", entry->file,
		    entry->line, entry->text, name, line, text);
	diag_clear(diag);
}
