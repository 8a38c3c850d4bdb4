/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole decision.  The first line is "how service user rhost" (- for
 * none), the second the header, the rest the payload; the target signs them,
 * so that the code behind the signature is reached.
 *
 * how   h: HMAC, e: Ed25519, both by the key of the issuer; w: by another
 *       key; f: with a bit flipped; n: no signature
 *
 * Only h and e may be accepted, and what is accepted is looked at again by
 * an own reading of the claims with json-c.
 */
#include <openssl/evp.h>

#include "core/base/b64url.h"
#include "core/hint.h"
#include "core/permit.h"
#include "core/policy/conf.h"
#include "core/verdict.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/jsonc.h"

#define NOW 1800000000
#define LEEWAY 60

static const char config[] =
	"[issuer mac]\n"
	"iss = https://mac.example\n"
	"keys = /mac\n"
	"algorithms = HS256\n"
	"audience = urn:host\n"
	"[issuer ed]\n"
	"iss = https://ed.example\n"
	"keys = /ed\n"
	"audience = urn:host urn:other\n"
	"types = at+jwt none\n"
	"max_age = 1h\n"
	"max_lifetime = 2h\n"
	"[service sudo sudo-i]\n"
	"issuers = mac\n"
	"deny = if rhost not in 10.0.0.0/8, ::1\n"
	"permit = as claim sub if groups has \"admins\" and "
	    "auth_time within 15m\n"
	"permit = as deploy if /realm/roles has \"deployer\" or "
	    "scope has deploy\n"
	"[service ssh]\n"
	"permit = as claim email without \"@example.com\"\n"
	"permit = as map /map\n"
	"permit = as claim sub if act exists and not user = root\n"
	"permit = as root if acr in { gold, \"silver\" } and level >= 3\n"
	"[service kiosk]\n"
	"deny = if /a/b exists and /a/b matches \"x/**\"\n"
	"permit = as claim name if n < 5 and n != 3 and t older 1d\n";

static const char map_text[] =
	"mac alice alice,deploy\n"
	"ed \"auth0|1 2\" bob\n";

/* RFC 8037 appendix A.1, and a secret that says what it is. */
static const char ed_private[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
static const char ed_public[] =
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\","
	"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
static const char secret[] = "a secret of the fuzzer, 32 bytes";
static const char secret_jwk[] = "{\"kty\":\"oct\",\"kid\":\"mac\","
	"\"k\":\"YSBzZWNyZXQgb2YgdGhlIGZ1enplciwgMzIgYnl0ZXM\"}";

static struct policy policy;
static EVP_PKEY *ed_key;

static void
load_keys(struct issuer *issuer, const char *jwk)
{
	struct jwk_file file = {
		.name = issuer->name, .symmetric = issuer->algorithms_given
	};
	struct secret text = fuzz_copy(bytes_str(jwk));
	struct diag diag = { 0 };

	FUZZ_CHECK(jwk_set_add(&issuer->set, &file, &text, &diag) == JWT_OK);
	FUZZ_CHECK(policy_bind_keys(&policy, issuer, &diag) == JWT_OK);
	free(text.ptr);
	diag_clear(&diag);
}

static void
load_map(void)
{
	struct diag diag = { 0 };
	size_t i, k;

	for (i = 0; i < policy.service_count; i++) {
		struct rule_list *rules = &policy.services[i].rules;

		for (k = 0; k < rules->count; k++) {
			if (rules->rule[k].map_path == NULL)
				continue;
			FUZZ_CHECK(account_map_parse(bytes_str(map_text),
			    "map", &policy.arena, &diag,
			    &rules->rule[k].map) == JWT_OK);
		}
	}
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct policy_host host = { 0 };
	struct diag diag = { 0 };
	uint8_t seed[32];

	(void)argc;
	(void)argv;
	if (policy_parse(bytes_str(config), "fuzz.conf", &host, &diag,
	    &policy) != JWT_OK)
		fuzz_fail(diag_first_error(&diag)->text, "fuzz.conf",
		    (int)diag_first_error(&diag)->line);
	diag_clear(&diag);
	load_keys(&policy.issuers[0], secret_jwk);
	load_keys(&policy.issuers[1], ed_public);
	load_map();
	FUZZ_CHECK(b64url_decode(bytes_str(ed_private), seed) == JWT_OK);
	ed_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
	    sizeof(seed));
	FUZZ_CHECK(ed_key != NULL);
	return 0;
}

/* Accounts of a host: two people, a role, and what belongs to the system. */
static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	out->is_protected = strcmp(name, "root") == 0 ||
	    strcmp(name, "daemon") == 0;
	out->exists = out->is_protected || strcmp(name, "alice") == 0 ||
	    strcmp(name, "bob") == 0 || strcmp(name, "deploy") == 0;
	return JWT_OK;
}

