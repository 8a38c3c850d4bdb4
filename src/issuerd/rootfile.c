/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a file that nobody but root can have written. */
#include <stdio.h>

#include "issuerd/rootfile.h"

enum jwt_reason
rootfile_read(const char *path, struct file *out)
{
	switch (file_read(path, out)) {
	case FILE_NO_MEMORY:
		return JWT_OUT_OF_MEMORY;
	case FILE_UNREADABLE:
		return JWT_CONFIG_INVALID;
	case FILE_UNSAFE:
		return JWT_CONFIG_UNSAFE;
	case FILE_NO_DESCRIPTOR:
		return JWT_INTERNAL;
	case FILE_OK:
		break;
	}
	if (out->by_root)
		return JWT_OK;
	snprintf(out->fault, sizeof(out->fault),
	    "does not belong to root: chown root");
	return JWT_CONFIG_UNSAFE;
}
