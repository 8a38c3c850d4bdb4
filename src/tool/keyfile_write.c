/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys to text, which may be secret: nothing else than its buffer has it. */
#include <stdio.h>

#include "core/b64url.h"
#include "tool/keyfile.h"

struct keyfile_family
keyfile_family(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
		return (struct keyfile_family){ "EC", "P-256" };
	case KEY_P384:
		return (struct keyfile_family){ "EC", "P-384" };
	case KEY_P521:
		return (struct keyfile_family){ "EC", "P-521" };
	case KEY_ED25519:
		return (struct keyfile_family){ "OKP", "Ed25519" };
	case KEY_ED448:
		return (struct keyfile_family){ "OKP", "Ed448" };
	case KEY_RSA:
		return (struct keyfile_family){ "RSA", NULL };
	case KEY_OCT:
		return (struct keyfile_family){ "oct", NULL };
	case KEY_ML_DSA_44:
	case KEY_ML_DSA_65:
	case KEY_ML_DSA_87:
		break;
	}
	return (struct keyfile_family){ "AKP", NULL };
}

#define TEXT_SIZE ((size_t)20480)	/* bytes: RSA 8192 has 7 K, a kid 2 K */

/* A text that grows in room that is there; failed once is failed for good. */
struct text {
	struct secret *out;
	bool failed;
};

static bool
text_open(struct text *text, struct secret *out)
{
	*text = (struct text){ .out = out };
	text->failed = secret_alloc(TEXT_SIZE, out) != JWT_OK;
	out->len = 0;
	return !text->failed;
}

/* Room for len bytes at the end; NULL when there is none. */
static uint8_t *
extend(struct text *text, size_t len)
{
	uint8_t *place;

	if (text->failed || len > TEXT_SIZE - text->out->len) {
		text->failed = true;
		return NULL;
	}
	place = text->out->ptr + text->out->len;
	text->out->len += len;
	return place;
}

static void
put(struct text *text, const char *more)
{
	struct bytes piece = bytes_str(more);
	uint8_t *place = extend(text, piece.len);

	if (place != NULL)
		memcpy(place, piece.ptr, piece.len);
}

/* A name and its colon, after a comma where it is not the first. */
static void
put_name(struct text *text, const char *name)
{
	if (text->out->len > 1)
		put(text, ",");
	put(text, "\"");
	put(text, name);
	put(text, "\":");
}

/* What must be escaped in a string by RFC 8259 section 7. */
static void
put_string(struct text *text, const char *name, const char *value)
{
	put_name(text, name);
	put(text, "\"");
	for (; *value != '\0'; value++) {
		char one[8] = { *value };

		if (*value == '"' || *value == '\\')
			snprintf(one, sizeof(one), "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			snprintf(one, sizeof(one), "\\u%04x",
			    (unsigned)(unsigned char)*value);
		put(text, one);
	}
	put(text, "\"");
}

static void
put_number(struct text *text, const char *name, const struct secret *value)
{
	uint8_t *place;

	put_name(text, name);
	put(text, "\"");
	place = extend(text, b64url_encoded_len(value->len));
	if (place != NULL)
		b64url_encode(secret_bytes(value), (char *)place);
	put(text, "\"");
}

bool
keyfile_write(const struct keypair *pair, bool with_private,
    struct secret *out)
{
	const struct keypair_number *numbers =
	    keypair_numbers(keypair_kind(pair));
	struct keyfile_family family = keyfile_family(keypair_kind(pair));
	struct text text;
	size_t i;

	*out = (struct secret){ 0 };
	if (keypair_kind(pair) == KEY_OCT && !with_private)
		return false;
	if (!text_open(&text, out))
		return false;
	put(&text, "{");
	put_string(&text, "kty", family.kty);
	if (family.crv != NULL)
		put_string(&text, "crv", family.crv);
	for (i = 0; numbers[i].name != NULL; i++) {
		if (with_private || !numbers[i].is_private)
			put_number(&text, numbers[i].name, &pair->values[i]);
	}
	put_string(&text, "alg", pair->alg_name);
	put_string(&text, "use", "sig");
	if (pair->kid[0] != '\0')
		put_string(&text, "kid", pair->kid);
	put(&text, "}");
	return !text.failed;
}

/*
 * The required members in the order of their names, without blanks: RFC 7638
 * section 3.2, RFC 8037 section 2, RFC 9964 section 6.
 */
static void
put_required(struct text *text, const struct keypair *pair)
{
	struct keyfile_family family = keyfile_family(keypair_kind(pair));
	const struct secret *values = pair->values;

	put(text, "{");
	if (keypair_kind(pair) == KEY_RSA)
		put_number(text, "e", &values[1]);
	else if (keypair_kind(pair) == KEY_OCT)
		put_number(text, "k", &values[0]);
	else if (family.crv == NULL)
		put_string(text, "alg", pair->alg_name);
	else
		put_string(text, "crv", family.crv);
	put_string(text, "kty", family.kty);
	if (keypair_kind(pair) == KEY_RSA)
		put_number(text, "n", &values[0]);
	else if (family.crv != NULL)
		put_number(text, "x", &values[0]);
	else if (keypair_kind(pair) != KEY_OCT)
		put_number(text, "pub", &values[0]);
	if (keypair_keymat(pair).y.len > 0 && family.crv != NULL)
		put_number(text, "y", &values[1]);
	put(text, "}");
}

bool
keyfile_thumbprint(const struct keypair *pair,
    char out[KEYFILE_THUMBPRINT_SIZE])
{
	uint8_t digest[KEYPAIR_DIGEST_LEN];
	struct secret input = { 0 };
	struct text text;
	bool ok = false;

	memset(out, 0, KEYFILE_THUMBPRINT_SIZE);
	if (text_open(&text, &input)) {
		put_required(&text, pair);
		ok = !text.failed &&
		    keypair_digest(secret_bytes(&input), digest);
	}
	if (ok)
		b64url_encode(bytes_of(digest, sizeof(digest)), out);
	secret_clear(&input);
	return ok;
}
