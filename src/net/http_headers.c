/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of an answer.  The server chooses their bytes, so each is taken
 * only if it is printable and no longer than its place.
 */
#include <string.h>
#include <strings.h>

#include "core/base/number.h"
#include "net/http_headers.h"

/* The first header of that name; empty if it is too long or not printable. */
static struct bytes
get_header(CURL *curl, const char *name, char text[EXCHANGE_HEADER_MAX + 1])
{
	struct curl_header *header;
	size_t i, len;

	text[0] = '\0';
	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return bytes_str(text);
	len = strlen(header->value);
	for (i = 0; i < len; i++) {
		if (header->value[i] < ' ' || header->value[i] > '~')
			return bytes_str(text);
	}
	if (len <= EXCHANGE_HEADER_MAX)
		memcpy(text, header->value, len + 1);
	return bytes_str(text);
}

/* The number of max-age=NUMBER, or -1. */
static int64_t
parse_max_age(struct bytes directive)
{
	static const char name[] = "max-age=";
	const size_t len = sizeof(name) - 1;
	int64_t seconds;

	directive = bytes_trim(directive);
	if (directive.len <= len ||
	    strncasecmp((const char *)directive.ptr, name, len) != 0)
		return -1;
	if (!number_digits(bytes_of(directive.ptr + len, directive.len - len),
	    EXCHANGE_SECONDS_MAX, &seconds))
		return -1;
	return seconds;
}

/*
 * The seconds for which the answer stays fresh (RFC 9111 section 4.2), or -1.
 */
static int64_t
get_max_age(CURL *curl)
{
	char text[EXCHANGE_HEADER_MAX + 1];
	struct bytes rest = get_header(curl, "Cache-Control", text);
	int64_t max_age = -1, age = 0;

	while (rest.len > 0 && max_age < 0)
		max_age = parse_max_age(bytes_cut(&rest, ','));
	rest = get_header(curl, "Age", text);
	if (!number_digits(bytes_trim(rest), EXCHANGE_SECONDS_MAX, &age))
		age = 0;
	if (max_age < 0)
		return -1;
	if (max_age < age)
		return 0;
	return max_age - age;
}

/* libcurl turns a date into seconds from now, and gives 0 without a header. */
static int64_t
get_retry_after(CURL *curl)
{
	curl_off_t seconds = 0;

	(void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds <= 0)
		return -1;
	if (seconds > EXCHANGE_SECONDS_MAX)
		return EXCHANGE_SECONDS_MAX;
	return seconds;
}

/*
 * Take the nonce that the proof of the next request needs (RFC 9449 section 8),
 * and the time of the clock that judges the proof.
 */
static void
take_proof_values(CURL *curl, struct http *http, struct exchange_answer *out)
{
	char text[EXCHANGE_HEADER_MAX + 1];
	time_t date;

	(void)get_header(curl, "Date", text);
	date = curl_getdate(text, NULL);
	if (date >= 0 && date <= NUMBER_DATE_MAX)
		out->date = date;
	out->nonce = get_header(curl, "DPoP-Nonce", http->nonce);
}

void
http_take_headers(CURL *curl, bool posted, struct http *http,
    struct exchange_answer *out)
{
	out->etag = get_header(curl, "ETag", http->etag);
	out->last_modified = get_header(curl, "Last-Modified",
	    http->last_modified);
	out->content_type = get_header(curl, "Content-Type",
	    http->content_type);
	out->retry_after = get_retry_after(curl);
	out->max_age = get_max_age(curl);
	out->date = -1;
	if (posted)
		take_proof_values(curl, http, out);
}
