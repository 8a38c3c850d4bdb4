/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One login at a provider, from its section in login.conf to the session on
 * the disk.  The old session is replaced at the very end, so that whatever
 * goes wrong before loses nothing.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "cli/times.h"
#include "login/launch.h"
#include "tool/login_run.h"
#include "tool/tool.h"

int
login_run_fail(const struct login_run *run, enum provider_result result,
    const char *why)
{
	complain("login at %s: %s", run->section->name, why);
	if (result == PROVIDER_DENIED || result == PROVIDER_OVER)
		return EXIT_NO;
	return EXIT_TROUBLE;
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

/* Over ssh the person can use a browser anywhere, but not see one here. */
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

/*
 * No browser is started on a machine that is reached over ssh: nobody would
 * see it, or somebody else who sits there would.  It is also so if login.conf
 * or the provider has no other flow; only --browser says that it is right.
 */
static enum provider_result
log_in_by_browser(struct login_run *run)
{
	run->flow.launch = run->call->options.browser || !launch_is_remote();
	return browser_log_in(&run->flow);
}

static int
run_flow(struct login_run *run)
{
	const struct provider_metadata *metadata = &run->provider.metadata;
	enum login_flow flow = choose_flow(run);
	enum provider_result result;

	if (flow == LOGIN_FLOW_DEVICE && metadata->device_endpoint == NULL)
		return login_run_fail(run, PROVIDER_SETTING, "the provider has "
		    "no device flow: try --browser");
	if (flow == LOGIN_FLOW_BROWSER &&
	    metadata->authorization_endpoint == NULL)
		return login_run_fail(run, PROVIDER_SETTING, "the provider has "
		    "no flow by browser: try --device");
	if (flow == LOGIN_FLOW_DEVICE)
		result = device_log_in(&run->flow);
	else
		result = log_in_by_browser(run);
	if (result != PROVIDER_OK)
		return login_run_fail(run, result, run->provider.words);
	return EXIT_YES;
}

/* ---- the command --------------------------------------------------------- */

/*
 * "alice at corp", and until when if the provider tells; "logged in at corp" if
 * it does not say who that is.
 */
static void
show_person(const struct login_run *run)
{
	if (run->id_token.name.len > 0)
		report_bytes(run->id_token.name, stdout);
	else
		fputs("logged in", stdout);
	printf(" at %s", run->section->name);
	if (run->session.session_until >= 0) {
		printf(" until ");
		times_print_date(run->session.session_until, stdout);
	}
	if (run->key != NULL)
		printf(", by the ssh key %s", run->key);
	printf("\n");
}

/* Open all that must be there before a person is asked for anything. */
static int
prepare(struct login_run *run)
{
	enum provider_result result;

	if (!login_run_want(run) || session_open(&run->call->places,
	    run->section, true, &run->store) != SESSION_OK ||
	    !provider_open(run->section, &run->provider))
		return EXIT_TROUBLE;
	result = provider_discover(&run->provider);
	if (result != PROVIDER_OK)
		return login_run_fail(run, result, run->provider.words);
	if (!provider_choose_key(&run->provider))
		return login_run_fail(run, PROVIDER_PROOF,
		    run->provider.words);
	run->flow.provider = &run->provider;
	run->flow.quiet = run->call->options.quiet;
	return EXIT_YES;
}

static int
log_in_at_provider(struct login_run *run)
{
	int code = prepare(run);

	if (code == EXIT_YES)
		code = run_flow(run);
	if (code == EXIT_YES)
		code = login_run_identify(run);
	if (code == EXIT_YES)
		code = login_run_keep(run);
	if (code != EXIT_YES)
		return code;
	run->key = run->session.dpop;
	login_run_warn(run);
	return code;
}

static int
log_in(struct login_run *run)
{
	int code;

	if (run->section->issuer != NULL)
		code = login_run_ssh(run);
	else
		code = log_in_at_provider(run);
	if (code != EXIT_YES)
		return code;
	if (run->call->options.json)
		code = login_show_status(run->call);
	else
		show_person(run);
	login_run_retire(run);
	return code;
}

static void
clear(struct login_run *run)
{
	session_close(&run->store);
	session_clear(&run->session);
	session_clear(&run->before);
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
