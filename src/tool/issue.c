/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issue: turns options into the values of a token.  mint.c makes the
 * token.  Options that every host would refuse are an error here.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "core/base/number.h"
#include "core/policy/conf.h"
#include "core/policy/policy.h"
#include "issuer/encrypt.h"
#include "issuer/keyfile.h"
#include "issuer/mint.h"
#include "tool/input.h"
#include "tool/ssh_public.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt issue"

#define CNF_SIZE 64	/* bytes of a cnf with a thumbprint */

struct issue_options {
	const char *key;
	const char *iss;
	const char *sub;
	const char *ttl;
	const char *typ;
	const char *now;
	const char *cnf_ssh_key;
	const char *encrypt_to;
	const char *enc;
	bool no_jti;
	struct option_list aud;
	struct option_list claims;
	struct option_list json_claims;
};

/* ---- options ---- */

/* Whether a claim has an option of its own. */
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
 * Against a value that smuggles in a second claim: 1,"exp":2 would be valid
 * between the braces of the token.  So it must be one JSON value, and end
 * there.
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

/* Check NAME=VALUE; the name must not be a reserved one. */
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

/* The option --cnf-ssh-key sets cnf; a token must not have it twice. */
static bool
check_cnf(const struct issue_options *options, const char *argument)
{
	if (options->cnf_ssh_key == NULL ||
	    strncmp(argument, "cnf=", strlen("cnf=")) != 0)
		return true;
	return command_fail(COMMAND, "--cnf-ssh-key and a claim cnf do not go "
	    "together");
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
		if (!check_claim(options->claims.item[i], false) ||
		    !check_cnf(options, options->claims.item[i]))
			return false;
	}
	for (i = 0; i < options->json_claims.count; i++) {
		if (!check_claim(options->json_claims.item[i], true) ||
		    !check_cnf(options, options->json_claims.item[i]))
			return false;
	}
	return true;
}

static bool
check_options(const struct issue_options *options)
{
	if (options->enc != NULL && options->encrypt_to == NULL)
		return command_fail(COMMAND, "--enc is for --encrypt-to");
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

/* ---- the token ---- */

/* Read the one private key from a file of the caller. */
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
		return complain("%s: more than one key: which "
		    "should sign?", path);
	return out->pairs[0].has_private || complain("%s: a public key, "
	    "which does not sign: the private one is needed", path);
}

/* Split NAME=VALUE, which check_claim() has checked. */
static struct mint_claim
split(const char *argument, bool as_json)
{
	const char *equals = strchr(argument, '=');

	return (struct mint_claim){
		.name = bytes_of(argument, (size_t)(equals - argument)),
		.value = bytes_str(equals + 1), .is_json = as_json
	};
}

/*
 * The claims of --claim, then of --claim-json, then cnf unless it is "".  The
 * caller frees the array.
 */
static struct mint_claim *
collect_claims(const struct issue_options *options, const char *cnf,
    size_t *count)
{
	const struct option_list *text = &options->claims;
	const struct option_list *json = &options->json_claims;
	struct mint_claim *out;
	size_t i;

	*count = text->count + json->count;
	out = calloc(*count + 2, sizeof(*out));
	if (out == NULL)
		return NULL;
	for (i = 0; i < text->count; i++)
		out[i] = split(text->item[i], false);
	for (i = 0; i < json->count; i++)
		out[text->count + i] = split(json->item[i], true);
	if (cnf[0] != '\0')
		out[(*count)++] = (struct mint_claim){
			.name = bytes_str("cnf"), .value = bytes_str(cnf),
			.is_json = true
		};
	return out;
}

/* The claim of --cnf-ssh-key (RFC 9449 section 6.1); "" without the option. */
static bool
make_cnf(const struct issue_options *options, char out[CNF_SIZE])
{
	struct sshkey key;

	out[0] = '\0';
	if (options->cnf_ssh_key == NULL)
		return true;
	if (!ssh_public_read(options->cnf_ssh_key, &key))
		return false;
	snprintf(out, CNF_SIZE, "{\"jkt\":\"%s\"}", key.jkt);
	return true;
}

static bool
fail(enum jwt_reason reason)
{
	if (reason == JWT_OUT_OF_MEMORY)
		return complain("issue: memory ran out");
	if (reason == JWT_SIGNATURE_INVALID)
		return complain("issue: OpenSSL does not sign with this key");
	return complain("the token would be refused: %s", reason_text(reason));
}

/* ---- the host that it is encrypted for ---- */

