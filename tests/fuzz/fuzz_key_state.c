/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of the issuer's keys.  A list that is taken holds together, and is
 * the same after it was written and read again; of one that is refused nothing
 * is left.
 */
#include <stdlib.h>

#include "issuerd/key_state.h"
#include "tests/fuzz/fuzz.h"

static bool
is_same_key(const struct issuer_key *a, const struct issuer_key *b)
{
	return strcmp(a->kid, b->kid) == 0 && a->alg == b->alg &&
	    a->state == b->state && a->in_agent == b->in_agent &&
	    a->published == b->published && a->activated == b->activated &&
	    a->retired == b->retired && a->removed == b->removed &&
	    a->ttl_sec == b->ttl_sec;
}

static void
check_taken(const struct key_list *list)
{
	struct secret text = { .len = 0 };
	struct key_list *again = calloc(1, sizeof(*again));
	size_t i;

	FUZZ_CHECK(again != NULL);
	FUZZ_CHECK(key_list_fault(list) == NULL);
	FUZZ_CHECK(key_state_write(list, &text) == JWT_OK);
	FUZZ_CHECK(key_state_parse(&text, again) == NULL);
	FUZZ_CHECK(again->count == list->count);
	for (i = 0; i < list->count; i++) {
		FUZZ_CHECK(strlen(list->keys[i].kid) == THUMBPRINT_SIZE - 1);
		FUZZ_CHECK(is_same_key(&list->keys[i], &again->keys[i]));
	}
	secret_clear(&text);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));
	struct key_list *list = calloc(1, sizeof(*list));
	const char *fault;

	FUZZ_CHECK(list != NULL);
	fault = key_state_parse(&text, list);
	if (fault == NULL)
		check_taken(list);
	else
		FUZZ_CHECK(list->count == 0);
	free(list);
	free(text.ptr);
	return 0;
}
