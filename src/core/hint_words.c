/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the words and the values of hints, for the log or a terminal. */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/date.h"
#include "core/hint_words.h"

#define FORMAT_SIZE	512	/* bytes; %s is a name or a path */

/* The values of one hint must fit into its line: see HINT_LOG. */
static const struct {
	char quote;
	size_t value_max;	/* bytes shown of one value of a token */
	size_t list_max;
} forms[] = {
	[HINT_LOG] = { '\'', 80, 3 },
	[HINT_TERMINAL] = { '"', 128, 10 },
};

static void
put_quote(struct hint *hint)
{
	char text[2] = { forms[hint->form].quote, '\0' };

	line_put(&hint->line, text);
}

static void
begin(struct hint *hint)
{
	if (hint->is_next)
		line_put(&hint->line, "; ");
	hint->is_next = false;
}

void
hint_text(struct hint *hint, const char *text)
{
	begin(hint);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			put_quote(hint);
		else
			line_put_byte(&hint->line, (uint8_t)*text, LINE_QUOTED);
	}
}

void
hint_put(struct hint *hint, const char *format, ...)
{
	char text[FORMAT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	hint_text(hint, text);
}

void
hint_end(struct hint *hint)
{
	hint->is_next = hint->line.len > 0;
}

/* A quote inside is escaped, so that the value cannot end itself. */
static void
put_inside(struct hint *hint, struct bytes value)
{
	size_t max = forms[hint->form].value_max, i;

	for (i = 0; i < value.len && i < max; i++) {
		if (value.ptr[i] == (uint8_t)forms[hint->form].quote)
			line_put_escape(&hint->line, value.ptr[i]);
		else
			line_put_byte(&hint->line, value.ptr[i], LINE_QUOTED);
	}
	if (value.len > max)
		line_put(&hint->line, "...");
}

void
hint_bytes(struct hint *hint, struct bytes text)
{
	begin(hint);
	put_inside(hint, text);
}

void
hint_value(struct hint *hint, struct bytes value)
{
	begin(hint);
	put_quote(hint);
	put_inside(hint, value);
	put_quote(hint);
}

void
hint_node(struct hint *hint, const struct json_node *node)
{
	static const char *const names[] = {
		[JSON_NULL] = "null", [JSON_FALSE] = "false",
		[JSON_TRUE] = "true", [JSON_NUMBER] = "",
		[JSON_STRING] = "", [JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object"
	};

	begin(hint);
	if (node == NULL)
		hint_text(hint, "absent");
	else if (json_is(node, JSON_STRING))
		hint_value(hint, json_text(node));
	else if (json_is(node, JSON_NUMBER))
		put_inside(hint, json_text(node));
	else
		hint_text(hint, names[node->type]);
}

void
hint_nodes(struct hint *hint, const struct json_node *node)
{
	const struct json_node *item;
	size_t count = 0;

	if (!json_is(node, JSON_ARRAY)) {
		hint_node(hint, node);
		return;
	}
	for (item = json_first(node); item; item = json_next(node, item)) {
		if (count++ > 0)
			hint_text(hint, " ");
		if (count > hint_list_max(hint)) {
			hint_text(hint, "...");
			return;
		}
		hint_node(hint, item);
	}
}

size_t
hint_list_max(const struct hint *hint)
{
	return forms[hint->form].list_max;
}

void
hint_date(struct hint *hint, int64_t date)
{
	char text[DATE_SIZE], distance[DATE_DISTANCE_SIZE];

	date_text(date, text);
	date_distance(date, hint->in->now, distance);
	hint_put(hint, "%s, %s", text, distance);
}

bool
hint_other_unit(struct hint *hint, const char *name, int64_t date)
{
	const char *unit = date_other_unit(date);

	if (unit == NULL)
		return false;
	hint_put(hint, "%s is in %s (%lld); a time is in seconds since 1970 "
	    "(RFC 7519 section 2)", name, unit, (long long)date);
	return true;
}

const struct json_node *
hint_claim_of(const struct hint *hint, const char *name)
{
	return claims_get(hint->verdict->claims, name);
}
