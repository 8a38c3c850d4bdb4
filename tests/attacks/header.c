/* SPDX-License-Identifier: BSD-2-Clause */
/* H: headers, with the standard claims, signed as ES256 whatever they say. */
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "attack.h"
#include "core/base/b64url.h"
#include "forge.h"

#define H(members) "{\"alg\":\"ES256\"," members "}"

static const struct attack headers[] = {
	{ "H1", "{\"alg\":\"none\"}", JWT_ALG_UNSUPPORTED },
	{ "H1", "{\"alg\":\"None\"}", JWT_ALG_UNSUPPORTED },
	{ "H1", "{\"alg\":\"NONE\"}", JWT_ALG_UNSUPPORTED },
	{ "H1", "{\"alg\":\"nOnE\"}", JWT_ALG_UNSUPPORTED },
	{ "H1", "{\"alg\":\"\"}", JWT_ALG_UNSUPPORTED },
	{ "H1", "{\"alg\":null}", JWT_HEADER_INVALID },
	{ "H1", "{\"alg\":1}", JWT_HEADER_INVALID },
	{ "H1", "{\"alg\":[\"ES256\"]}", JWT_HEADER_INVALID },
	{ "H1", "{\"alg\":{\"ES256\":1}}", JWT_HEADER_INVALID },
	{ "H1", "{\"alg\":true}", JWT_HEADER_INVALID },
	{ "H1", "{}", JWT_HEADER_INVALID },
	{ "H4", "{\"alg\":\"RS512\",\"kid\":\"RS256\"}", JWT_ALG_NOT_ALLOWED },
	{ "H4", "{\"alg\":\"PS256\",\"kid\":\"RS256\"}", JWT_ALG_NOT_ALLOWED },
	{ "H4", "{\"alg\":\"RS256\",\"kid\":\"ES256\"}", JWT_ALG_KEY_MISMATCH },
	{ "H4", "{\"alg\":\"Ed25519\",\"kid\":\"ES256\"}",
	    JWT_ALG_KEY_MISMATCH },
	{ "H5", H("\"kid\":\"../../etc/passwd\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"' OR 1=1 --\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"$(reboot)\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"ES256\\u0000x\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"ES256\\n\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"es256\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":\"\""), JWT_KEY_UNKNOWN },
	{ "H5", H("\"kid\":1"), JWT_HEADER_INVALID },
	{ "H5", H("\"kid\":null"), JWT_HEADER_INVALID },
	{ "H6", "{\"alg\":\"ES256\"}", JWT_OK },
	{ "H7", H("\"jwk\":{}"), JWT_HEADER_INVALID },
	{ "H7", H("\"jku\":\"https://evil\""), JWT_HEADER_INVALID },
	{ "H7", H("\"x5u\":\"https://evil\""), JWT_HEADER_INVALID },
	{ "H7", H("\"kid\":\"ES256\",\"x5t\":\"x\",\"x5c\":[\"x\"]"), JWT_OK },
	{ "H8", H("\"crit\":[\"b64\"]"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":[\"nobody-knows\"]"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":[\"alg\"]"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":[\"exp\",\"exp\"],\"exp\":1"),
	    JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":[]"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":null"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":[\"exp\"],\"exp\":1"), JWT_CRIT_UNSUPPORTED },
	{ "H8", H("\"crit\":\"exp\""), JWT_CRIT_UNSUPPORTED },
	{ "H9", H("\"b64\":false"), JWT_HEADER_INVALID },
	{ "H9", H("\"b64\":false,\"crit\":[\"b64\"]"), JWT_CRIT_UNSUPPORTED },
	{ "H9", H("\"b64\":true"), JWT_HEADER_INVALID },
	{ "H10", H("\"typ\":\"JWT\""), JWT_OK },
	{ "H10", H("\"typ\":\"jwt\""), JWT_OK },
	{ "H10", H("\"typ\":\"application/AT+jwt\""), JWT_OK },
	{ "H10", H("\"typ\":\"none\""), JWT_TYPE_NOT_ACCEPTED },
	{ "H10", H("\"typ\":\"JOSE\""), JWT_TYPE_NOT_ACCEPTED },
	{ "H10", H("\"typ\":\"dpop+jwt\""), JWT_TYPE_NOT_ACCEPTED },
	{ "H10", H("\"typ\":\"logout+jwt\""), JWT_TYPE_NOT_ACCEPTED },
	{ "H10", H("\"typ\":\"\""), JWT_TYPE_NOT_ACCEPTED },
	{ "H10", H("\"typ\":7"), JWT_HEADER_INVALID },
	{ "H11", H("\"cty\":\"JWT\""), JWT_HEADER_INVALID },
	{ "H11", H("\"zip\":\"DEF\""), JWT_HEADER_INVALID },
	{ "H11", H("\"enc\":\"A128GCM\""), JWT_HEADER_INVALID },
	{ "H12", "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", JWT_ALG_UNSUPPORTED },
	{ "H12", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}",
	    JWT_ALG_UNSUPPORTED },
	{ "H15", "{\"alg\":\"es256\"}", JWT_ALG_UNSUPPORTED },
	{ "H15", "{\"alg\":\"ES256 \"}", JWT_ALG_UNSUPPORTED },
	{ "H15", "{\"alg\":\"ES256\\u0000\"}", JWT_ALG_UNSUPPORTED },
	{ "H15", "{\"alg\":\"ES256\\u0000x\"}", JWT_ALG_UNSUPPORTED },
	{ "H15", "{\"alg\":\"ES256K\"}", JWT_ALG_UNSUPPORTED },
};

