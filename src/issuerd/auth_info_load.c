/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the file in which sshd says which key was proved. */
#include "host/file.h"
#include "issuerd/auth_info.h"

const char *
auth_info_load(const char *path, struct sshkey *out)
{
	const char *fault = NULL;
	struct file file;

	*out = (struct sshkey){ .type = NULL };
	if (file_read(path, &file) != FILE_OK)
		fault = "the file that SSH_USER_AUTH names cannot be read "
		    "safely";
	else if (file.by_root || file.readable)
		fault = "the file that SSH_USER_AUTH names is not one that "
		    "sshd makes";
	else
		fault = auth_info_parse(secret_bytes(&file.text), out);
	file_clear(&file);
	return fault;
}
