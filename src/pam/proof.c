/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds out which keys were proved.
 *
 * sshd(8) says it in SSH_AUTH_INFO_0 of the PAM environment.  It is believed
 * in authenticate alone: pam_env lets a user write the PAM environment in the
 * later phases, and never in this one.  The environment of the process, where a
 * user may write as well, is not looked at.
 */
#include <stdlib.h>

#include "host/own_session.h"
#include "pam/proof.h"

static enum jwt_reason
read_ssh_auth_info(struct call *call)
{
	const char *text = pam_getenv(call->pamh, "SSH_AUTH_INFO_0");

	if (text == NULL)
		return JWT_OK;
	return proof_read(bytes_str(text), call->proof);
}

enum jwt_reason
proof_find(struct call *call)
{
	free(call->proof);
	call->proof = calloc(1, sizeof(*call->proof));
	if (call->proof == NULL)
		return JWT_OUT_OF_MEMORY;
	if (call_is_for_ssh(call->pamh))
		return read_ssh_auth_info(call);
	if (call->service->proof == SERVICE_PROOF_SESSION)
		return own_session_keys(call->proof);
	return JWT_OK;
}
