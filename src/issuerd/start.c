/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the configuration as root, and gives root's rights up. */
#include "cli/complain.h"
#include "cli/report.h"
#include "issuerd/issuerd.h"
#include "issuerd/owner.h"
#include "issuerd/start.h"

static bool
load(const char *path, struct issuer_conf *out)
{
	struct diag diag = { .reason = JWT_OK };
	enum jwt_reason reason = issuer_conf_load(path, &diag, out);

	report_diag(&diag, stderr);
	diag_clear(&diag);
	return reason == JWT_OK;
}

bool
issuer_start(const char *path, struct issuer_conf *out)
{
	const char *fault;

	if (path == NULL)
		path = ISSUER_CONF_DEFAULT;
	if (!load(path, out))
		return false;
	switch (owner_become(out->directory, &fault)) {
	case OWNER_MISSING:
		return complain("%s: it is missing: install -d -m 700 -o "
		    ISSUER_ACCOUNT " %s", out->directory, out->directory);
	case OWNER_FAULT:
		return complain("%s: %s", out->directory, fault);
	case OWNER_OK:
		break;
	}
	return true;
}
