/* SPDX-License-Identifier: BSD-2-Clause */
/* J: payloads that are not quite JSON, signed with a good key. */
#include <stdlib.h>

#include "attack.h"

#define WITH(members) "{" WORLD_CLAIMS members "}"
#define BUT(claims, members) "{" claims members "}"

static const struct attack payloads[] = {
	{ "J1", WITH(",\"sub\":\"root\""), JWT_JSON_DUPLICATE },
	{ "J1", WITH(",\"\\u0073ub\":\"root\""), JWT_JSON_DUPLICATE },
	{ "J1", WITH(",\"a\":{\"b\":1,\"b\":2}"), JWT_JSON_DUPLICATE },
	{ "J1", WITH(",\"a\":[{\"b\":1,\"\\u0062\":2}]"), JWT_JSON_DUPLICATE },
	/* Two names of one hash (FNV-1a) are two names. */
	{ "J1", WITH(",\"costarring\":1,\"liquid\":2"), JWT_OK },
	{ "J2", WITH(",\"sub\\u0000x\":\"root\""), JWT_JSON_INVALID },
	{ "J2", WITH(",\"\\u0000\":\"root\""), JWT_JSON_INVALID },
	{ "J3", WITH(",\"\\ud800\":1"), JWT_JSON_INVALID },
	{ "J3", WITH(",\"\\ud800\":1,\"\\ud801\":2"), JWT_JSON_INVALID },
	{ "J4", BUT(NO_SUB, ",\"sub\":\"alice\\u0000.evil\""),
	    JWT_CLAIM_INVALID },
	{ "J4", BUT(NO_AUD, ",\"aud\":\"urn:h\\u0000x\""),
	    JWT_AUDIENCE_MISMATCH },
	{ "J4", BUT(NO_AUD, ",\"aud\":[\"urn:h\\u0000\"]"),
	    JWT_AUDIENCE_MISMATCH },
	{ "J7", WITH(",\"x\":\"\xc0\x80\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xe0\x80\x80\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xed\xa0\x80\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xf4\x90\x80\x80\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xff\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xf8\x88\x80\x80\x80\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xc3\""), JWT_JSON_INVALID },
	{ "J7", WITH(",\"x\":\"\xc3\xa9\""), JWT_OK },
	{ "J8", WITH(",\"x\":\"\\udc00\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud800\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud800\\u0041\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud83d\\ude00\""), JWT_OK },
	{ "J10", WITH(",'x':1"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":'a'"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":\"a\nb\""), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":\"a\x1f\""), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":NaN"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":Infinity"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":-Infinity"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":1."), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":-01"), JWT_JSON_INVALID },
	{ "J10", WITH(",\"x\":2.e3"), JWT_JSON_INVALID },
	{ "J11", WITH(","), JWT_JSON_INVALID },
	{ "J11", WITH("/**/"), JWT_JSON_INVALID },
	{ "J11", WITH("//\n"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":[1,]"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":TRUE"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":01"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":1e"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":+1"), JWT_JSON_INVALID },
	{ "J11", WITH(",\"x\":0x1"), JWT_JSON_INVALID },
	/* All of the payload, not members of it. */
	{ "J6", WITH("") "x", JWT_JSON_INVALID },
	{ "J6", WITH("") "{}", JWT_JSON_INVALID },
	{ "J6", WITH("") " \n\t\r", JWT_OK },
	{ "J8", WITH(",\"x\":\"\\udfff\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\udbff\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud800\\udbff\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud800\\ue000\""), JWT_JSON_INVALID },
	{ "J8", WITH(",\"x\":\"\\ud800\\udc00\\udbff\\udfff"
	    "\\ud7ff\\ue000\""), JWT_OK },
	{ "J9", "\xef\xbb\xbf" WITH(""), JWT_JSON_INVALID },
	{ "J9", "\xfe\xff" WITH(""), JWT_JSON_INVALID },
	{ "J12", "null", JWT_JSON_INVALID },
	{ "J12", "[]", JWT_JSON_INVALID },
	{ "J12", "[" WITH("") "]", JWT_JSON_INVALID },
	{ "J12", "\"x\"", JWT_JSON_INVALID },
	{ "J12", "1", JWT_JSON_INVALID },
	{ "J12", "true", JWT_JSON_INVALID },
	{ "J12", " ", JWT_JSON_INVALID },
	{ "J14", "{" WORLD_CLAIMS, JWT_JSON_INVALID },
	{ "J14", "{" WORLD_CLAIMS ",\"x\":\"", JWT_JSON_INVALID },
	{ "J14", "{" WORLD_CLAIMS ",\"x\":[1", JWT_JSON_INVALID },
	{ "J14", "{", JWT_JSON_INVALID },
};

