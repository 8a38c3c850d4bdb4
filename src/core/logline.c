/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formats and escapes the lines of the log.  Each byte of a value passes
 * through put_byte(), which leaves no control character, no quote and no
 * separator as it was.
 */
#include <stdio.h>

#include "core/logline.h"

/* A line that is being written; text that does not fit is left out. */
struct line {
	char *text;
	size_t size;
	size_t len;
};

static void
put(struct line *line, const char *text)
{
	size_t len = strlen(text);

	if (len >= line->size - line->len)
		len = line->size - line->len - 1;
	memcpy(line->text + line->len, text, len);
	line->len += len;
	line->text[line->len] = '\0';
}

static bool
is_plain(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=' &&
	    c != ';';
}

/* Write one byte.  Between quotes a space, an "=" and a ";" may stay. */
static void
put_byte(struct line *line, uint8_t c, bool quoted)
{
	char text[8];

	if (is_plain(c) || (quoted && (c == ' ' || c == '=' || c == ';')))
		snprintf(text, sizeof(text), "%c", c);
	else
		snprintf(text, sizeof(text), "\\x%02x", c);
	put(line, text);
}

static void
put_bytes(struct line *line, struct bytes value, bool quoted)
{
	size_t i;

	for (i = 0; i < value.len && i < LOGLINE_VALUE_MAX; i++)
		put_byte(line, value.ptr[i], quoted);
	if (value.len > LOGLINE_VALUE_MAX)
		put(line, "...");
}

/* Write " name=value" without quotes, as pam_unix writes values of PAM. */
static void
put_item(struct line *line, const char *name, const char *value)
{
	put(line, " ");
	put(line, name);
	put(line, "=");
	if (value != NULL)
		put_bytes(line, bytes_str(value), false);
}

/* Write " name="value"" with a value from a token. */
static void
put_claim(struct line *line, const char *name, struct bytes value)
{
	put(line, " ");
	put(line, name);
	put(line, "=\"");
	put_bytes(line, value, true);
	put(line, "\"");
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

/* Name the keys that were proved, where the token is bound to another one. */
static void
put_keys(struct line *line, const struct proof *proof)
{
	size_t i;

	put(line, " hint=\"proved");
	for (i = 0; i < proof->count && i < LOGLINE_KEYS_MAX; i++) {
		put(line, " ");
		put(line, proof->key[i].fingerprint);
	}
	put(line, "\"");
}

void
logline_format(const struct logline_caller *caller,
    const struct verdict *verdict, char out[LOGLINE_SIZE])
{
	struct line line = { .text = out, .size = LOGLINE_SIZE };

	if (verdict->reason == JWT_OK) {
		put(&line, "accepted;");
	} else {
		put(&line, "authentication failure; logname=");
		put_number(&line, "uid", caller->uid);
		put_number(&line, "euid", caller->euid);
	}
	put_caller(&line, caller);
	put_verdict(&line, verdict);
	if (verdict->reason == JWT_PROOF_MISMATCH)
		put_keys(&line, verdict->proof);
}

void
logline_session(const struct logline_caller *caller, const char *word,
    const struct logline_session *session, char out[LOGLINE_SIZE])
{
	struct line line = { .text = out, .size = LOGLINE_SIZE };

	put(&line, word);
	put(&line, ";");
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
	struct line line = { .text = out, .size = LOGLINE_SIZE };

	put(&line, end->word);
	put(&line, ";");
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
	struct line line = { .text = out, .size = size };

	out[0] = '\0';
	put_bytes(&line, text, true);
}
