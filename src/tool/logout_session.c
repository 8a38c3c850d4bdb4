/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends sessions.  The provider is told first: a process that is killed in
 * between leaves a session that is over, not a refresh token that is still
 * good and that nobody knows.
 */
#include <stdio.h>

#include "cli/complain.h"
#include "login/provider.h"
#include "login/session.h"
#include "tool/logout_session.h"

static bool
revoke(struct provider *provider, const struct session *session)
{
	const char *name = provider->section->name;

	(void)provider_resume(provider, session);
	if (provider_revoke(provider, session->refresh_token) == PROVIDER_OK)
		return true;
	return complain("%s could not be told, and the login may go on there: "
	    "%s", name, provider->words);
}

/*
 * Of a session that is over, or cannot be renewed, there is nothing to tell.
 * Not inlined: the provider and the session would share one large frame.
 */
__attribute__((noinline)) static bool
tell_provider(const struct login_section *section,
    const struct session *session)
{
	struct provider provider;
	bool ok;

	if (session->is_over || session->refresh_token.len == 0)
		return true;
	ok = provider_open(section, &provider) &&
	    revoke(&provider, session);
	provider_close(&provider);
	return ok;
}

static int
end_locked(const struct session_store *store, struct logout_sessions *out)
{
	struct session session;
	bool is_there = false, is_told = true;

	if (session_read(store, &session) == SESSION_OK) {
		is_there = true;
		is_told = tell_provider(store->section, &session);
	}
	session_clear(&session);
	/* Also one that cannot be read. */
	if (!session_remove(store))
		return EXIT_TROUBLE;
	if (is_there) {
		printf("logged out: %s\n", store->section->name);
		out->ended++;
	}
	return is_told ? EXIT_YES : EXIT_NO;
}

static int
end_open(struct session_store *store, struct logout_sessions *out)
{
	enum session_result locked = session_lock(store, SESSION_LOCK_SEC);

	if (locked == SESSION_OK)
		return end_locked(store, out);
	if (locked == SESSION_NONE)
		complain("another process has held your session at %s for %d "
		    "s: try again", store->section->name, SESSION_LOCK_SEC);
	return EXIT_TROUBLE;
}

static int
end(const struct places *places, const struct login_section *section,
    struct logout_sessions *out)
{
	struct session_store store;
	int code = EXIT_TROUBLE;

	switch (session_open(places, section, false, &store)) {
	case SESSION_OK:
		code = end_open(&store, out);
		break;
	case SESSION_NONE:
		code = EXIT_YES;
		break;
	case SESSION_FAULT:
		break;
	}
	session_close(&store);
	return code;
}

static int
end_all(const struct places *places, const struct login_conf *conf,
    struct logout_sessions *out)
{
	int worst = EXIT_YES;
	size_t i;

	for (i = 0; i < conf->count; i++) {
		int code = end(places, &conf->sections[i], out);

		if (code > worst)
			worst = code;
	}
	return worst;
}

static int
end_named(const struct places *places, const struct login_conf *conf,
    const char *name, struct logout_sessions *out)
{
	const struct login_section *section = login_conf_choose(conf, name);
	int code;

	if (section == NULL)
		return EXIT_TROUBLE;
	code = end(places, section, out);
	if (code == EXIT_YES && out->ended == 0)
		printf("not logged in: %s\n", section->name);
	return code;
}

void
logout_sessions(const char *name, struct logout_sessions *out)
{
	struct arena arena = { .blocks = NULL };
	struct login_conf conf = { .count = 0 };
	struct places places;

	*out = (struct logout_sessions){ .code = EXIT_TROUBLE };
	if (!places_find(&arena, &places)) {
		complain("memory ran out");
	} else if (login_conf_load(&places, &conf)) {
		out->has_conf = conf.count > 0;
		if (name != NULL)
			out->code = end_named(&places, &conf, name, out);
		else
			out->code = end_all(&places, &conf, out);
	}
	login_conf_clear(&conf);
	arena_clear(&arena);
}
