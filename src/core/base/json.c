/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON gate: one pass over the bytes, a flat table of values.
 *
 * No recursion: containers that are open are on a stack of fixed size.
 */
#include <stdlib.h>

#include "core/base/json.h"
#include "core/base/json_names.h"
#include "core/base/utf8.h"
#include "core/base/word.h"

#define DEPTH_MAX 16	/* of any limits; the stack of open containers */
#define NODES_AT_FIRST 40	/* more than most tokens have, below 1 KiB */

const struct json_limits json_token_limits = {
	.depth = JSON_TOKEN_DEPTH, .members = JSON_TOKEN_MEMBERS
};
const struct json_limits json_file_limits = {
	.depth = JSON_FILE_DEPTH, .members = JSON_FILE_MEMBERS
};

_Static_assert(JSON_TOKEN_DEPTH <= DEPTH_MAX && JSON_FILE_DEPTH <= DEPTH_MAX,
    "the stack holds every depth");

struct reader {
	uint8_t *pos;
	uint8_t *end;
	struct json_doc *doc;
	unsigned members_left;
	unsigned depth_max;
	unsigned depth;
	uint32_t open[DEPTH_MAX];	/* indices of the containers around pos */
};

static void
skip_blanks(struct reader *in)
{
	while (in->pos < in->end && (*in->pos == ' ' || *in->pos == '\t' ||
	    *in->pos == '\n' || *in->pos == '\r'))
		in->pos++;
}

/* The next byte, or 0 at the end: no text has a 0 outside strings. */
static uint8_t
peek(const struct reader *in)
{
	if (in->pos >= in->end)
		return 0;
	return *in->pos;
}

static bool
take(struct reader *in, uint8_t byte)
{
	if (peek(in) != byte || in->pos == in->end)
		return false;
	in->pos++;
	return true;
}

static enum jwt_reason
add_node(struct reader *in, struct json_node node)
{
	struct json_doc *doc = in->doc;

	if (doc->count == doc->size) {
		size_t size = doc->size == 0 ? NODES_AT_FIRST : doc->size * 2;
		struct json_node *more;

		more = reallocarray(doc->nodes, size, sizeof(*more));
		if (more == NULL)
			return JWT_OUT_OF_MEMORY;
		doc->nodes = more;
		doc->size = size;
	}
	node.span = 1;
	doc->nodes[doc->count++] = node;
	return JWT_OK;
}

/* Read four hexadecimal digits; -1 if there are not four. */
static int32_t
hex4(struct reader *in)
{
	int32_t value = 0;
	int i;

	for (i = 0; i < 4; i++) {
		uint8_t c = peek(in);

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
		in->pos++;
	}
	return value;
}

/* The code point of an escape \uXXXX, or of a pair of them; -1 if malformed. */
static int32_t
escaped_code_point(struct reader *in)
{
	int32_t high = hex4(in);
	int32_t low;

	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || !take(in, '\\') || !take(in, 'u'))
		return -1;	/* a lone surrogate is not a character */
	low = hex4(in);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Read an escape after its backslash: its code point, or -1 if malformed. */
static int32_t
escape(struct reader *in)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	uint8_t c = peek(in);
	const char *at;

	if (c == 0)
		return -1;
	in->pos++;
	if (c == 'u')
		return escaped_code_point(in);
	at = strchr(from, c);
	if (at == NULL)
		return -1;
	return to[at - from];
}

/*
 * Copy one character of a string to *outp.  The output never overtakes the
 * input, as an escape is longer than the character that it stands for.
 */
static bool
copy_character(struct reader *in, uint8_t **outp)
{
	size_t len;
	int32_t code;

	if (take(in, '\\')) {
		code = escape(in);
		if (code < 0)
			return false;
		*outp += utf8_put((uint32_t)code, *outp);
		return true;
	}
	if (*in->pos < 0x20)
		return false;	/* RFC 8259 section 7 */
	len = utf8_len(bytes_of(in->pos, (size_t)(in->end - in->pos)));
	if (len == 0)
		return false;
	memmove(*outp, in->pos, len);
	*outp += len;
	in->pos += len;
	return true;
}

