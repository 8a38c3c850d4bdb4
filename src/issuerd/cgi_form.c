/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the variables and the form of a CGI request.  The web server may have
 * read them in another way, so what is not plain is refused.
 */
#include "core/base/number.h"
#include "core/base/urlencoded.h"
#include "issuerd/cgi_form.h"

#define FORM_TYPE "application/x-www-form-urlencoded"

static const struct cgi_fault_row rows[CGI_FAULT_COUNT] = {
	[CGI_METHOD] = { 405, "invalid_request", "its method is not POST" },
	[CGI_PATH] = { 400, "invalid_request", "its path is not known" },
	[CGI_QUERY] = { 400, "invalid_request", "it has a query" },
	[CGI_TYPE] = { 400, "invalid_request", "its body is not a form" },
	[CGI_LENGTH] = { 400, "invalid_request", "the length of its body is "
	    "not a number" },
	[CGI_SIZE] = { 400, "invalid_request", "its body is too long" },
	[CGI_BODY] = { 400, "invalid_request", "its body is incomplete, or "
	    "came too slowly" },
	[CGI_ENCODING] = { 400, "invalid_request", "its form has a character "
	    "that is not printable ASCII" },
	[CGI_PARAMETERS] = { 400, "invalid_request", "its form has too many "
	    "parameters, or one without a name" },
	[CGI_REPEATED] = { 400, "invalid_request", "a parameter is there "
	    "twice" },
	[CGI_GRANT_MISSING] = { 400, "invalid_request", "grant_type is "
	    "missing" },
	[CGI_GRANT] = { 400, "unsupported_grant_type", "grant_type is not "
	    "refresh_token" },
	[CGI_CLIENT] = { 401, "invalid_client", "client_id is not "
	    CGI_CLIENT_ID },
	[CGI_SECRET] = { 401, "invalid_client", "it has a client secret, and "
	    "the client is public" },
	[CGI_TOKEN_MISSING] = { 400, "invalid_request", "the token is "
	    "missing" },
	[CGI_TOKEN_KIND] = { 400, "unsupported_token_type", "the token is "
	    "not a refresh token" },
};

const struct cgi_fault_row *
cgi_fault_row(enum cgi_fault fault)
{
	return &rows[fault];
}

/* ---- variables ---------------------------------------------------------- */

static struct bytes
text_of(const char *value)
{
	return value == NULL ? bytes_of(NULL, 0) : bytes_str(value);
}

/* ASCII letters alone: no locale may change what a media type is. */
static bool
is_same_word(struct bytes text, const char *lowercase)
{
	size_t i;

	if (text.len != strlen(lowercase))
		return false;
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		if (c != (uint8_t)lowercase[i])
			return false;
	}
	return true;
}

/* The media type of a form; some clients name UTF-8, of which ASCII is a part. */
static bool
is_form(struct bytes type)
{
	struct bytes name = bytes_trim(bytes_cut(&type, ';'));
	struct bytes charset = bytes_trim(type);

	return is_same_word(name, FORM_TYPE) && (charset.len == 0 ||
	    is_same_word(charset, "charset=utf-8"));
}

static enum cgi_fault
read_length(struct bytes length, size_t *out)
{
	int64_t number;

	if (bytes_starts(length, bytes_str("0")) ||
	    !number_digits(length, INT64_MAX, &number))
		return CGI_LENGTH;
	if (number > CGI_BODY_MAX)
		return CGI_SIZE;
	*out = (size_t)number;
	return CGI_OK;
}

enum cgi_fault
cgi_request_read(const struct cgi_variables *from, struct cgi_request *out)
{
	struct bytes path = text_of(from->path);
	enum cgi_fault fault;

	*out = (struct cgi_request){ .length = 0 };
	fault = read_length(text_of(from->length), &out->length);
	if (!bytes_eq_str(text_of(from->method), "POST"))
		return CGI_METHOD;
	/* A secret in a query would be in the logs of the web server. */
	if (text_of(from->query).len > 0)
		return CGI_QUERY;
	out->is_revocation = bytes_eq_str(path, "/revoke");
	if (!out->is_revocation && path.len > 0)
		return CGI_PATH;
	if (!is_form(text_of(from->type)))
		return CGI_TYPE;
	return fault;
}

