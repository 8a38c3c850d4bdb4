/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of a document that json.c has read: the top, and members. */
#include "core/base/json.h"

const struct json_node *
json_root(const struct json_doc *doc)
{
	if (doc->count == 0)
		return NULL;
	return doc->nodes;
}

const struct json_node *
json_get(const struct json_node *object, struct bytes name)
{
	const struct json_node *item, *end;

	if (!json_is(object, JSON_OBJECT) ||
	    (object->marks & json_mark(name)) == 0)
		return NULL;
	end = object + object->span;
	for (item = object + 1; item < end; item += 1 + item[1].span) {
		if (bytes_eq(bytes_of(item->ptr, item->len), name))
			return json_value(item);
	}
	return NULL;
}