/* Whether the byte is a character that stands for itself in a string. */
static bool
is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* The top bit of each byte of a word that is not plain. */
static uint64_t
not_plain(uint64_t word)
{
	uint64_t low = word & ~WORD_TOPS;
	uint64_t plain = word_at_least(low, 0x20) & word_is_not(low, '"') &
	    word_is_not(low, '\\');

	return (word | ~plain) & WORD_TOPS;
}

/* The length of the plain characters from pos on. */
static size_t
plain_len(const uint8_t *pos, const uint8_t *end)
{
	const uint8_t *start = pos;

	for (; end - pos >= WORD_LEN; pos += WORD_LEN) {
		uint64_t others = not_plain(word_load(pos));

		if (others != 0)
			return (size_t)(pos - start) + word_first(others);
	}
	while (pos < end && is_plain(*pos))
		pos++;
	return (size_t)(pos - start);
}

/* Copy characters that stand for themselves: most strings have no others. */
static void
copy_plain(struct reader *in, uint8_t **outp)
{
	size_t len = plain_len(in->pos, in->end);

	if (*outp != in->pos)
		memmove(*outp, in->pos, len);
	in->pos += len;
	*outp += len;
}

/* Read a string, whose opening quote is next, and unescape it in place. */
static enum jwt_reason
read_string(struct reader *in)
{
	struct json_node node = { .type = JSON_STRING };
	uint8_t *out;

	if (!take(in, '"'))
		return JWT_JSON_INVALID;
	node.ptr = out = in->pos;
	copy_plain(in, &out);
	while (!take(in, '"')) {
		if (in->pos == in->end || !copy_character(in, &out))
			return JWT_JSON_INVALID;
		copy_plain(in, &out);
	}
	node.len = (uint32_t)(out - node.ptr);
	return add_node(in, node);
}

static bool
skip_digits(struct reader *in)
{
	const uint8_t *start = in->pos;

	while (peek(in) >= '0' && peek(in) <= '9')
		in->pos++;
	return in->pos > start;
}

/* RFC 8259 section 6: no leading zero, no bare point, no bare exponent. */
static bool
skip_number(struct reader *in)
{
	take(in, '-');
	if (!take(in, '0') && !skip_digits(in))
		return false;
	if (take(in, '.') && !skip_digits(in))
		return false;
	if (take(in, 'e') || take(in, 'E')) {
		if (!take(in, '+'))
			take(in, '-');
		return skip_digits(in);
	}
	return true;
}

static enum jwt_reason
read_number(struct reader *in)
{
	struct json_node node = { .type = JSON_NUMBER, .ptr = in->pos };

	if (!skip_number(in))
		return JWT_JSON_INVALID;
	node.len = (uint32_t)(in->pos - node.ptr);
	return add_node(in, node);
}

static enum jwt_reason
read_word(struct reader *in, const char *word, enum json_node_type type)
{
	struct bytes rest = bytes_of(in->pos, (size_t)(in->end - in->pos));

	if (!bytes_starts(rest, bytes_str(word)))
		return JWT_JSON_INVALID;
	in->pos += strlen(word);
	return add_node(in, (struct json_node){ .type = type });
}

static enum jwt_reason
open_container(struct reader *in, enum json_node_type type)
{
	in->pos++;
	if (in->depth == in->depth_max)
		return JWT_JSON_LIMIT;
	in->open[in->depth++] = (uint32_t)in->doc->count;
	return add_node(in, (struct json_node){ .type = type });
}

static struct json_node *
innermost(const struct reader *in)
{
	return &in->doc->nodes[in->open[in->depth - 1]];
}

/* The innermost open container holds all nodes up to here. */
static void
close_container(struct reader *in)
{
	struct json_node *node = innermost(in);

	node->span = (uint32_t)(&in->doc->nodes[in->doc->count] - node);
	in->depth--;
}

