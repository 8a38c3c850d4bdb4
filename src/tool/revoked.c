/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of the facts that were noted. */
#include "tool/revoked.h"

static bool
copy(struct arena *arena, struct bytes *text)
{
	text->ptr = (const uint8_t *)arena_copy(arena, *text);
	return text->ptr != NULL;
}

bool
revoked_add(struct revoked_list *list, const struct revoked *fact)
{
	struct revoked *more = arena_grow(&list->arena, list->item,
	    list->count, sizeof(*more));

	if (more == NULL)
		return false;
	list->item = more;
	more += list->count;
	*more = *fact;
	if (!copy(&list->arena, &more->value) ||
	    !copy(&list->arena, &more->sub))
		return false;
	list->count++;
	return true;
}

void
revoked_clear(struct revoked_list *list)
{
	arena_clear(&list->arena);
	*list = (struct revoked_list){ .count = 0 };
}
