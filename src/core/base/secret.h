/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An owned buffer that is wiped when it is freed, so that no caller can
 * forget it.  Tokens, decoded parts of tokens and keys live in these.
 */
#ifndef JWT_SECRET_H
#define JWT_SECRET_H

#include "core/base/bytes.h"
#include "core/reason.h"

struct secret {
	uint8_t *ptr;	/* owned; NULL when empty */
	size_t len;	/* bytes that count */
	size_t size;	/* bytes allocated, all of which are wiped */
};

/*
 * Make room for size bytes, zeroed; len becomes size.  A zero follows them, so
 * that a text in it is a string, as pam_set_item() wants it.  An old buffer in
 * *out is overwritten and not freed.  A size of 0 makes a valid, empty buffer.
 * Returns JWT_OK or JWT_OUT_OF_MEMORY; on failure *out is empty.
 */
JWT_MUST_USE enum jwt_reason secret_alloc(size_t size, struct secret *out);

/* Make a buffer as secret_alloc() does, and copy from into it. */
JWT_MUST_USE enum jwt_reason secret_copy(struct bytes from, struct secret *out);

/* Wipe and free the buffer, and zero *secret; it may be empty. */
void secret_clear(struct secret *secret);

/* A view of the bytes, valid until secret is changed. */
static inline struct bytes
secret_bytes(const struct secret *secret)
{
	return bytes_of(secret->ptr, secret->len);
}

#endif
