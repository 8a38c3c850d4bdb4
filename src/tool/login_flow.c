/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One login at a provider, from its section in login.conf to the session on
 * the disk.  The old session is replaced at the very end, so that whatever
 * goes wrong before loses nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/hosts.h"
#include "cli/report.h"
#include "cli/times.h"
#include "login/flow.h"
#include "login/id_token.h"
#include "login/launch.h"
#include "tool/login.h"
#include "tool/tool.h"

struct login_run {
	const struct login_call *call;
	const struct login_section *section;
	struct arena arena;
	const char **resources;
	size_t count;
	struct provider provider;
	struct flow flow;
	struct session_store store;
	struct session session;
	struct id_token id_token;	/* or what the access token says */
};

/* "login at NAME: WHY"; returns the exit status. */
static int
fail(const struct login_run *run, enum provider_result result,
    const char *why)
{
	complain("login at %s: %s", run->section->name, why);
	if (result == PROVIDER_DENIED || result == PROVIDER_OVER)
		return EXIT_NO;
	return EXIT_TROUBLE;
}

/* ---- what is asked for --------------------------------------------------- */

static bool
add_resource(struct login_run *run, const char *host)
{
	const char *resource;
	size_t i;

	if (!login_conf_resource(run->section, host, &run->arena, &resource))
		return false;
	for (i = 0; i < run->count; i++) {
		if (strcmp(run->resources[i], resource) == 0)
			return true;
	}
	if (run->count == SESSION_TOKENS_MAX) {
		complain("warning: [login %s] has more than %d hosts: %s gets a "
		    "token only if --host names it", run->section->name,
		    SESSION_TOKENS_MAX, host);
		return true;
	}
	run->resources = arena_grow(&run->arena, run->resources, run->count,
	    sizeof(*run->resources));
	if (run->resources == NULL)
		return complain("memory ran out");
	run->resources[run->count++] = resource;
	return true;
}

/* --host comes first: that is the host which the person thinks of. */
static bool
add_wanted_hosts(struct login_run *run)
{
	const struct option_list *hosts = &run->call->options.hosts;
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		if (!login_conf_matches(run->section, hosts->item[i]))
			return complain("%s is not one of the hosts of [login "
			    "%s]", hosts->item[i], run->section->name);
		if (!add_resource(run, hosts->item[i]))
			return false;
	}
	return true;
}

/* A pattern names no host that could be asked for. */
static bool
find_resources(struct login_run *run)
{
	const struct login_section *section = run->section;
	size_t i;

	if (!add_wanted_hosts(run))
		return false;
	for (i = 0; i < section->hosts_len; i++) {
		if (hosts_is_name(section->hosts[i]) &&
		    !add_resource(run, section->hosts[i]))
			return false;
	}
	if (run->count > 0)
		return true;
	if (section->resource != NULL && strchr(section->resource, '%'))
		complain("[login %s] has patterns alone in hosts: a host gets a "
		    "token only if --host names it now", section->name);
	else if (!add_resource(run, NULL))
		return false;
	return true;
}

static int64_t
find_max_age(const struct login_run *run)
{
	if (run->call->options.max_age >= 0)
		return run->call->options.max_age;
	return run->section->max_age;
}

/* ---- which flow ---------------------------------------------------------- */

static enum login_flow
find_flow(const struct login_run *run)
{
	if (run->call->options.device)
		return LOGIN_FLOW_DEVICE;
	if (run->call->options.browser)
		return LOGIN_FLOW_BROWSER;
	return run->section->flow;
}

/*
 * Never a browser of a machine that is reached over ssh: the person is not in
 * front of it.
 */
static enum login_flow
choose_flow(const struct login_run *run)
{
	const struct provider_metadata *metadata = &run->provider.metadata;
	enum login_flow flow = find_flow(run);

	if (flow != LOGIN_FLOW_AUTO)
		return flow;
	if (metadata->device_endpoint == NULL)
		return LOGIN_FLOW_BROWSER;
	if (metadata->authorization_endpoint == NULL ||
	    metadata->lacks_s256 || launch_is_remote() ||
	    !launch_has_browser())
		return LOGIN_FLOW_DEVICE;
	return LOGIN_FLOW_BROWSER;
}

