/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints text that strangers may have chosen.  A terminal obeys control
 * characters: it would move the cursor, change its title or worse.  So none of
 * them gets through.
 */
#include "cli/report.h"

void
report_bytes(struct bytes text, FILE *out)
{
	size_t i;

	for (i = 0; i < text.len && i < REPORT_VALUE_MAX; i++) {
		uint8_t c = text.ptr[i];

		if (c >= ' ' && c < 0x7f && c != '\\' && c != '"')
			fputc(c, out);
		else
			fprintf(out, "\\x%02x", c);
	}
	if (text.len > REPORT_VALUE_MAX)
		fputs("...", out);
}

void
report_quoted(struct bytes text, FILE *out)
{
	fputc('"', out);
	report_bytes(text, out);
	fputc('"', out);
}

/* The administrator's own text keeps its UTF-8, but no control characters. */
static void
put_plain(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		fputc((c < ' ' && c != '\t') || c == 0x7f ? '?' : c, out);
	}
}

/*
 * Keep tabs, so that the caret stands under its place.  A character of several
 * bytes takes one column on the screen, so only its first byte counts.
 */
static void
print_caret(const struct diag_entry *entry, FILE *out)
{
	unsigned i;

	fputs("    ", out);
	put_plain(entry->source, out);
	fputs("\n    ", out);
	for (i = 1; i < entry->column && entry->source[i - 1] != '\0'; i++) {
		unsigned char c = (unsigned char)entry->source[i - 1];

		if ((c & 0xc0) != 0x80)
			fputc(c == '\t' ? '\t' : ' ', out);
	}
	fputs("^\n", out);
}

static void
print_entry(const struct diag_entry *entry, FILE *out)
{
	put_plain(entry->file, out);
	if (entry->line != 0)
		fprintf(out, ":%u", entry->line);
	if (entry->line != 0 && entry->column != 0)
		fprintf(out, ":%u", entry->column);
	fprintf(out, ": %s: ", entry->reason == JWT_OK ? "warning" : "error");
	put_plain(entry->text, out);
	fputc('\n', out);
	if (entry->column != 0 && entry->source != NULL)
		print_caret(entry, out);
}

void
report_diag(const struct diag *diag, FILE *out)
{
	size_t i;

	for (i = 0; i < diag->count; i++)
		print_entry(&diag->entries[i], out);
	if (diag->reason != JWT_OK && diag_first_error(diag) == NULL)
		fprintf(out, "pam-jwt: %s\n", reason_text(diag->reason));
}

void
report_value(const struct json_node *node, FILE *out)
{
	static const char *const names[] = {
		[JSON_NULL] = "null", [JSON_FALSE] = "false",
		[JSON_TRUE] = "true", [JSON_NUMBER] = "",
		[JSON_STRING] = "", [JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object"
	};

	if (node == NULL)
		fputs("absent", out);
	else if (json_is(node, JSON_STRING))
		report_quoted(json_text(node), out);
	else if (json_is(node, JSON_NUMBER))
		report_bytes(json_text(node), out);
	else
		fputs(names[node->type], out);
}

void
report_values(const struct json_node *node, FILE *out)
{
	const struct json_node *item;
	size_t count = 0;

	if (!json_is(node, JSON_ARRAY)) {
		report_value(node, out);
		return;
	}
	for (item = json_first(node); item; item = json_next(node, item)) {
		if (count++ > 0)
			fputs(" ", out);
		if (count > REPORT_LIST_MAX) {
			fputs("...", out);
			return;
		}
		report_value(item, out);
	}
}
