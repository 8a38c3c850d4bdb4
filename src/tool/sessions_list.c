/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt sessions list.  A token, a client or a user chose what is shown here,
 * so no byte of it reaches a terminal that could be a control character.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "tool/json_out.h"
#include "tool/sessions.h"

#define COLUMNS 12

/*
 * The cells of a table, row by row, in one text: a cell's text ends with NUL.
 */
struct table {
	FILE *stream;
	char *text;
	size_t size;
	size_t cells;
};

static const char *const titles[COLUMNS] = {
	"SUBJECT", "ACCOUNT", "USER", "FROM", "SERVICE", "TTY", "SINCE",
	"UNTIL", "STATE", "ISSUER", "JTI", "KEYS"
};

/* ---- text ---- */

/* Whether a text can stand between columns as it is. */
static bool
is_word(const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++) {
		if (*at <= ' ' || *at >= 0x7f || *at == '"' || *at == '\\')
			return false;
	}
	return at != text && strcmp(text, "-") != 0;
}

static void
end_cell(struct table *table)
{
	fputc('\0', table->stream);
	table->cells++;
}

/* What is not known is "-"; what could be taken for something else is quoted. */
static void
put_text(struct table *table, const char *text)
{
	if (text == NULL || text[0] == '\0')
		fputs("-", table->stream);
	else if (is_word(text))
		report_bytes(bytes_str(text), table->stream);
	else
		report_quoted(bytes_str(text), table->stream);
	end_cell(table);
}

/* The one form of a date without a space (RFC 3339); -1: there is none. */
static void
put_date(struct table *table, int64_t date)
{
	time_t when = (time_t)date;
	char text[64] = "-";
	struct tm utc;

	if (date >= 0 && gmtime_r(&when, &utc) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	fputs(text, table->stream);
	end_cell(table);
}

/* When the limit ends a session, in seconds since the epoch; -1: never. */
static int64_t
until_of(const struct sessions *sessions, const struct record *record)
{
	if (record->end == RECORD_NO_END)
		return -1;
	return (int64_t)time(NULL) + record->end - sessions->boot.now;
}

static const char *
state_of(const struct sessions *sessions, const struct session *session)
{
	if (session->record.refused)
		return "refused";
	if (sessions_over_limit(&session->record, sessions->boot.now))
		return "over";
	if (session->place == SESSIONS_ELSEWHERE)
		return "elsewhere";
	return "open";
}

/* The keys that were proved, as ssh-keygen -l prints them. */
static void
put_keys(struct table *table, const struct proof *proof)
{
	size_t i;

	if (proof->count == 0)
		fputs("-", table->stream);
	for (i = 0; i < proof->count; i++)
		fprintf(table->stream, "%s%s", i > 0 ? "," : "",
		    proof->key[i].fingerprint);
	end_cell(table);
}

static void
put_row(struct table *table, const struct sessions *sessions,
    const struct session *session)
{
	const struct record *record = &session->record;

	put_text(table, record->grant->sub);
	put_text(table, record->grant->account);
	put_text(table, record->user);
	put_text(table, record->rhost);
	put_text(table, record->service);
	put_text(table, record->tty);
	put_date(table, record->opened_at);
	put_date(table, until_of(sessions, record));
	put_text(table, state_of(sessions, session));
	put_text(table, record->grant->iss);
	put_text(table, record->grant->jti);
	put_keys(table, &record->grant->proof);
}

static void
measure(const struct table *table, size_t width[COLUMNS])
{
	const char *at = table->text;
	size_t i;

	memset(width, 0, COLUMNS * sizeof(*width));
	for (i = 0; i < table->cells; i++) {
		size_t len = strlen(at);

		if (len > width[i % COLUMNS])
			width[i % COLUMNS] = len;
		at += len + 1;
	}
}

static void
print_table(const struct table *table)
{
	const char *at = table->text;
	size_t width[COLUMNS], i;

	measure(table, width);
	for (i = 0; i < table->cells; i++) {
		size_t column = i % COLUMNS;

		if (column == COLUMNS - 1)
			printf("%s\n", at);
		else
			printf("%-*s  ", (int)width[column], at);
		at += strlen(at) + 1;
	}
}

/* Whether the session goes on, and the filter means it. */
static bool
is_shown(const struct session *session, const struct sessions_filter *filter)
{
	return session->place != SESSIONS_OVER &&
	    sessions_match(&session->record, filter) &&
	    sessions_lives(session);
}

static void
fill(struct table *table, const struct sessions *sessions,
    const struct sessions_filter *filter)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		put_text(table, titles[i]);
	for (i = 0; i < sessions->count; i++) {
		if (is_shown(&sessions->item[i], filter))
			put_row(table, sessions, &sessions->item[i]);
	}
}