/* Read the name of a member and its colon. */
static enum jwt_reason
read_name(struct reader *in)
{
	enum jwt_reason reason = read_string(in);
	struct bytes name;

	if (reason != JWT_OK)
		return reason;
	name = json_text(&in->doc->nodes[in->doc->count - 1]);
	/* A reader with C strings would cut the name there: another member. */
	if (bytes_has(name, 0))
		return JWT_JSON_INVALID;
	innermost(in)->marks |= json_mark(name);
	if (in->members_left == 0)
		return JWT_JSON_LIMIT;
	in->members_left--;
	skip_blanks(in);
	if (!take(in, ':'))
		return JWT_JSON_INVALID;
	return JWT_OK;
}

/* Read a value; of a container read its opening alone. */
static enum jwt_reason
read_value(struct reader *in)
{
	skip_blanks(in);
	switch (peek(in)) {
	case '{':
		return open_container(in, JSON_OBJECT);
	case '[':
		return open_container(in, JSON_ARRAY);
	case '"':
		return read_string(in);
	case 't':
		return read_word(in, "true", JSON_TRUE);
	case 'f':
		return read_word(in, "false", JSON_FALSE);
	case 'n':
		return read_word(in, "null", JSON_NULL);
	default:
		return read_number(in);
	}
}

/* Close the innermost container if its end is next. */
static bool
take_end(struct reader *in)
{
	uint8_t end = innermost(in)->type == JSON_OBJECT ? '}' : ']';

	skip_blanks(in);
	if (!take(in, end))
		return false;
	close_container(in);
	return true;
}

/* Read one element or member of the innermost container. */
static enum jwt_reason
read_item(struct reader *in)
{
	enum jwt_reason reason;

	skip_blanks(in);
	if (innermost(in)->type == JSON_OBJECT) {
		reason = read_name(in);
		if (reason != JWT_OK)
			return reason;
	}
	return read_value(in);
}

/* After a value, read the ends of containers, and a comma if one is open. */
static enum jwt_reason
read_separator(struct reader *in)
{
	while (in->depth > 0 && take_end(in))
		;
	if (in->depth == 0)
		return JWT_OK;
	if (!take(in, ','))
		return JWT_JSON_INVALID;
	return JWT_OK;
}

/* Whether the last thing read was the opening of a container. */
static bool
just_opened(const struct reader *in)
{
	return in->depth > 0 &&
	    in->open[in->depth - 1] + 1 == in->doc->count;
}

static enum jwt_reason
read_document(struct reader *in)
{
	enum jwt_reason reason = read_value(in);

	while (reason == JWT_OK && in->depth > 0) {
		/* An empty container ends at once; a comma leads to an item. */
		if (!just_opened(in) || take_end(in)) {
			reason = read_separator(in);
			if (reason != JWT_OK || in->depth == 0)
				break;
		}
		reason = read_item(in);
	}
	if (reason != JWT_OK)
		return reason;
	skip_blanks(in);
	if (in->pos != in->end)
		return JWT_JSON_INVALID;
	return JWT_OK;
}

enum jwt_reason
json_parse_value(uint8_t *text, size_t len, const struct json_limits *limits,
    struct json_doc *out)
{
	struct reader in = {
		.pos = text, .end = text + len, .doc = out,
		.members_left = limits->members, .depth_max = limits->depth
	};

	enum jwt_reason reason;

	*out = (struct json_doc){ 0 };
	if (len > UINT32_MAX)
		return JWT_JSON_LIMIT;
	reason = read_document(&in);
	if (reason != JWT_OK)
		return reason;
	return json_check_names(out);
}

enum jwt_reason
json_parse(uint8_t *text, size_t len, const struct json_limits *limits,
    struct json_doc *out)
{
	enum jwt_reason reason = json_parse_value(text, len, limits, out);

	if (reason == JWT_OK && !json_is(json_root(out), JSON_OBJECT))
		return JWT_JSON_INVALID;
	return reason;
}

void
json_clear(struct json_doc *doc)
{
	free(doc->nodes);
	*doc = (struct json_doc){ 0 };
}