static void
payload(const char *row, char *text, enum jwt_reason wanted)
{
	attack_token(row, &attack_world, world_sign(ALG_ES256, HEADER, text),
	    wanted);
	free(text);
}

/* The same bytes many times; free(). */
static char *
repeat(const char *text, size_t times)
{
	size_t len = strlen(text), i;
	char *all = calloc(times, len + 1);

	if (all == NULL)
		abort();
	for (i = 0; i < times; i++)
		memcpy(all + i * len, text, len);
	return all;
}

/* J13: the object is the first of 16 levels. */
static void
depths(void)
{
	static const size_t levels[] = { 1, 14, 15, 16, 33, 3000, 6500 };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		enum jwt_reason wanted = levels[i] > 15 ? JWT_JSON_LIMIT :
		    JWT_OK;
		char *open = repeat("[", levels[i]);
		char *close = repeat("]", levels[i]);

		payload("J13", world_text("{" WORLD_CLAIMS ",\"x\":%s%s}",
		    open, close), levels[i] > 6000 ? JWT_TOKEN_TOO_LONG :
		    wanted);
		free(open);
		free(close);
		open = repeat("{\"a\":", levels[i]);
		close = repeat("}", levels[i]);
		payload("J13", world_text("{" WORLD_CLAIMS ",\"x\":%s1%s}",
		    open, close), levels[i] > 1900 ? JWT_TOKEN_TOO_LONG :
		    wanted);
		free(open);
		free(close);
	}
}

/* J15: 256 members are read, 257 are not, nor as many as fit. */
static void
members(void)
{
	static const unsigned counts[] = { 256, 257, 1000, 3000 };
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		char *text = world_text("{" WORLD_CLAIMS), *more;
		unsigned n;

		for (n = 5; n < counts[i]; n++) {
			more = world_text("%s,\"a%u\":1", text, n);
			free(text);
			text = more;
		}
		more = world_text("%s}", text);
		payload("J15", more, counts[i] == 256 ? JWT_OK :
		    counts[i] == 3000 ? JWT_TOKEN_TOO_LONG : JWT_JSON_LIMIT);
		free(text);
	}
}

/* J5: a NUL behind the object, and what follows; J2 in the raw. */
static void
raw_nul(void)
{
	static const char behind[] = "{" WORLD_CLAIMS "}\0,\"x\":1}";
	static const char name[] = "{" WORLD_CLAIMS ",\"sub\0x\":\"root\"}";

	attack_token("J5", &attack_world, world_sign_bytes(ALG_ES256, HEADER,
	    bytes_of(behind, sizeof(behind) - 1)), JWT_JSON_INVALID);
	attack_token("J5", &attack_world, world_sign_bytes(ALG_ES256, HEADER,
	    bytes_of(behind, strlen(behind) + 1)), JWT_JSON_INVALID);
	attack_token("J2", &attack_world, world_sign_bytes(ALG_ES256, HEADER,
	    bytes_of(name, sizeof(name) - 1)), JWT_JSON_INVALID);
}

void
attack_json(void)
{
	size_t i;

	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++)
		payload(payloads[i].row, world_text("%s", payloads[i].text),
		    payloads[i].reason);
	depths();
	members();
	raw_nul();
}
