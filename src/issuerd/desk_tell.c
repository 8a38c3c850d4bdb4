/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines that the desk logs, and the answers to refusals.  A client learns
 * the kind of a refusal; the reason would tell a thief what to try next, and is
 * in the log alone.
 */
#include <stdio.h>
#include <syslog.h>

#include "core/base/json_write.h"
#include "core/logline.h"
#include "issuerd/desk_turn.h"

#define ERROR_MAX 1024	/* bytes of an answer with an error */
#define MESSAGE_SIZE 512	/* bytes: a path, and what is wrong with it */

/* ---- the log ------------------------------------------------------------ */

/* Append " name="value"", escaped; nothing without a value. */
static void
put(char line[DESK_LINE_SIZE], const char *name, const char *value)
{
	char shown[4 * LOGLINE_VALUE_MAX + 4];
	size_t len = strlen(line);

	if (value == NULL || value[0] == '\0')
		return;
	logline_escape(bytes_str(value), shown, sizeof(shown));
	snprintf(line + len, DESK_LINE_SIZE - len, " %s=\"%s\"", name, shown);
}

/* A message may have the words of a library, and is longer than a value. */
static void
put_message(char line[DESK_LINE_SIZE], const char *message)
{
	struct bytes rest = bytes_of(message, strnlen(message, MESSAGE_SIZE));
	char shown[4 * LOGLINE_VALUE_MAX + 4];

	while (rest.len > 0) {
		size_t len = strlen(line);
		struct bytes part = rest;

		if (part.len > LOGLINE_VALUE_MAX)
			part.len = LOGLINE_VALUE_MAX;
		logline_escape(part, shown, sizeof(shown));
		snprintf(line + len, MESSAGE_SIZE + 32 - len, "%s", shown);
		rest = bytes_of(rest.ptr + part.len, rest.len - part.len);
	}
	snprintf(line + strlen(line), 2, ":");
}

/* Whose login it is; without one, who asks. */
static void
put_people(char line[DESK_LINE_SIZE], const struct desk_turn *turn)
{
	const struct person *caller = turn->caller->person;
	const char *person = turn->family.family.person;

	if (person == NULL && caller != NULL)
		person = caller->name;
	put(line, "person", person);
	if (caller != NULL && strcmp(caller->name, person) != 0)
		put(line, "caller", caller->name);
	if (caller != NULL)
		put(line, "key", caller->key.fingerprint);
}

void
desk_tell(const struct desk_turn *turn, int priority, const char *message,
    const char *audience)
{
	char line[DESK_LINE_SIZE];

	snprintf(line, sizeof(line), "%s ", turn->what);
	put_message(line, message);
	put_people(line, turn);
	put(line, "sid", turn->family.family.sid);
	put(line, "audience", audience);
	put(line, "from", turn->caller->from);
	turn->desk->log(priority, line);
}

void
desk_tell_token(const struct desk_turn *turn, const struct desk_token *token)
{
	char message[128];

	snprintf(message, sizeof(message), "issued a token, jti %s, until %lld",
	    token->jti, (long long)token->exp);
	desk_tell(turn, LOG_INFO, message, token->audience);
}

/* ---- refusals ----------------------------------------------------------- */

static void
write_error(struct desk_answer *answer, const char *error,
    const char *description)
{
	struct json_write json;

	secret_clear(&answer->text);
	answer->error = error;
	json_write_start(&json, ERROR_MAX);
	json_write_object(&json);
	json_write_member(&json, "error", error);
	if (description != NULL)
		json_write_member(&json, "error_description", description);
	json_write_close(&json);
	(void)!json_write_finish(&json, &answer->text);
}

enum desk_result
desk_refuse(struct desk_turn *turn, const char *error, const char *why,
    const char *audience)
{
	char message[MESSAGE_SIZE];

	snprintf(message, sizeof(message), "refused, %s", why);
	desk_tell(turn, LOG_NOTICE, message, audience);
	write_error(turn->answer, error, NULL);
	return DESK_REFUSED;
}

enum desk_result
desk_fail(struct desk_turn *turn, const char *why)
{
	char message[MESSAGE_SIZE];

	snprintf(message, sizeof(message), "failed, %s", why);
	desk_tell(turn, LOG_ERR, message, NULL);
	write_error(turn->answer, DESK_UNAVAILABLE, NULL);
	return DESK_TROUBLE;
}

enum desk_result
desk_refuse_openly(struct desk_turn *turn, const char *error,
    const char *description)
{
	(void)desk_refuse(turn, error, description, NULL);
	write_error(turn->answer, error, description);
	return DESK_REFUSED;
}
