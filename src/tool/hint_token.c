/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the form of a token, its header, its issuer and its key. */
#include "cli/report.h"
#include "cli/times.h"
#include "core/base/b64url.h"
#include "tool/hint_form.h"
#include "tool/hint_token.h"

static void
put_algorithms(alg_set set, FILE *out)
{
	while (set != 0) {
		fprintf(out, " %s",
		    alg_row((enum alg_id)__builtin_ctz(set))->name);
		set &= set - 1;
	}
}

void
hint_form(const struct explain *explain, FILE *out)
{
	hint_form_print(explain->decoded, out);
}

void
hint_length(const struct explain *explain, FILE *out)
{
	fprintf(out, "%zu bytes", explain->decoded->token.len);
}

/* Say which piece of the token has the fault. */
void
hint_part(const struct explain *explain, FILE *out)
{
	enum jwt_reason reason = explain->verdict->reason;

	if (explain->decoded->header.reason == reason)
		fputs("the header", out);
	else if (explain->decoded->payload.reason == reason)
		fputs("the payload", out);
	else
		fputs("the signature", out);
}

void
hint_header(const struct explain *explain, FILE *out)
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
			return;
		}
	}
	fputs("alg is ", out);
	report_value(decoded_member(header, "alg"), out);
	fputs(", kid is ", out);
	report_value(decoded_member(header, "kid"), out);
	fputs(", typ is ", out);
	report_value(decoded_member(header, "typ"), out);
}

void
hint_crit(const struct explain *explain, FILE *out)
{
	fputs("crit is ", out);
	report_values(decoded_member(&explain->decoded->header, "crit"), out);
}

/* ---- issuer and key ---- */

static uint8_t
lower(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c | 0x20);
	return c;
}

static bool
same_but_case(struct bytes a, struct bytes b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

static struct bytes
without_slash(struct bytes text)
{
	if (text.len > 0 && text.ptr[text.len - 1] == '/')
		text.len--;
	return text;
}

/* Describe a small difference; NULL if the two differ in more than that. */
static const char *
issuer_difference(struct bytes iss, struct bytes known)
{
	if (bytes_eq(iss, known))
		return "is known, but issuers of this service leaves it out";
	if (bytes_eq(without_slash(iss), without_slash(known)))
		return "differs only by a trailing slash";
	if (same_but_case(iss, known))
		return "differs only by upper and lower case";
	return NULL;
}

void
hint_issuer(const struct explain *explain, FILE *out)
{
	const struct policy *policy = explain->policy;
	const struct json_node *node = decoded_member(
	    &explain->decoded->payload, "iss");
	struct bytes iss = decoded_string(&explain->decoded->payload, "iss");
	size_t i;

	fputs("iss is ", out);
	report_value(node, out);
	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];
		const char *how = issuer_difference(iss,
		    bytes_str(issuer->iss));

		if (how != NULL) {
			fprintf(out, ", which %s; [issuer %s] has %s", how,
			    issuer->name, issuer->iss);
			return;
		}
	}
	fputs("; configured:", out);
	for (i = 0; i < policy->issuer_count && i < REPORT_LIST_MAX; i++)
		fprintf(out, " %s", policy->issuers[i].iss);
}

static void
put_kid(const struct explain *explain, FILE *out)
{
	if (decoded_member(&explain->decoded->header, "kid") == NULL)
		fputs("the token has no kid", out);
	else
		fputs("the token's kid is ", out);
	if (decoded_member(&explain->decoded->header, "kid") != NULL)
		report_quoted(explain->verdict->kid, out);
}

/* Whether the issuer has several keys of the token's kid, and uses none. */
static bool
is_ambiguous(const struct explain *explain)
{
	const struct jwk_set *set = &explain->verdict->issuer->set;
	size_t i;

	for (i = 0; i < set->ambiguous_count; i++) {
		if (bytes_eq(set->ambiguous[i], explain->verdict->kid))
			return true;
	}
	return false;
}

void
hint_key(const struct explain *explain, FILE *out)
{
	const struct issuer *issuer = explain->verdict->issuer;
	size_t i;

	put_kid(explain, out);
	if (is_ambiguous(explain)) {
		fprintf(out, ", and issuer %s has different keys of that kid "
		    "for one algorithm, so none of them is used",
		    issuer->name);
		return;
	}
	fprintf(out, ", the keys of issuer %s are", issuer->name);
	for (i = 0; i < issuer->set.count && i < REPORT_LIST_MAX; i++) {
		const struct jwk *key = &issuer->set.keys[i];

		fputc(' ', out);
		if (key->has_kid)
			report_quoted(key->kid, out);
		else
			fprintf(out, "(a %s without kid)",
			    alg_kind_name(key->kind));
	}
	fputs(issuer->set.count > REPORT_LIST_MAX ? " ...: " : ": ", out);
	fputs("does the issuer have new keys?", out);
}

void
hint_stale(const struct explain *explain, FILE *out)
{
	const struct issuer *issuer = explain->verdict->issuer;

	fprintf(out, "issuer %s has no fetched keys that count; ",
	    issuer->name);
	if (issuer->synced > 0) {
		fputs("those it has are of ", out);
		times_print_date(issuer->synced, out);
		fputs("; ", out);
	}
	fprintf(out, "pam-jwt check says why, pam-jwt sync %s fetches them",
	    issuer->name);
}

/* Show the token's alg, those of the issuer, and that of the key. */
void
hint_algorithm(const struct explain *explain, FILE *out)
{
	const struct issuer *issuer = explain->verdict->issuer;
	size_t i;

	fputs("alg is ", out);
	report_value(decoded_member(&explain->decoded->header, "alg"), out);
	if (issuer == NULL)
		return;
	fprintf(out, ", issuer %s may use", issuer->name);
	put_algorithms(issuer->algorithms, out);
	for (i = 0; i < issuer->set.count; i++) {
		const struct jwk *key = &issuer->set.keys[i];

		if (!key->has_kid || key->algs == 0 ||
		    !bytes_eq(key->kid, explain->verdict->kid))
			continue;
		fprintf(out, ", and the key of its kid is for %s",
		    alg_row(key->alg)->name);
		return;
	}
}

/* ---- signature ---- */

/* What Microsoft signs for its own services has the nonce hashed. */
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

void
hint_signature(const struct explain *explain, FILE *out)
{
	struct bytes raw = raw_signature(explain->decoded->token);
	size_t len = b64url_decoded_len(raw.len);
	const struct alg *row = other_length(explain, len);

	if (is_for_microsoft(explain)) {
		fputs("nonce is in the header: a token for a service of "
		    "Microsoft's own (Graph), which only Microsoft can verify: "
		    "ask for a token of an application of yours", out);
		return;
	}
	if (row != NULL && row->scheme == SCHEME_ECDSA &&
	    is_der(raw, len)) {
		fprintf(out, "the signature is in DER, as OpenSSL makes it; "
		    "one of %s is r and s alone, %zu bytes (RFC 7518 section "
		    "3.4)", row->name, row->sig_len);
		return;
	}
	if (row != NULL) {
		fprintf(out, "the signature has %zu bytes, and one of %s has "
		    "%zu", len, row->name, row->sig_len);
		return;
	}
	put_kid(explain, out);
	fprintf(out, "; the token was changed, or issuer %s signs with "
	    "another key than the one in its key file",
	    explain->verdict->issuer->name);
}
