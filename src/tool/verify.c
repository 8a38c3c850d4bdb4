/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt verify: reaches the verdict of the module with its code, and shows
 * each step.  It is dry: no one-time token is used up.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/paint.h"
#include "cli/report.h"
#include "core/jose/shape.h"
#include "host/accounts.h"
#include "host/load.h"
#include "host/state/state.h"
#include "tool/explain_hint.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/tool.h"

#define SERVICE_SIZE 64	/* bytes; longer than any name in /etc/pam.d */

struct verify_options {
	const char *config;
	const char *service;
	const char *user;
	const char *rhost;
	const char *ssh_auth_info;	/* as sshd gives it to PAM */
	const char *now;
	const char *file;	/* of the token; NULL: standard input */
	bool json;
};

/* Trouble is an error of usage or configuration; "no" is a refused token. */
static int
exit_of(enum jwt_reason reason)
{
	switch (reason_class(reason)) {
	case JWT_CLASS_OK:
		return EXIT_YES;
	case JWT_CLASS_CONFIGURATION:
	case JWT_CLASS_INTERNAL:
		return EXIT_TROUBLE;
	default:
		return EXIT_NO;
	}
}

static void
print_json(const struct explain *explain, const char *hint)
{
	const struct verdict *verdict = explain->verdict;
	struct json_object *out = json_out_object();
	const struct json_node *claims = NULL;
	bool accepted = verdict->reason == JWT_OK;
	const char *issuer = NULL;

	if (verdict->issuer != NULL)
		issuer = verdict->issuer->name;
	if (verdict->claims != NULL)
		claims = decoded_root(&explain->decoded->payload);
	json_out_string(out, "verdict", accepted ? "accept" : "refuse");
	json_out_string(out, "reason", reason_name(verdict->reason));
	json_out_string(out, "account", accepted ? verdict->account : NULL);
	json_out_string(out, "issuer", issuer);
	json_out_string(out, "service", explain->service);
	json_out_string(out, "user", explain->in.user);
	if (verdict->rule != NULL && verdict->rule->line != 0)
		json_out_number(out, "line", verdict->rule->line);
	if (hint[0] != '\0')
		json_out_string(out, "hint", hint);
	explain_json(explain, out);
	json_out_member(out, "claims", json_out_node(claims));
	json_out_print(out, false, stdout);
}

static void
print_text(const struct explain *explain, const char *hint)
{
	const struct verdict *verdict = explain->verdict;

	explain_print(explain, stdout);
	if (hint[0] != '\0')
		printf("hint: %s\n", hint);
	paint_begin(verdict->reason == JWT_OK, stdout);
	if (verdict->reason != JWT_OK) {
		printf("refused: %s", reason_name(verdict->reason));
		paint_end(stdout);
		printf(" - %s\n", reason_text(verdict->reason));
		return;
	}
	printf("accepted: %s", verdict->account);
	paint_end(stdout);
	printf(", ");
	if (verdict->rule != NULL && verdict->rule->line != 0)
		printf("by line %u\n", verdict->rule->line);
	else
		printf("by default\n");
}

/*
 * The keys of --ssh-auth-info.  A line that could never come from sshd is a
 * typing error, and must not look like a key that does not fit.
 */
static bool
read_proof(const struct verify_options *options, struct proof *out)
{
	const char *text = options->ssh_auth_info;

	*out = (struct proof){ .count = 0 };
	if (text == NULL)
		return true;
	if (proof_read(bytes_str(text), out) != JWT_OK)
		return complain("verify: memory ran out");
	if (out->count == 0 && text[0] != '\0')
		complain("warning: --ssh-auth-info has no key that counts: "
		    "\"publickey TYPE BASE64\" on each line");
	return true;
}

/*
 * Print the errors of everything that the service could need, also where a
 * login by this token does not: an administrator can mend them at once.
 */
