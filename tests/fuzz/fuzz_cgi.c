/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CGI request of the issuer.  An input has six lines: method, path, query,
 * content type, content length, and "r" for a revocation; the rest is the body.
 * A form that is taken says the same after it was encoded again; a request
 * that is refused has a row for it.
 */
#include "issuerd/cgi_form.h"
#include "tests/fuzz/fuzz.h"

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

static size_t
put(char *out, size_t len, const char *name, struct bytes value)
{
	size_t i;

	len += (size_t)sprintf(out + len, "%s=", name);
	for (i = 0; i < value.len; i++)
		len += (size_t)sprintf(out + len, "%%%02x", value.ptr[i]);
	out[len++] = '&';
	return len;
}

/* Every byte escaped, and in another order: it must read as before. */
static void
check_again(const struct cgi_form *form, bool is_revocation)
{
	size_t size = 3 * (form->token.len + form->resource.len) + 100, len;
	struct secret body;
	struct cgi_form again;

	FUZZ_CHECK(secret_alloc(size, &body) == JWT_OK);
	len = put((char *)body.ptr, 0, "resource", form->resource);
	len = put((char *)body.ptr, len, is_revocation ? "token" :
	    "refresh_token", form->token);
	len = put((char *)body.ptr, len, "grant_type",
	    bytes_str("refresh_token"));
	body.len = len - 1;
	FUZZ_CHECK(cgi_form_read(&body, is_revocation, &again) == CGI_OK);
	FUZZ_CHECK(bytes_eq(again.token, form->token));
	FUZZ_CHECK(is_revocation || bytes_eq(again.resource, form->resource));
	secret_clear(&body);
}

static void
check_form(struct bytes text, bool is_revocation)
{
	struct secret body = fuzz_copy(text);
	struct cgi_form form;
	enum cgi_fault fault = cgi_form_read(&body, is_revocation, &form);

	if (fault == CGI_OK) {
		FUZZ_CHECK(form.token.len > 0);
		FUZZ_CHECK(is_printable(form.token));
		FUZZ_CHECK(is_printable(form.resource));
		check_again(&form, is_revocation);
	} else {
		FUZZ_CHECK(cgi_fault_row(fault)->error != NULL);
	}
	secret_clear(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct cgi_request request;
	struct cgi_variables from;
	char *line[6];
	enum cgi_fault fault;
	size_t i;

	for (i = 0; i < 6; i++)
		line[i] = fuzz_string(fuzz_until(&rest, '\n'));
	from = (struct cgi_variables){ line[0], line[1], line[2], line[3],
	    line[4] };
	fault = cgi_request_read(&from, &request);
	if (fault == CGI_OK) {
		FUZZ_CHECK(strcmp(line[0], "POST") == 0);
		FUZZ_CHECK(line[2][0] == '\0');
		FUZZ_CHECK(request.length > 0 &&
		    request.length <= CGI_BODY_MAX);
		FUZZ_CHECK(request.is_revocation == (line[1][0] == '/'));
	} else {
		FUZZ_CHECK(cgi_fault_row(fault)->why != NULL);
	}
	check_form(rest, line[5][0] == 'r');
	for (i = 0; i < 6; i++)
		free(line[i]);
	return 0;
}
