/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deals out a token, in parts where it is longer than an answer may be.  All
 * parts must come from one token, though its source may have another one for
 * each prompt.
 */
#include <stdio.h>
#include <time.h>

#include "askpass/answer.h"
#include "askpass/output.h"
#include "askpass/parts_file.h"
#include "askpass/source.h"
#include "askpass/token.h"
#include "cli/complain.h"
#include "cli/report.h"
#include "core/jose/shape.h"

#define PROMPT_KEPT_MAX 500	/* bytes, from its end; userfile_read() has room */

struct deal {
	const struct answer_query *query;
	struct asker asker;
	struct parts_file files;
	size_t from;		/* as in the query, or 1 */
	enum source_kind kind;	/* of the source of the token */
	struct secret text;	/* the token, as it was read */
	struct bytes token;	/* a view of text, without spaces around */
};

/* ---- the token ------------------------------------------------------------ */

/*
 * Whether the token may be sent.  The time of a session's token is counted by
 * pam-jwt, on a clock that nobody sets, and that of a kept one was looked at
 * before its first part was given: the wall clock may be wrong.
 */
static bool
check(const struct deal *deal, bool is_kept)
{
	if (!token_check_form(deal->token))
		return false;
	if (is_kept || deal->kind == SOURCE_SESSION)
		return true;
	return token_check_time(deal->token, (int64_t)time(NULL));
}

/*
 * A later part comes from the token that was kept with the first part.  Without
 * one the source is asked, which has the same token if it is a file.
 */
static enum tool_exit
get_token(struct deal *deal)
{
	const struct answer_query *query = deal->query;
	const struct source_query source = {
		.config = query->config, .places = query->places,
		.asker = &deal->asker, .arena = query->arena,
		.is_first = deal->from == 1
	};
	enum userfile_result kept = USERFILE_MISSING;
	enum tool_exit code = EXIT_YES;

	if (deal->from == 1)
		parts_file_remove(deal->files.parts);
	else
		kept = parts_file_read(&deal->files, deal->files.parts,
		    PARTS_FILE_PARTS_SEC, &deal->text);
	if (kept == USERFILE_FAULT)
		return EXIT_TROUBLE;
	deal->kind = SOURCE_CHANGING;
	if (kept == USERFILE_MISSING)
		code = source_get(&source, &deal->text, &deal->kind);
	if (code != EXIT_YES)
		return code;
	deal->token = shape_trim(secret_bytes(&deal->text));
	if (!check(deal, kept == USERFILE_OK))
		return EXIT_NO;
	return EXIT_YES;
}

/* A token that changes, and that goes in parts, is kept until its last part. */
static bool
keep_token(const struct deal *deal)
{
	return deal->kind == SOURCE_STEADY || deal->token.len < PARTS_LEN ||
	    deal->files.parts == NULL || parts_file_write(&deal->files,
	    deal->files.parts, deal->token);
}

/* ---- prompts that say which part ------------------------------------------ */

/*
 * If the last part has exactly PARTS_LEN bytes, sshd asks once more, from the
 * byte after the token.
 */
static bool
has_byte(const struct deal *deal)
{
	return deal->from <= deal->token.len + 1 || complain("the token has %zu "
	    "bytes, and the prompt asks for more, from byte %zu: is it the "
	    "same token as before?", deal->token.len, deal->from);
}

/*
 * Give one part, or a space when nothing is left: sudo takes an empty answer
 * for no answer.
 */
static bool
put_part(const struct deal *deal)
{
	struct bytes part = bytes_of(deal->token.ptr + deal->from - 1,
	    deal->token.len - (deal->from - 1));
	bool is_last = part.len < PARTS_LEN;

	if (part.len == 0)
		part = bytes_str(" ");
	if (!is_last)
		part.len = PARTS_LEN;
	if (deal->from == 1 && !keep_token(deal))
		return false;
	if (!output_line(part))
		return false;
	if (is_last)
		parts_file_remove(deal->files.parts);
	return true;
}

