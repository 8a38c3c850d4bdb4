/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffers that are wiped when freed. */
#include <stdlib.h>
#include <string.h>

#include "core/base/secret.h"

enum jwt_reason
secret_alloc(size_t size, struct secret *out)
{
	*out = (struct secret){ 0 };
	/* The zero; and without it malloc(0) may be NULL, as after a failure. */
	out->ptr = calloc(1, size + 1);
	if (out->ptr == NULL)
		return JWT_OUT_OF_MEMORY;
	out->len = size;
	out->size = size + 1;
	return JWT_OK;
}

enum jwt_reason
secret_copy(struct bytes from, struct secret *out)
{
	enum jwt_reason reason = secret_alloc(from.len, out);

	if (reason == JWT_OK && from.len > 0)
		memcpy(out->ptr, from.ptr, from.len);
	return reason;
}

void
secret_clear(struct secret *secret)
{
	if (secret->ptr != NULL) {
		explicit_bzero(secret->ptr, secret->size);
		free(secret->ptr);
	}
	*secret = (struct secret){ 0 };
}
