/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats the lines of the log; base/line.c escapes their values. */
#include <stdio.h>

#include "core/logline.h"

#define HINT_BEGIN	" hint=\""
#define HINT_END	"\""

/* Write " name=value" without quotes, as pam_unix writes values of PAM. */
static void
put_item(struct line *line, const char *name, const char *value)
{
	line_put(line, " ");
	line_put(line, name);
	line_put(line, "=");
	if (value != NULL)
		line_put_bytes(line, bytes_str(value), LOGLINE_VALUE_MAX,
		    LINE_BARE);
}

/* Write " name="value"" with a value from a token. */
static void
put_claim(struct line *line, const char *name, struct bytes value)
{
	line_put(line, " ");
	line_put(line, name);
	line_put(line, "=\"");
	line_put_bytes(line, value, LOGLINE_VALUE_MAX, LINE_QUOTED);
	line_put(line, "\"");
}

static void
put_number(struct line *line, const char *name, long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", value);
	put_item(line, name, text);
}

static void
put_caller(struct line *line, const struct logline_caller *caller)
{
	put_item(line, "tty", caller->tty);
	put_item(line, "ruser", caller->ruser);
	put_item(line, "rhost", caller->rhost);
	put_item(line, "user", caller->user);
}

static void
put_verdict(struct line *line, const struct verdict *verdict)
{
	const char *issuer = NULL;

	if (verdict->issuer != NULL)
		issuer = verdict->issuer->name;
	put_item(line, "reason", reason_name(verdict->reason));
	put_item(line, "issuer", issuer);
	put_claim(line, "sub", verdict->id.sub);
	put_claim(line, "jti", verdict->id.jti);
	put_claim(line, "kid", verdict->kid);
	if (verdict->reason == JWT_OK)
		put_number(line, "exp", verdict->id.exp);
	if (verdict->rule != NULL && verdict->rule->line != 0)
		put_number(line, "rule", verdict->rule->line);
	else
		put_item(line, "rule", NULL);
	if (verdict->account_facts.note != NULL)
		put_item(line, "account", verdict->account_facts.note);
}

/*
 * Write the hint at the end of a line, which has room for it.  A field that was
 * cut may lack its quote, so nothing is written after it.
 */
static void
put_hint(struct line *line, const struct hint_facts *facts)
{
	char *end = line->text + line->len;
	char *hint = end + strlen(HINT_BEGIN);

	if (line->is_cut)
		return;
	hint_write(facts, HINT_LOG, hint,
	    LOGLINE_HINT_MAX - strlen(HINT_BEGIN HINT_END) + 1);
	if (hint[0] == '\0')
		return;
	memcpy(end, HINT_BEGIN, sizeof(HINT_BEGIN) - 1);
	memcpy(hint + strlen(hint), HINT_END, sizeof(HINT_END));
}

void
logline_format(const struct logline_caller *caller,
    const struct hint_facts *facts, char out[LOGLINE_SIZE])
{
	const struct verdict *verdict = facts->verdict;
	struct line line = line_begin(out, LOGLINE_FIELDS_SIZE);

	if (verdict->reason == JWT_OK) {
		line_put(&line, "accepted;");
	} else {
		line_put(&line, "authentication failure; logname=");
		put_number(&line, "uid", caller->uid);
		put_number(&line, "euid", caller->euid);
	}
	put_caller(&line, caller);
	put_verdict(&line, verdict);
	put_hint(&line, facts);
}

void
logline_session(const struct logline_caller *caller, const char *word,
    const struct logline_session *session, char out[LOGLINE_SIZE])
{
	struct line line = line_begin(out, LOGLINE_FIELDS_SIZE);

	line_put(&line, word);
	line_put(&line, ";");
	put_caller(&line, caller);
	if (session->reason != JWT_OK)
		put_item(&line, "reason", reason_name(session->reason));
	put_claim(&line, "iss", session->iss);
	put_claim(&line, "sub", session->sub);
	put_claim(&line, "jti", session->jti);
}

void
logline_end(const struct logline_caller *caller,
    const struct logline_end *end, char out[LOGLINE_SIZE])
{
	struct line line = line_begin(out, LOGLINE_FIELDS_SIZE);

	line_put(&line, end->word);
	line_put(&line, ";");
	put_item(&line, "service", end->service);
	put_caller(&line, caller);
	put_item(&line, "account", end->account);
	put_item(&line, "why", end->why);
	put_claim(&line, "iss", end->iss);
	put_claim(&line, "sub", end->sub);
	put_claim(&line, "jti", end->jti);
}

void
logline_escape(struct bytes text, char *out, size_t size)
{
	struct line line = line_begin(out, size);

	line_put_bytes(&line, text, LOGLINE_VALUE_MAX, LINE_QUOTED);
}
