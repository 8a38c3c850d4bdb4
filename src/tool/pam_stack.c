/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the files of /etc/pam.d as libpam does, and follows their jumps and
 * substacks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "core/policy/conf.h"
#include "host/file.h"
#include "tool/pam_stack.h"

#define JUMP_MAX 100000	/* lines; a longer jump skips everything */

/* A file that is being read, or one that it includes. */
struct reader {
	struct pam_stack *stack;
	const char *type;	/* the type of the wanted lines */
	const char *path;
	struct bytes rest;
	char *joined;		/* room for a line and those that continue it */
	unsigned line;		/* lines read so far */
	unsigned level;
	unsigned depth;
};

static bool read_named(const struct reader *from, struct bytes name,
    unsigned level);
static bool note_fault(struct pam_stack *stack, const char *path,
    const char *fault);

/* ---- lines ---- */

/* The next line without its comment; a backslash at its end joins the next. */
static struct bytes
next_line(struct reader *in, unsigned *number)
{
	size_t len = 0;
	bool goes_on = true;

	*number = in->line + 1;
	while (goes_on && in->rest.len > 0) {
		struct bytes part = bytes_cut(&in->rest, '\n');

		part = bytes_trim(bytes_cut(&part, '#'));
		in->line++;
		goes_on = part.len > 0 && part.ptr[part.len - 1] == '\\';
		if (goes_on)
			part.len--;
		if (part.len > 0)
			memcpy(in->joined + len, part.ptr, part.len);
		len += part.len;
		if (goes_on)
			in->joined[len++] = ' ';
	}
	return bytes_of(in->joined, len);
}

/* A keyword, or the text between [ and ], in which \] is a bracket. */
static struct bytes
take_control(struct bytes *rest, bool *is_keyword)
{
	struct bytes out;
	size_t len = 1;

	*rest = bytes_trim(*rest);
	*is_keyword = rest->len == 0 || rest->ptr[0] != '[';
	if (*is_keyword)
		return conf_word(rest);
	while (len < rest->len && (rest->ptr[len] != ']' ||
	    rest->ptr[len - 1] == '\\'))
		len++;
	out = bytes_of(rest->ptr + 1, len - 1);
	len += len < rest->len;
	*rest = bytes_of(rest->ptr + len, rest->len - len);
	return out;
}

static bool
is_word(struct bytes word, const char *text)
{
	return word.len == strlen(text) &&
	    strncasecmp((const char *)word.ptr, text, word.len) == 0;
}

static bool
add_line(struct reader *in, struct pam_line line, struct bytes control,
    struct bytes rest)
{
	struct pam_stack *stack = in->stack;
	struct pam_line *more;

	if (stack->count == PAM_STACK_LINES)
		return note_fault(stack, in->path, "too many lines");
	more = arena_grow(stack->arena, stack->lines, stack->count,
	    sizeof(*more));
	if (more == NULL)
		return false;
	stack->lines = more;
	line.file = in->path;
	line.level = in->level;
	line.control = arena_copy(stack->arena, control);
	line.module = arena_copy(stack->arena, conf_word(&rest));
	line.arguments = arena_copy(stack->arena, bytes_trim(rest));
	if (line.control == NULL || line.module == NULL ||
	    line.arguments == NULL)
		return false;
	stack->lines[stack->count++] = line;
	return true;
}

/* Take a line "TYPE CONTROL MODULE ARGUMENTS" or "@include FILE". */
static bool
take_line(struct reader *in, struct bytes text, unsigned number)
{
	struct pam_line line = { .line = number };
	struct bytes type = conf_word(&text), control;

	if (is_word(type, "@include"))
		return read_named(in, conf_word(&text), in->level);
	/* With - in front of the type, libpam accepts a missing module. */
	if (type.len > 0 && type.ptr[0] == '-')
		type = bytes_of(type.ptr + 1, type.len - 1);
	if (!is_word(type, in->type))
		return true;
	control = take_control(&text, &line.is_keyword);
	if (line.is_keyword && is_word(control, "include"))
		return read_named(in, conf_word(&text), in->level);
	if (!add_line(in, line, control, text))
		return false;
	if (line.is_keyword && is_word(control, "substack"))
		return read_named(in, conf_word(&text), in->level + 1);
	return true;
}

/* ---- files ---- */

