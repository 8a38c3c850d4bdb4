/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt issue: builds a claim set and signs it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "core/b64url.h"
#include "core/conf.h"
#include "core/jws.h"
#include "core/number.h"
#include "core/policy.h"
#include "tool/complain.h"
#include "tool/input.h"
#include "tool/keyfile.h"
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

/* ---- options ---- */

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

/*
 * One value and nothing after it: {"a":1} is well-formed, and so would be
 * 1,"exp":2 between two braces.
 */
static bool
is_json(const char *text)
{
	struct json_doc doc = { 0 };
	struct secret copy = { 0 };
	bool ok;

	ok = secret_copy(bytes_str(text), &copy) == JWT_OK &&
	    json_parse_value(copy.ptr, copy.len, &json_token_limits, &doc) ==
	    JWT_OK;
	json_clear(&doc);
	secret_clear(&copy);
	return ok;
}

/* NAME=VALUE with a name that is free. */
static bool
check_claim(const char *argument, bool as_json)
{
	const char *equals = strchr(argument, '=');

	if (equals == NULL || equals == argument)
		return complain("%s: not NAME=VALUE", argument);
	if (is_reserved(bytes_of(argument, (size_t)(equals - argument))))
		return complain("%s: this claim has an option of its "
		    "own, or is set by itself", argument);
	if (as_json && !is_json(equals + 1))
		return complain("%s: the value is not one strictly "
		    "valid JSON value; a string is in quotes, or use "
		    "--claim", argument);
	return true;
}

static bool
check_lists(const struct issue_options *options)
{
	size_t i;

	for (i = 0; i < options->aud.count; i++) {
		if (!options_text("--aud", options->aud.item[i]))
			return false;
	}
	for (i = 0; i < options->claims.count; i++) {
		if (!check_claim(options->claims.item[i], false))
			return false;
	}
	for (i = 0; i < options->json_claims.count; i++) {
		if (!check_claim(options->json_claims.item[i], true))
			return false;
	}
	return true;
}

static bool
check_options(const struct issue_options *options)
{
	if (options->key == NULL || options->iss == NULL ||
	    options->sub == NULL || options->ttl == NULL ||
	    options->aud.count == 0)
		return complain("issue: --key, --iss, --sub, --aud and "
		    "--ttl are needed; see pam-jwt issue --help");
	return options_text("--iss", options->iss) &&
	    options_text("--sub", options->sub) &&
	    (options->typ == NULL || options_text("--typ", options->typ)) &&
	    check_lists(options);
}

static bool
find_times(const struct issue_options *options, int64_t *iat, int64_t *exp)
{
	unsigned ttl_sec;

	if (!options_time(options->now, iat))
		return false;
	if (!conf_duration(bytes_str(options->ttl), &ttl_sec) || ttl_sec == 0)
		return complain("--ttl: not a duration: 90s 10m 8h");
	*exp = *iat + (int64_t)ttl_sec;
	if (*exp > NUMBER_DATE_MAX)
		return complain("--now: beyond what a token can say");
	if (ttl_sec > DURATION_MAX_SEC)
		return complain("--ttl: no host accepts more than 366d");
	if (ttl_sec > LIFETIME_DEFAULT_SEC)
		complain("warning: hosts refuse a token that is valid for "
		    "more than max_lifetime, which is 24h unless they set it");
	return true;
}

/* ---- header and claims, as text ---- */

struct text {
	FILE *out;
	char *ptr;	/* owned; valid when out is closed */
	size_t len;
	bool begun;	/* has a member */
};

static bool
text_open(struct text *text)
{
	*text = (struct text){ 0 };
	text->out = open_memstream(&text->ptr, &text->len);
	if (text->out == NULL)
		return complain("issue: memory ran out");
	fputc('{', text->out);
	return true;
}

/* A piece that found no memory must not be missing in silence. */
static bool
text_close(struct text *text)
{
	bool ok;

	fputc('}', text->out);
	ok = fflush(text->out) == 0 && !ferror(text->out);
	ok = fclose(text->out) == 0 && ok;
	text->out = NULL;
	return ok || complain("issue: memory ran out");
}

static void
text_clear(struct text *text)
{
	if (text->out != NULL)
		fclose(text->out);
	free(text->ptr);
	*text = (struct text){ 0 };
}

