/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds lines of /etc/pam.d that name our module and cannot work.  libpam and
 * the module refuse such a line only when somebody logs in.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/arguments.h"
#include "core/base/nearest.h"
#include "core/policy/conf.h"
#include "tool/check_lines.h"
#include "tool/pam_finding.h"
#include "tool/pam_module.h"
#include "tool/pam_service.h"

#define MODULE PAM_SERVICE_MODULE

struct look {
	const char *const *folders;
	const char *const *modules;
	struct arena arena;
	struct pam_findings findings;
};

/* ---- the name of the module ---- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return path;
	return slash + 1;
}

/* The letters and digits of a name, in lowercase; false if it is too long. */
static bool
letters_of(const char *name, char *out, size_t size)
{
	size_t len = 0, i;

	for (i = 0; name[i] != '\0'; i++) {
		if (!isalnum((unsigned char)name[i]))
			continue;
		if (len == size - 1)
			return false;
		out[len++] = (char)tolower((unsigned char)name[i]);
	}
	out[len] = '\0';
	return true;
}

/*
 * Whether a name was meant for ours: it has one typing error, or differs by
 * dots, dashes, or one ".so" too many or too few.
 */
static bool
is_misspelt(const char *name)
{
	static const char *const forms[] = {
		"pamjwt", "pamjwtso", "pamjwtsoso", "libpamjwtso"
	};
	struct nearest nearest = nearest_begin(bytes_str(name));
	char letters[16];
	size_t i;

	nearest_try(&nearest, MODULE);
	if (nearest.best != NULL && nearest.distance <= 1)
		return strcmp(name, MODULE) != 0;
	if (!letters_of(name, letters, sizeof(letters)))
		return false;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(letters, forms[i]) == 0)
			return true;
	}
	return false;
}

/* libpam puts its own folder in place of $ISA, which is not known here. */
static bool
is_missing(const struct look *look, const char *module)
{
	char path[FILE_PATH_MAX];

	return strchr(module, '$') == NULL &&
	    !pam_module_find(look->modules, module, path);
}

static bool
note_missing(struct look *look, const char *service,
    const struct pam_line *line)
{
	const char *remedy = "install libpam-jwt";
	char text[600];

	if (line->module[0] == '/')
		remedy = "write " MODULE " without a folder";
	snprintf(text, sizeof(text), "there is no %.400s, so libpam cannot "
	    "load this line; %s", line->module, remedy);
	return pam_finding_add(&look->findings, pam_line_place(line), service,
	    text);
}

static bool
note_misspelt(struct look *look, const char *service,
    const struct pam_line *line)
{
	char text[600];

	snprintf(text, sizeof(text), "there is no module %.400s, so libpam "
	    "cannot load this line; write " MODULE, line->module);
	return pam_finding_add(&look->findings, pam_line_place(line), service,
	    text);
}

/* ---- its arguments ---- */

/*
 * The next argument, without the brackets that libpam takes off; NULL when
 * memory runs out.  An empty one is the end.
 */
static const char *
next_argument(struct look *look, struct bytes *rest)
{
	struct bytes word;

	*rest = bytes_trim(*rest);
	if (rest->len == 0 || rest->ptr[0] != '[')
		return arena_copy(&look->arena, conf_word(rest));
	*rest = bytes_of(rest->ptr + 1, rest->len - 1);
	word = bytes_cut(rest, ']');
	return arena_copy(&look->arena, word);
}

static bool
note_argument(struct look *look, const char *service,
    const struct pam_line *line, const char *argument)
{
	char text[600];

	snprintf(text, sizeof(text), MODULE " refuses this line: the argument "
	    "\"%.200s\" is not known, or is there twice; the arguments are "
	    ARGUMENTS_ALL, argument);
	return pam_finding_add(&look->findings, pam_line_place(line), service,
	    text);
}

static bool
note_arguments(struct look *look, const char *service,
    const struct pam_line *line)
{
	struct arguments arguments = { .config = NULL };
	struct bytes rest = bytes_str(line->arguments);
	const char *argument, *fault;
	char text[600];

	while (bytes_trim(rest).len > 0) {
		argument = next_argument(look, &rest);
		if (argument == NULL)
			return false;
		if (!arguments_take(&arguments, argument))
			return note_argument(look, service, line, argument);
	}
	fault = arguments_fault(&arguments, service);
	if (fault == NULL)
		return true;
	snprintf(text, sizeof(text), MODULE " refuses this line: %s", fault);
	return pam_finding_add(&look->findings, pam_line_place(line), service,
	    text);
}

/* ---- all lines ---- */

static bool
look_at_line(struct look *look, const char *service,
    const struct pam_line *line)
{
	bool is_ours = pam_line_is_of(line, MODULE);

	if (line->is_keyword && strcasecmp(line->control, "substack") == 0)
		return true;
	if (!is_ours && !is_misspelt(base_name(line->module)))
		return true;
	if (!is_missing(look, line->module))
		return !is_ours || note_arguments(look, service, line);
	if (is_ours)
		return note_missing(look, service, line);
	return note_misspelt(look, service, line);
}

static bool
look_at_type(struct look *look, const char *service, const char *type)
{
	struct pam_stack stack = {
		.arena = &look->arena, .folders = look->folders
	};
	size_t i;

	if (!pam_stack_read(&stack, service, type))
		return false;
	for (i = 0; i < stack.count; i++) {
		if (!look_at_line(look, service, &stack.lines[i]))
			return false;
	}
	return true;
}

static bool
look_at_service(void *context, const char *service)
{
	struct look *look = context;
	size_t i;

	for (i = 0; pam_service_types[i] != NULL; i++) {
		if (!look_at_type(look, service, pam_service_types[i]))
			return false;
	}
	return true;
}

void
check_lines_note(const char *const *folders, const char *const *modules,
    struct diag *diag)
{
	struct look look = {
		.folders = folders, .modules = modules,
		.findings.arena = &look.arena
	};

	pam_findings_each(&look.findings, folders, look_at_service, &look,
	    diag);
}
