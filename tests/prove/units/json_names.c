/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check of the names of an object with LEN members.  Its values have one or
 * two nodes in turn, and each name is any view of at most half of a text.  The
 * model of qsort() lets any name come to any place, with any others, and
 * compares any two.  A text that has another length than its neighbour is only
 * in pairs: for Eva, names that have changed places would mix their lengths.
 */
#include "core/base/json_names.c"

#define HALF 8

static struct json_node nodes[1 + LEN * 3];
static uint8_t text[2 * HALF];

void
qsort(void *base, size_t count, size_t size, int (*compare)(const void *,
    const void *))
{
	const struct json_node **names = base;
	const struct json_node *any = names[0];
	int last = (int)count - 1;
	size_t i;

	//@ assert size == sizeof(*names);
	for (i = 1; i < count; i++) {
		if (any_bool())
			any = names[i];
	}
	for (i = 0; i < count; i++)
		names[i] = any;
	compare(&names[Frama_C_interval(0, last)],
	    &names[Frama_C_interval(0, last)]);
}

static struct json_node
any_name(void)
{
	struct json_node node = { .type = JSON_STRING, .span = 1 };

	node.ptr = text + Frama_C_interval(0, HALF);
	node.len = (uint32_t)Frama_C_interval(0, HALF);
	return node;
}

/* One node, or an array that holds one. */
static size_t
put_value(struct json_node *value, int with_element)
{
	*value = (struct json_node){ .type = JSON_NULL, .span = 1 };
	if (!with_element)
		return 1;
	value[1] = value[0];
	value[0].type = JSON_ARRAY;
	value[0].span = 2;
	return 2;
}

static void
check_object(void)
{
	struct json_doc doc = { .nodes = nodes };
	size_t i;

	nodes[0] = (struct json_node){ .type = JSON_OBJECT };
	for (doc.count = 1, i = 0; i < LEN; i++) {
		nodes[doc.count++] = any_name();
		doc.count += put_value(&nodes[doc.count], i % 2);
	}
	nodes[0].span = (uint32_t)doc.count;
	if (json_check_names(&doc) != JWT_OK)
		return;
}

/* A view of all of a short text, and one of all of a long one. */
static void
compare_pair(size_t one_len, size_t other_len)
{
	static uint8_t one_text[HALF], other_text[HALF];
	struct json_node one = { .type = JSON_STRING }, other = one;
	const struct json_node *names[2] = { &one, &other };

	any_bytes(one_text, HALF);
	any_bytes(other_text, HALF);
	one.ptr = one_text + HALF - one_len;
	one.len = (uint32_t)one_len;
	other.ptr = other_text + HALF - other_len;
	other.len = (uint32_t)other_len;
	compare_names(&names[0], &names[1]);
	has_twice_of_few(names, 2);
}

void
main(void)
{
	size_t one, other;

	any_bytes(text, sizeof(text));
	check_object();
	for (one = 0; one <= HALF; one++) {
		for (other = 0; other <= HALF; other++)
			compare_pair(one, other);
	}
}
