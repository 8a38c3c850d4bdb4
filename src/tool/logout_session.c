/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends sessions.  The provider is told first: a process that is killed in
 * between leaves a session that is over, not a refresh token that is still
 * good and that nobody knows.
 */
#include <stdio.h>

#include "cli/complain.h"
#include "login/revoke.h"
#include "login/session.h"
#include "tool/logout_session.h"

#define STORES 2	/* of enum login_store */
#define LOCK_SEC 15	/* a refresh holds the lock for 9 s at most */

struct logging_out {
	struct arena arena;
	struct places places;
	struct login_conf conf;
	const char *name;	/* NULL: all */
	bool is_faulty[STORES];	/* the folder was named in a message */
	struct logout_sessions *out;
};

static void
note(struct logging_out *run, int code)
{
	if (code > run->out->code)
		run->out->code = code;
}

/* ---- one session --------------------------------------------------------- */

/*
 * Also where the session is marked as over: that may be wrong, and costs a
 * request.  Not inlined: the words and the session would share one large frame.
 */
__attribute__((noinline)) static bool
tell_provider(const struct logging_out *run, const char *name,
    const struct session *session)
{
	char words[PROVIDER_WORDS_SIZE];

	if (revoke_session(&run->conf, name, session, true, words) ==
	    PROVIDER_OK)
		return true;
	return complain("%s could not be told, and the login may go on there: "
	    "%s", name, words);
}

static int
end_locked(struct logging_out *run, const struct session_store *store)
{
	const char *name = store->section->name;
	bool is_there = false, is_told = true;
	struct session session;

	if (session_read(store, &session) == SESSION_OK) {
		is_there = true;
		is_told = tell_provider(run, name, &session);
	}
	session_clear(&session);
	/* Also one that cannot be read. */
	if (!session_remove(store))
		return EXIT_TROUBLE;
	if (is_there) {
		printf("logged out: %s\n", name);
		run->out->ended++;
	}
	return is_told ? EXIT_YES : EXIT_NO;
}

static int
end_open(struct logging_out *run, struct session_store *store)
{
	enum session_result locked = session_lock(store, LOCK_SEC);

	if (locked == SESSION_OK)
		return end_locked(run, store);
	if (locked == SESSION_NONE)
		complain("another process has held your session at %s for %d "
		    "s: try again", store->section->name, LOCK_SEC);
	return EXIT_TROUBLE;
}

/* Only name and store of the section count. */
static void
end(struct logging_out *run, const struct login_section *section)
{
	struct session_store store;

	switch (session_open(&run->places, section, false, &store)) {
	case SESSION_OK:
		note(run, end_open(run, &store));
		break;
	case SESSION_NONE:
		break;
	case SESSION_FAULT:
		run->is_faulty[section->store] = true;
		note(run, EXIT_TROUBLE);
		break;
	}
	session_close(&store);
}

/* ---- which ones ---------------------------------------------------------- */

static bool
is_meant(const struct logging_out *run, const char *name)
{
	return run->name == NULL || strcmp(run->name, name) == 0;
}

static void
end_sections(struct logging_out *run)
{
	size_t i;

	for (i = 0; i < run->conf.count; i++) {
		if (is_meant(run, run->conf.sections[i].name))
			end(run, &run->conf.sections[i]);
	}
}

/* What is left are sessions that no section has in this folder. */
static bool
list(struct logging_out *run, enum login_store kind,
    struct session_names *names)
{
	const struct login_section any = { .name = "", .store = kind };
	const char *folder = run->places.folder;
	enum session_result opened;
	struct session_store store;
	bool ok = true;

	*names = (struct session_names){ .count = 0 };
	if (kind == LOGIN_STORE_HOME)
		folder = run->places.state;
	if (folder == NULL || run->is_faulty[kind])
		return true;
	opened = session_open(&run->places, &any, false, &store);
	if (opened == SESSION_OK)
		ok = session_list(&store, &run->arena, names);
	session_close(&store);
	return ok && opened != SESSION_FAULT;
}

/* Whether end_sections() had it. */
static bool
has_section(const struct logging_out *run, const char *name,
    enum login_store kind)
{
	const struct login_section *section = login_conf_find(&run->conf,
	    bytes_str(name));

	return section != NULL && section->store == kind;
}

static void
end_others(struct logging_out *run, enum login_store kind)
{
	struct login_section other = { .store = kind };
	struct session_names names;
	size_t i;

	if (!list(run, kind, &names))
		note(run, EXIT_TROUBLE);
	for (i = 0; i < names.count; i++) {
		other.name = names.names[i];
		if (is_meant(run, other.name) &&
		    !has_section(run, other.name, kind))
			end(run, &other);
	}
}

static void
end_meant(struct logging_out *run)
{
	end_sections(run);
	end_others(run, LOGIN_STORE_RUNTIME);
	end_others(run, LOGIN_STORE_HOME);
	if (run->name == NULL || run->out->ended > 0 ||
	    run->out->code != EXIT_YES)
		return;
	if (login_conf_choose(&run->conf, run->name) == NULL)
		note(run, EXIT_TROUBLE);
	else
		printf("not logged in: %s\n", run->name);
}

void
logout_sessions(const char *name, struct logout_sessions *out)
{
	struct logging_out run = { .name = name, .out = out };

	*out = (struct logout_sessions){ .code = EXIT_YES };
	if (!places_find(&run.arena, &run.places)) {
		complain("memory ran out");
		note(&run, EXIT_TROUBLE);
	} else if (!login_conf_load(&run.places, &run.conf)) {
		note(&run, EXIT_TROUBLE);
	} else {
		out->has_conf = run.conf.count > 0;
		end_meant(&run);
	}
	login_conf_clear(&run.conf);
	arena_clear(&run.arena);
}
