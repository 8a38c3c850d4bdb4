/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads one request of HTTP/1.1, as far as it matters. */
#include <stdio.h>
#include <strings.h>

#include "login/callback.h"
#include "login/form.h"
#include "login/value.h"

/* ---- the head of the request --------------------------------------------- */

/* The line up to "\r\n" or "\n"; *rest moves after it. */
static struct bytes
cut_line(struct bytes *rest)
{
	struct bytes line = bytes_cut(rest, '\n');

	if (bytes_ends(line, bytes_str("\r")))
		line.len--;
	return line;
}

/* Whether the empty line has come that ends the head. */
static bool
is_whole(struct bytes request)
{
	return memmem(request.ptr, request.len, "\r\n\r\n", 4) != NULL ||
	    memmem(request.ptr, request.len, "\n\n", 2) != NULL;
}

/* Whether there is one Host header, and it has the address that we gave. */
static bool
has_our_host(struct bytes headers, unsigned port)
{
	char host[32];
	unsigned found = 0, good = 0;

	(void)snprintf(host, sizeof(host), "127.0.0.1:%u", port);
	while (headers.len > 0) {
		struct bytes value = cut_line(&headers);
		struct bytes name = bytes_cut(&value, ':');

		if (name.len != 4 ||
		    strncasecmp((const char *)name.ptr, "host", 4) != 0)
			continue;
		found++;
		good += bytes_eq_str(bytes_trim(value), host);
	}
	return found == 1 && good == 1;
}

/* ---- the query ----------------------------------------------------------- */

/*
 * Takes as long for each wrong state as for any other, so that nobody can find
 * it out byte by byte.
 */
static bool
is_state(struct bytes given, const char *state)
{
	size_t len = strlen(state), i;
	unsigned char wrong = given.len != len;

	for (i = 0; i < given.len && i < len; i++)
		wrong |= (unsigned char)(given.ptr[i] ^ (uint8_t)state[i]);
	return wrong == 0;
}

static bool
has_state(struct bytes query, const char *state)
{
	struct secret given;
	bool ok = form_get(query, "state", &given) &&
	    is_state(secret_bytes(&given), state);

	secret_clear(&given);
	return ok;
}

/* Whether a parameter is there at all, decodable or not, once or twice. */
static bool
is_given(struct bytes query, const char *name)
{
	while (query.len > 0) {
		struct bytes value = bytes_cut(&query, '&');

		if (bytes_eq_str(bytes_cut(&value, '='), name))
			return true;
	}
	return false;
}

/*
 * RFC 9207 section 2.4: the answer of another provider would send its code to
 * ours.  A provider that does not announce the parameter may still send it.
 */
static bool
has_good_iss(struct bytes query, const struct callback_wanted *wanted,
    struct callback *out)
{
	struct secret iss;
	bool ok;

	if (!is_given(query, "iss") && !wanted->sends_iss)
		return true;
	ok = form_get(query, "iss", &iss) &&
	    bytes_eq_str(secret_bytes(&iss), wanted->iss);
	if (!ok)
		value_refuse(out->words, sizeof(out->words), "the answer in the "
		    "browser is not of this provider (iss): ",
		    secret_bytes(&iss), "");
	secret_clear(&iss);
	return ok;
}

/* RFC 6749 section 4.1.2.1. */
static enum callback_kind
read_error(struct bytes query, struct callback *out)
{
	struct secret name, description;

	(void)form_get(query, "error", &name);
	(void)form_get(query, "error_description", &description);
	out->result = provider_judge_error(secret_bytes(&name),
	    secret_bytes(&description), PROVIDER_SETTING, out->words);
	secret_clear(&name);
	secret_clear(&description);
	return CALLBACK_REFUSED;
}

static enum callback_kind
read_query(struct bytes query, const struct callback_wanted *wanted,
    struct callback *out)
{
	if (!has_state(query, wanted->state))
		return CALLBACK_BAD;
	out->result = PROVIDER_SETTING;
	if (!has_good_iss(query, wanted, out))
		return CALLBACK_REFUSED;
	if (is_given(query, "error"))
		return read_error(query, out);
	if (!form_get(query, "code", &out->code) || out->code.len == 0 ||
	    !value_is_token(secret_bytes(&out->code))) {
		secret_clear(&out->code);
		return CALLBACK_BAD;
	}
	out->result = PROVIDER_OK;
	return CALLBACK_CODE;
}

enum callback_kind
callback_read(struct bytes request, const struct callback_wanted *wanted,
    struct callback *out)
{
	struct bytes headers = request;
	struct bytes line, target, path;

	*out = (struct callback){ .result = PROVIDER_LATER };
	if (!is_whole(request))
		return CALLBACK_MORE;
	line = cut_line(&headers);
	if (!bytes_eq_str(bytes_cut(&line, ' '), "GET"))
		return CALLBACK_BAD;
	target = bytes_cut(&line, ' ');
	if (!bytes_eq_str(line, "HTTP/1.1") && !bytes_eq_str(line, "HTTP/1.0"))
		return CALLBACK_BAD;
	if (!has_our_host(headers, wanted->port))
		return CALLBACK_BAD;
	path = bytes_cut(&target, '?');
	if (!bytes_eq_str(path, wanted->path))
		return CALLBACK_ELSEWHERE;
	return read_query(target, wanted, out);
}
