/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of RESP2 (redis.io/docs/reference/protocol-spec) that we need.
 *
 * The server may send anything: each length is bounded before it is used, and a
 * byte that the protocol does not allow ends the conversation.
 */
#include <stdio.h>

#include "core/base/number.h"
#include "host/state/resp.h"

#define LINE_MAX_LEN	512		/* bytes of a status, error or number */
#define INTEGER_MAX	INT64_C(999999999999999999)
#define LENGTH_MAX	INT64_C(1048576)	/* of a bulk string or an array */

static void
put(struct resp_out *out, struct bytes text)
{
	if (out->full || text.len > out->size - out->len) {
		out->full = true;
		return;
	}
	if (text.len > 0)
		memcpy(out->text + out->len, text.ptr, text.len);
	out->len += text.len;
}

static void
put_number(struct resp_out *out, char kind, size_t number)
{
	char line[32];

	snprintf(line, sizeof(line), "%c%zu\r\n", kind, number);
	put(out, bytes_str(line));
}

void
resp_command(struct resp_out *out, unsigned count)
{
	put_number(out, '*', count);
}

void
resp_word(struct resp_out *out, struct bytes word)
{
	put_number(out, '$', word.len);
	put(out, word);
	put(out, bytes_str("\r\n"));
}

/* Take the first line without its CRLF; *used is its length with CRLF. */
static enum resp_result
take_line(struct bytes text, struct bytes *line, size_t *used)
{
	size_t max = text.len < LINE_MAX_LEN ? text.len : LINE_MAX_LEN;
	const uint8_t *end = max == 0 ? NULL : memchr(text.ptr, '\r', max);

	if (end == NULL && text.len >= LINE_MAX_LEN)
		return RESP_BAD;
	if (end == NULL)
		return RESP_MORE;
	*line = bytes_of(text.ptr, (size_t)(end - text.ptr));
	if (line->len + 1 == text.len)
		return RESP_MORE;
	*used = line->len + 2;
	if (end[1] != '\n')
		return RESP_BAD;
	return RESP_DONE;
}

/* Parse digits, perhaps after a minus sign; false for anything else. */
static bool
parse_integer(struct bytes text, int64_t *out)
{
	size_t negative = text.len > 0 && text.ptr[0] == '-';

	if (!number_digits(bytes_of(text.ptr + negative, text.len - negative),
	    INTEGER_MAX, out))
		return false;
	if (negative)
		*out = -*out;
	return true;
}

static enum resp_result
take_bulk(struct bytes rest, struct resp_reply *out, size_t *used)
{
	size_t len;

	if (out->integer == -1) {
		out->type = RESP_NULL;
		return RESP_DONE;
	}
	if (out->integer < 0 || out->integer > LENGTH_MAX)
		return RESP_BAD;
	len = (size_t)out->integer;
	if (rest.len < len + 2)
		return RESP_MORE;
	out->text = bytes_of(rest.ptr, len);
	*used += len + 2;
	if (rest.ptr[len] != '\r' || rest.ptr[len + 1] != '\n')
		return RESP_BAD;
	return RESP_DONE;
}

static enum resp_result
take_array(struct resp_reply *out)
{
	if (out->integer == -1)
		out->type = RESP_NULL;
	if (out->integer < -1 || out->integer > LENGTH_MAX)
		return RESP_BAD;
	return RESP_DONE;
}

enum resp_result
resp_parse(struct bytes text, struct resp_reply *out, size_t *used)
{
	struct bytes line;
	enum resp_result result = take_line(text, &line, used);
	uint8_t kind;

	*out = (struct resp_reply){ .type = RESP_ERROR };
	if (result != RESP_DONE)
		return result;
	if (line.len == 0)
		return RESP_BAD;
	kind = line.ptr[0];
	line = bytes_of(line.ptr + 1, line.len - 1);
	out->text = line;
	if (kind == '+' || kind == '-') {
		out->type = kind == '+' ? RESP_STATUS : RESP_ERROR;
		return RESP_DONE;
	}
	if (!parse_integer(line, &out->integer))
		return RESP_BAD;
	switch (kind) {
	case ':':
		out->type = RESP_INTEGER;
		return RESP_DONE;
	case '$':
		out->type = RESP_BULK;
		return take_bulk(bytes_of(text.ptr + *used, text.len - *used),
		    out, used);
	case '*':
		out->type = RESP_ARRAY;
		return take_array(out);
	default:
		return RESP_BAD;
	}
}
