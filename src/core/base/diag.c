/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of errors and warnings of a load. */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/diag.h"

#define TEXT_SIZE 512	/* a sentence or two; longer ones are cut */

static const char *
copy_or_null(struct arena *arena, const char *text)
{
	if (text == NULL)
		return NULL;
	return arena_copy(arena, bytes_str(text));
}

static void
append(struct diag *diag, struct diag_place place, enum jwt_reason reason,
    const char *text)
{
	struct diag_entry *more;
	struct diag_entry entry = {
		.reason = reason, .line = place.line, .column = place.column,
		.file = copy_or_null(&diag->arena, place.file),
		.source = copy_or_null(&diag->arena, place.source),
		.text = copy_or_null(&diag->arena, text)
	};

	more = arena_grow(&diag->arena, diag->entries, diag->count,
	    sizeof(*more));
	if (more == NULL || entry.text == NULL || entry.file == NULL)
		return;
	more[diag->count++] = entry;
	diag->entries = more;
}

void
diag_add(struct diag *diag, struct diag_place place, enum jwt_reason reason,
    const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	if (diag->reason == JWT_OK)
		diag->reason = reason;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	append(diag, place, reason, text);
}

const struct diag_entry *
diag_first_error(const struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->count; i++) {
		if (diag->entries[i].reason != JWT_OK)
			return &diag->entries[i];
	}
	return NULL;
}

const char *
diag_line(const struct diag_entry *entry, char out[DIAG_LINE_SIZE])
{
	out[0] = '\0';
	if (entry->line != 0)
		snprintf(out, DIAG_LINE_SIZE, ":%u", entry->line);
	return out;
}

void
diag_clear(struct diag *diag)
{
	arena_clear(&diag->arena);
	*diag = (struct diag){ 0 };
}
