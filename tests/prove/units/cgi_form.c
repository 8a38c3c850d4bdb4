/* SPDX-License-Identifier: BSD-2-Clause */
/* The form in the body of a request. */
#include "issuerd/cgi_form.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct secret body = { .ptr = in, .len = LEN, .size = LEN };
	struct cgi_form form;

	any_bytes(in, LEN);
	if (cgi_form_read(&body, any_bool(), &form) != CGI_OK)
		return;
	READ_ALL(form.token);
	READ_ALL(form.resource);
}