/* The signature of text; returns its length. */
static size_t
sign(char how, struct bytes text, uint8_t out[64])
{
	size_t len = 64;
	EVP_MD_CTX *ctx;

	if (how == 'n')
		return 0;
	if (how != 'e') {
		FUZZ_CHECK(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL,
		    how == 'w' ? map_text : secret, 32, text.ptr, text.len,
		    out, 64, &len) != NULL);
		out[5] ^= how == 'f';
		return len;
	}
	ctx = EVP_MD_CTX_new();
	FUZZ_CHECK(EVP_DigestSignInit(ctx, NULL, NULL, NULL, ed_key) == 1);
	FUZZ_CHECK(EVP_DigestSign(ctx, out, &len, text.ptr, text.len) == 1);
	EVP_MD_CTX_free(ctx);
	return len;
}

static struct secret
make_token(char how, struct bytes header, struct bytes payload)
{
	size_t head = b64url_encoded_len(header.len);
	size_t len = head + 1 + b64url_encoded_len(payload.len);
	struct secret token;
	uint8_t signature[64];
	size_t sig_len;
	char *text;

	FUZZ_CHECK(secret_alloc(len + 1 + 86, &token) == JWT_OK);
	text = (char *)token.ptr;
	b64url_encode(header, text);
	text[head] = '.';
	b64url_encode(payload, text + head + 1);
	sig_len = sign(how, bytes_of(text, len), signature);
	text[len] = '.';
	b64url_encode(bytes_of(signature, sig_len), text + len + 1);
	token.len = len + 1 + b64url_encoded_len(sig_len);
	return token;
}

static bool
has_audience(struct json_object *aud)
{
	size_t i;

	if (json_object_is_type(aud, json_type_string))
		return strcmp(json_object_get_string(aud), "urn:host") == 0 ||
		    strcmp(json_object_get_string(aud), "urn:other") == 0;
	for (i = 0; json_object_is_type(aud, json_type_array) &&
	    i < json_object_array_length(aud); i++) {
		if (has_audience(json_object_array_get_idx(aud, i)))
			return true;
	}
	return false;
}

/* What must hold of any claims that log in, read by somebody else. */
static void
check_claims(struct bytes payload)
{
	static const char *const refused[] = {
		"cnf", "status", "events", "htm"
	};
	char *text = fuzz_string(payload);
	struct json_object *root = json_tokener_parse(text);
	struct json_object *exp = json_object_object_get(root, "exp");
	struct json_object *nbf = json_object_object_get(root, "nbf");
	struct json_object *iat = json_object_object_get(root, "iat");
	size_t i;

	FUZZ_CHECK(json_object_is_type(exp, json_type_int) ||
	    json_object_is_type(exp, json_type_double));
	FUZZ_CHECK(json_object_get_double(exp) > NOW - LEEWAY - 1);
	FUZZ_CHECK(json_object_get_double(exp) <
	    (iat == NULL ? NOW : json_object_get_double(iat)) + 86400 + 2);
	FUZZ_CHECK(nbf == NULL || json_object_get_double(nbf) <= NOW + LEEWAY);
	FUZZ_CHECK(iat == NULL ||
	    json_object_get_double(iat) < NOW + LEEWAY + 1);
	FUZZ_CHECK(has_audience(json_object_object_get(root, "aud")));
	FUZZ_CHECK(json_object_get_string_len(
	    json_object_object_get(root, "sub")) > 0);
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		FUZZ_CHECK(!json_object_object_get_ex(root, refused[i], NULL));
	json_object_put(root);
	free(text);
}

/* Of the last token with a good signature: see_claims(). */
static bool claims_are_of_client;

static void
check_accepted(const struct verdict_input *in, const struct verdict *out)
{
	struct account_facts facts;

	FUZZ_CHECK(out->claims != NULL && out->issuer != NULL);
	FUZZ_CHECK(out->rule != NULL);
	FUZZ_CHECK(in->user == NULL || strcmp(in->user, out->account) == 0);
	FUZZ_CHECK(account_name_is_exact(bytes_str(out->account)));
	FUZZ_CHECK(look_up(NULL, out->account, &facts) == JWT_OK);
	FUZZ_CHECK(facts.exists);
	FUZZ_CHECK(!facts.is_protected ||
	    (out->rule->account == RULE_AS_NAME && out->rule->permit));
	FUZZ_CHECK(!policy_words_have(&in->service->names, bytes_str("sudo")) ||
	    (in->rhost != NULL && (strncmp(in->rhost, "10.", 3) == 0 ||
	    strchr(in->rhost, ':') != NULL)));
	FUZZ_CHECK(out->rule->account != RULE_AS_CLAIM || in->service->clients ||
	    !claims_are_of_client);
	FUZZ_CHECK(bytes_eq_str(out->id.iss, out->issuer->iss));
}

/* What the observer is told must be in order, and only of good signatures. */
struct seen {
	char how;
	unsigned checks;
	enum jwt_reason last;
};

