/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads or writes the session of a login as pam-jwt does.
 *
 *     sessiontry RUNTIME read          prints the refresh token
 *     sessiontry RUNTIME write TEXT    puts TEXT in the place of it
 *     sessiontry RUNTIME add           adds 1 to it
 *     sessiontry RUNTIME remove
 *
 * RUNTIME is what XDG_RUNTIME_DIR would be.  Exit 0; 1 without a session; 2
 * with a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "login/session.h"

#define WAIT_SEC 60

static const struct login_section section = {
	.name = "corp", .iss = "https://id.test", .client = "cli"
};

static struct session session;

static int
print(const struct session_store *store)
{
	enum session_result result = session_read(store, &session);

	if (result == SESSION_OK)
		printf("%.*s\n", (int)session.refresh_token.len,
		    (const char *)session.refresh_token.ptr);
	session_clear(&session);
	return (int)result;
}

/* Read again after the lock, change, write. */
static int
change(struct session_store *store, const char *text)
{
	enum session_result result = session_lock(store, WAIT_SEC);
	char number[32];
	bool ok;

	if (result != SESSION_OK)
		return 2;
	result = session_read(store, &session);
	if (result == SESSION_FAULT)
		return 2;
	if (text == NULL) {
		long before = 0;

		if (result == SESSION_OK)
			before = strtol((const char *)
			    session.refresh_token.ptr, NULL, 10);
		snprintf(number, sizeof(number), "%ld", before + 1);
		text = number;
	}
	ok = session_set(&session, &session.issuer, bytes_str(section.iss)) &&
	    session_set(&session, &session.client,
	    bytes_str(section.client)) &&
	    session_set_refresh_token(&session, bytes_str(text)) &&
	    session_write(store, &session);
	session_clear(&session);
	return ok ? 0 : 2;
}

static int
run(struct session_store *store, int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[2], "read") == 0)
		return print(store);
	if (argc == 4 && strcmp(argv[2], "write") == 0)
		return change(store, argv[3]);
	if (argc == 3 && strcmp(argv[2], "add") == 0)
		return change(store, NULL);
	if (argc == 3 && strcmp(argv[2], "remove") == 0)
		return session_remove(store) ? 0 : 2;
	return 2;
}

int
main(int argc, char **argv)
{
	struct session_store store;
	struct places places = { .folder = NULL };
	enum session_result result;
	char folder[512];
	int code;

	if (argc < 3)
		return 2;
	snprintf(folder, sizeof(folder), "%s/pam-jwt", argv[1]);
	places.folder = folder;
	result = session_open(&places, &section,
	    strcmp(argv[2], "read") != 0, &store);
	code = result == SESSION_OK ? run(&store, argc, argv) : (int)result;
	session_close(&store);
	return code;
}
