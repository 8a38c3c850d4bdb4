/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints what pam-jwt check has found as JSON. */
#include "tool/check_json.h"
#include "tool/check_json_force.h"
#include "tool/json_out.h"

static void
add_entries(struct json_object *list, const struct diag *diag, bool errors)
{
	size_t i;

	for (i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];
		struct json_object *item;

		if ((entry->reason != JWT_OK) != errors)
			continue;
		item = json_out_object();
		json_out_string(item, "file", entry->file);
		if (entry->line != 0)
			json_out_number(item, "line", entry->line);
		if (entry->line != 0 && entry->column != 0)
			json_out_number(item, "column", entry->column);
		json_out_string(item, "text", entry->text);
		json_out_element(list, item);
	}
}

struct json_object *
check_json_entries(const struct diag *diag, bool errors)
{
	struct json_object *list = json_out_array();

	add_entries(list, diag, errors);
	return list;
}

static struct json_object *
list_all(const struct check *check, bool errors)
{
	struct json_object *list = check_json_entries(&check->diag, errors);

	add_entries(list, &check->tests_diag, errors);
	add_entries(list, &check->tests.run.warnings, errors);
	return list;
}

/* "tests" is null if no file has any. */
static void
add_tests(struct json_object *root, struct check *check)
{
	struct tests_run *run = &check->tests.run;
	struct json_object *tests;

	if (run->results == NULL) {
		json_out_string(root, "tests", NULL);
		return;
	}
	tests = json_out_object();
	json_out_string(tests, "file", check->tests.conf.file);
	json_out_number(tests, "passed", (long long)run->passed);
	json_out_number(tests, "failed", (long long)run->failed);
	json_out_member(tests, "results", run->results);
	json_out_member(root, "tests", tests);
	run->results = NULL;
}

void
check_json_print(struct check *check)
{
	struct json_object *root = json_out_object();

	json_out_string(root, "config", check->config);
	json_out_boolean(root, "ok", check_is_ok(check));
	json_out_string(root, "reason", reason_name(check->reason));
	json_out_member(root, "errors", list_all(check, true));
	json_out_member(root, "warnings", list_all(check, false));
	json_out_string(root, "not_looked_at", check->not_looked_at);
	add_tests(root, check);
	if (check_is_ok(check))
		json_out_member(root, "in_force",
		    check_json_force(&check->policy));
	else
		json_out_string(root, "in_force", NULL);
	json_out_print(root, false, stdout);
}
