/* SPDX-License-Identifier: BSD-2-Clause */
/* A JSON Pointer: a slash, and any bytes after it. */
#include "core/policy/claim_path.h"

static uint8_t in[LEN];

void
main(void)
{
	struct arena arena = { 0 };
	struct claim_path path;
	enum jwt_reason reason;
	const char *fault;

	any_bytes(in, LEN);
	in[0] = '/';
	reason = claim_path_of_pointer(bytes_of(in, LEN), &arena, &path, &fault);
	(void)reason;
}
