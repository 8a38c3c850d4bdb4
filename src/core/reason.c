/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks reasons up in the table of reason.h.  Nothing is decided here. */
#include <stddef.h>

#include "core/reason.h"

struct entry {
	const char *name;
	const char *text;
	enum jwt_class class;
};

#define ENTRY(id, name, class, text) [id] = { name, text, class },
static const struct entry table[JWT_REASON_COUNT] = { JWT_REASONS(ENTRY) };
#undef ENTRY

static const struct entry *
look_up(enum jwt_reason reason)
{
	if ((size_t)reason >= JWT_REASON_COUNT)
		reason = JWT_INTERNAL;
	return &table[reason];
}

const char *
reason_name(enum jwt_reason reason)
{
	return look_up(reason)->name;
}

const char *
reason_text(enum jwt_reason reason)
{
	return look_up(reason)->text;
}

enum jwt_class
reason_class(enum jwt_reason reason)
{
	return look_up(reason)->class;
}
