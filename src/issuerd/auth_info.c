/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the text of SSH_USER_AUTH's file.  The key in it decides whose token is
 * issued, so there must be one key and one way to read it.
 */
#include "issuerd/auth_info.h"

const char *
auth_info_parse(struct bytes text, struct sshkey *out)
{
	struct bytes line, method, type;

	*out = (struct sshkey){ .type = NULL };
	/* A file that a full disk has cut off has no end of line. */
	if (!bytes_has(text, '\n'))
		return "sshd has not written a whole line";
	line = bytes_cut(&text, '\n');
	if (text.len > 0)
		return "sshd has accepted more than one method";
	method = bytes_cut(&line, ' ');
	type = bytes_cut(&line, ' ');
	if (!bytes_eq_str(method, "publickey"))
		return "sshd has accepted something other than a key";
	switch (sshkey_read(type, line, out)) {
	case SSHKEY_OK:
		break;
	case SSHKEY_NO_MEMORY:
		return "memory ran out";
	case SSHKEY_OTHER:
	case SSHKEY_MALFORMED:
		return "sshd has accepted a key that the issuer does not "
		    "accept";
	}
	if (out->ca[0] == '\0')
		return NULL;
	*out = (struct sshkey){ .type = NULL };
	return "sshd has accepted a certificate: log in with the key alone";
}