/* H1: no signature at all, under each name of none. */
static void
unsigned_tokens(void)
{
	static const char *const names[] = { "none", "None", "NONE", "nOnE" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *header = world_text("{\"alg\":\"%s\"}", names[i]);

		attack_token("H1", &attack_world, world_join(header,
		    "{" WORLD_CLAIMS "}", bytes_of(NULL, 0)),
		    JWT_ALG_UNSUPPORTED);
		free(header);
	}
	attack_token("H1", &attack_world, world_join(HEADER,
	    "{" WORLD_CLAIMS "}", bytes_of(NULL, 0)), JWT_TOKEN_FORM);
}

/* A token of HS256 under a secret of one's own. */
static char *
hmac_token(const char *kid, struct bytes secret)
{
	char *header = world_text("{\"alg\":\"HS256\",\"kid\":\"%s\"}", kid);
	char *unsigned_token = world_join(header, "{" WORLD_CLAIMS "}",
	    bytes_of(NULL, 0)), *token;
	uint8_t mac[32];

	HMAC(EVP_sha256(), secret.len == 0 ? "" : (const void *)secret.ptr,
	    (int)secret.len, (const uint8_t *)unsigned_token,
	    strlen(unsigned_token) - 1, mac, NULL);
	token = world_join(header, "{" WORLD_CLAIMS "}",
	    bytes_of(mac, sizeof(mac)));
	free(unsigned_token);
	free(header);
	return token;
}

/* H2: the public key, in each of its forms, as the secret of HS256. */
static void
public_key_as_secret(const char *type, enum alg_id alg)
{
	EVP_PKEY *key = forge_key(type);
	char *pem = forge_pem(key), *issuer;
	struct forge_der der = forge_spki(key);
	struct world world;

	issuer = world_text("algorithms = %s", alg_row(alg)->name);
	forge_load(&world, issuer, world_text("%s", pem));
	attack_token("H2", &world, hmac_token("x", bytes_str(pem)),
	    JWT_ALG_NOT_ALLOWED);
	attack_token("H2", &world, hmac_token("x", bytes_of(pem,
	    strlen(pem) - 1)), JWT_ALG_NOT_ALLOWED);
	attack_token("H2", &world, hmac_token("x", bytes_of(der.ptr,
	    der.len)), JWT_ALG_NOT_ALLOWED);
	/* The modulus, or the point, is what stands last but for e. */
	attack_token("H2", &world, hmac_token("x", bytes_of(der.ptr +
	    der.len - 64, 64)), JWT_ALG_NOT_ALLOWED);
	attack_token("H3", &world, hmac_token("x", bytes_of(NULL, 0)),
	    JWT_ALG_NOT_ALLOWED);
	world_clear(&world);
	free(issuer);
	free(pem);
	free(der.ptr);
	EVP_PKEY_free(key);
}