static bool
take_text(struct reader *in, struct bytes text)
{
	in->rest = text;
	in->joined = arena_alloc(in->stack->arena, text.len + 1);
	if (in->joined == NULL)
		return false;
	while (in->rest.len > 0) {
		unsigned number;
		struct bytes line = next_line(in, &number);

		if (line.len > 0 && !take_line(in, line, number))
			return false;
	}
	return true;
}

/* Read the file that libpam would: from the first folder that has it. */
static enum file_result
open_named(const struct pam_stack *stack, struct bytes name,
    char path[FILE_PATH_MAX], struct file *file)
{
	size_t i;

	if (name.len > 0 && name.ptr[0] == '/') {
		snprintf(path, FILE_PATH_MAX, "%.*s", (int)name.len,
		    (const char *)name.ptr);
		return file_read(path, file);
	}
	for (i = 0; stack->folders[i] != NULL; i++) {
		enum file_result result;

		snprintf(path, FILE_PATH_MAX, "%s/%.*s", stack->folders[i],
		    (int)name.len, (const char *)name.ptr);
		result = file_read(path, file);
		if (!file->missing)
			return result;
		file_clear(file);
	}
	snprintf(path, FILE_PATH_MAX, "%s/%.*s", stack->folders[0],
	    (int)name.len, (const char *)name.ptr);
	return file_read(path, file);
}

static bool
note_fault(struct pam_stack *stack, const char *path, const char *fault)
{
	char text[FILE_PATH_MAX + 300];

	if (stack->fault != NULL)
		return true;
	snprintf(text, sizeof(text), "%s: %s", path, fault);
	stack->fault = arena_copy(stack->arena, bytes_str(text));
	return stack->fault != NULL;
}

/*
 * The depth alone does not bound the work: a file that includes itself three
 * times would be read 3^16 times, and two lines are enough for many minutes.
 */
static bool
read_named(const struct reader *from, struct bytes name, unsigned level)
{
	struct reader in = {
		.stack = from->stack, .type = from->type, .level = level,
		.depth = from->depth + 1
	};
	char path[FILE_PATH_MAX];
	enum file_result result;
	struct file file;
	bool ok;

	if (in.depth > PAM_STACK_DEPTH)
		return note_fault(in.stack, from->path, "includes itself");
	if (in.stack->files == PAM_STACK_FILES)
		return note_fault(in.stack, from->path, "includes too many "
		    "files");
	in.stack->files++;
	result = open_named(in.stack, name, path, &file);
	in.path = arena_copy(in.stack->arena, bytes_str(path));
	if (in.path == NULL)
		ok = false;
	else if (result == FILE_OK)
		ok = take_text(&in, secret_bytes(&file.text));
	else
		ok = note_fault(in.stack, in.path, file.fault);
	file_clear(&file);
	return ok;
}

bool
pam_stack_read(struct pam_stack *stack, const char *service, const char *type)
{
	struct reader in = { .stack = stack, .type = type };

	if (!read_named(&in, bytes_str(service), 0))
		return false;
	if (stack->count > 0 || stack->fault != NULL)
		return true;
	return read_named(&in, bytes_str("other"), 0);
}

/* ---- what a line does ---- */

/* The actions of a keyword; an unknown one makes every result "bad". */
static struct bytes
actions_of(const struct pam_line *line)
{
	static const struct {
		const char *word;
		const char *actions;
	} keywords[] = {
		{ "required", "success=ok new_authtok_reqd=ok ignore=ignore "
		    "default=bad" },
		{ "requisite", "success=ok new_authtok_reqd=ok ignore=ignore "
		    "default=die" },
		{ "sufficient", "success=done new_authtok_reqd=done "
		    "default=ignore" },
		{ "optional", "success=ok new_authtok_reqd=ok default=ignore" },
	};
	size_t i;

	if (!line->is_keyword)
		return bytes_str(line->control);
	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcasecmp(line->control, keywords[i].word) == 0)
			return bytes_str(keywords[i].actions);
	}
	return bytes_of(NULL, 0);
}

struct action {
	struct bytes result;	/* "success", "default", ... */
	struct bytes action;
	struct bytes whole;
};

