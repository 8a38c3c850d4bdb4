/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt issue: builds a claim set and signs it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "core/b64url.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/jws.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/keypair.h"
#include "tool/options.h"
#include "tool/tool.h"

#define JTI_BYTES 16	/* 128 bits: nobody meets one twice */

struct issue_options {
	const char *key;
	const char *iss;
	const char *sub;
	const char *ttl;
	const char *typ;
	const char *now;
	bool no_jti;
	struct option_list aud;
	struct option_list claims;
	struct option_list json_claims;
};

static bool
complain(const char *what, const char *why)
{
	fprintf(stderr, "pam-jwt: %s: %s\n", what, why);
	return false;
}

/* Claims that options of their own set. */
static bool
is_reserved(struct bytes name)
{
	static const char *const names[] = {
		"iss", "sub", "aud", "iat", "exp", "jti"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_eq_str(name, names[i]))
			return true;
	}
	return false;
}

/* A claim set as text: json-c would print a number in its own spelling. */
struct claim_text {
	FILE *out;
	char *text;
	size_t len;
	bool empty;
};

static void
put_string(FILE *out, struct bytes text)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void
put_name(struct claim_text *set, struct bytes name)
{
	if (!set->empty)
		fputc(',', set->out);
	set->empty = false;
	put_string(set->out, name);
	fputc(':', set->out);
}

static void
put_claim(struct claim_text *set, const char *name, const char *value)
{
	put_name(set, bytes_str(name));
	put_string(set->out, bytes_str(value));
}

static void
put_audience(struct claim_text *set, const struct option_list *aud)
{
	size_t i;

	if (aud->count == 1) {
		put_claim(set, "aud", aud->item[0]);
		return;
	}
	put_name(set, bytes_str("aud"));
	for (i = 0; i < aud->count; i++) {
		fputc(i == 0 ? '[' : ',', set->out);
		put_string(set->out, bytes_str(aud->item[i]));
	}
	fputc(']', set->out);
}

static bool
put_jti(struct claim_text *set)
{
	uint8_t random[JTI_BYTES];
	char jti[32] = "";

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return complain("jti", "the kernel gives no random bytes");
	b64url_encode(bytes_of(random, sizeof(random)), jti);
	put_claim(set, "jti", jti);
	return true;
}

/* NAME=VALUE; the value as a string, or as the JSON that it is. */
static bool
put_extra(struct claim_text *set, const char *argument, bool is_json)
{
	const char *equals = strchr(argument, '=');
	struct bytes name;

	if (equals == NULL || equals == argument)
		return complain(argument, "not NAME=VALUE");
	name = bytes_of(argument, (size_t)(equals - argument));
	if (is_reserved(name))
		return complain(argument, "this claim has an option of its "
		    "own");
	put_name(set, name);
	if (is_json)
		fputs(equals + 1, set->out);
	else
		put_string(set->out, bytes_str(equals + 1));
	return true;
}

static bool
put_extras(struct claim_text *set, const struct option_list *list,
    bool is_json)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!put_extra(set, list->item[i], is_json))
			return false;
	}
	return true;
}

static bool
put_all(struct claim_text *set, const struct issue_options *options)
{
	long long now;
	unsigned ttl;

	if (!options_time(options->now, &now))
		return false;
	if (!conf_duration(bytes_str(options->ttl), &ttl) || ttl == 0)
		return complain("--ttl", "not a duration: 90s 10m 8h");
	fputc('{', set->out);
	put_claim(set, "iss", options->iss);
	put_claim(set, "sub", options->sub);
	put_audience(set, &options->aud);
	put_name(set, bytes_str("iat"));
	fprintf(set->out, "%lld", now);
	put_name(set, bytes_str("exp"));
	fprintf(set->out, "%lld", now + (long long)ttl);
	if (!options->no_jti && !put_jti(set))
		return false;
	if (!put_extras(set, &options->claims, false) ||
	    !put_extras(set, &options->json_claims, true))
		return false;
	fputc('}', set->out);
	return true;
}

/* What our own gate would refuse is not signed: a name twice, bad JSON. */
static bool
passes_gate(struct bytes text, const char *what)
{
	enum jwt_reason reason;
	struct secret copy;
	struct json_doc doc = { 0 };

	reason = secret_copy(text, &copy);
	if (reason == JWT_OK)
		reason = json_parse(copy.ptr, copy.len, &json_token_limits,
		    &doc);
	json_clear(&doc);
	secret_clear(&copy);
	return reason == JWT_OK || complain(what, reason_text(reason));
}

