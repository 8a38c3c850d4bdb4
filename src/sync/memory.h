/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of `pam-jwt sync` about an issuer from one run to the next: a file
 * NAME.state beside the set.
 *
 * Nothing that a login decides depends on it.  Losing it costs one request,
 * so a text that is torn, or that we did not write, is as good as none.
 */
#ifndef JWT_MEMORY_H
#define JWT_MEMORY_H

#include "core/base/hash.h"
#include "core/policy/policy.h"
#include "sync/exchange.h"

#define MEMORY_TEXT_MAX		8192	/* bytes of the file */
#define MEMORY_FAILURES_MAX	64	/* counted; the back-off is longest before */

/* Times are seconds since the epoch; 0: never. */
struct memory {
	char etag[EXCHANGE_HEADER_MAX + 1];	/* of the set; "": none */
	char last_modified[EXCHANGE_HEADER_MAX + 1];
	int64_t tried;		/* the start of the last attempt */
	unsigned failures;	/* since the last success */
	int64_t next;		/* when --due asks again */
	int64_t retry_at;	/* Retry-After: --due never asks before */
	int64_t warned;		/* when --due last logged a failure */
	uint8_t settings[HASH_LEN];	/* of memory_hash_settings() */
	/* Of the last success: what etag and last_modified belong to. */
	int64_t synced;
	uint8_t source[HASH_LEN];	/* of the jwks_uri */
	uint8_t set[HASH_LEN];	/* of the bytes of the set that was installed */
};

/*
 * A hash of what an issuer's configuration says about fetching: what was
 * remembered under other settings is not used.
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason memory_hash_settings(const struct issuer *issuer,
    uint8_t out[HASH_LEN]);

/*
 * Read the text of a file; changes it.  *out is zeroed for anything that
 * memory_put() did not write.
 */
void memory_read(struct secret *text, struct memory *out);

/*
 * Write the text of a file.  *out must be cleared whatever the result; what
 * it held before is overwritten, not freed.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, or JWT_JSON_INVALID for validators that
 * are not UTF-8.
 */
JWT_MUST_USE enum jwt_reason memory_put(const struct memory *memory,
    struct secret *out);

#endif
