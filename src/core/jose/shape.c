/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells tokens, and parts of tokens, from passwords.  Nothing is parsed here:
 * the start of the header is decoded, three bytes at a time, and wiped.
 */
#include "core/base/b64url.h"
#include "core/jose/shape.h"

#define NAME_MAX_LEN		96	/* of a header's first name */
#define HEADER_RUN_MIN		16	/* characters of a header; see below */
#define SIGNATURE_RUN_MIN	40	/* HS256 has 43 */
#define CUT_LEN			100	/* a password is not as long */

struct bytes
shape_trim(struct bytes answer)
{
	const struct bytes start = bytes_str("\033[200~");
	const struct bytes end = bytes_str("\033[201~");

	answer = bytes_trim(answer);
	if (bytes_starts(answer, start))
		answer = bytes_of(answer.ptr + start.len,
		    answer.len - start.len);
	if (bytes_ends(answer, end))
		answer.len -= end.len;
	return bytes_trim(answer);
}

bool
shape_has_token_chars(struct bytes text)
{
	while (text.len > 0) {
		if (!b64url_is_text(bytes_cut(&text, '.')))
			return false;
	}
	return true;
}

size_t
shape_count_dots(struct bytes text)
{
	size_t dots = 0;

	while (bytes_has(text, '.')) {
		(void)bytes_cut(&text, '.');
		dots++;
	}
	return dots;
}

/* Reads base64url, three bytes at a time: no more of a password is kept. */
struct reader {
	struct bytes rest;
	uint8_t group[3];
	size_t left;		/* of group */
};

#define NO_BYTE	(-1)

static int
next_byte(struct reader *in)
{
	if (in->left == 0) {
		if (in->rest.len < 4 || b64url_decode(bytes_of(in->rest.ptr, 4),
		    in->group) != JWT_OK)
			return NO_BYTE;
		in->rest = bytes_of(in->rest.ptr + 4, in->rest.len - 4);
		in->left = sizeof(in->group);
	}
	return in->group[sizeof(in->group) - in->left--];
}

/* Whether a byte is white space of JSON (RFC 8259 section 2). */
static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
next_solid(struct reader *in)
{
	int c;

	do {
		c = next_byte(in);
	} while (is_space(c));
	return c;
}

/* Read the start of a JSON object up to the colon after its first name. */
static bool
reads_object_start(struct reader *in)
{
	size_t len = 0;
	int c;

	if (next_solid(in) != '{')
		return false;
	if (next_solid(in) != '"')
		return false;
	while ((c = next_byte(in)) != '"') {
		if (c < 0x20 || c > 0x7e || ++len > NAME_MAX_LEN)
			return false;
	}
	c = next_byte(in);
	return len > 0 && (c == ':' || is_space(c));
}

/* Whether the base64url at the start of text is that of a JSON object. */
static bool
is_header_start(struct bytes text)
{
	struct reader in = { .rest = text };
	bool ok = reads_object_start(&in);

	explicit_bzero(in.group, sizeof(in.group));
	return ok;
}

bool
shape_is_start(struct bytes text)
{
	struct bytes rest = text;

	return shape_has_token_chars(text) &&
	    is_header_start(bytes_cut(&rest, '.'));
}

/* How many characters of base64url text starts with. */
static size_t
run_len(struct bytes text)
{
	size_t len = 0;

	while (len < text.len && b64url_is_char(text.ptr[len]))
		len++;
	return len;
}

/* The length of the run after the dot at len, where text then starts, or 0. */
static size_t
take_next_run(struct bytes *text, size_t len)
{
	if (len >= text->len || text->ptr[len] != '.')
		return 0;
	*text = bytes_of(text->ptr + len + 1, text->len - len - 1);
	return run_len(*text);
}

/*
 * Whether text starts with three runs of base64url and two dots.  {"a is eyJh
 * in base64url.  If the start of the header is damaged or lost, the lengths of
 * the runs decide: a header has at least {"alg":"HS256"}, and the shortest
 * signature has 32 bytes.
 */
static bool
is_three_runs(struct bytes text)
{
	bool is_usual = bytes_starts(text, bytes_str("eyJ"));
	bool is_object = bytes_starts(text, bytes_str("ey"));
	size_t header = run_len(text), payload, signature;

	payload = take_next_run(&text, header);
	signature = take_next_run(&text, payload);
	if (payload == 0 || signature == 0)
		return false;
	if (is_usual || (is_object && header >= HEADER_RUN_MIN))
		return true;
	return header >= HEADER_RUN_MIN && payload >= HEADER_RUN_MIN &&
	    signature >= SIGNATURE_RUN_MIN;
}

/* Whether a token, or the start of one, is at this place of an answer. */
static bool
is_token_at(struct bytes answer, size_t at)
{
	struct bytes text = bytes_of(answer.ptr + at, answer.len - at);
	bool is_run = at == 0 || !b64url_is_char(answer.ptr[at - 1]);

	/* In the middle of a run only the usual start of a header counts. */
	if (!is_run && !bytes_starts(text, bytes_str("eyJ")))
		return false;
	return (is_run && is_three_runs(text)) ||
	    is_header_start(bytes_of(text.ptr, run_len(text)));
}

bool
shape_is_token_like(struct bytes answer)
{
	size_t at;

	/* Every JSON object that starts with {" starts with ey in base64url. */
	if (bytes_starts(answer, bytes_str("ey")) && answer.len > CUT_LEN)
		return true;
	for (at = 0; at < answer.len; at++) {
		if (is_token_at(answer, at))
			return true;
	}
	return false;
}
