/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts names into a word of the configuration; an unknown one is an error. */
#include "core/policy/expand.h"

struct text {
	char *chars;		/* EXPAND_SIZE of them */
	size_t len;
};

static const char *
append(struct text *text, struct bytes more)
{
	if (more.len >= EXPAND_SIZE - text->len)
		return "more than 1023 bytes";
	memcpy(text->chars + text->len, more.ptr, more.len);
	text->len += more.len;
	text->chars[text->len] = '\0';
	return NULL;
}

static const char *
append_name(struct text *text, struct bytes name,
    const struct expand_name *names)
{
	for (; names->name != NULL; names++) {
		if (!bytes_eq_str(name, names->name))
			continue;
		if (names->value == NULL)
			return "this host does not have that name, or one that "
			    "any host may have: write it out";
		return append(text, bytes_str(names->value));
	}
	if (bytes_eq_str(name, "hostkey"))
		return "%{hostkey} is not built yet";
	return names->value;
}

/* Append the value of the %… at the start of *rest, which moves after it. */
static const char *
append_escape(struct text *text, struct bytes *rest,
    const struct expand_name *names)
{
	const uint8_t *end = memchr(rest->ptr, '}', rest->len);
	struct bytes name;

	if (bytes_starts(*rest, bytes_str("%%"))) {
		*rest = bytes_of(rest->ptr + 2, rest->len - 2);
		return append(text, bytes_str("%"));
	}
	if (!bytes_starts(*rest, bytes_str("%{")) || end == NULL)
		return "% is only for %{name}, and in %% for the sign itself";
	name = bytes_of(rest->ptr + 2, (size_t)(end - rest->ptr) - 2);
	rest->len -= (size_t)(end + 1 - rest->ptr);
	rest->ptr = end + 1;
	return append_name(text, name, names);
}

const char *
expand(struct bytes word, const struct expand_name *names,
    char out[EXPAND_SIZE])
{
	struct text text = { .chars = out };
	const char *fault = NULL;

	out[0] = '\0';
	while (word.len > 0 && fault == NULL) {
		size_t len = 0;

		while (len < word.len && word.ptr[len] != '%')
			len++;
		fault = append(&text, bytes_of(word.ptr, len));
		word = bytes_of(word.ptr + len, word.len - len);
		if (fault == NULL && word.len > 0)
			fault = append_escape(&text, &word, names);
	}
	return fault;
}

const char *
expand_audience(struct bytes word, const struct policy_host *host,
    char out[EXPAND_SIZE])
{
	const struct expand_name names[] = {
		{ "hostname", host->hostname }, { "fqdn", host->fqdn },
		{ "machine_id", host->machine_id },
		{ NULL, "the names are %{hostname}, %{fqdn} and %{machine_id}" }
	};

	return expand(word, names, out);
}

const char *
expand_token_file(struct bytes path, const char *user, const char *uid,
    char out[EXPAND_SIZE])
{
	const struct expand_name names[] = {
		{ "user", user }, { "uid", uid },
		{ NULL, "the names are %{user} and %{uid}" }
	};

	return expand(path, names, out);
}
