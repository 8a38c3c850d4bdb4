/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt inspect: shows what a token says, without verifying anything, and
 * which programs take a token of its size.
 */
#include <stdio.h>

#include "cli/decoded.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/times.h"
#include "core/base/date.h"
#include "core/base/number.h"
#include "core/jose/jwe.h"
#include "core/jose/shape.h"
#include "core/programs.h"
#include "core/proof.h"
#include "tool/hint_form.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/tool.h"

/* Claims that are times, in RFC 7519 and in OpenID Connect. */
static const char *const dates[] = {
	"auth_time", "iat", "nbf", "exp", "updated_at"
};

/* The module takes no more than TOKEN_MAX, even if a program passes more. */
static bool
fits(size_t len, size_t limit)
{
	return len <= limit && len <= TOKEN_MAX;
}

static void
print_dates(const struct decoded *decoded, int64_t now)
{
	struct number_date date;
	const char *unit;
	size_t i;

	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		const struct json_node *node = decoded_member(&decoded->payload,
		    dates[i]);

		if (!json_is(node, JSON_NUMBER) ||
		    number_date(json_text(node), &date) != JWT_OK)
			continue;
		printf("  %-10s ", dates[i]);
		times_print_date(date.floor_sec, stdout);
		fputs("  (", stdout);
		times_print_distance(date.floor_sec, now, stdout);
		fputs(")", stdout);
		unit = date_other_unit(date.floor_sec);
		if (unit != NULL)
			printf("  in %s? A time is in seconds", unit);
		fputs("\n", stdout);
	}
}

/* Say without which key the token is worth nothing. */
static void
print_binding(const struct decoded *decoded)
{
	const struct json_node *cnf = decoded_member(&decoded->payload, "cnf");
	struct proof_binding binding;
	char text[PROOF_TEXT_SIZE];

	if (cnf == NULL)
		return;
	fputs("\nbound to ", stdout);
	if (proof_read_cnf(cnf, &binding) == JWT_OK)
		proof_describe(&binding, text);
	else
		snprintf(text, sizeof(text), "something that no ssh key can "
		    "prove");
	printf("%s\n", text);
}

static const char *
how(size_t len, const struct program *program)
{
	if (fits(len, program->answer_max))
		return "fits";
	if (program->asks_on && len <= TOKEN_MAX)
		return "in parts";
	return "too long";
}

/* Programs with the same limit share a line. */
static void
print_sizes(size_t len)
{
	const struct program *program, *next;
	size_t limit = 0, i;

	printf("\nsize %zu bytes\n", len);
	for (i = 0; (program = programs_row(i)) != NULL; i++) {
		next = programs_row(i + 1);
		if (program->answer_max != limit)
			printf("  %-8s %6zu  ", how(len, program),
			    program->answer_max);
		limit = program->answer_max;
		if (next != NULL && next->answer_max == limit)
			printf("%s, ", program->name);
		else
			printf("%s\n", program->name);
	}
}

/* Print the header or the claims as JSON; if they are not JSON, the bytes. */
static void
print_decoded(const char *name, const struct decoded_json *json)
{
	printf("%s ", name);
	if (json->reason == JWT_OK) {
		json_out_print(json_out_node(decoded_root(json)), true, stdout);
		return;
	}
	if (json->raw.len == 0) {
		printf("(absent)\n");
		return;
	}
	printf("(%s) ", reason_name(json->reason));
	if (json->text.len > 0)
		report_quoted(secret_bytes(&json->text), stdout);
	else
		report_quoted(json->raw, stdout);
	fputc('\n', stdout);
}

static void
print_form(const struct decoded *decoded)
{
	fputs("hint: ", stdout);
	hint_form_print(decoded, stdout);
	fputc('\n', stdout);
}

/* A token as it was parsed: one of the two is NULL. */
struct parsed {
	struct jws *jws;
	struct jwe *jwe;	/* it is encrypted */
};

/* Say who can read an encrypted token: nobody else sees its claims. */
static void
print_recipient(const struct jwe *jwe)
{
	fputs("\nencrypted for ", stdout);
	if (jwe_has_kid(jwe))
		report_quoted(jwe_unverified_kid(jwe), stdout);
	else
		fputs("a key that it does not name", stdout);
	fputs(": only that host can read its claims, by pam-jwt verify\n",
	    stdout);
}

