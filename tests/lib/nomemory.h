/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs out in a unit test: one allocation after the other fails,
 * of our code or of libcrypto.  tests/faults/alloc.c does it in whole logins.
 *
 * Included by exactly one file of a program, whose main() begins with
 * nomemory_start().  The program's malloc() and its kind are called in the
 * place of libc's by everybody; OpenSSL is told to use others, which have a
 * count of their own.  A sanitizer needs its own malloc(): there only
 * libcrypto's allocations are counted, and fail.
 */
#ifndef TESTS_NOMEMORY_H
#define TESTS_NOMEMORY_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <dlfcn.h>

#include <openssl/crypto.h>

#if defined(__has_feature)
#define NOMEMORY_CLANG_ASAN	__has_feature(address_sanitizer)
#else
#define NOMEMORY_CLANG_ASAN	0
#endif
#if defined(__SANITIZE_ADDRESS__) || NOMEMORY_CLANG_ASAN
#define NOMEMORY_HAS_OURS	0
#else
#define NOMEMORY_HAS_OURS	1
#endif

enum nomemory_whose { NOMEMORY_OURS, NOMEMORY_LIBCRYPTO };

static struct {
	bool armed;
	enum nomemory_whose whose;
	bool onwards;		/* all that follow fail, too */
	unsigned long at;	/* fails, from 1; 0: none does */
	unsigned long count;
	long live;		/* blocks that are ours and were not freed */
	long crypto_live;	/* and those of libcrypto */
} nomemory;

static bool
nomemory_fails(enum nomemory_whose whose)
{
	if (!nomemory.armed || nomemory.whose != whose)
		return false;
	nomemory.count++;
	if (nomemory.at == 0 || nomemory.count < nomemory.at ||
	    (nomemory.count > nomemory.at && !nomemory.onwards))
		return false;
	errno = ENOMEM;
	return true;
}

#if NOMEMORY_HAS_OURS

/* libc's functions. */
static struct {
	void *(*calloc)(size_t count, size_t size);
	void *(*realloc)(void *old, size_t size);
	void (*free)(void *block);
} nomemory_libc;

static void
nomemory_find(const char *name, void *out)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(out, &found, sizeof(found));
}

static void *
nomemory_realloc(void *old, size_t size)
{
	if (nomemory_libc.realloc == NULL)
		nomemory_find("realloc", &nomemory_libc.realloc);
	return nomemory_libc.realloc(old, size);
}

static void
nomemory_free(void *block)
{
	if (nomemory_libc.free == NULL)
		nomemory_find("free", &nomemory_libc.free);
	nomemory_libc.free(block);
}

__attribute__((visibility("default"))) void *
malloc(size_t size)
{
	void *block;

	if (nomemory_fails(NOMEMORY_OURS))
		return NULL;
	block = nomemory_realloc(NULL, size);
	nomemory.live += block != NULL;
	return block;
}

__attribute__((visibility("default"))) void *
calloc(size_t count, size_t size)
{
	void *block;

	if (nomemory_libc.calloc == NULL)
		nomemory_find("calloc", &nomemory_libc.calloc);
	if (nomemory_fails(NOMEMORY_OURS))
		return NULL;
	block = nomemory_libc.calloc(count, size);
	nomemory.live += block != NULL;
	return block;
}

__attribute__((visibility("default"))) void *
realloc(void *old, size_t size)
{
	void *block;

	if (nomemory_fails(NOMEMORY_OURS))
		return NULL;
	block = nomemory_realloc(old, size);
	nomemory.live += old == NULL && block != NULL;
	return block;
}

__attribute__((visibility("default"))) void
free(void *block)
{
	nomemory.live -= block != NULL;
	nomemory_free(block);
}

#else

static void *
nomemory_realloc(void *old, size_t size)
{
	return realloc(old, size);
}

static void
nomemory_free(void *block)
{
	free(block);
}

#endif

static void
nomemory_crypto_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	nomemory.crypto_live -= block != NULL;
	nomemory_free(block);
}

static void *
nomemory_crypto_realloc(void *old, size_t size, const char *file, int line)
{
	void *block;

	if (size == 0) {
		nomemory_crypto_free(old, file, line);
		return NULL;
	}
	if (nomemory_fails(NOMEMORY_LIBCRYPTO))
		return NULL;
	block = nomemory_realloc(old, size);
	nomemory.crypto_live += old == NULL && block != NULL;
	return block;
}

static void *
nomemory_crypto_malloc(size_t size, const char *file, int line)
{
	return nomemory_crypto_realloc(NULL, size, file, line);
}

/* Before anything else of OpenSSL is called. */
static void
nomemory_start(void)
{
	if (CRYPTO_set_mem_functions(nomemory_crypto_malloc,
	    nomemory_crypto_realloc, nomemory_crypto_free) != 1)
		abort();
}

/* From here on, the allocation of that number fails; 0: they are counted. */
static void
nomemory_arm(enum nomemory_whose whose, unsigned long at, bool onwards)
{
	nomemory.whose = whose;
	nomemory.at = at;
	nomemory.onwards = onwards;
	nomemory.count = 0;
	nomemory.armed = true;
}

/* Returns how many allocations there were. */
static unsigned long
nomemory_disarm(void)
{
	nomemory.armed = false;
	return nomemory.count;
}

#endif
