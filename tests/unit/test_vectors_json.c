/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSONTestSuite against the gate: every text that must be refused is, and
 * every one that must be accepted is too, but for those in deviations[].
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/lib/vectors.h"

/* Legal JSON that two readers could understand in two ways. */
static const struct deviation {
	const char *file;
	enum jwt_reason reason;
	const char *why;
} deviations[] = {
	{ "y_object_duplicated_key.json", JWT_JSON_DUPLICATE,
	  "RFC 8725 section 2.4: the first or the last of two members" },
	{ "y_object_duplicated_key_and_value.json", JWT_JSON_DUPLICATE,
	  "RFC 8725 section 2.4: the first or the last of two members" },
	{ "y_object_escaped_null_in_key.json", JWT_JSON_INVALID,
	  "C readers cut the name at \\u0000" },
};

#define DEVIATIONS (sizeof(deviations) / sizeof(deviations[0]))

struct counts {
	unsigned yes, no, either_ok, either_refused, deviated, wrong;
};

/* The whole file; NULL when it cannot be read. */
static uint8_t *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *out = NULL;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		return NULL;
	size = ftell(file);
	rewind(file);
	if (size >= 0)
		out = malloc((size_t)size + (size == 0));	/* exact */
	if (out != NULL)
		*len = fread(out, 1, (size_t)size, file);
	fclose(file);
	return out;
}

static enum jwt_reason
run_gate(const char *path)
{
	struct json_doc doc;
	enum jwt_reason reason;
	size_t len = 0;
	uint8_t *text = read_file(path, &len);

	assert_non_null(text);
	reason = json_parse_value(text, len, &json_token_limits, &doc);
	json_clear(&doc);
	free(text);
	return reason;
}

static const struct deviation *
find_deviation(const char *file)
{
	size_t i;

	for (i = 0; i < DEVIATIONS; i++) {
		if (strcmp(deviations[i].file, file) == 0)
			return &deviations[i];
	}
	return NULL;
}

/* By its name: y_ must be accepted, n_ refused, i_ is for the reader to say. */
static bool
judge(const char *file, enum jwt_reason reason, struct counts *counts)
{
	const struct deviation *deviation = find_deviation(file);

	if (deviation != NULL) {
		counts->deviated++;
		return reason == deviation->reason;
	}
	switch (file[0]) {
	case 'y':
		counts->yes++;
		return reason == JWT_OK;
	case 'n':
		counts->no++;
		return reason == JWT_JSON_INVALID || reason == JWT_JSON_LIMIT;
	default:
		if (reason == JWT_OK)
			counts->either_ok++;
		else
			counts->either_refused++;
		return reason_class(reason) != JWT_CLASS_INTERNAL;
	}
}

static void
run_file(const char *folder, const char *file, struct counts *counts)
{
	enum jwt_reason reason;
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	reason = run_gate(path);
	if (judge(file, reason, counts))
		return;
	printf("JSONTestSuite: %s: %s\n", file, reason_name(reason));
	counts->wrong++;
}

static void
test_parsing(void **state)
{
	const char *shared = getenv("JWT_SHARED");
	struct counts counts = { 0 };
	struct dirent *entry;
	char folder[512];
	DIR *dir;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/vectors/JSONTestSuite/"
	    "test_parsing", shared == NULL ? "../shared" : shared);
	dir = opendir(folder);
	if (dir == NULL) {
		printf("skip - JSONTestSuite: ../shared is not here\n");
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			run_file(folder, entry->d_name, &counts);
	}
	closedir(dir);
	printf("JSONTestSuite: %u accepted as they must be, %u refused as they "
	    "must be, %u of either kind (%u accepted), %u deviations\n",
	    counts.yes, counts.no, counts.either_ok + counts.either_refused,
	    counts.either_ok, counts.deviated);
	assert_int_equal(counts.wrong, 0);
	assert_int_equal(counts.yes, 92);
	assert_int_equal(counts.no, 188);
	assert_int_equal(counts.deviated, DEVIATIONS);
	assert_int_equal(counts.either_ok, 10);	/* numbers without a range */
	assert_int_equal(counts.either_refused, 25);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parsing),
	};

	return cmocka_run_group_tests_name("vectors json", tests, NULL, NULL);
}
