/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of a document that json.c has read: types, texts and members. */
#include "core/base/json.h"

const struct json_node *
json_root(const struct json_doc *doc)
{
	if (doc->count == 0)
		return NULL;
	return doc->nodes;
}

bool
json_is(const struct json_node *node, enum json_node_type type)
{
	return node != NULL && node->type == type;
}

struct bytes
json_text(const struct json_node *node)
{
	if (node == NULL)
		return bytes_of(NULL, 0);
	return bytes_of(node->ptr, node->len);
}

const struct json_node *
json_first(const struct json_node *container)
{
	if (container->span <= 1)
		return NULL;
	return container + 1;
}

const struct json_node *
json_value(const struct json_node *name)
{
	return name + 1;
}

const struct json_node *
json_next(const struct json_node *container, const struct json_node *item)
{
	const struct json_node *next = item + item->span;

	if (container->type == JSON_OBJECT)
		next = item + 1 + item[1].span;
	if (next >= container + container->span)
		return NULL;
	return next;
}

const struct json_node *
json_get(const struct json_node *object, struct bytes name)
{
	const struct json_node *item, *end;

	if (!json_is(object, JSON_OBJECT))
		return NULL;
	end = object + object->span;
	for (item = object + 1; item < end; item += 1 + item[1].span) {
		if (bytes_eq(bytes_of(item->ptr, item->len), name))
			return json_value(item);
	}
	return NULL;
}
