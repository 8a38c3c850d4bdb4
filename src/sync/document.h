/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A document that was fetched, before anything in it counts: JSON by the gate,
 * and no page for people.
 *
 * A login page that answers every path with 200 is common, and so is a proxy
 * with a page of its own: each must be told from an answer of the provider.
 */
#ifndef JWT_DOCUMENT_H
#define JWT_DOCUMENT_H

#include "core/base/json.h"
#include "core/base/secret.h"

#define DOCUMENT_FAULT_SIZE 256	/* bytes of a fault, with its terminator */

/* As it came from the fetcher: hostile bytes, borrowed. */
struct document_answer {
	struct bytes content_type;	/* empty: none */
	struct bytes body;
};

struct document {
	struct secret text;	/* owned; what json has views of */
	struct json_doc json;	/* owned */
};

/*
 * Read an answer.  fault  gets what is wrong with it, in words for people:
 * printable ASCII, at most DOCUMENT_FAULT_SIZE bytes with its terminator.
 *
 * Returns JWT_OK; JWT_KEY_FILE_INVALID for an answer that is judged bad;
 * JWT_OUT_OF_MEMORY.  *out must be cleared whatever the result.
 */
JWT_MUST_USE enum jwt_reason document_read(
    const struct document_answer *answer, struct document *out,
    char fault[DOCUMENT_FAULT_SIZE]);

void document_clear(struct document *document);

#endif