static int
run_flow(struct login_run *run)
{
	const struct provider_metadata *metadata = &run->provider.metadata;
	enum login_flow flow = choose_flow(run);
	enum provider_result result;

	if (flow == LOGIN_FLOW_DEVICE && metadata->device_endpoint == NULL)
		return fail(run, PROVIDER_SETTING, "the provider has no device "
		    "flow: try --browser");
	if (flow == LOGIN_FLOW_BROWSER &&
	    metadata->authorization_endpoint == NULL)
		return fail(run, PROVIDER_SETTING, "the provider has no flow by "
		    "browser: try --device");
	if (flow == LOGIN_FLOW_DEVICE)
		result = device_log_in(&run->flow);
	else
		result = browser_log_in(&run->flow);
	if (result != PROVIDER_OK)
		return fail(run, result, run->provider.words);
	return EXIT_YES;
}

/* ---- what came ----------------------------------------------------------- */

/* The person, by the ID token if there is one. */
static int
find_person(struct login_run *run)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct id_token_wanted wanted = {
		.iss = run->section->iss, .client = run->section->client,
		.now = (int64_t)time(NULL)
	};
	char words[ID_TOKEN_WORDS_SIZE];

	if (run->flow.nonce[0] != '\0')
		wanted.nonce = run->flow.nonce;
	if (tokens->id_token.len > 0) {
		if (id_token_check(tokens->id_token, &wanted, &run->id_token,
		    words))
			return EXIT_YES;
		complain("login at %s: the ID token is not taken: %s",
		    run->section->name, words);
		return EXIT_TROUBLE;
	}
	if (run->section->use == LOGIN_ID_TOKEN)
		return fail(run, PROVIDER_SETTING, "the provider gave no ID "
		    "token; openid must be in scope");
	id_token_look(tokens->access_token, &run->id_token);
	return EXIT_YES;
}

/* What the hosts will say to the token, as far as it can be known here. */
static void
warn_of_token(const struct login_run *run)
{
	struct bytes rest = run->flow.tokens.access_token;
	const char *name = run->section->name;

	(void)bytes_cut(&rest, '.');
	(void)bytes_cut(&rest, '.');
	if (run->section->use == LOGIN_ACCESS_TOKEN && rest.len == 0)
		complain("warning: %s gave an opaque access token, which no "
		    "host can verify: set resource or audience, or use = "
		    "id_token", name);
	if (run->flow.tokens.refresh_token.len == 0)
		complain("warning: %s gave no refresh token, so the login ends "
		    "with its first token; is offline_access in scope, and "
		    "allowed?", name);
	if (run->flow.wanted.max_age >= 0 && run->id_token.auth_time < 0)
		complain("warning: %s does not tell when the login was "
		    "(auth_time): hosts with \"auth_time within\" will refuse",
		    name);
}

/* ---- the session --------------------------------------------------------- */

static bool
fill_names(struct login_run *run)
{
	const struct provider *provider = &run->provider;
	const struct provider_metadata *metadata = &provider->metadata;
	struct session *session = &run->session;
	struct bytes scope = run->flow.tokens.scope;
	const char *revocation = metadata->revocation_endpoint;

	if (scope.len == 0)
		scope = bytes_str(run->section->scope);
	return session_set(session, &session->issuer,
	    bytes_str(run->section->iss)) &&
	    session_set(session, &session->client,
	    bytes_str(run->section->client)) &&
	    session_set(session, &session->subject, run->id_token.sub) &&
	    session_set(session, &session->scope, scope) &&
	    session_set(session, &session->token_endpoint,
	    bytes_str(metadata->token_endpoint)) &&
	    (revocation == NULL || session_set(session,
	    &session->revocation_endpoint, bytes_str(revocation))) &&
	    session_set(session, &session->client_auth,
	    bytes_str(provider_client_auth(provider)));
}

/*
 * What the provider was asked for.  The first one gets the token that came; for
 * the others the session may be refreshed, and for nothing else.  A login that
 * named none notes "": see struct session_token.
 */
