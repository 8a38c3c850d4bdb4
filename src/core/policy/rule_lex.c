/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts the text of a rule into words, signs and quoted texts. */
#include <stdio.h>

#include "core/base/nearest.h"
#include "core/policy/rule_lex.h"

#define ASK_SIZE 160	/* bytes; a word of 80 and the question around it */

/* Ask which word was meant; "" if none is near. */
static void
ask(const struct rule_lex *in, char *out, size_t size)
{
	struct nearest here = nearest_begin(in->token.text);
	struct nearest before = nearest_begin(in->doubtful.text);
	unsigned i;

	for (i = 0; in->token.kind == TOKEN_WORD && i < in->tried.count; i++)
		nearest_try(&here, in->tried.word[i]);
	for (i = 0; i < in->doubtful.count; i++)
		nearest_try(&before, in->doubtful.word[i]);
	if (here.best != NULL)
		snprintf(out, size, "%s", nearest_text(&here));
	else if (before.best != NULL)
		snprintf(out, size, "; did you mean %s instead of %.*s?",
		    before.best, BYTES_SHOW(before.word));
	else
		out[0] = '\0';
}

bool
rule_lex_fail(struct rule_lex *in, const char *what)
{
	struct diag_place place = in->place;
	char meant[ASK_SIZE];

	if (in->token.kind == TOKEN_BAD)
		what = "a quote that is not closed, or an escape other than "
		    "\\\" and \\\\";
	if (in->reason == JWT_OK) {
		in->reason = JWT_CONFIG_INVALID;
		place.column += (unsigned)(in->token.start - in->start);
		ask(in, meant, sizeof(meant));
		diag_add(in->diag, place, in->reason, "%s%s", what, meant);
	}
	return false;
}

bool
rule_lex_out_of_memory(struct rule_lex *in)
{
	if (in->reason == JWT_OK) {
		in->reason = JWT_OUT_OF_MEMORY;
		diag_add(in->diag, in->place, in->reason, "memory ran out");
	}
	return false;
}

static bool
is_sign(uint8_t c)
{
	return c != 0 && strchr("(){},=!<>", c) != NULL;
}

static bool
is_word(uint8_t c)
{
	return c > ' ' && c != '"' && !is_sign(c);
}

/* Scan text between quotes, and undo \" and \\ in it. */
static void
scan_quoted(struct rule_lex *in, struct rule_lex_token *out)
{
	char *text = arena_alloc(in->arena, in->rest.len);
	size_t len = 0, i;

	out->kind = TOKEN_BAD;
	if (text == NULL) {
		rule_lex_out_of_memory(in);
		return;
	}
	for (i = 1; i < in->rest.len; i++) {
		uint8_t c = in->rest.ptr[i];

		if (c == '"')
			break;
		if (c == '\\') {
			if (++i == in->rest.len || (in->rest.ptr[i] != '"' &&
			    in->rest.ptr[i] != '\\'))
				return;
			c = in->rest.ptr[i];
		}
		text[len++] = (char)c;
	}
	if (i >= in->rest.len)
		return;
	out->kind = TOKEN_QUOTED;
	out->text = bytes_of(text, len);
	out->end = in->rest.ptr + i + 1;
}

static void
scan_sign(const struct rule_lex *in, struct rule_lex_token *out)
{
	size_t len = 1;

	if (in->rest.len > 1 && in->rest.ptr[1] == '=' &&
	    strchr("!<>", in->rest.ptr[0]) != NULL)
		len = 2;
	out->kind = TOKEN_SIGN;
	out->text = bytes_of(in->rest.ptr, len);
	out->end = in->rest.ptr + len;
}

static void
scan_word(const struct rule_lex *in, struct rule_lex_token *out)
{
	size_t len = 0;

	while (len < in->rest.len && is_word(in->rest.ptr[len]))
		len++;
	out->kind = TOKEN_WORD;
	out->text = bytes_of(in->rest.ptr, len);
	out->end = in->rest.ptr + len;
}

void
rule_lex_advance(struct rule_lex *in)
{
	struct rule_lex_token token = { .kind = TOKEN_END };

	if (in->token.kind == TOKEN_WORD && in->tried.count > 0) {
		in->doubtful = in->tried;
		in->doubtful.text = in->token.text;
	}
	in->tried.count = 0;
	in->taken = in->token.end;
	in->rest = bytes_trim(in->rest);
	token.start = token.end = in->rest.ptr;
	if (in->rest.len > 0) {
		if (in->rest.ptr[0] == '"')
			scan_quoted(in, &token);
		else if (is_sign(in->rest.ptr[0]))
			scan_sign(in, &token);
		else
			scan_word(in, &token);
	}
	in->rest.len -= (size_t)(token.end - in->rest.ptr);
	in->rest.ptr = token.end;
	in->token = token;
}

bool
rule_lex_at(const struct rule_lex *in, enum rule_lex_kind kind,
    const char *text)
{
	return in->token.kind == kind && bytes_eq_str(in->token.text, text);
}

bool
rule_lex_take(struct rule_lex *in, enum rule_lex_kind kind, const char *text)
{
	if (!rule_lex_at(in, kind, text)) {
		if (kind == TOKEN_WORD)
			rule_lex_try(in, text);
		return false;
	}
	in->tried.count = 0;	/* it is a word of the grammar */
	rule_lex_advance(in);
	return true;
}

void
rule_lex_try(struct rule_lex *in, const char *word)
{
	if (in->tried.count < RULE_TRIED_MAX)
		in->tried.word[in->tried.count++] = word;
}

void
rule_lex_trust(struct rule_lex *in)
{
	in->doubtful.count = 0;
}
