/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors and warnings, shown to people. */
#include "tool/report.h"

#define SHOWN_MAX 200	/* characters of one value of a token */

void
report_bytes(struct bytes text, FILE *out)
{
	size_t i;

	for (i = 0; i < text.len && i < SHOWN_MAX; i++) {
		uint8_t c = text.ptr[i];

		if (c >= ' ' && c < 0x7f && c != '\\')
			fputc(c, out);
		else
			fprintf(out, "\\x%02x", c);
	}
	if (text.len > SHOWN_MAX)
		fputs("...", out);
}

/* Tabs are kept, so that the caret stands under its place. */
static void
print_caret(const struct diag_entry *entry, FILE *out)
{
	unsigned i;

	fprintf(out, "    %s\n    ", entry->source);
	for (i = 1; i < entry->column && entry->source[i - 1] != '\0'; i++)
		fputc(entry->source[i - 1] == '\t' ? '\t' : ' ', out);
	fputs("^\n", out);
}

void
report_diag(const struct diag *diag, FILE *out)
{
	size_t i;

	for (i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];

		fputs(entry->file, out);
		if (entry->line != 0)
			fprintf(out, ":%u", entry->line);
		if (entry->line != 0 && entry->column != 0)
			fprintf(out, ":%u", entry->column);
		fprintf(out, ": %s: %s\n", entry->reason == JWT_OK ?
		    "warning" : "error", entry->text);
		if (entry->column != 0 && entry->source != NULL)
			print_caret(entry, out);
	}
	if (diag->count == 0 && diag->reason != JWT_OK)
		fprintf(out, "pam-jwt: %s\n", reason_text(diag->reason));
}
