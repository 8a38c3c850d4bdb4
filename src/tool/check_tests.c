/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds and reads the file of tests.  It is read as the configuration is:
 * whoever could change it could let a bad configuration pass.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "tool/check_tests.h"

/* Parse a file that was read; false, with the faults in diag. */
static bool
parse(const char *path, const struct file *file, struct diag *diag,
    struct check_tests *out)
{
	out->is_there = tests_conf_parse(secret_bytes(&file->text), path, diag,
	    &out->conf) == JWT_OK;
	return out->is_there;
}

/*
 * Try one place.  *found says whether there is a file, which then counts, also
 * if it cannot be used.
 */
static bool
try_file(const char *path, struct diag *diag, struct check_tests *out,
    bool *found)
{
	struct diag_place place = { .file = path };
	enum jwt_reason reason = JWT_CONFIG_INVALID;
	enum file_result result;
	struct file file;
	bool ok;

	result = file_read(path, &file);
	*found = !file.missing;
	if (result == FILE_OK) {
		ok = parse(path, &file, diag, out);
	} else {
		ok = false;
		if (result == FILE_UNSAFE)
			reason = JWT_CONFIG_UNSAFE;
		if (*found)
			diag_add(diag, place, reason, "the tests: %s",
			    file.fault);
	}
	file_clear(&file);
	return ok;
}

/* The path of tests.conf in the folder of the configuration. */
static bool
path_beside(const char *config, char out[FILE_PATH_MAX])
{
	const char *slash = strrchr(config, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash + 1 - config);

	return snprintf(out, FILE_PATH_MAX, "%.*s%s", (int)len, config,
	    TESTS_CONF_NAME) < FILE_PATH_MAX;
}

static bool
read_named(const char *path, struct diag *diag, struct check_tests *out)
{
	struct diag_place place = { .file = path };
	bool found;

	if (try_file(path, diag, out, &found))
		return true;
	if (!found)
		diag_add(diag, place, JWT_CONFIG_INVALID, "there is no such "
		    "file");
	return false;
}

bool
check_tests_read(const char *named, const char *config, struct diag *diag,
    struct check_tests *out)
{
	char path[FILE_PATH_MAX];
	bool found = false, ok;

	/* Against a TZ of the caller: a login asks the clock of the host. */
	unsetenv("TZ");
	if (named != NULL)
		return read_named(named, diag, out);
	if (path_beside(config, path)) {
		ok = try_file(path, diag, out, &found);
		if (found)
			return ok;
	}
	ok = try_file(TESTS_CONF_DEFAULT, diag, out, &found);
	return ok || !found;
}

void
check_tests_run(struct check_tests *tests)
{
	if (!tests->is_there)
		return;
	tests->run.conf = &tests->conf;
	tests->ran = tests_run(&tests->run);
}

bool
check_tests_passed(const struct check_tests *tests)
{
	return tests->ran == JWT_OK && tests->run.failed == 0;
}

void
check_tests_clear(struct check_tests *tests)
{
	tests_run_clear(&tests->run);
	tests_conf_clear(&tests->conf);
}
