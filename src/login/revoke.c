/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds out as which client a session can be revoked, and does it. */
#include "host/clock.h"
#include "login/provider.h"
#include "login/revoke.h"
#include "login/ssh_issuer.h"

#define REVOKE_MSEC 10000	/* nobody waits longer for a login to end */

static const struct login_section *
find_section(const struct login_conf *conf, const char *name,
    const struct session *session)
{
	const struct login_section *named = login_conf_find(conf,
	    bytes_str(name));
	size_t i;

	if (named != NULL && session_is_of(session, named))
		return named;
	for (i = 0; i < conf->count; i++) {
		if (session_is_of(session, &conf->sections[i]))
			return &conf->sections[i];
	}
	return NULL;
}

static enum provider_result
revoke_as(const struct login_section *section, const struct session *session,
    char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result = PROVIDER_LATER;
	struct provider provider;

	provider_refuse(PROVIDER_LATER, "it cannot be asked",
	    bytes_of(NULL, 0), words);
	if (provider_open(section, &provider)) {
		provider.fetcher.deadline_msec = clock_msec() + REVOKE_MSEC;
		(void)provider_resume(&provider, session);
		result = provider_revoke(&provider, session->refresh_token);
		memcpy(words, provider.words, PROVIDER_WORDS_SIZE);
	}
	provider_close(&provider);
	return result;
}

enum provider_result
revoke_session(const struct login_conf *conf, const char *name,
    const struct session *session, bool may_ask,
    char words[PROVIDER_WORDS_SIZE])
{
	const struct login_section *section = find_section(conf, name,
	    session);
	const struct login_section bare = {
		.name = name, .iss = session->issuer, .client = session->client
	};

	if (session->refresh_token.len == 0)
		return PROVIDER_OK;
	if (ssh_issuer_has(session))
		return ssh_issuer_logout(session, may_ask, words);
	if (section != NULL)
		return revoke_as(section, session, words);
	if (session->client_auth != NULL &&
	    strcmp(session->client_auth, "none") != 0)
		return provider_refuse(PROVIDER_SETTING, "login.conf no longer "
		    "has its client, and so not its secret",
		    bytes_of(NULL, 0), words);
	return revoke_as(&bare, session, words);
}
