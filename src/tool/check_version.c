/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the version out of the file of the module.  It is not loaded: code that
 * a wrong line of pam.d names must not run in the command.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/version.h"
#include "tool/check_version.h"
#include "tool/pam_finding.h"
#include "tool/pam_module.h"
#include "tool/pam_service.h"

#define MODULE_MAX	(32 << 20)	/* bytes; with debug symbols it has 2 */
#define VERSION_SIZE	32		/* bytes of a version with terminator */

struct look {
	const char *const *folders;
	const char *const *modules;
	struct arena arena;
	struct pam_findings findings;
	const char *path;		/* of the file that was read last */
	char version[VERSION_SIZE];	/* its version; empty: it has none */
	bool is_readable;
};

/* ---- the file ---- */

/* The whole file; the caller frees it.  NULL if it cannot be read. */
static char *
read_whole(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char *text = NULL;
	ssize_t got = -1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= MODULE_MAX)
		text = malloc((size_t)st.st_size);
	if (text != NULL)
		got = read(fd, text, (size_t)st.st_size);
	close(fd);
	if (got < 0) {
		free(text);
		return NULL;
	}
	*len = (size_t)got;
	return text;
}

/* Take what is between the mark and a zero byte, if it can be a version. */
static void
find_version(const char *text, size_t len, char out[VERSION_SIZE])
{
	static const char allowed[] = "0123456789.abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ~+-";
	const char *mark = memmem(text, len, VERSION_MARK,
	    strlen(VERSION_MARK));
	size_t rest;

	out[0] = '\0';
	if (mark == NULL)
		return;
	mark += strlen(VERSION_MARK);
	rest = len - (size_t)(mark - text);
	if (memchr(mark, '\0', rest < VERSION_SIZE ? rest : VERSION_SIZE) ==
	    NULL || mark[strspn(mark, allowed)] != '\0')
		return;
	memcpy(out, mark, strlen(mark) + 1);
}

/* On most hosts all lines name one file, so it is read once. */
static bool
read_version(struct look *look, const char *path)
{
	size_t len = 0;
	char *text;

	if (look->path != NULL && strcmp(look->path, path) == 0)
		return true;
	look->path = arena_copy(&look->arena, bytes_str(path));
	if (look->path == NULL)
		return false;
	text = read_whole(path, &len);
	look->is_readable = text != NULL;
	if (text != NULL)
		find_version(text, len, look->version);
	free(text);
	return true;
}

/* ---- the stacks ---- */

static bool
look_at_file(struct look *look, const char *service, const char *path)
{
	const char *version = look->version;
	struct diag_place place;
	char text[200];

	if (!read_version(look, path))
		return false;
	if (!look->is_readable || strcmp(version, VERSION) == 0)
		return true;
	if (version[0] == '\0')
		version = "an older version";
	place = (struct diag_place){ .file = look->path };
	snprintf(text, sizeof(text), "this module is %s, and this command is "
	    VERSION ", so a login may decide otherwise than the command says; "
	    "install both from one version", version);
	return pam_finding_add(&look->findings, place, service, text);
}

static bool
look_at_type(struct look *look, const char *service, const char *type)
{
	struct pam_stack stack = {
		.arena = &look->arena, .folders = look->folders
	};
	char path[FILE_PATH_MAX];
	size_t i;

	if (!pam_stack_read(&stack, service, type))
		return false;
	for (i = 0; i < stack.count; i++) {
		const struct pam_line *line = &stack.lines[i];

		if (pam_line_is_of(line, PAM_SERVICE_MODULE) &&
		    pam_module_find(look->modules, line->module, path) &&
		    !look_at_file(look, service, path))
			return false;
	}
	return true;
}

/* Its auth lines and its account lines may name files of their own. */
static bool
look_at_service(void *context, const char *service)
{
	struct look *look = context;

	return look_at_type(look, service, "auth") &&
	    look_at_type(look, service, "account");
}

void
check_version_note(const char *const *folders, const char *const *modules,
    struct diag *diag)
{
	struct look look = {
		.folders = folders, .modules = modules,
		.findings.arena = &look.arena
	};

	pam_findings_each(&look.findings, folders, look_at_service, &look,
	    diag);
}
