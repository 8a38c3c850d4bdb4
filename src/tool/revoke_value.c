/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an option of `pam-jwt revoke` names: a value, or one on each line of
 * standard input, for one issuer or for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "host/accounts.h"
#include "tool/revoke_note.h"
#include "tool/tool.h"

bool
revoke_means(const struct revoke *revoke, const struct issuer *issuer)
{
	const char *iss = revoke->iss;

	return iss == NULL || strcmp(iss, issuer->iss) == 0 ||
	    strcmp(iss, issuer->name) == 0;
}

/* The account may be on another host of the fleet, or a typing error. */
static void
warn_of_nobody(struct bytes account)
{
	char name[ACCOUNTS_NAME_SIZE];
	struct account_facts facts;

	if (account.len < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", (int)account.len,
		    (const char *)account.ptr);
		if (accounts_host.look_up(NULL, name, &facts) == JWT_OK &&
		    facts.exists)
			return;
	}
	fputs("pam-jwt: this host has no account ", stderr);
	report_quoted(account, stderr);
	fputs("\n", stderr);
}

static int
note_of(struct revoke *revoke, enum state_kind kind, const char *iss,
    struct bytes value)
{
	/* A token that has no iat may still come, however old it is. */
	int64_t until = revoke->until > 0 ? revoke->until : STATE_FOREVER;
	struct revoked what = { .kind = kind, .iss = iss, .value = value };

	if (state_is_cutoff(kind))
		what.cutoff = revoke->before;
	if (kind == STATE_SESSION)
		what.sub = revoke->user;
	return revoke_note(revoke, &what, until);
}

/* Note the fact for each issuer that is meant; there is at least one. */
static int
note_each(struct revoke *revoke, enum state_kind kind, struct bytes value)
{
	const struct policy *policy = &revoke->setup->policy;
	int code = EXIT_YES;
	size_t i;

	if (kind == STATE_ACCOUNT) {
		warn_of_nobody(value);
		return note_of(revoke, kind, NULL, value);
	}
	for (i = 0; i < policy->issuer_count && code == EXIT_YES; i++) {
		if (revoke_means(revoke, &policy->issuers[i]))
			code = note_of(revoke, kind, policy->issuers[i].iss,
			    value);
	}
	return code;
}

/* Take one value from each line of standard input; skip empty lines. */
static int
note_lines(struct revoke *revoke, enum state_kind kind)
{
	unsigned long number = 0, values = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int code = EXIT_YES;

	while (code == EXIT_YES && (len = getline(&line, &size, stdin)) >= 0) {
		struct bytes value = bytes_of(line, strcspn(line, "\r\n"));

		number++;
		if (memchr(line, '\0', (size_t)len) != NULL) {
			code = setup_fail("standard input has a zero byte");
		} else if (value.len > 0) {
			values++;
			code = note_each(revoke, kind, value);
		}
	}
	if (code != EXIT_YES)
		fprintf(stderr, "pam-jwt: stopped at line %lu of standard "
		    "input\n", number);
	else if (ferror(stdin))
		code = setup_fail("standard input cannot be read");
	else if (values == 0)
		code = setup_fail("revoke: standard input is empty");
	free(line);
	return code;
}

int
revoke_note_value(struct revoke *revoke, enum state_kind kind,
    const char *value)
{
	if (strcmp(value, "-") == 0)
		return note_lines(revoke, kind);
	return note_each(revoke, kind, bytes_str(value));
}

int
revoke_note_all(struct revoke *revoke)
{
	return note_each(revoke, STATE_ISSUER, bytes_of(NULL, 0));
}
