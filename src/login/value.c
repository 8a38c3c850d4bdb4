/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes values of a provider, and makes them harmless for a terminal. */
#include <stdio.h>
#include <strings.h>

#include "core/base/number.h"
#include "core/base/url.h"
#include "core/jose/jws.h"
#include "core/logline.h"
#include "login/value.h"

bool
value_is_visible(struct bytes text, uint8_t first)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < first || text.ptr[i] > '~')
			return false;
	}
	return true;
}

struct bytes
value_text(const struct json_node *root, const char *name)
{
	const struct json_node *node = json_get(root, bytes_str(name));

	if (!json_is(node, JSON_STRING))
		return bytes_of(NULL, 0);
	return json_text(node);
}

bool
value_is_word(const struct json_node *root, const char *name, const char *word)
{
	struct bytes text = value_text(root, name);

	return text.ptr != NULL && text.len == strlen(word) &&
	    strncasecmp((const char *)text.ptr, word, text.len) == 0;
}

int64_t
value_seconds(const struct json_node *root, const char *name)
{
	const struct json_node *node = json_get(root, bytes_str(name));
	int64_t value;

	if (!json_is(node, JSON_NUMBER) && !json_is(node, JSON_STRING))
		return -1;
	if (!number_digits(json_text(node), VALUE_SECONDS_MAX, &value))
		return -1;
	return value;
}

bool
value_is_true(const struct json_node *root, const char *name)
{
	return json_is(json_get(root, bytes_str(name)), JSON_TRUE);
}

bool
value_lists(const struct json_node *root, const char *name, const char *word)
{
	const struct json_node *list = json_get(root, bytes_str(name));
	const struct json_node *item;

	if (!json_is(list, JSON_ARRAY))
		return false;

	for (item = json_first(list); item; item = json_next(list, item)) {
		if (json_is(item, JSON_STRING) &&
		    bytes_eq_str(json_text(item), word))
			return true;
	}
	return false;
}

bool
value_lacks(const struct json_node *root, const char *name, const char *word)
{
	return json_is(json_get(root, bytes_str(name)), JSON_ARRAY) &&
	    !value_lists(root, name, word);
}

int64_t
value_date(const struct json_node *root, const char *name)
{
	const struct json_node *node = json_get(root, bytes_str(name));
	struct number_date date;

	if (!json_is(node, JSON_NUMBER) ||
	    number_date(json_text(node), &date) != JWT_OK)
		return -1;
	return date.floor_sec;
}

bool
value_is_loopback(struct bytes url)
{
	const char *fault;

	return url_kind(url, &fault) == URL_HTTP_LOOPBACK;
}

/* Plain http would give both to whoever is on the way. */
bool
value_is_address(struct bytes url, bool loopback_http)
{
	const char *fault;
	enum url_kind kind = url_kind(url, &fault);

	return kind == URL_HTTPS || (loopback_http &&
	    kind == URL_HTTP_LOOPBACK);
}

bool
value_is_token(struct bytes text)
{
	return text.len <= TOKEN_MAX && value_is_visible(text, '!');
}

bool
value_refuse(char *words, size_t size, const char *before,
    struct bytes value, const char *after)
{
	char shown[VALUE_SHOWN_SIZE];

	logline_escape(value, shown, sizeof(shown));
	(void)snprintf(words, size, "%s%s%s", before, shown, after);
	return false;
}