/* H6: one kid for two keys; none, and two keys of the algorithm. */
static void
kids(void)
{
	struct world world;
	char *token = world_sign(ALG_ED25519, "{\"alg\":\"Ed25519\"}",
	    "{" WORLD_CLAIMS "}");

	/* The token is refused; who has a token of another key gets in. */
	forge_load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_with(ALG_ED25519, ",\"kid\":\"b\""), NULL));
	attack_token("H6", &world, world_sign(ALG_ES256, "{\"alg\":\"ES256\","
	    "\"kid\":\"a\"}", "{" WORLD_CLAIMS "}"), JWT_KEY_UNKNOWN);
	attack_token("H6", &world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\"}", "{" WORLD_CLAIMS "}"), JWT_KEY_UNKNOWN);
	attack_token("H6", &world, world_sign(ALG_ED25519, "{\"alg\":"
	    "\"Ed25519\",\"kid\":\"b\"}", "{" WORLD_CLAIMS "}"), JWT_OK);
	world_clear(&world);
	forge_load(&world, "", world_set(
	    world_text("%s", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
	    "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"),
	    world_jwk_with(ALG_ED25519, ""), NULL));
	attack_token("H6", &world, token, JWT_OK);
	world_clear(&world);
}

/* H12, H13: five parts are a JWE, whatever is inside them. */
static void
encrypted(void)
{
	char *inner = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	char *nested = world_sign(ALG_ES256, "{\"alg\":\"ES256\",\"cty\":"
	    "\"JWT\"}", inner);

	attack_token("H13", &attack_world, nested, JWT_HEADER_INVALID);
	attack_token("H13", &attack_world, world_sign(ALG_ES256, HEADER,
	    inner), JWT_JSON_INVALID);
	attack_token("H12", &attack_world, world_text("%s.%s",
	    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA", "AAAA.AAAA"),
	    JWT_ENCRYPTION_UNSUPPORTED);
	attack_token("H13", &attack_world, world_text("%s.AAAA.AAAA", inner),
	    JWT_TOKEN_FORM);
	free(inner);
}

void
attack_headers(void)
{
	size_t i;
	char *kid = world_text("{\"alg\":\"ES256\",\"kid\":\"%03000d\"}", 0);

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		attack_token(headers[i].row, &attack_world,
		    world_sign(ALG_ES256, headers[i].text,
		    "{" WORLD_CLAIMS "}"), headers[i].reason);
	attack_token("H5", &attack_world, world_sign(ALG_ES256, kid,
	    "{" WORLD_CLAIMS "}"), JWT_HEADER_INVALID);
	free(kid);
	unsigned_tokens();
	public_key_as_secret("RSA", ALG_RS256);
	public_key_as_secret("P-256", ALG_ES256);
	attack_keys("H3", "algorithms = HS256", world_text("%s",
	    "{\"kty\":\"oct\",\"k\":\"\"}"), JWT_KEY_FILE_INVALID);
	kids();
	encrypted();
	attack_token("H14", &attack_world, world_sign(ALG_ED25519,
	    "{\"alg\":\"EdDSA\",\"kid\":\"Ed25519\"}", "{" WORLD_CLAIMS "}"),
	    JWT_OK);
	attack_token("H14", &attack_world, world_sign(ALG_ED25519,
	    "{\"alg\":\"Ed448\",\"kid\":\"Ed25519\"}", "{" WORLD_CLAIMS "}"),
	    JWT_ALG_NOT_ALLOWED);
}
