/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names the mistake by which a text was given as a token: most refusals of this
 * kind are a token that was copied with something around it.
 */
#include "cli/report.h"
#include "core/base/b64url.h"
#include "core/base/letter.h"
#include "core/base/utf8.h"
#include "core/jose/shape.h"
#include "tool/hint_form.h"

#define NAME_MAX_LEN	32	/* bytes of a name before '=' */
#define OPAQUE_MIN_LEN	20	/* bytes; shorter ones can be guessed */

static bool
holds(struct bytes text, const char *part)
{
	return text.len > 0 &&
	    memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

/* ---- around the token ---- */

/* Against copying the whole answer of a provider, or the file of a program. */
static bool
say_json(struct bytes text, FILE *out)
{
	static const char *const names[] = {
		"access_token", "id_token", "token"
	};
	char quoted[NAME_MAX_LEN];
	size_t i;

	if (text.len == 0 || (text.ptr[0] != '{' && text.ptr[0] != '['))
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", names[i]);
		if (holds(text, quoted)) {
			fprintf(out, "it is JSON: only the text of its member "
			    "%s is the token", names[i]);
			return true;
		}
	}
	if (holds(text, "\"signature\""))
		fputs("it is a token in the JSON serialization: the compact "
		    "one, with two dots, is needed", out);
	else
		fputs("it is JSON, and no token is in it", out);
	return true;
}

static bool
starts_with(struct bytes text, const char *word)
{
	struct bytes wanted = bytes_str(word);

	return text.len >= wanted.len &&
	    letters_eq(bytes_of(text.ptr, wanted.len), wanted);
}

/* The length of "NAME=" at the start; 0 if it is not there. */
static size_t
assignment_len(struct bytes text)
{
	size_t len = 0;

	while (len < text.len && len < NAME_MAX_LEN &&
	    b64url_is_char(text.ptr[len]))
		len++;
	if (len == 0 || len + 1 >= text.len || text.ptr[len] != '=' ||
	    !b64url_is_char(text.ptr[len + 1]))
		return 0;
	return len + 1;
}

static size_t
prefix_len(struct bytes text)
{
	static const char *const words[] = {
		"authorization: bearer ", "authorization: ", "bearer ",
		"dpop "
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (starts_with(text, words[i]))
			return strlen(words[i]);
	}
	return assignment_len(text);
}

static bool
say_prefix(struct bytes text, FILE *out)
{
	size_t len = prefix_len(text);

	if (len == 0)
		return false;
	fputs("it starts with ", out);
	report_quoted(bytes_of(text.ptr, len), out);
	fputs(": only what follows is the token", out);
	return true;
}

static bool
is_quote(uint8_t c)
{
	return c == '"' || c == '\'' || c == '`';
}

static bool
say_quotes(struct bytes text, FILE *out)
{
	if (text.len == 0 || (!is_quote(text.ptr[0]) &&
	    !is_quote(text.ptr[text.len - 1])))
		return false;
	fputs("it is in quotes: only what is inside is the token", out);
	return true;
}

/* ---- bytes that no token has ---- */

/* The code point at the start of a well-formed text. */
static uint32_t
code_point(struct bytes text, size_t len)
{
	uint32_t code = text.ptr[0] & (0xffU >> (len + 1));
	size_t i;

	for (i = 1; i < len; i++)
		code = code << 6 | (text.ptr[i] & 0x3fU);
	return code;
}

/* Spaces and format characters that pages and chats put into text. */
static bool
is_invisible(uint32_t code)
{
	return code == 0xa0 || code == 0xad ||
	    (code >= 0x2000 && code <= 0x200f) ||
	    (code >= 0x2028 && code <= 0x202f) ||
	    (code >= 0x205f && code <= 0x206f) || code == 0x3000 ||
	    code == 0xfeff;
}

