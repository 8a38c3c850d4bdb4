/* SPDX-License-Identifier: BSD-2-Clause */
/* T: the text of a token, and its encoding. */
#include <stdlib.h>

#include "attack.h"

static const struct attack texts[] = {
	{ "T1", "", JWT_TOKEN_EMPTY },
	{ "T1", ".", JWT_TOKEN_FORM },
	{ "T1", "..", JWT_TOKEN_FORM },
	{ "T1", "...", JWT_TOKEN_FORM },
	{ "T1", "a", JWT_TOKEN_FORM },
	{ "T1", "a.b", JWT_TOKEN_FORM },
	{ "T1", "a.b.c.d", JWT_TOKEN_FORM },
	{ "T1", "a.b.c.d.e", JWT_TOKEN_FORM },
	{ "T1", "a.b.c.d.e.f", JWT_TOKEN_FORM },
	{ "T1", ".eyJ9.x", JWT_TOKEN_FORM },
	{ "T1", "e30..x", JWT_TOKEN_FORM },
	{ "T3", "a.b.c", JWT_TOKEN_BASE64 },
	{ "T3", "e31.e30.AA", JWT_TOKEN_BASE64 },
	{ "T3", "e30.e31.AA", JWT_HEADER_INVALID },
	{ "T6", "{\"payload\":\"x\"}", JWT_TOKEN_FORM },
	{ "T6", "{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":"
	    "\"AA\"}", JWT_TOKEN_FORM },
	{ "T6", "{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\","
	    "\"signature\":\"AA\"}]}", JWT_TOKEN_FORM },
	{ "T6", "{\"a\":\"e30.e30.AA\"}", JWT_TOKEN_FORM },
};

/* T2, T4: each foreign character at each place of a good token. */
static void
insertions(const char *good)
{
	static const char *const inserts[] = {
		"=", "+", "/", " ", "\n", "\r", "\t", "\x80", "."
	};
	size_t i, k, len = strlen(good);
	char *copy = world_text("%s", good);

	for (i = 0; i <= len; i++) {
		for (k = 0; k < sizeof(inserts) / sizeof(inserts[0]); k++)
			attack_token(i == len ? "T4" : "T2", &attack_world,
			    world_text("%.*s%s%s", (int)i, good, inserts[k],
			    good + i), JWT_TOKEN_FORM);
	}
	for (i = 0; i < len; i++) {
		char was = copy[i];

		copy[i] = '\0';
		attack_bytes("T2", &attack_world, bytes_of(copy, len),
		    WORLD_NOW, JWT_TOKEN_FORM);
		copy[i] = was;
	}
	free(copy);
}

/* T3: the last character's unused bits, in the signature of 64 bytes. */
static void
trailing_bits(const char *good)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char *copy = world_text("%s", good);
	size_t last = strlen(copy) - 1, i;
	size_t was = (size_t)(strchr(alphabet, copy[last]) - alphabet);

	for (i = 1; i < 16; i++) {
		copy[last] = alphabet[was + i];
		attack_token("T3", &attack_world, world_text("%s", copy),
		    JWT_TOKEN_BASE64);
	}
	free(copy);
}

/* A good token of exactly that length; blanks in the header make it fit. */
static char *
token_of_length(size_t wanted)
{
	size_t blanks, pad;

	for (blanks = 0; blanks < 3; blanks++) {
		for (pad = wanted * 3 / 4 - 300; pad < wanted; pad++) {
			char *header = world_text("{\"alg\":\"ES256\"%*s}",
			    (int)blanks, "");
			char *payload = world_text("{" WORLD_CLAIMS
			    ",\"x\":\"%0*d\"}", (int)pad, 0);
			char *token = world_sign(ALG_ES256, header, payload);
			size_t len = strlen(token);

			free(header);
			free(payload);
			if (len == wanted)
				return token;
			free(token);
			if (len > wanted)
				break;
		}
	}
	abort();
}

/* T5: 16384 characters are read, 16385 are not; the header's 4096 bytes. */
static void
sizes(void)
{
	size_t len;

	attack_token("T5", &attack_world, token_of_length(TOKEN_MAX - 1),
	    JWT_OK);
	attack_token("T5", &attack_world, token_of_length(TOKEN_MAX), JWT_OK);
	attack_token("T5", &attack_world, token_of_length(TOKEN_MAX + 1),
	    JWT_TOKEN_TOO_LONG);
	for (len = 4060; len < 4110; len++) {
		char *header = world_text("{\"alg\":\"ES256\",\"x\":\"%0*d\"}",
		    (int)len, 0);

		attack_token("T5", &attack_world, world_sign(ALG_ES256, header,
		    "{" WORLD_CLAIMS "}"), strlen(header) <= HEADER_MAX ?
		    JWT_OK : JWT_TOKEN_TOO_LONG);
		free(header);
	}
}

void
attack_texts(void)
{
	char *good = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	char dots[1000];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		attack_token(texts[i].row, &attack_world, world_text("%s",
		    texts[i].text), texts[i].reason);
	insertions(good);
	trailing_bits(good);
	sizes();
	memset(dots, '.', sizeof(dots));
	attack_token("T1", &attack_world, world_text("%.*s", 1000, dots),
	    JWT_TOKEN_FORM);
	attack_token("T1", &attack_world, world_text("%0100000d", 0),
	    JWT_TOKEN_TOO_LONG);
	attack_token("T1", &attack_world, world_text("%s.", good),
	    JWT_TOKEN_FORM);
	attack_token("T7", &attack_world, world_text("Bearer %s", good),
	    JWT_TOKEN_FORM);
	attack_token("T7", &attack_world, world_text("bearer%s", good),
	    JWT_TOKEN_BASE64);
	free(good);
}