/* Read the one key of a host; its public half is enough. */
static bool
read_host_key(const char *path, struct encrypt_keys *out)
{
	struct secret text = { 0 };
	bool ok;

	ok = input_read_file(path, &text) &&
	    encrypt_keys_read(&text, out);
	secret_clear(&text);
	if (!ok)
		return complain("%s: not a key to encrypt for; see pam-jwt key "
		    "generate", path);
	return out->count == 1 || complain("%s: more than one key: for which "
	    "should it be encrypted?", path);
}

static bool
fail_encrypt(enum jwt_reason reason, size_t len)
{
	if (reason == JWT_OUT_OF_MEMORY)
		return complain("issue: memory ran out");
	if (reason == JWT_INTERNAL)
		return complain("issue: OpenSSL does not encrypt for this key");
	return complain("the token of %zu bytes would be refused after it was "
	    "encrypted: %s", len, reason_text(reason));
}

/* Put the encrypted token in the place of the signed one. */
static bool
encrypt(const struct issue_options *options, struct secret *token)
{
	const char *name = options->enc;
	const struct jwe_enc *enc;
	struct encrypt_keys keys = { .keys = NULL };
	struct secret out = { 0 };
	enum jwt_reason reason = JWT_INTERNAL;
	bool ok;

	if (name == NULL)
		name = ENCRYPT_ENC_DEFAULT;
	enc = jwe_enc_by_name(bytes_str(name));
	if (enc == NULL)
		return complain("--enc %s: not one of A128GCM, A256GCM, "
		    "A128CBC-HS256 and A256CBC-HS512", name);
	ok = read_host_key(options->encrypt_to, &keys);
	if (ok)
		reason = encrypt_token(secret_bytes(token), &keys.keys[0], enc,
		    &out);
	if (ok && reason != JWT_OK)
		ok = fail_encrypt(reason, token->len);
	encrypt_keys_clear(&keys);
	secret_clear(token);
	*token = out;
	return ok;
}

static bool
print_token(const struct issue_options *options, const struct mint *mint,
    struct keypair *pair)
{
	struct mint_signer signer = keypair_signer(pair);
	struct secret token = { 0 };
	enum jwt_reason reason = mint_token(mint, &signer, &token);
	bool ok = true;

	if (reason != JWT_OK)
		return fail(reason);
	if (options->encrypt_to != NULL)
		ok = encrypt(options, &token);
	if (ok) {
		fwrite(token.ptr, 1, token.len, stdout);
		fputc('\n', stdout);
	}
	secret_clear(&token);
	return ok;
}

static bool
issue(const struct issue_options *options)
{
	struct mint mint = {
		.typ = "JWT", .iss = options->iss, .sub = options->sub,
		.aud = options->aud.item, .aud_count = options->aud.count
	};
	struct mint_claim *claims;
	struct keyfile keys = { 0 };
	char cnf[CNF_SIZE], jti[MINT_JTI_SIZE];
	bool ok;

	if (options->typ != NULL)
		mint.typ = options->typ;
	if (!find_times(options, &mint.iat, &mint.exp) ||
	    !make_cnf(options, cnf))
		return false;
	if (!options->no_jti && !mint_random_jti(jti))
		return complain("jti: the kernel gives no random bytes");
	if (!options->no_jti)
		mint.jti = jti;
	claims = collect_claims(options, cnf, &mint.claim_count);
	if (claims == NULL)
		return fail(JWT_OUT_OF_MEMORY);
	mint.claims = claims;
	ok = read_key(options->key, &keys) &&
	    print_token(options, &mint, &keys.pairs[0]);
	keyfile_clear(&keys);
	free(claims);
	return ok;
}

int
tool_issue(int argc, char **argv)
{
	struct issue_options options = { 0 };
	const struct option_spec specs[] = {
		{ .name = "key", .value = &options.key, .is_needed = true },
		{ .name = "iss", .value = &options.iss, .is_needed = true },
		{ .name = "sub", .value = &options.sub, .is_needed = true },
		{ .name = "aud", .list = &options.aud, .is_needed = true },
		{ .name = "ttl", .value = &options.ttl, .is_needed = true },
		{ .name = "claim", .list = &options.claims },
		{ .name = "claim-json", .list = &options.json_claims },
		{ .name = "typ", .value = &options.typ },
		{ .name = "now", .value = &options.now },
		{ .name = "cnf-ssh-key", .value = &options.cnf_ssh_key },
		{ .name = "encrypt-to", .value = &options.encrypt_to },
		{ .name = "enc", .value = &options.enc },
		{ .name = "no-jti", .flag = &options.no_jti },
		{ .name = NULL }
	};
	bool ok;

	ok = options_parse(COMMAND, argc, argv, specs) &&
	    check_options(&options) && issue(&options);
	options_list_clear(&options.aud);
	options_list_clear(&options.claims);
	options_list_clear(&options.json_claims);
	if (!ok)
		return EXIT_TROUBLE;
	return EXIT_YES;
}