/* ---- form --------------------------------------------------------------- */

struct parameter {
	struct bytes name, value;
};

struct parameters {
	struct parameter item[CGI_PARAMETERS_MAX];
	size_t count;
};

static bool
is_printable(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return false;
	}
	return true;
}

/* Decode a part of the body. */
static bool
decode(struct secret *body, struct bytes *text)
{
	if (text->len == 0)
		return true;
	return urlencoded_decode(body->ptr + (text->ptr - body->ptr),
	    &text->len) && is_printable(*text);
}

static const struct parameter *
find(const struct parameters *parameters, struct bytes name)
{
	size_t i;

	for (i = 0; i < parameters->count; i++) {
		if (bytes_eq(parameters->item[i].name, name))
			return &parameters->item[i];
	}
	return NULL;
}

/* The value; empty if the parameter is missing, which is the same (3.2). */
static struct bytes
value_of(const struct parameters *parameters, const char *name)
{
	const struct parameter *found = find(parameters, bytes_str(name));

	return found == NULL ? bytes_of(NULL, 0) : found->value;
}

/*
 * Take a form apart.  Two readers of one request that has a parameter twice
 * could take different ones: RFC 6749 section 3.2 forbids it.
 */
static enum cgi_fault
split(struct secret *body, struct parameters *out)
{
	struct bytes rest = secret_bytes(body);

	out->count = 0;
	while (rest.len > 0) {
		struct bytes value = bytes_cut(&rest, '&');
		struct bytes name = bytes_cut(&value, '=');

		if (!decode(body, &name) || !decode(body, &value))
			return CGI_ENCODING;
		if (name.len == 0)
			return CGI_PARAMETERS;
		if (find(out, name) != NULL)
			return CGI_REPEATED;
		if (out->count == CGI_PARAMETERS_MAX)
			return CGI_PARAMETERS;
		out->item[out->count].name = name;
		out->item[out->count].value = value;
		out->count++;
	}
	return CGI_OK;
}

/* The client is public (RFC 6749 section 2.1): it has a name and no secret. */
static enum cgi_fault
check_client(const struct parameters *parameters)
{
	struct bytes client = value_of(parameters, "client_id");

	if (client.len > 0 && !bytes_eq_str(client, CGI_CLIENT_ID))
		return CGI_CLIENT;
	if (value_of(parameters, "client_secret").len > 0 ||
	    value_of(parameters, "client_assertion").len > 0)
		return CGI_SECRET;
	return CGI_OK;
}

static enum cgi_fault
read_revocation(const struct parameters *parameters, struct cgi_form *out)
{
	out->token = value_of(parameters, "token");
	if (out->token.len == 0)
		return CGI_TOKEN_MISSING;
	/* Refresh tokens have no dot; an access token cannot be revoked here. */
	if (bytes_has(out->token, '.'))
		return CGI_TOKEN_KIND;
	return CGI_OK;
}

static enum cgi_fault
read_refresh(const struct parameters *parameters, struct cgi_form *out)
{
	struct bytes grant = value_of(parameters, "grant_type");

	if (grant.len == 0)
		return CGI_GRANT_MISSING;
	if (!bytes_eq_str(grant, "refresh_token"))
		return CGI_GRANT;
	out->token = value_of(parameters, "refresh_token");
	if (out->token.len == 0)
		return CGI_TOKEN_MISSING;
	out->resource = value_of(parameters, "resource");
	return CGI_OK;
}

enum cgi_fault
cgi_form_read(struct secret *body, bool is_revocation, struct cgi_form *out)
{
	struct parameters parameters;
	enum cgi_fault fault = split(body, &parameters);

	*out = (struct cgi_form){ .token = { .len = 0 } };
	if (fault != CGI_OK)
		return fault;
	fault = check_client(&parameters);
	if (fault != CGI_OK)
		return fault;
	if (is_revocation)
		return read_revocation(&parameters, out);
	return read_refresh(&parameters, out);
}
