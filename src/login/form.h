/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parameters of a request, as application/x-www-form-urlencoded (RFC 6749
 * appendix B): the body of a POST, and the query of an authorization URL.
 *
 * Callers need not look at each piece: a form that has failed once holds
 * nothing any more and stays failed.  So a parameter can never be missing from
 * a form that is sent.
 */
#ifndef JWT_FORM_H
#define JWT_FORM_H

#include "core/base/secret.h"

#define FORM_MAX 65536	/* bytes, as EXCHANGE_FORM_MAX */

/* Starts as { 0 }; form.c alone changes the members. */
struct form {
	struct secret text;	/* owned; text.len bytes count */
	bool failed;		/* memory ran out, or it would be too long */
};

/* Append "NAME=VALUE", after a "&" if it is not the first. */
void form_add(struct form *form, const char *name, struct bytes value);

/* Append bytes with all but unreserved characters (RFC 3986 2.3) as %XX. */
void form_encode(struct form *form, struct bytes value);

/* Append bytes as they are. */
void form_raw(struct form *form, struct bytes value);

void form_clear(struct form *form);

/*
 * The value of a parameter in a query that a browser sent, decoded into *out,
 * which the caller must clear.
 *
 * False when the parameter is missing or is there twice (RFC 6749 section 3.1),
 * when its encoding is broken, and when memory runs out.
 */
bool form_get(struct bytes query, const char *name, struct secret *out);

#endif
