/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypts tokens for a new key of a host, without the code under test.
 *
 *	jweseal KEY_FILE KIND ALG ENC TOKEN_FILE...
 *
 * KIND is P-256, P-384, P-521, X25519 or RSA.  KEY_FILE gets the private JWK,
 * whose kid is "host".  Each TOKEN_FILE.jwe gets the token, encrypted, and
 * TOKEN_FILE.secrets what must not stay in memory after a login, in base64url:
 * the token inside, its claims, the CEK, Z, and the d of the key in both byte
 * orders.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/b64url.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

static void
fail(const char *what)
{
	perror(what);
	exit(2);
}

static FILE *
create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (file == NULL)
		fail(path);
	return file;
}

static void
put(FILE *file, struct bytes value)
{
	char *text;

	if (value.len == 0)
		return;
	text = jwe_make_b64(value);
	fprintf(file, "%s\n", text);
	free(text);
}

/* The claims of the token, and its signature as it is written. */
static void
put_token(FILE *file, struct bytes token)
{
	struct bytes rest = token, payload;
	struct secret claims;

	(void)bytes_cut(&rest, '.');
	payload = bytes_cut(&rest, '.');
	put(file, payload);
	put(file, rest);
	if (secret_alloc(b64url_decoded_len(payload.len), &claims) != JWT_OK ||
	    b64url_decode(payload, claims.ptr) != JWT_OK)
		abort();
	put(file, secret_bytes(&claims));
	secret_clear(&claims);
}

/* The d of the JWK, as it is there and with its bytes in the other order. */
static void
put_d(FILE *file, const char *jwk)
{
	const char *at = strstr(jwk, "\"d\":\"") + 5;
	struct bytes text = bytes_of(at, strcspn(at, "\""));
	uint8_t d[1024], turned[1024];
	size_t len = b64url_decoded_len(text.len), i;

	if (len > sizeof(d) || b64url_decode(text, d) != JWT_OK)
		abort();
	for (i = 0; i < len; i++)
		turned[i] = d[len - 1 - i];
	put(file, text);
	put(file, bytes_of(d, len));
	put(file, bytes_of(turned, len));
}

static void
seal(const struct jwe_recipe *recipe, enum jwe_kind kind, const char *jwk,
    const char *path)
{
	static char token[16384];
	char *out = world_text("%s.jwe", path);
	char *secrets = world_text("%s.secrets", path), *text;
	FILE *file = fopen(path, "r");
	struct jwe_parts parts;
	size_t len;

	if (file == NULL)
		fail(path);
	len = fread(token, 1, sizeof(token), file);
	fclose(file);
	jwe_make_parts(recipe, jwe_make_key(kind), kind, bytes_of(token, len),
	    &parts);
	text = jwe_parts_join(&parts);
	file = create(out);
	fputs(text, file);
	fclose(file);
	file = create(secrets);
	put_token(file, bytes_of(token, len));
	put(file, secret_bytes(&parts.cek));
	put(file, secret_bytes(&parts.z));
	put_d(file, jwk);
	fclose(file);
	jwe_parts_clear(&parts);
	free(text);
	free(secrets);
	free(out);
}

int
main(int argc, char **argv)
{
	struct jwe_recipe recipe = { .members = ",\"kid\":\"host\"" };
	enum jwe_kind kind = JWE_RSA;
	char *more, *jwk;
	FILE *file;
	int i;

	if (argc < 6) {
		fputs("jweseal KEY_FILE KIND ALG ENC TOKEN_FILE...\n", stderr);
		return 2;
	}
	(void)(jwe_kind_by_names(bytes_str("EC"), bytes_str(argv[2]), &kind) ||
	    jwe_kind_by_names(bytes_str("OKP"), bytes_str(argv[2]), &kind));
	if (strcmp(argv[2], "RSA") == 0)
		kind = JWE_RSA;
	recipe.alg = argv[3];
	recipe.enc = argv[4];
	more = world_text(",\"alg\":\"%s\",\"kid\":\"host\"", recipe.alg);
	jwk = jwe_make_jwk(jwe_make_key(kind), kind, more);
	file = create(argv[1]);
	fputs(jwk, file);
	fclose(file);
	for (i = 5; i < argc; i++)
		seal(&recipe, kind, jwk, argv[i]);
	free(jwk);
	free(more);
	return 0;
}