static void
put_character(struct bytes text, size_t at, FILE *out)
{
	struct bytes rest = bytes_of(text.ptr + at, text.len - at);
	size_t len = utf8_len(rest);
	uint32_t code;

	if (len < 2) {
		fprintf(out, "byte %zu is %02x, which no token has", at + 1,
		    text.ptr[at]);
		return;
	}
	code = code_point(rest, len);
	fprintf(out, "byte %zu begins ", at + 1);
	if (is_invisible(code))
		fputs("an invisible character, ", out);
	fprintf(out, "U+%04X, which no token has: copy the token alone",
	    (unsigned)code);
}

static void
put_byte(struct bytes text, size_t at, FILE *out)
{
	uint8_t c = text.ptr[at];

	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		fprintf(out, "it has a space or a line break inside, at byte "
		    "%zu", at + 1);
	else if (c == '=')
		fprintf(out, "it has \"=\" at byte %zu: padding, which a token "
		    "does not have (RFC 7515 section 2)", at + 1);
	else if (c == '+' || c == '/')
		fprintf(out, "byte %zu is \"%c\": base64, but a token is "
		    "base64url, which has - and _", at + 1, c);
	else if (c > 0x20 && c < 0x7f)
		fprintf(out, "byte %zu is \"%c\", which no token has", at + 1,
		    c);
	else
		put_character(text, at, out);
}

static bool
say_byte(struct bytes text, FILE *out)
{
	size_t at = 0;

	while (at < text.len && (text.ptr[at] == '.' ||
	    b64url_is_char(text.ptr[at])))
		at++;
	if (at == text.len)
		return false;
	put_byte(text, at, out);
	return true;
}

/* ---- parts ---- */

static bool
say_five_parts(const struct decoded *decoded, FILE *out)
{
	struct bytes rest = decoded->token, third;

	if (shape_count_dots(decoded->token) != 4)
		return false;
	(void)bytes_cut(&rest, '.');
	(void)bytes_cut(&rest, '.');
	third = bytes_cut(&rest, '.');
	if (decoded_member(&decoded->header, "enc") != NULL) {
		fputs("five parts: an encrypted token (JWE): it needs "
		    "decryption_keys, and an alg and enc that are supported",
		    out);
		return true;
	}
	if (!shape_is_start(decoded->token) || !holds(third, "eyJ"))
		return false;
	fputs("it is two tokens in a row: give one", out);
	return true;
}

static bool
say_empty_part(struct bytes text, FILE *out)
{
	static const char *const names[] = {
		"first part, the header", "second part, the payload",
		"third part, the signature"
	};
	struct bytes rest = text;
	size_t i;

	if (shape_count_dots(text) != 2)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_cut(&rest, '.').len == 0) {
			fprintf(out, "the %s, is empty", names[i]);
			return true;
		}
	}
	return false;
}

/* Many providers give opaque tokens unless they are asked for a JWT. */
static bool
say_too_few_parts(struct bytes text, FILE *out)
{
	if (shape_count_dots(text) >= 2)
		return false;
	if (shape_is_start(text)) {
		fputs("it is the start of a token: the end is missing", out);
		return true;
	}
	if (text.len < OPAQUE_MIN_LEN)
		return false;
	fputs("not a JWT: a password, a refresh token, or an opaque token, "
	    "which its provider alone can read: ask the provider for a JWT (by "
	    "a resource or an audience, RFC 8707), or give the ID token", out);
	return true;
}

void
hint_form_print(const struct decoded *decoded, FILE *out)
{
	static bool (*const about_text[])(struct bytes, FILE *) = {
		say_json, say_prefix, say_quotes, say_byte, say_empty_part,
		say_too_few_parts
	};
	struct bytes text = decoded->token;
	size_t i;

	for (i = 0; i < sizeof(about_text) / sizeof(about_text[0]); i++) {
		if (about_text[i](text, out))
			return;
	}
	if (say_five_parts(decoded, out))
		return;
	fprintf(out, "%zu bytes with %zu dots; a token has two dots", text.len,
	    shape_count_dots(text));
}
