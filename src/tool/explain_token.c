/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the form of a token, its header and its signature. */
#include "cli/report.h"
#include "core/base/b64url.h"
#include "tool/hint_form.h"
#include "tool/explain_token.h"

bool
explain_form(const struct explain *explain, FILE *out)
{
	hint_form_print(explain->decoded, out);
	return true;
}

bool
explain_length(const struct explain *explain, FILE *out)
{
	fprintf(out, "%zu bytes", explain->decoded->token.len);
	return true;
}

/* Say which piece of the token has the fault. */
bool
explain_part(const struct explain *explain, FILE *out)
{
	enum jwt_reason reason = explain->verdict->reason;

	if (explain->decoded->header.reason == reason)
		fputs("the header", out);
	else if (explain->decoded->payload.reason == reason)
		fputs("the payload", out);
	else
		fputs("the signature", out);
	return true;
}

bool
explain_header(const struct explain *explain, FILE *out)
{
	static const char *const forbidden[] = {
		"jwk", "jku", "x5u", "b64", "enc", "zip", "cty"
	};
	const struct decoded_json *header = &explain->decoded->header;
	size_t i;

	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		if (decoded_member(header, forbidden[i]) != NULL) {
			fprintf(out, "a login token must not have %s in its "
			    "header", forbidden[i]);
			if (strcmp(forbidden[i], "jku") == 0)
				fputs("; Cloud Foundry UAA and SAP XSUAA "
				    "always send it, so their tokens do not "
				    "log in", out);
			return true;
		}
	}
	fputs("alg is ", out);
	report_value(decoded_member(header, "alg"), out);
	fputs(", kid is ", out);
	report_value(decoded_member(header, "kid"), out);
	fputs(", typ is ", out);
	report_value(decoded_member(header, "typ"), out);
	return true;
}

bool
explain_crit(const struct explain *explain, FILE *out)
{
	fputs("crit is ", out);
	report_values(decoded_member(&explain->decoded->header, "crit"), out);
	return true;
}

/* ---- algorithm ---- */

/* The name that the token has; the log says those that it might have. */
bool
explain_algorithm(const struct explain *explain, FILE *out)
{
	fputs("alg is ", out);
	report_value(decoded_member(&explain->decoded->header, "alg"), out);
	if (explain->verdict->issuer == NULL)
		return true;
	fputs(", ", out);
	return false;
}

/* Whether some issuer of the service has keys that decrypt. */
static bool
has_decryption_keys(const struct explain *explain)
{
	const struct policy *policy = explain->in.policy;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].decryption.count > 0 &&
		    policy_takes_issuer(explain->in.service,
		    &policy->issuers[i]))
			return true;
	}
	return false;
}

bool
explain_encryption(const struct explain *explain, FILE *out)
{
	static const char *const names[] = { "zip", "p2s", "p2c" };
	const struct decoded_json *header = &explain->decoded->header;
	const struct verdict *verdict = explain->verdict;
	size_t i;

	if (!has_decryption_keys(explain) ||
	    verdict->reason == JWT_KEY_AMBIGUOUS ||
	    (verdict->reason == JWT_KEY_UNKNOWN && jwe_has_kid(verdict->jwe)))
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (decoded_member(header, names[i]) == NULL)
			continue;
		fprintf(out, "its header has %s, which is not supported",
		    names[i]);
		return true;
	}
	if (verdict->jws == NULL && jwe_parsed(verdict->jwe) == JWT_OK &&
	    verdict->reason == JWT_ENCRYPTION_UNSUPPORTED) {
		fputs("the token inside is encrypted, too", out);
		return true;
	}
	fputs("alg is ", out);
	report_value(decoded_member(header, "alg"), out);
	fputs(", enc is ", out);
	report_value(decoded_member(header, "enc"), out);
	fputs("; ", out);
	return false;
}

/* ---- signature ---- */

/* Microsoft hashes the nonce before it signs a token for its own services. */
static bool
is_for_microsoft(const struct explain *explain)
{
	struct bytes iss = decoded_string(&explain->decoded->payload, "iss");

	return decoded_member(&explain->decoded->header, "nonce") != NULL &&
	    (bytes_starts(iss, bytes_str("https://sts.windows.net/")) ||
	    bytes_starts(iss, bytes_str("https://login.microsoftonline.")));
}

/* The third part of a token that has three. */
static struct bytes
raw_signature(struct bytes token)
{
	struct bytes rest = token;

	(void)bytes_cut(&rest, '.');
	(void)bytes_cut(&rest, '.');
	return rest;
}

/*
 * The algorithm of the header, where its signatures have one length and the
 * token's is of another; NULL otherwise.
 */
static const struct alg *
other_length(const struct explain *explain, size_t len)
{
	alg_set rest = alg_by_name(decoded_string(&explain->decoded->header, "alg"));
	const struct alg *row = NULL;

	while (rest != 0) {
		row = alg_row((enum alg_id)__builtin_ctz(rest));
		if (row->sig_len == 0 || row->sig_len == len)
			return NULL;
		rest &= rest - 1;
	}
	return row;
}

/* A SEQUENCE (X.690) that is as long as the signature, which has len bytes. */
static bool
is_der(struct bytes raw, size_t len)
{
	uint8_t start[3];
	bool is_sequence;

	if (raw.len < 4 ||
	    b64url_decode(bytes_of(raw.ptr, 4), start) != JWT_OK)
		return false;
	is_sequence = start[0] == 0x30;
	if (start[1] == 0x81)
		return is_sequence && start[2] + 3U == len;
	return is_sequence && start[1] + 2U == len;
}

bool
explain_signature(const struct explain *explain, FILE *out)
{
	struct bytes raw = raw_signature(explain->decoded->token);
	size_t len = b64url_decoded_len(raw.len);
	const struct alg *row = other_length(explain, len);

	if (is_for_microsoft(explain)) {
		fputs("nonce is in the header: a token for a service of "
		    "Microsoft's own (Graph), which only Microsoft can verify: "
		    "ask for a token of an application of yours", out);
		return true;
	}
	if (row != NULL && row->scheme == SCHEME_ECDSA &&
	    is_der(raw, len)) {
		fprintf(out, "the signature is in DER, as OpenSSL makes it; "
		    "one of %s is r and s alone, %zu bytes (RFC 7518 section "
		    "3.4)", row->name, row->sig_len);
		return true;
	}
	if (row != NULL) {
		fprintf(out, "the signature has %zu bytes, and one of %s has "
		    "%zu", len, row->name, row->sig_len);
		return true;
	}
	return false;
}
