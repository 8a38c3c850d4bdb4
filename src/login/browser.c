/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login in the browser of this machine (RFC 8252): the browser goes to the
 * provider, and comes back to a loopback address with a code.
 *
 * PKCE (RFC 7636) makes the code worthless for whoever sees it, state ties the
 * answer to this login, nonce the ID token, and iss (RFC 9207) the provider.
 */
#include <stdio.h>
#include <sys/random.h>

#include "core/base/b64url.h"
#include "core/base/hash.h"
#include "host/clock.h"
#include "login/flow.h"
#include "login/launch.h"
#include "login/loopback.h"
#include "login/waiting.h"

#define WAIT_SEC	300
#define STEP_MSEC	1000	/* between two looks at the clock */
#define RANDOM_LEN	32	/* bytes; RFC 7636 section 4.1 */
#define URI_SIZE	512
#define WAITING_TEXT	"Waiting for the browser"

struct browsing {
	struct flow *flow;
	struct loopback loopback;
	char state[FLOW_RANDOM_SIZE];
	char verifier[FLOW_RANDOM_SIZE];
	char challenge[FLOW_RANDOM_SIZE];
	char redirect_uri[URI_SIZE];
	struct form url;
};

static enum provider_result
fail(const struct flow *flow, enum provider_result result, const char *why)
{
	(void)snprintf(flow->provider->words, sizeof(flow->provider->words),
	    "%s", why);
	return result;
}

/* ---- preparing ----------------------------------------------------------- */

static bool
make_random(char out[FLOW_RANDOM_SIZE])
{
	uint8_t random[RANDOM_LEN];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	b64url_encode(bytes_of(random, sizeof(random)), out);
	out[FLOW_RANDOM_SIZE - 1] = '\0';
	explicit_bzero(random, sizeof(random));
	return true;
}

/* RFC 7636 section 4.2. */
static bool
make_challenge(struct browsing *browsing)
{
	uint8_t hash[HASH_LEN];

	if (hash_sha256(bytes_str(browsing->verifier), hash) != JWT_OK)
		return false;
	b64url_encode(bytes_of(hash, sizeof(hash)), browsing->challenge);
	browsing->challenge[FLOW_RANDOM_SIZE - 1] = '\0';
	return true;
}

/* The port is known when it is bound, and not before (RFC 8252 7.3). */
static enum provider_result
prepare(struct browsing *browsing)
{
	struct flow *flow = browsing->flow;
	const struct login_section *section = flow->provider->section;
	const struct provider_authorization authorization = {
		.redirect_uri = browsing->redirect_uri,
		.state = browsing->state,
		.nonce = flow->nonce,
		.challenge = browsing->challenge
	};
	int len;

	if (!loopback_open(section->ports, section->ports_len,
	    &browsing->loopback))
		return fail(flow, PROVIDER_SETTING, "the browser has nowhere to "
		    "come back to");
	len = snprintf(browsing->redirect_uri, URI_SIZE,
	    "http://127.0.0.1:%u%s", browsing->loopback.port,
	    section->redirect_path);
	if (len < 0 || len >= URI_SIZE)
		return fail(flow, PROVIDER_SETTING, "redirect_path is too long");
	if (!make_random(browsing->state) || !make_random(flow->nonce) ||
	    !make_random(browsing->verifier) || !make_challenge(browsing))
		return fail(flow, PROVIDER_LATER, "the kernel has no random "
		    "bytes");
	provider_authorize(flow->provider, &flow->wanted, &authorization,
	    &browsing->url);
	form_raw(&browsing->url, bytes_of("", 1));
	if (browsing->url.failed)
		return fail(flow, PROVIDER_SETTING, "there are too many "
		    "resources, or memory ran out");
	return PROVIDER_OK;
}

/* ---- waiting ------------------------------------------------------------- */

/*
 * The browser is on another machine, and the address that it comes back to is
 * on this one.
 */
static void
show_forwarding(unsigned port, const char *url)
{
	fprintf(stderr, "No browser was started, as you came here by ssh. On "
	    "the machine where your\nbrowser is, run this, with the name of "
	    "this machine, and leave it running:\n\n    ssh -N -L "
	    "127.0.0.1:%u:127.0.0.1:%u THIS-MACHINE\n\nThen open this page "
	    "in that browser:\n\n    %s\n\n", port, port, url);
}

static void
show(const struct browsing *browsing)
{
	const char *url = (const char *)browsing->url.text.ptr;

	if (!browsing->flow->launch)
		show_forwarding(browsing->loopback.port, url);
	else if (launch_browser(url))
		fprintf(stderr, "Your browser opens this page; if it does not, "
		    "open it there yourself:\n\n    %s\n\n", url);
	else
		fprintf(stderr, "Open this page in a browser on this machine:"
		    "\n\n    %s\n\n", url);
}

static enum provider_result
exchange(struct browsing *browsing, const struct callback *callback)
{
	struct flow *flow = browsing->flow;
	const struct provider_code code = {
		.code = secret_bytes(&callback->code),
		.verifier = browsing->verifier,
		.redirect_uri = browsing->redirect_uri
	};

	flow->taken = clock_boot_sec();
	return provider_exchange(flow->provider, &code, flow->resource,
	    &flow->tokens);
}

/* Judge the answer of the browser, once it has come. */
static enum provider_result
judge(struct browsing *browsing, enum callback_kind kind,
    const struct callback *callback)
{
	if (kind == CALLBACK_CODE)
		return exchange(browsing, callback);
	if (kind == CALLBACK_REFUSED)
		return fail(browsing->flow, callback->result, callback->words);
	return fail(browsing->flow, PROVIDER_OVER, "the browser did not come "
	    "back in time");
}

static enum provider_result
wait_for_browser(struct browsing *browsing)
{
	struct flow *flow = browsing->flow;
	const struct callback_wanted wanted = {
		.port = browsing->loopback.port,
		.path = flow->provider->section->redirect_path,
		.state = browsing->state,
		.iss = flow->provider->section->iss,
		.sends_iss = flow->provider->metadata.sends_iss
	};
	enum callback_kind kind = CALLBACK_MORE;
	enum provider_result result;
	struct callback callback = { .result = PROVIDER_LATER };
	struct waiting waiting;

	waiting_start(&waiting, WAIT_SEC, flow->quiet);
	while (kind == CALLBACK_MORE && waiting_left(&waiting) > 0) {
		waiting_show(&waiting, WAITING_TEXT);
		secret_clear(&callback.code);
		kind = loopback_serve(&browsing->loopback, &wanted, STEP_MSEC,
		    &callback);
	}
	waiting_end(&waiting);
	/* One answer is all that we take (RFC 8252 section 8.3). */
	loopback_close(&browsing->loopback);
	result = judge(browsing, kind, &callback);
	secret_clear(&callback.code);
	return result;
}

enum provider_result
browser_log_in(struct flow *flow)
{
	struct browsing browsing = { .flow = flow, .loopback.fd = -1 };
	enum provider_result result;

	if (flow->provider->metadata.lacks_s256)
		return fail(flow, PROVIDER_SETTING, "it has no PKCE with S256, "
		    "without which a code in a browser is not safe");
	flow->started = clock_boot_sec();
	result = prepare(&browsing);
	if (result == PROVIDER_OK) {
		show(&browsing);
		result = wait_for_browser(&browsing);
	}
	loopback_close(&browsing.loopback);
	form_clear(&browsing.url);
	explicit_bzero(&browsing, sizeof(browsing));
	return result;
}
