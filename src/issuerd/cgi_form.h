/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what a web server hands to a CGI program (RFC 3875): the variables of
 * the request, and the form in its body, with the parameters of a refresh
 * (RFC 6749 section 6, RFC 8707) or of a revocation (RFC 7009).
 *
 * Anybody on the network chooses these bytes.  Nothing here looks at the
 * environment, at a file or at the clock.
 */
#ifndef JWT_CGI_FORM_H
#define JWT_CGI_FORM_H

#include "core/base/secret.h"

#define CGI_BODY_MAX		16384	/* bytes; a refresh has about 200 */
#define CGI_PARAMETERS_MAX	16	/* a client sends four */
#define CGI_CLIENT_ID		"pam-jwt"

/* Why a request is refused.  The client is told the row's error, not this. */
enum cgi_fault {
	CGI_OK,
	CGI_METHOD,
	CGI_PATH,
	CGI_QUERY,
	CGI_TYPE,
	CGI_LENGTH,
	CGI_SIZE,
	CGI_BODY,
	CGI_ENCODING,
	CGI_PARAMETERS,
	CGI_REPEATED,
	CGI_GRANT_MISSING,
	CGI_GRANT,
	CGI_CLIENT,
	CGI_SECRET,
	CGI_TOKEN_MISSING,
	CGI_TOKEN_KIND,
	CGI_FAULT_COUNT
};

struct cgi_fault_row {
	unsigned status;	/* of HTTP */
	const char *error;	/* RFC 6749 section 5.2, RFC 7009 section 2.2 */
	const char *why;	/* for the log */
};

/* The row of a fault, which is not CGI_OK. */
const struct cgi_fault_row *cgi_fault_row(enum cgi_fault fault);

/* Values of variables; NULL if one is not set. */
struct cgi_variables {
	const char *method;		/* REQUEST_METHOD */
	const char *path;		/* PATH_INFO */
	const char *query;		/* QUERY_STRING */
	const char *type;		/* CONTENT_TYPE */
	const char *length;		/* CONTENT_LENGTH */
};

/* A request, as the variables of the web server describe it. */
struct cgi_request {
	bool is_revocation;	/* PATH_INFO is /revoke; otherwise a refresh */
	/* Of the body; 1 to CGI_BODY_MAX, and 0 for CGI_LENGTH and CGI_SIZE. */
	size_t length;
};

JWT_MUST_USE enum cgi_fault cgi_request_read(const struct cgi_variables *from,
    struct cgi_request *out);

/* The parameters that count; a len of 0: missing.  Views of the body. */
struct cgi_form {
	struct bytes token;	/* refresh_token, or token of a revocation */
	struct bytes resource;
};

/*
 * Read the form.  The body is decoded where it is.  Each parameter is there at
 * most once, also one that is not known, which is ignored otherwise.
 */
JWT_MUST_USE enum cgi_fault cgi_form_read(struct secret *body,
    bool is_revocation, struct cgi_form *out);

#endif