static void
print_text(const struct decoded *decoded, const struct parsed *parsed,
    enum jwt_reason reason, int64_t now)
{
	printf("NOT VERIFIED: anybody can have written this\n");
	if (reason != JWT_OK)
		printf("refused: %s - %s\n", reason_name(reason),
		    reason_text(reason));
	if (reason == JWT_TOKEN_FORM)
		print_form(decoded);
	print_decoded("\nheader", &decoded->header);
	if (parsed->jwe != NULL) {
		print_recipient(parsed->jwe);
	} else {
		print_decoded("claims", &decoded->payload);
		print_dates(decoded, now);
		print_binding(decoded);
	}
	/* Of what is no token the size says nothing. */
	if (reason != JWT_TOKEN_FORM && reason != JWT_TOKEN_EMPTY)
		print_sizes(decoded->token.len);
}

static void
print_json(const struct decoded *decoded, const struct parsed *parsed,
    enum jwt_reason reason)
{
	struct json_object *out = json_out_object();
	struct json_object *programs = json_out_object();
	struct json_object *parts = json_out_object();
	const struct program *program;
	size_t i;

	json_out_boolean(out, "verified", false);
	json_out_string(out, "reason", reason_name(reason));
	json_out_boolean(out, "encrypted", parsed->jwe != NULL);
	json_out_member(out, "header",
	    json_out_node(decoded_root(&decoded->header)));
	if (parsed->jwe != NULL)
		json_out_member(out, "claims", json_out_object());
	else
		json_out_member(out, "claims",
		    json_out_node(decoded_root(&decoded->payload)));
	json_out_number(out, "size", (long long)decoded->token.len);
	for (i = 0; (program = programs_row(i)) != NULL; i++) {
		json_out_boolean(programs, program->name,
		    fits(decoded->token.len, program->answer_max));
		json_out_boolean(parts, program->name,
		    program->asks_on && decoded->token.len <= TOKEN_MAX);
	}
	json_out_member(out, "fits", programs);
	json_out_member(out, "fits_in_parts", parts);
	json_out_print(out, false, stdout);
}

/* Parse as the module does, by the outer form. */
static enum jwt_reason
parse(struct bytes token, struct parsed *out)
{
	enum jwt_reason reason;

	*out = (struct parsed){ .jws = NULL };
	if (jwe_has_form(token)) {
		reason = jwe_parse(token, &out->jwe);
		if (out->jwe != NULL && programs_has_cut(
		    jwe_is_begun(out->jwe), jwe_len(out->jwe)))
			return JWT_TOKEN_CUT;
		return reason;
	}
	reason = jws_parse(token, &out->jws);
	if (reason != JWT_OUT_OF_MEMORY)
		reason = programs_reason(out->jws);
	return reason;
}

static int
inspect(struct bytes token, bool json, int64_t now)
{
	struct parsed parsed;
	enum jwt_reason reason = parse(token, &parsed);
	struct decoded decoded;

	decoded_open(token, &decoded);
	if (json)
		print_json(&decoded, &parsed, reason);
	else
		print_text(&decoded, &parsed, reason, now);
	decoded_clear(&decoded);
	jws_free(parsed.jws);
	jwe_free(parsed.jwe);
	if (reason != JWT_OK)
		return EXIT_NO;
	return EXIT_YES;
}

int
tool_inspect(int argc, char **argv)
{
	const char *file = NULL;
	bool json = false;
	const struct option_spec specs[] = {
		{ .name = "", .value = &file },
		{ .name = "json", .flag = &json },
		{ .name = NULL }
	};
	struct secret token = { 0 };
	int code = EXIT_TROUBLE;
	int64_t now;

	if (options_parse("pam-jwt inspect", argc, argv, specs) && options_time(NULL, &now) &&
	    input_read_token(file, &token))
		code = inspect(shape_trim(secret_bytes(&token)), json, now);
	secret_clear(&token);
	return code;
}
