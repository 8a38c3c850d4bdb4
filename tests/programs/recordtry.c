/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the record of a session as the module does, for tests of pam-jwt
 * sessions that need no login.
 *
 *     recordtry PID [MEMBER=VALUE]...     prints the name of the file
 *     recordtry PID count=N [...]         N records of sessions of PID
 *     recordtry PID grant=1 [...]         a grant for PID
 *
 * MEMBER is one of account, user, iss, sub, jti, sid, service, tty, rhost
 * (texts); end (seconds from now), iat, exp; refused (1); seen (PID, may be
 * repeated), start (of the leader, in place of the true one), boot, namespace,
 * age (seconds since it was written).
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

/* Where a record goes, and how often. */
struct target {
	int count;
	bool is_grant;
};

static bool
set(struct record *record, const char *name, char *value,
    struct target *target)
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
	else if (strcmp(name, "age") == 0)
		record->since -= number;
	else if (strcmp(name, "count") == 0)
		target->count = (int)number;
	else if (strcmp(name, "grant") == 0)
		target->is_grant = number != 0;
	else
		return strcmp(name, "seen") == 0 &&
		    add_seen(record, (long)number);
	return true;
}

static int
write_record(const struct record *record, bool is_grant)
{
	const char *path = is_grant ? RECORDS_GRANTS : RECORDS_SESSIONS;
	struct file file = { 0 };
	char name[RECORDS_NAME_SIZE];
	int folder, code = 0;

	if (records_open(path, &folder, &file) != FILE_OK)
		return fail(file.fault);
	if (!records_new_name(&record->leader, name))
		code = fail("there is no name for it");
	if (is_grant)
		records_grant_name(&record->leader, name);
	if (records_put(folder, name, record) != JWT_OK)
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
	struct target target = { .count = 1 };
	int i, code = 0;

	if (argc < 2 || !records_stamp((pid_t)atol(argv[1]), &record))
		return fail("there is no such process");
	for (i = 2; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value == NULL)
			return fail(argv[i]);
		*value = '\0';
		if (!set(&record, argv[i], value + 1, &target))
			return fail(argv[i]);
	}
	for (i = 0; i < target.count && code == 0; i++)
		code = write_record(&record, target.is_grant);
	return code;
}