static void
see_check(void *ctx, enum verdict_check check, enum jwt_reason result)
{
	struct seen *seen = ctx;

	FUZZ_CHECK(check == seen->checks && seen->last == JWT_OK);
	FUZZ_CHECK(verdict_check_name(check) != NULL);
	seen->checks++;
	seen->last = result;
}

static void
see_claims(void *ctx, const struct issuer *issuer, const struct claims *claims)
{
	const struct seen *seen = ctx;

	FUZZ_CHECK(seen->how == 'h' || seen->how == 'e');
	FUZZ_CHECK(issuer == &policy.issuers[seen->how == 'e']);
	FUZZ_CHECK(claims_root(claims) != NULL);
	claims_are_of_client = permit_client_sign(claims_root(claims)) != NULL;
}

static void
see_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	const struct seen *seen = ctx;

	FUZZ_CHECK(seen->checks == CHECK_RULES);
	FUZZ_CHECK(value <= TRI_UNKNOWN && (rule->permit || account == JWT_OK));
}

static void
see_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	const struct seen *seen = ctx;

	FUZZ_CHECK(seen->checks == CHECK_RULES && test->text != NULL);
	FUZZ_CHECK(value != TRI_UNKNOWN || why != NULL);
}

static void
check_refused(char how, const struct verdict *out)
{
	FUZZ_CHECK(reason_class(out->reason) != JWT_CLASS_INTERNAL);
	FUZZ_CHECK(out->account[0] == '\0');
	FUZZ_CHECK(out->claims == NULL || how == 'h' || how == 'e');
	FUZZ_CHECK(out->claims != NULL || out->id.sub.len == 0);
}

/*
 * The hint of the log: bounded, printable, and in quotes that nothing inside of
 * it ends.
 */
static void
check_hint(const struct verdict_input *in, const struct verdict *out)
{
	struct hint_facts facts = {
		.in = in, .verdict = out, .service = "fuzz"
	};
	char hint[241], terminal[HINT_SIZE];
	size_t i;

	hint_write(&facts, HINT_LOG, hint, sizeof(hint));
	hint_write(&facts, HINT_TERMINAL, terminal, sizeof(terminal));
	for (i = 0; hint[i] != '\0'; i++)
		FUZZ_CHECK(hint[i] >= ' ' && hint[i] <= '~' && hint[i] != '"');
	FUZZ_CHECK((i == 0) == (terminal[0] == '\0'));
	FUZZ_CHECK(i == 0 || (out->reason != JWT_OK &&
	    out->reason != JWT_DECRYPT_FAILED));
	FUZZ_CHECK(out->claims != NULL || i == 0 ||
	    reason_class(out->reason) == JWT_CLASS_KEY ||
	    out->reason == JWT_ISSUER_UNKNOWN ||
	    out->reason == JWT_ENCRYPTION_MISSING ||
	    out->reason == JWT_ENCRYPTION_UNSUPPORTED);
}

static void
decide(char how, struct verdict_input *in, struct bytes token,
    struct bytes payload)
{
	const struct account_host accounts = { .look_up = look_up };
	struct seen seen = { .how = how };
	const struct verdict_observer observer = {
		.check = see_check, .rule = see_rule, .test = see_test,
		.claims = see_claims, .ctx = &seen
	};
	struct verdict out;

	in->policy = &policy;
	in->now = NOW;
	in->accounts = &accounts;
	in->observer = &observer;
	verdict_parse(token, in);
	seen.checks = in->jwe != NULL ? CHECK_DECRYPTION : CHECK_FORM;
	FUZZ_CHECK(verdict_reach(in, &out) == out.reason);
	FUZZ_CHECK(out.service != NULL && out.reason == seen.last);
	if (out.reason == JWT_OK) {
		FUZZ_CHECK(how == 'h' || how == 'e');
		check_accepted(in, &out);
		check_claims(payload);
	} else {
		check_refused(how, &out);
	}
	in->observer = NULL;
	check_hint(in, &out);
	verdict_clear(&out);
}

static char *
item(struct bytes *line)
{
	struct bytes word = conf_word(line);

	return word.len == 0 || bytes_eq_str(word, "-") ? NULL :
	    fuzz_string(word);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct bytes line = fuzz_until(&rest, '\n');
	struct bytes header = fuzz_until(&rest, '\n');
	struct bytes word = conf_word(&line);
	char how = word.len == 0 ? 'n' : (char)word.ptr[0];
	char *service = item(&line), *user = item(&line), *rhost = item(&line);
	struct secret token = make_token(how, header, rest);
	struct verdict_input in = {
		.service = policy_service(&policy, service == NULL ? "" :
		    service), .user = user, .rhost = rhost
	};

	if (strchr("hewfn", how) != NULL && how != '\0')
		decide(how, &in, secret_bytes(&token), rest);
	secret_clear(&token);
	free(service);
	free(user);
	free(rhost);
	return 0;
}
