/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the configuration that several settings share, and their errors. */
#include <stdarg.h>
#include <stdio.h>

#include "core/policy/parser.h"

__attribute__((format(printf, 2, 3))) void
parser_fail(struct parser *in, const char *format, ...)
{
	struct diag_place place = {
		.file = in->reader.file, .line = in->line.line
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	parser_mark_failed(in);
	diag_add(in->diag, place, JWT_CONFIG_INVALID, "%s", text);
}

void
parser_mark_failed(struct parser *in)
{
	in->failed = true;
	in->policy->state.is_broken |= in->section == PARSER_STATE;
}

void
parser_no_memory(struct parser *in)
{
	struct diag_place place = { .file = in->reader.file };

	in->failed = true;
	diag_add(in->diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
}

const char *
parser_keep(struct parser *in, struct bytes text)
{
	const char *copy = arena_copy(&in->policy->arena, text);

	if (copy == NULL)
		parser_no_memory(in);
	return copy;
}

void
parser_add_word(struct parser *in, struct words *words, const char *word)
{
	const char **more;

	if (word == NULL)
		return;
	more = arena_grow(&in->policy->arena, words->item, words->count,
	    sizeof(*more));
	if (more == NULL) {
		parser_no_memory(in);
		return;
	}
	words->item = more;
	words->item[words->count++] = word;
}

void
parser_words(struct parser *in, struct words *words)
{
	struct bytes rest = in->line.value;
	struct bytes word;

	while ((word = conf_word(&rest)).len > 0) {
		if (policy_words_have(words, word))
			parser_fail(in, "%.*s is there twice",
			    BYTES_SHOW(word));
		parser_add_word(in, words, parser_keep(in, word));
	}
}

void
parser_duration(struct parser *in, unsigned max, unsigned *out)
{
	unsigned value;

	if (!conf_duration(in->line.value, &value))
		parser_fail(in,
		    "%.*s is not a duration: a number with its unit, "
		    "90s 15m 12h 7d",
		    BYTES_SHOW(in->line.value));
	else if (value > max)
		parser_fail(in, "%.*s is more than the %us allowed",
		    BYTES_SHOW(in->line.value), max);
	else
		*out = value;
}

void
parser_limit(struct parser *in, unsigned *out)
{
	unsigned value = 1;	/* stays if the text is not a duration */

	parser_duration(in, DURATION_MAX_SEC, &value);
	if (value == 0)
		parser_fail(in, "a limit of 0 lets no token in");
	*out = value;
}

bool
parser_is_name(struct bytes word)
{
	size_t i;

	for (i = 0; i < word.len; i++) {
		uint8_t c = word.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && strchr("_.-@+", c) == NULL)
			return false;
	}
	return word.len > 0;
}

void
parser_choice(struct parser *in, const char *yes, const char *no, bool *out)
{
	*out = bytes_eq_str(in->line.value, yes);
	if (!*out && !bytes_eq_str(in->line.value, no))
		parser_fail(in, "%.*s is %s or %s", BYTES_SHOW(in->line.name),
		    yes, no);
}

const char *
parser_path(struct parser *in)
{
	if (in->line.value.ptr[0] != '/')
		parser_fail(in, "%.*s is not an absolute path",
		    BYTES_SHOW(in->line.value));
	return parser_keep(in, in->line.value);
}