static bool
print_text(const struct sessions *sessions,
    const struct sessions_filter *filter)
{
	struct table table = { .text = NULL };
	bool failed;

	table.stream = open_memstream(&table.text, &table.size);
	if (table.stream == NULL)
		return complain("memory ran out");
	fill(&table, sessions, filter);
	failed = ferror(table.stream) != 0;
	if (fclose(table.stream) != 0 || failed) {
		free(table.text);
		return complain("memory ran out");
	}
	if (table.cells > COLUMNS)
		print_table(&table);
	free(table.text);
	return true;
}

/* ---- JSON ---- */

/* An empty text means that it is not known, which is null. */
static void
add_text(struct json_object *object, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		json_out_member(object, name, json_out_text(bytes_str(value)));
	else
		json_out_string(object, name, NULL);
}

/* A time that there is not is null. */
static void
add_time(struct json_object *object, const char *name, int64_t value)
{
	if (value >= 0)
		json_out_number(object, name, value);
	else
		json_out_string(object, name, NULL);
}

static struct json_object *
keys_of(const struct proof *proof)
{
	struct json_object *keys = json_out_array();
	size_t i;

	for (i = 0; i < proof->count; i++) {
		const struct sshkey *key = &proof->key[i];
		struct json_object *one = json_out_object();

		add_text(one, "type", key->type);
		add_text(one, "fingerprint", key->fingerprint);
		add_text(one, "jkt", key->jkt);
		add_text(one, "ca", key->ca);
		json_out_element(keys, one);
	}
	return keys;
}

static struct json_object *
object_of(const struct sessions *sessions, const struct session *session)
{
	const struct record *record = &session->record;
	struct json_object *one = json_out_object();

	add_text(one, "sub", record->grant->sub);
	add_text(one, "account", record->grant->account);
	add_text(one, "user", record->user);
	add_text(one, "rhost", record->rhost);
	add_text(one, "service", record->service);
	add_text(one, "tty", record->tty);
	add_time(one, "since", record->opened_at);
	add_time(one, "until", until_of(sessions, record));
	add_text(one, "iss", record->grant->iss);
	add_text(one, "jti", record->grant->jti);
	add_text(one, "sid", record->grant->sid);
	add_time(one, "exp", record->grant->exp);
	json_out_number(one, "pid", record->leader.pid);
	json_out_boolean(one, "here", session->place == SESSIONS_HERE);
	json_out_boolean(one, "refused", record->refused);
	json_out_member(one, "keys", keys_of(&record->grant->proof));
	return one;
}

static bool
print_json(const struct sessions *sessions,
    const struct sessions_filter *filter)
{
	struct json_object *all = json_out_array();
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		if (is_shown(&sessions->item[i], filter))
			json_out_element(all, object_of(sessions,
			    &sessions->item[i]));
	}
	json_out_print(all, false, stdout);
	return true;
}

bool
sessions_print(const struct sessions *sessions,
    const struct sessions_filter *filter, bool json)
{
	if (json)
		return print_json(sessions, filter);
	return print_text(sessions, filter);
}
