/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request, by libcurl.  The server, and everybody on the way to it, may be
 * an attacker: TLS is always verified, addresses are checked before they are
 * asked, and time, redirects and bytes are limited.  Secrets go to the server
 * that the request names and to no other.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "net/http_headers.h"

#define CONNECT_SEC	5L
#define REDIRECTS_MAX	3L

/* One transfer. */
struct transfer {
	const struct exchange_request *request;
	struct http *http;
	CURL *curl;
	bool plain;	/* http, to our own host */
	struct curl_slist *headers;
	CURLcode setting;	/* the error of the first option that failed */
	char error[CURL_ERROR_SIZE];
};

bool
http_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* Make an answer of an error in words; the server may have chosen some. */
static void
fail(struct http *http, const char *words, struct exchange_answer *out)
{
	size_t i;

	*out = EXCHANGE_NO_ANSWER;
	(void)snprintf(http->error, sizeof(http->error), "%s", words);
	for (i = 0; http->error[i] != '\0'; i++) {
		if (http->error[i] < ' ' || http->error[i] > '~')
			http->error[i] = '?';
	}
	out->error = bytes_str(http->error);
}

/* ---- asking ------------------------------------------------------------- */

/* 127.0.0.0/8 or ::1 in figures: a name could lead to any host. */
static bool
is_loopback(const char *host)
{
	static const struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;
	struct in6_addr address6;
	struct in_addr address;
	char inside[64];
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == 127;
	if (len < 2 || len >= sizeof(inside) || host[0] != '[')
		return false;
	(void)snprintf(inside, sizeof(inside), "%.*s", (int)len - 2, host + 1);
	return inet_pton(AF_INET6, inside, &address6) == 1 &&
	    memcmp(&address6, &loopback, sizeof(loopback)) == 0;
}

/*
 * Say why an address must not be asked; NULL when it may be.  libcurl's own
 * parser splits it, because another parser could find another host in it.
 */
static const char *
judge_url(CURLU *url, const char *text, bool loopback_http, bool *plain)
{
	char *scheme = NULL, *host = NULL, *user = NULL;
	const char *fault = "the address is not a URL";

	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		*plain = strcasecmp(scheme, "http") == 0;
		fault = NULL;
		if (!*plain && strcasecmp(scheme, "https") != 0)
			fault = "the address is not an https address";
		if (*plain && !(loopback_http && is_loopback(host)))
			fault = "http is not allowed for this address";
		if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK)
			fault = "the address has a user name in it";
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	return fault;
}

/*
 * A callback of libcurl: returning fewer bytes than it gave ends the transfer.
 */
static size_t
take(char *data, size_t size, size_t count, void *context)
{
	struct http *http = context;
	size_t len = size * count;

	if (len > EXCHANGE_BODY_MAX - http->len) {
		http->too_long = true;
		return 0;
	}
	memcpy(http->body.ptr + http->len, data, len);
	http->len += len;
	return len;
}

/* An option that libcurl refuses is an error: a limit must not be left out. */
static void
set_long(struct transfer *transfer, CURLoption option, long value)
{
	CURLcode code = curl_easy_setopt(transfer->curl, option, value);

	if (transfer->setting == CURLE_OK)
		transfer->setting = code;
}

static void
set_pointer(struct transfer *transfer, CURLoption option, const void *value)
{
	CURLcode code = curl_easy_setopt(transfer->curl, option, value);

	if (transfer->setting == CURLE_OK)
		transfer->setting = code;
}

static void
set_blob(struct transfer *transfer, CURLoption option, struct bytes pem)
{
	struct curl_blob blob = { .len = pem.len, .flags = CURL_BLOB_COPY };

	if (pem.len == 0)
		return;
	memcpy(&blob.data, &pem.ptr, sizeof(blob.data));
	set_pointer(transfer, option, &blob);
}

static void
add_line(struct transfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);

	if (longer != NULL)
		transfer->headers = longer;
	else
		transfer->setting = CURLE_OUT_OF_MEMORY;
}

/* Add the header "NAME: VALUE", unless the value is empty; it may be secret. */
static void
add_header(struct transfer *transfer, const char *name, struct bytes value)
{
	struct secret line;

	if (value.len == 0)
		return;
	if (secret_alloc(strlen(name) + value.len + 3, &line) != JWT_OK) {
		transfer->setting = CURLE_OUT_OF_MEMORY;
		return;
	}
	(void)snprintf((char *)line.ptr, line.len, "%s: %.*s", name,
	    (int)value.len, (const char *)value.ptr);
	add_line(transfer, (const char *)line.ptr);
	secret_clear(&line);
}

