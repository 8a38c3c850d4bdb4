/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds objects that have a name twice. */
#include <stdlib.h>

#include "core/base/json_names.h"

#define FEW_NAMES 16	/* of an object: to sort them would take longer */

/* An order in which equal names, and only these, compare as 0. */
static int
compare_names(const void *va, const void *vb)
{
	const struct json_node *a = *(const struct json_node *const *)va;
	const struct json_node *b = *(const struct json_node *const *)vb;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->ptr, b->ptr, a->len);
}

/* Sort many names, so that equal ones stand side by side. */
static bool
has_twice_of_many(const struct json_node **names, size_t count)
{
	size_t i;

	qsort(names, count, sizeof(const struct json_node *), compare_names);
	for (i = 1; i < count; i++) {
		if (compare_names(&names[i - 1], &names[i]) == 0)
			return true;
	}
	return false;
}

/* Compare each of a few names with those before it. */
static bool
has_twice_of_few(const struct json_node *const *names, size_t count)
{
	size_t i, k;

	for (i = 1; i < count; i++) {
		for (k = 0; k < i; k++) {
			if (bytes_eq(json_text(names[i]), json_text(names[k])))
				return true;
		}
	}
	return false;
}

/*
 * Refuse an object with two members of one name: we would take one of them, and
 * the issuer or a proxy the other.
 */
static enum jwt_reason
check_names(const struct json_node *object)
{
	const struct json_node *names[JSON_OBJECT_MEMBERS];
	const struct json_node *name;
	size_t count = 0;
	bool twice;

	for (name = json_first(object); name; name = json_next(object, name)) {
		if (count == JSON_OBJECT_MEMBERS)
			return JWT_JSON_LIMIT;
		names[count++] = name;
	}
	if (count <= FEW_NAMES)
		twice = has_twice_of_few(names, count);
	else
		twice = has_twice_of_many(names, count);
	if (twice)
		return JWT_JSON_DUPLICATE;
	return JWT_OK;
}

enum jwt_reason
json_check_names(const struct json_doc *doc)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < doc->count && reason == JWT_OK; i++) {
		if (json_is(&doc->nodes[i], JSON_OBJECT))
			reason = check_names(&doc->nodes[i]);
	}
	return reason;
}
