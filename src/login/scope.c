/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a scope.  That of a provider may have any bytes in it. */
#include "login/scope.h"

struct bytes
scope_next(struct bytes *scope)
{
	struct bytes word = bytes_of(NULL, 0);

	while (word.len == 0 && scope->len > 0)
		word = bytes_cut(scope, ' ');
	return word;
}

bool
scope_has(struct bytes scope, struct bytes word)
{
	struct bytes next;

	while ((next = scope_next(&scope)).len > 0) {
		if (bytes_eq(next, word))
			return true;
	}
	return false;
}
