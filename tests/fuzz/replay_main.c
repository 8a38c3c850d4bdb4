/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A main() for a fuzz target that runs files instead of a fuzzer: seeds, and
 * whatever once made it crash.  Each argument is a file or a folder.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

/* Targets without one have nothing to prepare. */
__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static unsigned
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *text;
	size_t len;

	FUZZ_CHECK(file != NULL && fstat(fileno(file), &st) == 0);
	len = (size_t)st.st_size;
	text = malloc(len == 0 ? 1 : len);	/* exact, for the sanitizer */
	FUZZ_CHECK(text != NULL && fread(text, 1, len, file) == len);
	fclose(file);
	LLVMFuzzerTestOneInput(text, len);
	free(text);
	return 1;
}

static unsigned
replay(const char *path)
{
	char *name;
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned count = 0;

	if (dir == NULL)
		return replay_file(path);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		FUZZ_CHECK(asprintf(&name, "%s/%s", path, entry->d_name) > 0);
		count += replay_file(name);
		free(name);
	}
	closedir(dir);
	return count;
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	unsigned count = 0;
	int i;

	LLVMFuzzerInitialize(&argc, &argv);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("ok - %s: %u inputs\n", slash == NULL ? argv[0] : slash + 1,
	    count);
	return 0;
}