/* What must be escaped by RFC 8259 section 7; UTF-8 is left to the gate. */
static void
put_string(FILE *out, struct bytes text)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c < 0x20)
			fprintf(out, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void
put_name(struct text *set, struct bytes name)
{
	if (set->begun)
		fputc(',', set->out);
	set->begun = true;
	put_string(set->out, name);
	fputc(':', set->out);
}

static void
put_claim(struct text *set, const char *name, const char *value)
{
	put_name(set, bytes_str(name));
	put_string(set->out, bytes_str(value));
}

static void
put_time(struct text *set, const char *name, int64_t value)
{
	put_name(set, bytes_str(name));
	fprintf(set->out, "%lld", (long long)value);
}

static void
put_audience(struct text *set, const struct option_list *aud)
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
put_jti(struct text *set)
{
	uint8_t random[JTI_BYTES];
	char jti[32] = "";

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return complain("jti: the kernel gives no random bytes");
	b64url_encode(bytes_of(random, sizeof(random)), jti);
	put_claim(set, "jti", jti);
	return true;
}

/* NAME=VALUE; the value as a string, or as the JSON that it is. */
static void
put_extras(struct text *set, const struct option_list *list, bool as_json)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const char *equals = strchr(list->item[i], '=');

		put_name(set, bytes_of(list->item[i],
		    (size_t)(equals - list->item[i])));
		if (as_json)
			fputs(equals + 1, set->out);
		else
			put_string(set->out, bytes_str(equals + 1));
	}
}

static bool
put_claims(struct text *set, const struct issue_options *options)
{
	int64_t iat = 0, exp = 0;

	if (!find_times(options, &iat, &exp))
		return false;
	put_claim(set, "iss", options->iss);
	put_claim(set, "sub", options->sub);
	put_audience(set, &options->aud);
	put_time(set, "iat", iat);
	put_time(set, "exp", exp);
	if (!options->no_jti && !put_jti(set))
		return false;
	put_extras(set, &options->claims, false);
	put_extras(set, &options->json_claims, true);
	return text_close(set);
}

static bool
put_header(struct text *header, const struct keypair *pair, const char *typ)
{
	put_claim(header, "alg", pair->alg_name);
	put_claim(header, "typ", typ == NULL ? "JWT" : typ);
	if (pair->kid[0] != '\0')
		put_claim(header, "kid", pair->kid);
	return text_close(header);
}

/* ---- the token ---- */

/* Append a part, after a dot where it is not the first. */
static void
append(struct secret *token, struct bytes part)
{
	if (token->len > 0)
		token->ptr[token->len++] = '.';
	b64url_encode(part, (char *)token->ptr + token->len);
	token->len += b64url_encoded_len(part.len);
}

/* What no host would read is not handed out: a name twice, a kid too long. */
static bool
is_readable(struct bytes token)
{
	struct jws *jws = NULL;
	enum jwt_reason reason = jws_parse(token, &jws);

	jws_free(jws);
	return reason == JWT_OK || complain("the token would be refused: %s",
	    reason_text(reason));
}

static bool
sign(const struct keypair *pair, struct bytes header, struct bytes claims,
    struct secret *out)
{
	struct secret signature = { 0 }, input = { 0 };
	bool ok = false;

	if (secret_alloc(b64url_encoded_len(header.len) + 1 +
	    b64url_encoded_len(claims.len), &input) != JWT_OK)
		return complain("issue: memory ran out");
	input.len = 0;
	append(&input, header);
	append(&input, claims);
	if (!keypair_sign(pair, secret_bytes(&input), &signature))
		complain("issue: OpenSSL does not sign with this key");
	else if (secret_alloc(input.len + 1 +
	    b64url_encoded_len(signature.len), out) != JWT_OK)
		complain("issue: memory ran out");
	else
		ok = true;
	if (ok) {
		memcpy(out->ptr, input.ptr, input.len);
		out->len = input.len;
		append(out, secret_bytes(&signature));
	}
	secret_clear(&signature);
	secret_clear(&input);
	return ok;
}

static bool
print_token(const struct keypair *pair, const char *typ, struct bytes claims)
{
	struct secret token = { 0 };
	struct text header;
	bool ok;

	ok = text_open(&header) && put_header(&header, pair, typ) &&
	    sign(pair, bytes_of(header.ptr, header.len), claims, &token) &&
	    is_readable(secret_bytes(&token));
	if (ok) {
		fwrite(token.ptr, 1, token.len, stdout);
		fputc('\n', stdout);
	}
	text_clear(&header);
	secret_clear(&token);
	return ok;
}

/* The one private key in a file of the caller's. */
static bool
read_key(const char *path, struct keyfile *out)
{
	struct secret text = { 0 };
	bool ok;

	ok = input_read_private(path, &text) && keyfile_read(&text, out);
	secret_clear(&text);
	if (!ok)
		return false;
	if (out->count != 1)
		return complain("%s: more than one key: which is to "
		    "sign?", path);
	return out->pairs[0].has_private || complain("%s: a public key, "
	    "which does not sign: the private one is needed", path);
}

static bool
issue(const struct issue_options *options)
{
	struct keyfile keys = { 0 };
	struct text claims;
	bool ok;

	ok = text_open(&claims) && put_claims(&claims, options) &&
	    read_key(options->key, &keys) &&
	    print_token(&keys.pairs[0], options->typ,
	    bytes_of(claims.ptr, claims.len));
	keyfile_clear(&keys);
	text_clear(&claims);
	return ok;
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
	bool ok;

	ok = options_parse(argc, argv, specs) && check_options(&options) &&
	    issue(&options);
	option_list_clear(&options.aud);
	option_list_clear(&options.claims);
	option_list_clear(&options.json_claims);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
