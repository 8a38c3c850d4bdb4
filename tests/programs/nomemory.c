/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every allocation fails in turn while a discovery document and a key set are
 * read: that one alone, and that one with all after it, in our code and in the
 * libraries below it.
 *
 *     nomemory OLD NEW [STRIDE]    files: an installed set, and a published one
 *
 * What comes out is the same as with memory, or nothing.  libcrypto has been
 * used before: one whose start has failed says that it has no elliptic curves
 * for as long as the process lives, and no caller can tell that from the truth.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/keyset.h"
#include "sync/metadata.h"

#define NOW INT64_C(1700000000)
#define SHOWN __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

static struct {
	bool armed;
	bool onwards;		/* fail also what comes after */
	unsigned long at;	/* fails; 0: none */
	unsigned long count;
} fault;

static bool
fails(void)
{
	if (!fault.armed)
		return false;
	fault.count++;
	if (fault.at == 0 || fault.count < fault.at ||
	    (fault.count > fault.at && !fault.onwards))
		return false;
	errno = ENOMEM;
	return true;
}

SHOWN void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

SHOWN void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

SHOWN void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

SHOWN void *
aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

SHOWN int
posix_memalign(void **out, size_t align, size_t size)
{
	if (fails())
		return ENOMEM;
	*out = __libc_memalign(align, size);
	return *out == NULL ? ENOMEM : 0;
}

static char old_text[1 << 16], new_text[1 << 16];

/* What there is with memory; shared with the processes of the tries. */
static struct {
	char set[1 << 16];
	unsigned long allocations;
} *usual;

static const char document[] = "{\"issuer\":\"https://id.test\",\"jwks_uri\":"
    "\"https://id.test/k\",\"x\":[1,2,{\"y\":null}]}";

static void
read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");

	if (file == NULL || fread(text, 1, size - 1, file) == 0) {
		perror(path);
		exit(2);
	}
	fclose(file);
}

/* NULL, or what is wrong. */
static const char *
try_metadata(void)
{
	struct document_answer answer = { .body = bytes_str(document) };
	struct metadata metadata;
	enum jwt_reason reason = metadata_read("https://id.test",
	    "https://id.test/d", &answer, &metadata);

	fault.armed = false;
	if (reason == JWT_OUT_OF_MEMORY)
		return metadata.jwks_uri[0] == '\0' ? NULL : "an address";
	if (reason != JWT_OK)
		return "a document that is good is judged bad";
	return strcmp(metadata.jwks_uri, "https://id.test/k") == 0 ? NULL :
	    "another address";
}

static const char *
try_keyset(void)
{
	static const struct policy policy = { .file = "test" };
	static const struct issuer issuer = {
		.name = "test", .iss = "https://id.test", .leeway_sec = 60,
		.sync = {
			.wanted = true, .keep_old_sec = 600,
			.keys_max_age_sec = 86400
		}
	};
	const struct keyset_input input = {
		.policy = &policy, .issuer = &issuer, .now = NOW,
		.source = "https://id.test/k", .old = bytes_str(old_text)
	};
	struct document_answer answer = { .body = bytes_str(new_text) };
	const char *wrong = NULL;
	struct keyset set;
	enum jwt_reason reason = keyset_make(&input, &answer, &set);

	fault.armed = false;
	if (reason == JWT_OK && usual->set[0] == '\0')
		memcpy(usual->set, set.text.ptr, set.text.len);
	else if (reason == JWT_OK &&
	    !bytes_eq_str(secret_bytes(&set.text), usual->set))
		wrong = "a set with other keys";
	else if (reason != JWT_OK && set.text.len > 0)
		wrong = "a set in spite of a failure";
	else if (reason != JWT_OK && reason != JWT_OUT_OF_MEMORY &&
	    reason != JWT_INTERNAL)
		wrong = "a set that is good is judged bad";
	keyset_clear(&set);
	return wrong;
}

/* One try in a process of its own; false when it is wrong. */
static bool
run(const char *(*try)(void), unsigned long at, bool onwards)
{
	const char *wrong;
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		alarm(10);
		fault.at = at;
		fault.onwards = onwards;
		fault.armed = true;
		wrong = try();
		if (at == 0)
			usual->allocations = fault.count;
		if (wrong != NULL)
			printf("# allocation %lu%s: %s\n", at,
			    onwards ? " and all after it" : "", wrong);
		fflush(stdout);
		_exit(wrong != NULL);
	}
	waitpid(child, &status, 0);
	if (!WIFEXITED(status))
		printf("# allocation %lu%s: it died, status %#x\n", at,
		    onwards ? " and all after it" : "", (unsigned)status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
run_all(const char *name, const char *(*try)(void), unsigned long stride)
{
	unsigned long at, wrong = 0;
	bool good = run(try, 0, false) && usual->allocations > 0;

	for (at = 1; good && at <= usual->allocations; at += stride) {
		wrong += !run(try, at, false);
		wrong += !run(try, at, true);
	}
	good = good && wrong == 0;
	printf("%s - sync: %s without memory: %lu allocations, %lu wrong\n",
	    good ? "ok" : "not ok", name, usual->allocations, wrong);
	fflush(stdout);
	return good;
}

int
main(int argc, char **argv)
{
	unsigned long stride = 1;
	bool good;

	if (argc < 3 || argc > 4)
		return 2;
	if (argc == 4)
		stride = strtoul(argv[3], NULL, 10);
	read_file(argv[1], old_text, sizeof(old_text));
	read_file(argv[2], new_text, sizeof(new_text));
	usual = mmap(NULL, sizeof(*usual), PROT_READ | PROT_WRITE, MAP_SHARED |
	    MAP_ANONYMOUS, -1, 0);
	if (usual == MAP_FAILED)
		return 2;
	if (try_keyset() != NULL)
		return 2;
	good = run_all("a discovery document", try_metadata, 1);
	good &= run_all("a key set", try_keyset, stride);
	return !good;
}
