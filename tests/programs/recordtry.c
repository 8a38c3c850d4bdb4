/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the record of a session as the module does, for tests of pam-jwt
 * sessions that need no login.
 *
 *     recordtry PID [MEMBER=VALUE]...     prints the name of the file
 *     recordtry PID count=N [...]         N records of sessions of PID
 *
 * MEMBER is one of account, user, iss, sub, jti, sid, service, tty, rhost
 * (texts); end (seconds from now), iat, exp; refused (1); seen (PID, may be
 * repeated), start (of the leader, in place of the true one), boot, namespace.
 * Exit 0; 2 with a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/process.h"
#include "host/records.h"

#define SEEN_MAX 16

static struct record_process seen[SEEN_MAX];

static int
fail(const char *what)
{
	fprintf(stderr, "recordtry: %s\n", what);
	return 2;
}

static char **
text_of(struct record *record, const char *name)
{
	const struct { const char *name; char **text; } texts[] = {
		{ "account", &record->grant->account },
		{ "iss", &record->grant->iss }, { "sub", &record->grant->sub },
		{ "jti", &record->grant->jti }, { "sid", &record->grant->sid },
		{ "user", &record->user }, { "service", &record->service },
		{ "tty", &record->tty }, { "rhost", &record->rhost }
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].name, name) == 0)
			return texts[i].text;
	}
	return NULL;
}

static bool
add_seen(struct record *record, long pid)
{
	struct process process;

	if (record->seen_count == SEEN_MAX ||
	    !process_read((pid_t)pid, &process))
		return false;
	record->seen = seen;
	seen[record->seen_count].pid = process.pid;
	seen[record->seen_count++].start = process.start;
	return true;
}

static bool
set(struct record *record, const char *name, char *value, int *count)
{
	long long number = strtoll(value, NULL, 10);
	char **text = text_of(record, name);

	if (text != NULL)
		*text = value;
	else if (strcmp(name, "end") == 0)
		record->end = record->since + number;
	else if (strcmp(name, "iat") == 0)
		record->grant->iat = number;
	else if (strcmp(name, "exp") == 0)
		record->grant->exp = number;
	else if (strcmp(name, "refused") == 0)
		record->refused = number != 0;
	else if (strcmp(name, "start") == 0)
		record->leader.start = number;
	else if (strcmp(name, "namespace") == 0)
		record->pid_namespace = number;
	else if (strcmp(name, "boot") == 0)
		snprintf(record->boot_id, sizeof(record->boot_id), "%s",
		    value);
	else if (strcmp(name, "count") == 0)
		*count = (int)number;
	else
		return strcmp(name, "seen") == 0 &&
		    add_seen(record, (long)number);
	return true;
}

static int
write_record(const struct record *record)
{
	struct file file = { 0 };
	char name[RECORDS_NAME_SIZE];
	int folder, code = 0;

	if (records_open(RECORDS_SESSIONS, &folder, &file) != FILE_OK)
		return fail(file.fault);
	if (!records_new_name(&record->leader, name) ||
	    records_put(folder, name, record) != JWT_OK)
		code = fail("it cannot be written");
	else
		puts(name);
	close(folder);
	return code;
}

int
main(int argc, char **argv)
{
	char empty[] = "", id[] = "id", alice[] = "alice", sshd[] = "sshd";
	struct grant grant = {
		.account = alice, .iss = id, .sub = alice, .jti = id,
		.sid = empty, .iat = -1, .exp = -1, .session_expiry = -1
	};
	struct record record = {
		.grant = &grant, .user = alice, .service = sshd, .tty = empty,
		.rhost = empty
	};
	int i, count = 1, code = 0;

	if (argc < 2 || !records_stamp((pid_t)atol(argv[1]), &record))
		return fail("there is no such process");
	for (i = 2; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value == NULL)
			return fail(argv[i]);
		*value = '\0';
		if (!set(&record, argv[i], value + 1, &count))
			return fail(argv[i]);
	}
	for (i = 0; i < count && code == 0; i++)
		code = write_record(&record);
	return code;
}