static bool
fill_resources(struct login_run *run)
{
	struct session_token token = { .resource = "", .life = -1 };
	size_t i;

	if (run->count == 0)
		return session_set_token(&run->session, &token);
	for (i = 0; i < run->count; i++) {
		token.resource = run->resources[i];
		if (!session_set_token(&run->session, &token))
			return false;
	}
	return true;
}

static bool
fill_tokens(struct login_run *run)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct session_token token = { .resource = run->flow.resource,
		.token = tokens->access_token, .taken = run->flow.taken };
	struct boot boot;

	boot_read(&boot);
	session_set_boot(&run->session, boot.id);
	if (run->section->use == LOGIN_ID_TOKEN)
		token.token = tokens->id_token;
	token.life = provider_life(token.token, tokens->expires_in);
	if (tokens->refresh_token.len > 0 && !session_set_refresh_token(
	    &run->session, tokens->refresh_token))
		return false;
	if (!fill_resources(run))
		return false;
	/* Without a host that is known it is a token for no host. */
	return run->count == 0 || session_set_token(&run->session, &token);
}

static int
keep(struct login_run *run)
{
	struct session *session = &run->session;
	bool written;

	session->use = run->section->use;
	session->session_until = -1;
	if (run->flow.tokens.session_in > 0)
		session->session_until = (int64_t)time(NULL) +
		    run->flow.tokens.session_in;
	if (!fill_names(run) || !fill_tokens(run))
		return EXIT_TROUBLE;
	switch (session_lock(&run->store, SESSION_LOCK_SEC)) {
	case SESSION_OK:
		break;
	case SESSION_NONE:
		return fail(run, PROVIDER_LATER, "another process holds the "
		    "session for too long");
	default:
		return EXIT_TROUBLE;
	}
	written = session_write(&run->store, session);
	session_unlock(&run->store);
	if (!written)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* "alice at corp", and until when if the provider tells. */
static void
show_person(const struct login_run *run)
{
	report_bytes(run->id_token.name, stdout);
	printf(" at %s", run->section->name);
	if (run->session.session_until >= 0) {
		printf(" until ");
		times_print_date(run->session.session_until, stdout);
	}
	printf("\n");
}

/* ---- the command --------------------------------------------------------- */

/* Open all that must be there before a person is asked for anything. */
static int
prepare(struct login_run *run)
{
	enum provider_result result;

	if (!find_resources(run) || session_open(&run->call->places,
	    run->section, true, &run->store) != SESSION_OK ||
	    !provider_open(run->section, &run->provider))
		return EXIT_TROUBLE;
	result = provider_discover(&run->provider);
	if (result != PROVIDER_OK)
		return fail(run, result, run->provider.words);
	run->flow.provider = &run->provider;
	run->flow.wanted = (struct provider_wanted){
		.resources = run->resources, .count = run->count,
		.max_age = find_max_age(run)
	};
	run->flow.resource = run->count == 0 ? "" : run->resources[0];
	run->flow.quiet = run->call->options.quiet;
	return EXIT_YES;
}

static int
log_in(struct login_run *run)
{
	int code = prepare(run);

	if (code == EXIT_YES)
		code = run_flow(run);
	if (code == EXIT_YES)
		code = find_person(run);
	if (code == EXIT_YES)
		code = keep(run);
	if (code != EXIT_YES)
		return code;
	warn_of_token(run);
	if (run->call->options.json)
		return login_show_status(run->call);
	show_person(run);
	return EXIT_YES;
}

static void
clear(struct login_run *run)
{
	session_close(&run->store);
	session_clear(&run->session);
	id_token_clear(&run->id_token);
	provider_tokens_clear(&run->flow.tokens);
	provider_close(&run->provider);
	arena_clear(&run->arena);
}

int
login_flow_run(const struct login_call *call,
    const struct login_section *section)
{
	struct login_run *run;
	int code;

	/* No other process of the user, and no core, gets the tokens. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		complain_errno("prctl");
		return EXIT_TROUBLE;
	}
	run = calloc(1, sizeof(*run));
	if (run == NULL) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	run->call = call;
	run->section = section;
	run->store.folder = -1;
	run->store.lock = -1;
	code = log_in(run);
	clear(run);
	explicit_bzero(run, sizeof(*run));
	free(run);
	return code;
}
