/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and JSON Pointers of claims: parsed once, followed at each login. */
#include "core/base/number.h"
#include "core/policy/claim_path.h"

#define ELEMENT_MAX 99999	/* no token has as many */

/* Append a step; its bytes are in the arena already. */
static bool
add_step(struct arena *arena, struct claim_path *path, struct bytes step)
{
	struct bytes *more = arena_grow(arena, path->steps, path->count,
	    sizeof(*more));

	if (more == NULL)
		return false;
	path->steps = more;
	more[path->count++] = step;
	return true;
}

bool
claim_path_of_name(struct bytes name, struct arena *arena,
    struct claim_path *out)
{
	const char *copy = arena_copy(arena, name);

	*out = (struct claim_path){ .count = 0 };
	return copy != NULL && add_step(arena, out, bytes_of(copy, name.len));
}

/* Unescape one step of a pointer: ~1 is /, ~0 is ~. */
static bool
unescape(struct bytes text, char *out, size_t *len)
{
	size_t i;

	*len = 0;
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c == '~') {
			if (++i == text.len ||
			    (text.ptr[i] != '0' && text.ptr[i] != '1'))
				return false;
			c = text.ptr[i] == '0' ? '~' : '/';
		}
		out[(*len)++] = (char)c;
	}
	return true;
}

enum jwt_reason
claim_path_of_pointer(struct bytes pointer, struct arena *arena,
    struct claim_path *out, const char **fault)
{
	/* Room for all steps: unescaped, a step is not longer than before. */
	char *text = arena_alloc(arena, pointer.len + 1);
	size_t len;

	*out = (struct claim_path){ .count = 0 };
	*fault = NULL;
	if (text == NULL)
		return JWT_OUT_OF_MEMORY;
	while (pointer.len > 0) {
		struct bytes rest = bytes_of(pointer.ptr + 1, pointer.len - 1);
		struct bytes step = rest;

		while (rest.len > 0 && rest.ptr[0] != '/')
			rest = bytes_of(rest.ptr + 1, rest.len - 1);
		step.len -= rest.len;
		pointer = rest;
		if (!unescape(step, text, &len))
			*fault = "in a JSON Pointer ~ is only in ~0 for ~ and "
			    "~1 for /";
		else if (out->count == CLAIM_PATH_STEPS_MAX)
			*fault = "a JSON Pointer of more than 16 steps";
		if (*fault != NULL)
			return JWT_CONFIG_INVALID;
		if (!add_step(arena, out, bytes_of(text, len)))
			return JWT_OUT_OF_MEMORY;
		text += len;
	}
	return JWT_OK;
}

/* The element at an index, which has no leading zero; or NULL. */
static const struct json_node *
element(const struct json_node *array, struct bytes step)
{
	const struct json_node *item;
	int64_t index;

	if (!number_digits(step, ELEMENT_MAX, &index) ||
	    (step.ptr[0] == '0' && step.len > 1))
		return NULL;
	item = json_first(array);
	while (item != NULL && index-- > 0)
		item = json_next(array, item);
	return item;
}

const struct json_node *
claim_path_get(const struct claim_path *path, const struct json_node *claims)
{
	const struct json_node *node = claims;
	size_t i;

	for (i = 0; i < path->count && node != NULL; i++) {
		if (json_is(node, JSON_ARRAY))
			node = element(node, path->steps[i]);
		else
			node = json_get(node, path->steps[i]);
	}
	return node;
}
