/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login on another device (RFC 8628): the person opens a page anywhere and
 * enters a code there, while we ask the provider again and again.
 *
 * Nothing binds the answer to the person in front of this terminal (section
 * 5.4), so the caller must say who was logged in.
 */
#include <stdio.h>
#include <time.h>

#include "host/clock.h"
#include "login/flow.h"
#include "login/qr.h"
#include "login/waiting.h"

#define SLOWER_SEC	5	/* RFC 8628 section 3.5 */
#define STEP_MSEC	1000	/* between two looks at the clock */
#define BACK_OFF_MAX	60	/* s between requests to a server in trouble */

#define WAITING_TEXT	"Waiting for you to agree there"
#define TROUBLE_TEXT	"The provider is in trouble; trying again"

struct polling {
	struct flow *flow;
	const struct provider_device *device;
	struct waiting waiting;
	int64_t interval;	/* s between two requests */
	int64_t back_off;	/* the same while the server is in trouble */
	const char *text;
};

/* Code and address stand alone as well: RFC 8628 section 3.3.1. */
static void
show_device(const struct flow *flow, const struct provider_device *device)
{
	struct bytes page = device->uri_complete;

	fprintf(stderr, "Open this page in a browser, on any machine:\n\n"
	    "    %.*s\n\nand enter the code\n\n    %.*s\n\n",
	    (int)device->uri.len, (const char *)device->uri.ptr,
	    (int)device->user_code.len, (const char *)device->user_code.ptr);
	if (page.len == 0)
		page = device->uri;
	else
		fprintf(stderr, "This address has the code in it; the page "
		    "must show the same one:\n\n    %.*s\n\n", (int)page.len,
		    (const char *)page.ptr);
	if (!flow->quiet)
		qr_show(&flow->provider->fetcher, page);
}

static void
sleep_msec(int64_t msec)
{
	const struct timespec time = { .tv_sec = msec / 1000,
		.tv_nsec = (long)(msec % 1000) * 1000000 };

	(void)nanosleep(&time, NULL);
}

/* Wait for the time between two requests, or for the end. */
static void
pause_between(struct polling *polling)
{
	int64_t until = clock_msec() +
	    (polling->interval + polling->back_off) * 1000;
	int64_t left = until - clock_msec();

	while (left > 0 && waiting_left(&polling->waiting) > 0) {
		waiting_show(&polling->waiting, polling->text);
		sleep_msec(left < STEP_MSEC ? left : STEP_MSEC);
		left = until - clock_msec();
	}
}

/* RFC 8628 section 3.5: twice as long each time. */
static void
back_off(struct polling *polling)
{
	polling->text = TROUBLE_TEXT;
	polling->back_off = polling->back_off * 2 + polling->interval;
	if (polling->back_off > BACK_OFF_MAX - polling->interval)
		polling->back_off = BACK_OFF_MAX - polling->interval;
	if (polling->back_off < 0)
		polling->back_off = 0;
}

/* One request.  True if the login is not decided yet. */
static bool
poll_once(struct polling *polling, enum provider_result *result)
{
	struct flow *flow = polling->flow;

	provider_tokens_clear(&flow->tokens);
	flow->taken = clock_boot_sec();
	*result = provider_poll(flow->provider, polling->device->device_code,
	    flow->resource, &flow->tokens);
	if (*result == PROVIDER_LATER) {
		back_off(polling);
		return true;
	}
	polling->back_off = 0;
	polling->text = WAITING_TEXT;
	if (*result == PROVIDER_SLOW_DOWN)
		polling->interval += SLOWER_SEC;
	return *result == PROVIDER_PENDING || *result == PROVIDER_SLOW_DOWN;
}

static enum provider_result
give_up(struct flow *flow, enum provider_result last)
{
	/* Then its words say why the provider did not answer. */
	if (last == PROVIDER_LATER)
		return last;
	(void)snprintf(flow->provider->words, sizeof(flow->provider->words),
	    "nobody entered the code in time");
	return PROVIDER_OVER;
}

static enum provider_result
wait_for_person(struct flow *flow, const struct provider_device *device)
{
	struct polling polling = { .flow = flow, .device = device,
		.interval = device->interval, .text = WAITING_TEXT };
	enum provider_result result = PROVIDER_PENDING;
	bool undecided = true;

	waiting_start(&polling.waiting, device->expires_in, flow->quiet);
	while (undecided) {
		pause_between(&polling);
		if (waiting_left(&polling.waiting) == 0)
			break;
		undecided = poll_once(&polling, &result);
	}
	waiting_end(&polling.waiting);
	if (undecided)
		return give_up(flow, result);
	return result;
}

enum provider_result
device_log_in(struct flow *flow)
{
	struct provider_device device;
	enum provider_result result;

	flow->nonce[0] = '\0';
	flow->started = clock_boot_sec();
	result = provider_start_device(flow->provider, &flow->wanted, &device);
	if (result == PROVIDER_OK) {
		show_device(flow, &device);
		result = wait_for_person(flow, &device);
	}
	provider_device_clear(&device);
	return result;
}
