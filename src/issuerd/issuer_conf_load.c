/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads issuer.conf from disk. */
#include "issuerd/issuer_conf.h"
#include "issuerd/rootfile.h"

enum jwt_reason
issuer_conf_load(const char *path, struct diag *diag, struct issuer_conf *out)
{
	struct diag_place place = { .file = path };
	enum jwt_reason reason;
	struct file file;

	*out = (struct issuer_conf){ .line = 0 };
	reason = rootfile_read(path, &file);
	if (reason != JWT_OK) {
		diag_add(diag, place, reason, "%s", file.fault);
		goto out;
	}
	reason = issuer_conf_parse(secret_bytes(&file.text), path, diag, out);
out:
	file_clear(&file);
	return reason;
}