static enum tool_exit
give_part(struct deal *deal)
{
	enum tool_exit code;

	parts_file_remove(deal->files.rest);
	code = get_token(deal);
	if (code != EXIT_YES)
		return code;
	if (!has_byte(deal))
		return EXIT_NO;
	if (!put_part(deal))
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* ---- prompts that do not -------------------------------------------------- */

/*
 * sudo -p and passprompt_override replace every prompt by one that does not say
 * which part it asks for.  If it comes again within PARTS_FILE_REST_SEC, it
 * asks for the next part.  The text of -p may be that of the module's first
 * prompt, too; which sudo runs us tells it from another login.
 */
static bool
is_placeless(const struct deal *deal)
{
	const struct answer_query *query = deal->query;

	return query->from == 0 || (query->from == 1 &&
	    deal->asker.kind == ASKER_HERE && deal->asker.program != 0 &&
	    deal->files.rest != NULL);
}

/* The prompt, as it is kept after the rest of the token and a newline. */
static struct bytes
prompt_kept(const struct deal *deal)
{
	struct bytes prompt = bytes_trim(deal->query->prompt);
	size_t cut = 0;

	if (prompt.len > PROMPT_KEPT_MAX)
		cut = prompt.len - PROMPT_KEPT_MAX;
	return bytes_of(prompt.ptr + cut, prompt.len - cut);
}

static bool
write_rest(const struct deal *deal, struct bytes rest)
{
	struct bytes prompt = prompt_kept(deal);
	struct secret text;
	bool ok;

	if (deal->files.rest == NULL)
		return complain("the prompt does not say which part of the "
		    "token it asks for, and without XDG_RUNTIME_DIR the place "
		    "cannot be kept");
	if (secret_alloc(rest.len + 1 + prompt.len, &text) != JWT_OK)
		return complain("memory ran out");
	memcpy(text.ptr, rest.ptr, rest.len);
	text.ptr[rest.len] = '\n';
	if (prompt.len > 0)
		memcpy(text.ptr + rest.len + 1, prompt.ptr, prompt.len);
	ok = parts_file_write(&deal->files, deal->files.rest,
	    secret_bytes(&text));
	secret_clear(&text);
	return ok;
}

/* Read the rest that was kept for this prompt; another prompt begins again. */
static enum userfile_result
read_rest(struct deal *deal)
{
	enum userfile_result kept = parts_file_read(&deal->files,
	    deal->files.rest, PARTS_FILE_REST_SEC, &deal->text);
	struct bytes prompt = secret_bytes(&deal->text);

	if (kept != USERFILE_OK)
		return kept;
	deal->token = bytes_cut(&prompt, '\n');
	if (deal->token.len > 0 && bytes_eq(prompt, prompt_kept(deal)))
		return USERFILE_OK;
	secret_clear(&deal->text);
	return USERFILE_MISSING;
}

/* Give the first bytes, and keep the rest for the next prompt. */
static bool
put_next(const struct deal *deal)
{
	struct bytes part = deal->token;

	if (part.len <= PARTS_LEN) {
		parts_file_remove(deal->files.rest);
		return output_line(part);
	}
	part.len = PARTS_LEN;
	return write_rest(deal, bytes_of(part.ptr + PARTS_LEN,
	    deal->token.len - PARTS_LEN)) && output_line(part);
}

static enum tool_exit
give_next(struct deal *deal)
{
	enum userfile_result kept = read_rest(deal);
	enum tool_exit code = EXIT_YES;

	if (kept == USERFILE_FAULT)
		return EXIT_TROUBLE;
	if (kept == USERFILE_MISSING)
		code = get_token(deal);
	if (code != EXIT_YES)
		return code;
	/* The module's own first prompt: the next one may say its part. */
	if (kept == USERFILE_MISSING && deal->query->from == 1 &&
	    !keep_token(deal))
		return EXIT_TROUBLE;
	if (!put_next(deal))
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* ---- who asks ------------------------------------------------------------- */

static enum tool_exit
complain_forged(struct bytes prompt)
{
	fputs("pam-jwt-askpass: the server wrote who asks into its prompt "
	    "itself, so it gets no token: ", stderr);
	report_quoted(prompt, stderr);
	fputc('\n', stderr);
	return EXIT_NO;
}

enum tool_exit
answer_give(const struct answer_query *query)
{
	struct deal deal = { .query = query };
	enum tool_exit code;

	deal.from = query->from == 0 ? 1 : query->from;
	if (!asker_find(query->prompt, query->arena, &deal.asker))
		return EXIT_TROUBLE;
	if (deal.asker.kind == ASKER_FORGED)
		return complain_forged(query->prompt);
	if (!parts_file_find(query->places, &deal.asker, query->arena,
	    &deal.files))
		return EXIT_TROUBLE;
	if (is_placeless(&deal))
		code = give_next(&deal);
	else
		code = give_part(&deal);
	secret_clear(&deal.text);
	return code;
}
