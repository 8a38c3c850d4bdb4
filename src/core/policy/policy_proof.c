/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings proof and require_proof of [service NAME...], and the services
 * and rules that they fit.  A service that could never get a proof would refuse
 * every token that is bound, and a rule about a key that nobody proves would
 * never hold.
 */
#include "core/policy/parser.h"

void
policy_set_proof(struct parser *in)
{
	enum service_proof *proof = &in->service->proof;

	if (bytes_eq_str(in->line.value, "ssh-key"))
		*proof = SERVICE_PROOF_SSH_KEY;
	else if (bytes_eq_str(in->line.value, "session"))
		*proof = SERVICE_PROOF_SESSION;
	else if (!bytes_eq_str(in->line.value, "none"))
		parser_fail(in, "proof must be ssh-key, session or none");
	in->service->proof_line = in->line.line;
}

void
policy_set_require_proof(struct parser *in)
{
	parser_choice(in, "yes", "no", &in->service->require_proof);
}

/*
 * Only sshd tells which key it has checked, and only a program inside a session
 * can ask for the key of that session.
 */
static void
check_proof_names(struct parser *in, const struct service *service)
{
	bool is_for_sshd = service->proof == SERVICE_PROOF_SSH_KEY;
	size_t i;

	for (i = 0; i < service->names.count; i++) {
		const char *name = service->names.item[i];
		bool is_sshd = bytes_starts(bytes_str(name), bytes_str("sshd"));

		if (is_for_sshd && !is_sshd)
			parser_fail(in, "proof = ssh-key is for services whose "
			    "name begins with sshd: nothing tells [service %s] "
			    "which key was proved", name);
		else if (!is_for_sshd && is_sshd)
			parser_fail(in, "proof = session is for programs "
			    "inside a session; [service %s] opens it: proof = "
			    "ssh-key", name);
	}
}

/* A rule about a key that is never proved would never be true. */
static void
check_key_rules(struct parser *in, const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		if (!rule->names_key)
			continue;
		in->line.line = rule->line;
		parser_fail(in, "sshkey and sshca need proof = ssh-key or "
		    "proof = session in this section; a claim of this name "
		    "must be quoted");
	}
}

void
policy_check_proof(struct parser *in, const struct service *service)
{
	in->line.line = service->proof_line;
	if (service->proof != SERVICE_PROOF_NONE) {
		check_proof_names(in, service);
		return;
	}
	if (service->require_proof) {
		in->line.line = service->line;
		parser_fail(in, "require_proof needs proof = ssh-key or "
		    "proof = session");
	}
	check_key_rules(in, service);
}