/* Take "result=action", also with spaces around the sign; false at the end. */
static bool
next_action(struct bytes *rest, struct action *out)
{
	const uint8_t *start;

	*rest = bytes_trim(*rest);
	if (rest->len == 0)
		return false;
	start = rest->ptr;
	out->result = bytes_trim(bytes_cut(rest, '='));
	out->action = conf_word(rest);
	out->whole = bytes_of(start, (size_t)(rest->ptr - start));
	return out->action.len > 0;
}

/* The number of lines that an action skips; 0 if it is not a jump. */
static unsigned long
jump_of(struct bytes action)
{
	unsigned long number = 0;
	size_t i;

	for (i = 0; i < action.len; i++) {
		if (action.ptr[i] < '0' || action.ptr[i] > '9')
			return 0;
		if (number < JUMP_MAX)
			number = number * 10 + (action.ptr[i] - '0');
	}
	return number;
}

/* The line after this one, or after the lines inside it if it is a substack. */
static size_t
after_block(const struct pam_stack *stack, size_t line, unsigned level)
{
	line++;
	while (line < stack->count && stack->lines[line].level > level)
		line++;
	return line;
}

/*
 * The line at which the stack continues after an action of a line.  Neither an
 * end nor a jump leaves the substack of the line.  A jump counts a substack as
 * one line.
 */
static size_t
line_after(const struct pam_stack *stack, size_t line, struct bytes action)
{
	unsigned level = stack->lines[line].level;
	unsigned long jump = jump_of(action);
	bool is_end = bytes_eq_str(action, "done");
	size_t next = after_block(stack, line, level);

	while (next < stack->count && stack->lines[next].level == level &&
	    (is_end || jump > 0)) {
		next = after_block(stack, next, level);
		jump -= jump > 0;
	}
	return next;
}

struct bytes
pam_line_action(const struct pam_line *line, const char *result)
{
	struct bytes rest = actions_of(line), found = bytes_str("bad");
	struct action action;
	bool is_named = false;

	while (next_action(&rest, &action)) {
		if (bytes_eq_str(action.result, result)) {
			found = action.action;
			is_named = true;
		} else if (!is_named &&
		    bytes_eq_str(action.result, "default")) {
			found = action.action;
		}
	}
	return found;
}

/*
 * Whether an action ends the stack and lets the user in.  "done" for a refusal
 * refuses, and "done" for PAM_IGNORE returns that code, with which no program
 * lets anybody in.
 */
static bool
ends_well(const struct pam_line *line, const struct action *action)
{
	static const char *const results[] = {
		"success", "new_authtok_reqd"
	};
	size_t i;

	if (!bytes_eq_str(action->action, "done"))
		return false;
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		if (bytes_eq_str(action->result, results[i]) ||
		    (bytes_eq_str(action->result, "default") &&
		    bytes_eq_str(pam_line_action(line, results[i]), "done")))
			return true;
	}
	return false;
}

bool
pam_stack_may_skip(const struct pam_stack *stack, size_t line, size_t later,
    struct bytes *why)
{
	struct bytes rest = actions_of(&stack->lines[line]);
	struct action action;

	while (next_action(&rest, &action)) {
		if (!ends_well(&stack->lines[line], &action) &&
		    jump_of(action.action) == 0)
			continue;
		if (line_after(stack, line, action.action) > later) {
			*why = action.whole;
			return true;
		}
	}
	return false;
}

static bool
has_reset(const struct pam_line *line, struct bytes *why)
{
	struct bytes rest = actions_of(line);
	struct action action;

	while (next_action(&rest, &action)) {
		if (bytes_eq_str(action.action, "reset")) {
			*why = action.whole;
			return true;
		}
	}
	return false;
}

/*
 * "reset" restores what libpam knew at the start of the substack that the line
 * stands in, so only a block that has the refusing line in it is of interest.
 */
size_t
pam_stack_find_reset(const struct pam_stack *stack, size_t line, bool ends,
    struct bytes *why)
{
	unsigned level = stack->lines[line].level;
	size_t i;

	for (i = line + 1; i < stack->count; i++) {
		const struct pam_line *later = &stack->lines[i];

		if (later->level < level) {
			level = later->level;
			ends = false;
		}
		if (!ends && later->level == level && has_reset(later, why))
			break;
	}
	return i;
}

bool
pam_line_is_of(const struct pam_line *line, const char *module)
{
	const char *slash = strrchr(line->module, '/');

	return strcmp(slash == NULL ? line->module : slash + 1, module) == 0;
}
