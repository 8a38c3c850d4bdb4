/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the answer of a device authorization endpoint (RFC 8628 3.2). */
#include "core/base/url.h"
#include "login/provider_read.h"
#include "login/value.h"

#define DEFAULT_EXPIRES	600	/* of a device code without expires_in */
#define DEFAULT_INTERVAL 5	/* RFC 8628 section 3.2 */
#define EXPIRES_MAX	3600	/* nobody waits longer at a terminal */
#define INTERVAL_MAX	60

/*
 * A page that a person is sent to.  A fragment is allowed here: some providers
 * have a page that is all script.  What is not visible ASCII could write to
 * the terminal, or show another address than the one that is opened.
 */
static bool
is_good_page(struct bytes uri, bool loopback_http)
{
	struct bytes fragment = uri;
	struct bytes address = bytes_cut(&fragment, '#');

	return uri.len <= URL_MAX && value_is_address(address, loopback_http) &&
	    value_is_visible(fragment, '!');
}

static enum provider_result
check_device(const struct provider_device *device, bool loopback_http,
    char words[PROVIDER_WORDS_SIZE])
{
	struct bytes none = bytes_of(NULL, 0);

	if (device->device_code.len == 0 || !value_is_token(device->device_code))
		return provider_refuse(PROVIDER_LATER, "it gave no device code",
		    none, words);
	if (device->user_code.len == 0 ||
	    device->user_code.len > PROVIDER_USER_CODE_MAX ||
	    !value_is_visible(device->user_code, ' '))
		return provider_refuse(PROVIDER_LATER, "it gave no code that "
		    "can be shown", none, words);
	if (!is_good_page(device->uri, loopback_http))
		return provider_refuse(PROVIDER_SETTING, "the page that it "
		    "names is not an https address: ", device->uri, words);
	if (device->uri_complete.len > 0 &&
	    !is_good_page(device->uri_complete, loopback_http))
		return provider_refuse(PROVIDER_SETTING, "the page that it "
		    "names is not an https address: ", device->uri_complete,
		    words);
	return PROVIDER_OK;
}

static void
take_device(struct provider_device *out)
{
	const struct json_node *root = json_root(&out->document.json);

	out->device_code = value_text(root, "device_code");
	out->user_code = value_text(root, "user_code");
	out->uri = value_text(root, "verification_uri");
	/* The name in the drafts, which Google still has. */
	if (out->uri.len == 0)
		out->uri = value_text(root, "verification_url");
	out->uri_complete = value_text(root, "verification_uri_complete");
	out->expires_in = value_seconds(root, "expires_in");
	if (out->expires_in < 1)
		out->expires_in = DEFAULT_EXPIRES;
	if (out->expires_in > EXPIRES_MAX)
		out->expires_in = EXPIRES_MAX;
	out->interval = value_seconds(root, "interval");
	if (out->interval < 1)
		out->interval = DEFAULT_INTERVAL;
	if (out->interval > INTERVAL_MAX)
		out->interval = INTERVAL_MAX;
}

enum provider_result
provider_read_device(const struct provider_answer *answer, bool loopback_http,
    struct provider_device *out, char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result;

	*out = (struct provider_device){ 0 };
	result = provider_open_answer(answer, PROVIDER_ASKED_DEVICE,
	    &out->document, words);
	if (result != PROVIDER_OK)
		return result;
	take_device(out);
	return check_device(out, loopback_http, words);
}

void
provider_device_clear(struct provider_device *device)
{
	document_clear(&device->document);
	*device = (struct provider_device){ 0 };
}