static enum jwt_reason
report_errors(const struct explain *explain, const char *config)
{
	struct policy policy = { 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason = load_policy(config, explain->service,
	    explain->in.now, &diag, &policy);

	if (reason != JWT_OK)
		report_diag(&diag, stderr);
	policy_clear(&policy);
	diag_clear(&diag);
	return reason;
}

/* Load and decide; errors of the configuration go to stderr. */
static void
reach(const char *config, const struct load_late *late,
    struct explain *explain, struct verdict *verdict)
{
	struct verdict_observer observer = explain_observer(explain);
	enum jwt_reason all = report_errors(explain, config);
	struct policy *policy = late->policy;
	struct verdict_input in;
	struct state state;

	verdict->reason = load_for_login(config, explain->service, late->diag,
	    policy);
	state_open(&policy->state, &state);
	if (verdict->reason == JWT_OK) {
		explain->in.policy = policy;
		explain->in.service = policy_service(policy, explain->service);
		in = explain->in;
		in.state = state_store(&state);
		in.observer = &observer;
		verdict_parse(explain->decoded->token, &in);
		verdict->reason = verdict_reach(&in, verdict);
	}
	if (all != JWT_OK && reason_class(verdict->reason) !=
	    JWT_CLASS_CONFIGURATION)
		fprintf(stderr, "pam-jwt: this token does not need what has "
		    "these errors\n");
	if (state.fault[0] != '\0')
		fprintf(stderr, "pam-jwt: the state cannot be read: %s\n",
		    state.fault);
	state_close(&state);
}

/*
 * Show the token inside from now on, if one came out of an encrypted one and is
 * sound.  It borrows from the verdict.
 */
static void
show_inside(const struct verdict *verdict, struct decoded *decoded)
{
	if (verdict->jwe == NULL || verdict->jws == NULL ||
	    jws_parsed(verdict->jws) != JWT_OK)
		return;
	decoded_clear(decoded);
	decoded_open(jws_signing_input(verdict->jws), decoded);
}

/* Not inlined: with tool_verify() the stack frame would be too large. */
__attribute__((noinline)) static int
verify(const struct verify_options *options, const char *config,
    int64_t now, const struct proof *proof, struct bytes token)
{
	struct policy policy = { 0 };
	struct diag diag = { 0 };
	struct load_late late = {
		.policy = &policy, .diag = &diag, .now = now
	};
	struct policy_source source = load_source(&late);
	struct verdict verdict = { .reason = JWT_INTERNAL };
	struct decoded decoded;
	struct explain explain = {
		.in = {
			.user = options->user, .rhost = options->rhost,
			.proof = proof, .now = now, .source = &source,
			.accounts = &accounts_host, .dry = true
		},
		.verdict = &verdict, .decoded = &decoded,
		.service = options->service
	};
	char hint[HINT_SIZE];
	int code;

	decoded_open(token, &decoded);
	reach(config, &late, &explain, &verdict);
	show_inside(&verdict, &decoded);
	explain_hint(&explain, hint);
	if (options->json)
		print_json(&explain, hint);
	else
		print_text(&explain, hint);
	code = exit_of(verdict.reason);
	explain_clear(&explain);
	decoded_clear(&decoded);
	verdict_clear(&verdict);
	policy_clear(&policy);
	diag_clear(&diag);
	return code;
}

/* libpam makes the name of a service lowercase: pam_start(3). */
static bool
as_libpam(const char *name, char *out, size_t size)
{
	size_t i;

	if (strlen(name) >= size)
		return complain("verify: --service is too long");
	for (i = 0; name[i] != '\0'; i++) {
		out[i] = name[i];
		if (name[i] >= 'A' && name[i] <= 'Z')
			out[i] = (char)(name[i] | 0x20);
	}
	out[i] = '\0';
	return true;
}

int
tool_verify(int argc, char **argv)
{
	struct verify_options options = { .json = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &options.config },
		{ .name = "", .value = &options.file },
		{ .name = "service", .value = &options.service,
		  .is_needed = true },
		{ .name = "user", .value = &options.user },
		{ .name = "rhost", .value = &options.rhost },
		{ .name = "ssh-auth-info", .value = &options.ssh_auth_info },
		{ .name = "now", .value = &options.now },
		{ .name = "json", .flag = &options.json },
		{ .name = NULL }
	};
	struct secret token = { 0 };
	char config[INPUT_PATH_SIZE], service[SERVICE_SIZE];
	struct proof proof;
	int code = EXIT_TROUBLE;
	int64_t now;

	if (!options_parse("pam-jwt verify", argc, argv, specs))
		return EXIT_TROUBLE;
	if (!as_libpam(options.service, service, sizeof(service)))
		return EXIT_TROUBLE;
	options.service = service;
	if (options.config == NULL)
		options.config = LOAD_CONFIG_DEFAULT;
	if (options_time(options.now, &now) &&
	    input_absolute(options.config, config, sizeof(config)) &&
	    read_proof(&options, &proof) && input_read_token(options.file,
	    &token))
		code = verify(&options, config, now, &proof,
		    shape_trim(secret_bytes(&token)));
	secret_clear(&token);
	return code;
}
