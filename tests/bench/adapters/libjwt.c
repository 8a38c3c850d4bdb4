/* SPDX-License-Identifier: BSD-2-Clause */
/* libjwt 1: it takes the text of the key with each token. */
#include <jwt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/adapters/plain.h"

struct text {
	unsigned char *bytes;
	size_t len;
};

static const char *
version(void)
{
	return "libjwt";
}

/* The secret of a JWK, which libjwt does not read. */
static bool
read_secret(const struct subject *subject, struct text *key)
{
	const char *at = strstr(subject->jwk, "\"k\":\"");

	if (at == NULL)
		return false;
	at += strlen("\"k\":\"");
	key->bytes = calloc(1, PLAIN_SECRET_MAX);
	key->len = plain_b64(at, strcspn(at, "\""), key->bytes);
	return key->len > 0;
}

static void *
load(const struct subject *subject)
{
	struct text *key = calloc(1, sizeof(*key));

	if (key == NULL)
		return NULL;
	if (subject->pem == NULL)
		return read_secret(subject, key) ? key : NULL;
	key->bytes = (unsigned char *)strdup(subject->pem);
	key->len = strlen(subject->pem);
	return key;
}

static bool
is_grant(jwt_t *jwt, const char *name, const char *want)
{
	const char *text = jwt_get_grant(jwt, name);

	return text != NULL && strcmp(text, want) == 0;
}

static bool
verify(void *key, const struct subject *subject)
{
	const struct text *text = key;
	jwt_t *jwt = NULL;
	bool good;

	if (jwt_decode(&jwt, subject->token, text->bytes, (int)text->len) != 0)
		return false;
	good = strcmp(jwt_alg_str(jwt_get_alg(jwt)), subject->alg) == 0 &&
	    jwt_get_grant_int(jwt, "exp") > time(NULL) &&
	    is_grant(jwt, "iss", subject->iss) &&
	    is_grant(jwt, "aud", subject->aud);
	jwt_free(jwt);
	return good;
}

static void
unload(void *key)
{
	struct text *text = key;

	free(text->bytes);
	free(text);
}

const struct adapter bench_adapter = {
	"libjwt", version, " ES256 RS256 HS256 ES384 ", load, verify, unload
};
