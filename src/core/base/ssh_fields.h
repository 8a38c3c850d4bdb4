/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a binary text of SSH (RFC 4251 section 5), read from the front.
 * A field that is not there whole makes the reader fail, and a reader that has
 * failed gives empty fields only; so callers look at failed once, at the end.
 */
#ifndef JWT_SSH_FIELDS_H
#define JWT_SSH_FIELDS_H

#include "core/base/bytes.h"

struct ssh_fields {
	struct bytes rest;	/* borrowed; it is not read yet */
	bool failed;
};

/* The next len bytes: byte[len]. */
static inline struct bytes
ssh_fields_bytes(struct ssh_fields *in, size_t len)
{
	struct bytes taken;

	if (in->failed || len > in->rest.len) {
		in->failed = true;
		return bytes_of(NULL, 0);
	}
	taken = bytes_of(in->rest.ptr, len);
	in->rest = bytes_of(in->rest.ptr + len, in->rest.len - len);
	return taken;
}

/* uint32; 0 if it is not there. */
static inline size_t
ssh_fields_number(struct ssh_fields *in)
{
	struct bytes number = ssh_fields_bytes(in, 4);

	if (in->failed)
		return 0;
	return (size_t)number.ptr[0] << 24 | (size_t)number.ptr[1] << 16 |
	    (size_t)number.ptr[2] << 8 | number.ptr[3];
}

/* string: a number of bytes, and the bytes. */
static inline struct bytes
ssh_fields_string(struct ssh_fields *in)
{
	return ssh_fields_bytes(in, ssh_fields_number(in));
}

#endif