/* libcurl makes more copies, which end with the process, soon after. */
static void
clear_headers(struct transfer *transfer)
{
	struct curl_slist *header;

	for (header = transfer->headers; header != NULL; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
	curl_slist_free_all(transfer->headers);
}

/* No request can switch off that the peer and its name are verified. */
static void
set_tls(struct transfer *transfer)
{
	const struct exchange_request *request = transfer->request;

	set_long(transfer, CURLOPT_SSL_VERIFYPEER, 1);
	set_long(transfer, CURLOPT_SSL_VERIFYHOST, 2);
	set_long(transfer, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	set_long(transfer, CURLOPT_PROXY_SSL_VERIFYPEER, 1);
	set_long(transfer, CURLOPT_PROXY_SSL_VERIFYHOST, 2);
	set_long(transfer, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	set_blob(transfer, CURLOPT_CAINFO_BLOB, request->ca);
	set_blob(transfer, CURLOPT_PROXY_CAINFO_BLOB, request->ca);
	/* The blob replaces only the system's file, so drop its folder too. */
	if (request->ca.len > 0) {
		set_pointer(transfer, CURLOPT_CAPATH, NULL);
		set_pointer(transfer, CURLOPT_PROXY_CAPATH, NULL);
	}
	set_blob(transfer, CURLOPT_SSLCERT_BLOB, request->client_cert);
	set_blob(transfer, CURLOPT_SSLKEY_BLOB, request->client_key);
	/* An encrypted key is an error; nobody is asked for its passphrase. */
	set_pointer(transfer, CURLOPT_KEYPASSWD, "");
}

/*
 * A redirect of a POST would send its form to whatever server an answer names,
 * and one of an authorization the password of the client.
 */
static bool
may_redirect(const struct transfer *transfer)
{
	const struct exchange_request *request = transfer->request;

	return !transfer->plain && request->form.len == 0 &&
	    request->authorization.len == 0;
}

static long
whole_seconds(const struct exchange_request *request)
{
	if (request->timeout_sec == 0)
		return EXCHANGE_TIMEOUT_MAX;
	return (long)request->timeout_sec;
}

static void
set_limits(struct transfer *transfer)
{
	const char *protocol = transfer->plain ? "http" : "https";

	set_long(transfer, CURLOPT_NOSIGNAL, 1);
	set_long(transfer, CURLOPT_CONNECTTIMEOUT, CONNECT_SEC);
	set_long(transfer, CURLOPT_TIMEOUT, whole_seconds(transfer->request));
	set_pointer(transfer, CURLOPT_PROTOCOLS_STR, protocol);
	set_pointer(transfer, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	set_long(transfer, CURLOPT_FOLLOWLOCATION, may_redirect(transfer));
	set_long(transfer, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	set_long(transfer, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
	set_long(transfer, CURLOPT_MAXFILESIZE,
	    (long)EXCHANGE_BODY_MAX);
	set_long(transfer, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
	set_long(transfer, CURLOPT_HTTP_CONTENT_DECODING, 0);
	set_long(transfer, CURLOPT_NETRC, CURL_NETRC_IGNORED);
}

/* Terminate a URL of the request; it is valid until the next call. */
static const char *
url_text(struct http *http, struct bytes url)
{
	(void)snprintf(http->url, sizeof(http->url), "%.*s", (int)url.len,
	    (const char *)url.ptr);
	return http->url;
}

/* Make it a POST.  libcurl does not copy the form. */
static void
set_form(struct transfer *transfer)
{
	struct bytes form = transfer->request->form;

	if (form.len == 0)
		return;
	set_long(transfer, CURLOPT_POST, 1);
	set_long(transfer, CURLOPT_POSTFIELDSIZE, (long)form.len);
	set_pointer(transfer, CURLOPT_POSTFIELDS, form.ptr);
	add_line(transfer, "Content-Type: application/x-www-form-urlencoded");
	/* Some servers never answer "Expect: 100-continue"; do not send it. */
	add_line(transfer, "Expect:");
}

/* Set the texts of the request; libcurl copies all but the form. */
static void
set_texts(struct transfer *transfer)
{
	const struct exchange_request *request = transfer->request;
	struct bytes proxy = request->proxy;
	const char *types = "application/json";

	set_pointer(transfer, CURLOPT_URL,
	    url_text(transfer->http, request->url));
	/* Our own host needs no proxy; "" also refuses the environment's. */
	if (transfer->plain)
		proxy.len = 0;
	set_pointer(transfer, CURLOPT_PROXY, url_text(transfer->http, proxy));
	set_pointer(transfer, CURLOPT_NOPROXY, "");
	set_pointer(transfer, CURLOPT_USERAGENT, "pam-jwt");
	if (request->form.len == 0)
		types = "application/json, application/jwk-set+json";
	add_header(transfer, "Accept", bytes_str(types));
	add_header(transfer, "Authorization", request->authorization);
	add_header(transfer, "DPoP", request->proof);
	add_header(transfer, "If-None-Match", request->etag);
	add_header(transfer, "If-Modified-Since", request->last_modified);
	set_form(transfer);
	set_pointer(transfer, CURLOPT_HTTPHEADER, transfer->headers);
	/* No header of ours, such as Authorization, is for the proxy. */
	set_long(transfer, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
}

/* ---- reading the answer ------------------------------------------------- */

static void
get_answer(struct transfer *transfer, struct exchange_answer *out)
{
	struct http *http = transfer->http;
	CURL *curl = transfer->curl;
	struct curl_header *header;
	const char *url = NULL;
	long status = 0;

	/* We asked for no coding; a bomb would unpack after our limit. */
	if (curl_easy_header(curl, "Content-Encoding", 0, CURLH_HEADER, -1,
	    &header) == CURLHE_OK) {
		fail(http, "the answer is compressed, which was not asked for",
		    out);
		return;
	}
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url);
	if (status < 100 || status > 599 || url == NULL ||
	    strlen(url) > EXCHANGE_URL_MAX) {
		fail(http, "the answer has no status, or an address that is "
		    "too long",
		    out);
		return;
	}
	(void)snprintf(http->url, sizeof(http->url), "%s", url);
	*out = (struct exchange_answer){
		.result = EXCHANGE_ANSWERED, .status = (unsigned)status,
		.effective_url = bytes_str(http->url),
		.body = bytes_of(http->body.ptr, http->len)
	};
	http_take_headers(curl, transfer->request->form.len > 0, http, out);
}

static void
perform(struct transfer *transfer, struct exchange_answer *out)
{
	struct http *http = transfer->http;
	CURLcode code = curl_easy_perform(transfer->curl);
	const char *words = transfer->error;

	if (code == CURLE_OK) {
		get_answer(transfer, out);
		return;
	}
	if (words[0] == '\0')
		words = curl_easy_strerror(code);
	if (http->too_long || code == CURLE_FILESIZE_EXCEEDED)
		words = "the answer is longer than 512 KiB";
	fail(http, words, out);
}

static void
run(struct transfer *transfer, struct exchange_answer *out)
{
	set_pointer(transfer, CURLOPT_ERRORBUFFER, transfer->error);
	set_pointer(transfer, CURLOPT_WRITEDATA, transfer->http);
	if (curl_easy_setopt(transfer->curl, CURLOPT_WRITEFUNCTION, take) !=
	    CURLE_OK)
		transfer->setting = CURLE_UNKNOWN_OPTION;
	set_limits(transfer);
	set_tls(transfer);
	set_texts(transfer);
	if (transfer->setting == CURLE_OK)
		perform(transfer, out);
	else
		fail(transfer->http, curl_easy_strerror(transfer->setting), out);
	clear_headers(transfer);
}

void
http_ask(const struct exchange_request *request, struct http *http,
    struct exchange_answer *out)
{
	struct transfer transfer = { .request = request, .http = http };
	const char *fault = "memory ran out";
	CURLU *parts = curl_url();

	if (parts != NULL)
		fault = judge_url(parts, url_text(http, request->url),
		    request->loopback_http, &transfer.plain);
	curl_url_cleanup(parts);
	if (fault == NULL &&
	    secret_alloc(EXCHANGE_BODY_MAX, &http->body) != JWT_OK)
		fault = "memory ran out";
	if (fault != NULL) {
		fail(http, fault, out);
		return;
	}
	transfer.curl = curl_easy_init();
	if (transfer.curl == NULL) {
		fail(http, "libcurl cannot start", out);
		return;
	}
	/* No curl_easy_cleanup(): it can wait long for the resolver. */
	run(&transfer, out);
}

void
http_clear(struct http *http)
{
	secret_clear(&http->body);
}
