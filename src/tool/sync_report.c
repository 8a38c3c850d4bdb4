/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of keys are a stranger's: they are escaped wherever they go. */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cli/report.h"
#include "tool/json_out.h"
#include "tool/sync_report.h"

#define LOG_LINE_MAX 900	/* bytes: below what syslog daemons cut */

static const char *
result_name(enum sync_result result)
{
	switch (result) {
	case SYNC_FAILED:
		break;
	case SYNC_REFUSED:
		return "refused";
	case SYNC_KEPT:
		return "kept";
	case SYNC_UNCHANGED:
		return "unchanged";
	case SYNC_INSTALLED:
		return "installed";
	}
	return "failed";
}

/* What is in parentheses; NULL: there is nothing to say. */
static const char *
find_reason(const struct sync_report *report)
{
	if (report->why != NULL)
		return report->why;
	if (report->keyset == NULL || report->keyset->notes[0] == '\0')
		return NULL;
	return report->keyset->notes;
}

/* ---- a line --------------------------------------------------------------- */

/* Whether a name cannot be taken for another part of the line. */
static bool
is_plain(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		uint8_t c = name.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr("-._~+/=:@", c) == NULL))
			return false;
	}
	return name.len > 0 && strchr("-+", name.ptr[0]) == NULL;
}

static void
print_name(struct bytes name, FILE *out)
{
	if (is_plain(name))
		report_bytes(name, out);
	else
		report_quoted(name, out);
}

static void
print_names(char sign, const struct keyset_names *names, FILE *out)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		fprintf(out, " %c", sign);
		print_name(names->name[i], out);
	}
}

static void
print_changes(const struct keyset *keyset, FILE *out)
{
	if (keyset->added.count > 0 || keyset->removed.count > 0)
		fputc(',', out);
	print_names('+', &keyset->added, out);
	print_names('-', &keyset->removed, out);
}

void
sync_report_print(const struct sync_report *report, FILE *out)
{
	const char *reason = find_reason(report);
	bool is_installed = report->result == SYNC_INSTALLED;

	fprintf(out, "%s: ", report->name);
	if (is_installed && report->is_dry)
		fputs("would be ", out);
	fputs(result_name(report->result), out);
	if (is_installed)
		print_changes(report->keyset, out);
	if (reason != NULL)
		fprintf(out, " (%s)", reason);
}

void
sync_report_log(const struct sync_report *report, int level)
{
	char *line = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&line, &len);

	if (out == NULL)
		return;
	sync_report_print(report, out);
	if (fclose(out) == 0) {
		openlog("pam-jwt", LOG_PID, LOG_AUTHPRIV);
		syslog(level, "%.*s", LOG_LINE_MAX, line);
		closelog();
	}
	free(line);
}

/* ---- JSON ----------------------------------------------------------------- */

static void
add_names(struct json_object *object, const char *name,
    const struct keyset_names *names)
{
	struct json_object *list = json_out_array();
	size_t i;

	for (i = 0; names != NULL && i < names->count; i++)
		json_out_element(list, json_out_text(names->name[i]));
	json_out_member(object, name, list);
}

struct json_object *
sync_report_json(const struct sync_report *report)
{
	struct json_object *object = json_out_object();
	const struct keyset_names *added = NULL, *removed = NULL;

	if (report->keyset != NULL) {
		added = &report->keyset->added;
		removed = &report->keyset->removed;
	}
	json_out_string(object, "name", report->name);
	json_out_string(object, "result", result_name(report->result));
	json_out_string(object, "reason", find_reason(report));
	add_names(object, "added", added);
	add_names(object, "removed", removed);
	json_out_number(object, "synced", (long long)report->synced);
	json_out_number(object, "keys", (long long)report->keys);
	return object;
}
