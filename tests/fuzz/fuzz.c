/* SPDX-License-Identifier: BSD-2-Clause */
/* Helpers of the fuzz targets. */
#include "tests/fuzz/fuzz.h"

_Noreturn void
fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

struct bytes
fuzz_until(struct bytes *rest, uint8_t separator)
{
	const uint8_t *end = rest->len == 0 ? NULL :
	    memchr(rest->ptr, separator, rest->len);
	struct bytes out = *rest;

	if (end == NULL) {
		*rest = bytes_str("");
		return out;
	}
	out.len = (size_t)(end - rest->ptr);
	*rest = bytes_of(end + 1, rest->len - out.len - 1);
	return out;
}

char *
fuzz_string(struct bytes text)
{
	char *out = strndup(text.len == 0 ? "" : (const char *)text.ptr,
	    text.len);

	FUZZ_CHECK(out != NULL);
	return out;
}

struct secret
fuzz_copy(struct bytes from)
{
	struct secret out;

	/* Not secret_copy(): that has a byte more than it says. */
	out.ptr = malloc(from.len == 0 ? 1 : from.len);
	FUZZ_CHECK(out.ptr != NULL);
	if (from.len > 0)
		memcpy(out.ptr, from.ptr, from.len);
	out.len = from.len;
	out.size = from.len;
	return out;
}
