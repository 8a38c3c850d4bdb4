/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verification must leave neither the right HMAC of a token nor a signature on
 * the stack, and no secret in a block that is freed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <malloc.h>

#include "core/base/b64url.h"
#include "core/jose/jws.h"
#include "tests/lib/residue.h"
#include "tests/lib/world.h"

#define CLAIMS	"{\"what\":\"a payload that must be wiped\"}"

#if defined(__has_feature)
#define CLANG_ASAN	__has_feature(address_sanitizer)
#else
#define CLANG_ASAN	0
#endif
/* A sanitizer needs its own free(). */
#if defined(__SANITIZE_ADDRESS__) || CLANG_ASAN
#define SEES_HEAP	0
#else
#define SEES_HEAP	1
#endif

/* The text that free() looks for in each block, and whether it found it. */
static struct {
	struct bytes text;
	bool found;
} heap;

#if SEES_HEAP
/* In the place of libc's, for everybody. */
__attribute__((visibility("default"))) void
free(void *block)
{
	static void (*libc_free)(void *block);
	void *next;

	if (libc_free == NULL) {
		next = dlsym(RTLD_NEXT, "free");
		memcpy(&libc_free, &next, sizeof(next));
	}
	if (block != NULL && heap.text.len > 0 && memmem(block,
	    malloc_usable_size(block), heap.text.ptr, heap.text.len) != NULL)
		heap.found = true;
	libc_free(block);
}
#endif

struct job {
	struct sig_key *key;
	enum alg_id alg;
	struct bytes message, signature;
	struct bytes left;	/* the control leaves this; or empty */
	enum jwt_reason reason;
};

static void
work(void *ctx)
{
	struct job *job = ctx;

	job->reason = sig_verify(job->key, job->alg, job->message,
	    job->signature);
	if (job->left.len > 0)
		residue_leave(job->left);
}

/* Whether a job leaves a piece of the secret on its stack. */
static bool
leaves(struct job *job, struct bytes secret)
{
	uint8_t *stack = residue_run(work, job, 0);
	bool found = residue_holds(stack, secret);

	free(stack);
	return found;
}

static void
check_stack(enum alg_id alg)
{
	struct keymat mat = keypair_keymat(world_key(alg));
	struct secret good, bad;
	struct job job = { .alg = alg, .message = bytes_str("a message") };

	assert_true(keypair_sign(world_key(alg), job.message, &good));
	assert_int_equal(secret_copy(secret_bytes(&good), &bad), JWT_OK);
	bad.ptr[0] ^= 1;
	assert_int_equal(sig_key_new(&mat, &job.key), JWT_OK);
	job.signature = secret_bytes(&good);
	assert_false(leaves(&job, secret_bytes(&good)));
	assert_int_equal(job.reason, JWT_OK);
	job.signature = secret_bytes(&bad);
	assert_false(leaves(&job, secret_bytes(&good)));
	assert_int_equal(job.reason, JWT_SIGNATURE_INVALID);
	job.left = secret_bytes(&good);
	assert_true(leaves(&job, secret_bytes(&good)));
	sig_key_free(job.key);
	secret_clear(&good);
	secret_clear(&bad);
}

static void
test_stack(void **state)
{
	(void)state;
	check_stack(ALG_HS256);
	check_stack(ALG_HS384);
	check_stack(ALG_HS512);
	check_stack(ALG_ES256);
	check_stack(ALG_ES384);
}

/* Search what is freed from now on; the text itself is not. */
static void
search(const char *text)
{
	heap.text = bytes_str(text);
	heap.found = false;
}

static bool
was_found(void)
{
	heap.text = bytes_of(NULL, 0);
	return heap.found;
}

static void
test_heap(void **state)
{
	static const char secret[] = "a secret of more than 32 characters";
	struct keymat mat = { .kind = KEY_OCT, .x = bytes_str(secret) };
	char *token = world_join("{\"alg\":\"HS256\"}", CLAIMS,
	    bytes_str("a signature that has thirty-two."));
	struct sig_key *key;
	struct jws *jws;

	(void)state;
	search(secret);
	free(world_text("%s", secret));
	assert_int_equal(was_found(), SEES_HEAP);
	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	assert_int_equal(sig_verify(key, ALG_HS256, bytes_str("x"),
	    bytes_of(secret, 32)), JWT_SIGNATURE_INVALID);
	search(secret);
	sig_key_free(key);
	assert_false(was_found());
	assert_int_equal(jws_parse(bytes_str(token), &jws), JWT_OK);
	search("that must be wiped");
	jws_free(jws);
	assert_false(was_found());
	free(token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_heap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