static void
encode_to(struct bytes part, FILE *out)
{
	char *text = calloc(1, b64url_encoded_len(part.len) + 1);

	if (text != NULL) {
		b64url_encode(part, text);
		fputs(text, out);
	}
	free(text);
}

static void
put_header(FILE *out, const struct keypair *pair, const char *typ)
{
	struct claim_text header = { .out = out, .empty = true };

	fputc('{', out);
	put_claim(&header, "alg", alg_row(keypair_alg(pair))->name);
	put_claim(&header, "typ", typ);
	if (keypair_kid(pair)[0] != '\0')
		put_claim(&header, "kid", keypair_kid(pair));
	fputc('}', out);
}

/* header.payload, then the signature over it. */
static bool
print_token(const struct keypair *pair, const char *typ, struct bytes claims)
{
	struct claim_text header = { 0 }, input = { 0 };
	struct secret signature = { 0 };
	bool ok = false;

	header.out = open_memstream(&header.text, &header.len);
	input.out = open_memstream(&input.text, &input.len);
	if (header.out == NULL || input.out == NULL)
		goto out;
	put_header(header.out, pair, typ);
	fflush(header.out);
	if (!passes_gate(bytes_of(header.text, header.len), "--typ"))
		goto out;
	encode_to(bytes_of(header.text, header.len), input.out);
	fputc('.', input.out);
	encode_to(claims, input.out);
	fflush(input.out);
	ok = keypair_sign(pair, bytes_of(input.text, input.len), &signature);
	if (!ok) {
		fprintf(stderr, "pam-jwt: OpenSSL does not sign with this "
		    "key\n");
		goto out;
	}
	fputc('.', input.out);
	encode_to(secret_bytes(&signature), input.out);
	fflush(input.out);
	if (input.len > TOKEN_MAX)
		fprintf(stderr, "pam-jwt: warning: %zu bytes, more than the "
		    "module takes\n", input.len);
	printf("%s\n", input.text);
out:
	if (header.out != NULL)
		fclose(header.out);
	if (input.out != NULL)
		fclose(input.out);
	free(header.text);
	free(input.text);
	secret_clear(&signature);
	return ok;
}

static struct keypair *
read_key(const char *path)
{
	struct keypair *pair = NULL;
	struct secret text = { 0 };

	if (input_read_private(path, &text))
		pair = keypair_parse(&text);
	secret_clear(&text);
	return pair;
}

static bool
issue(const struct issue_options *options)
{
	struct claim_text set = { .empty = true };
	struct keypair *pair = NULL;
	bool ok = false;

	set.out = open_memstream(&set.text, &set.len);
	if (set.out == NULL)
		return complain("issue", "memory ran out");
	if (!put_all(&set, options))
		goto out;
	fflush(set.out);
	if (!passes_gate(bytes_of(set.text, set.len), "the claims"))
		goto out;
	pair = read_key(options->key);
	if (pair != NULL)
		ok = print_token(pair, options->typ == NULL ? "JWT" :
		    options->typ, bytes_of(set.text, set.len));
out:
	fclose(set.out);
	free(set.text);
	keypair_free(pair);
	return ok;
}

static bool
is_complete(const struct issue_options *options)
{
	if (options->key != NULL && options->iss != NULL &&
	    options->sub != NULL && options->ttl != NULL &&
	    options->aud.count > 0)
		return true;
	return complain("issue", "--key, --iss, --sub, --aud and --ttl are "
	    "needed; see --help");
}

int
tool_issue(int argc, char **argv)
{
	struct issue_options options = { 0 };
	const struct option_spec specs[] = {
		{ .name = "key", .value = &options.key },
		{ .name = "iss", .value = &options.iss },
		{ .name = "sub", .value = &options.sub },
		{ .name = "aud", .list = &options.aud },
		{ .name = "ttl", .value = &options.ttl },
		{ .name = "claim", .list = &options.claims },
		{ .name = "claim-json", .list = &options.json_claims },
		{ .name = "typ", .value = &options.typ },
		{ .name = "now", .value = &options.now },
		{ .name = "no-jti", .flag = &options.no_jti },
		{ .name = NULL }
	};
	bool ok = options_parse(argc, argv, specs) && is_complete(&options) &&
	    issue(&options);

	option_list_clear(&options.aud);
	option_list_clear(&options.claims);
	option_list_clear(&options.json_claims);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
