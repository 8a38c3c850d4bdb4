/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads PEM and DER of public keys strictly: each key has one spelling. */
#include "core/base/b64url.h"
#include "core/jose/spki.h"

#define TAG_INTEGER	0x02
#define TAG_BIT_STRING	0x03
#define TAG_SEQUENCE	0x30
#define NO_LENGTH	SIZE_MAX	/* longer than any text */

#define LIT(str) { (const uint8_t *)(str), sizeof(str) - 1 }

/* The contents of each AlgorithmIdentifier, which must match byte for byte. */
static const struct {
	enum key_kind kind;
	struct bytes der;
} identifiers[] = {
	{ KEY_P256, LIT("\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
	    "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07") },
	{ KEY_P384, LIT("\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
	    "\x06\x05\x2b\x81\x04\x00\x22") },
	{ KEY_P521, LIT("\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
	    "\x06\x05\x2b\x81\x04\x00\x23") },
	{ KEY_RSA, LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
	    "\x05\x00") },
	{ KEY_ED25519, LIT("\x06\x03\x2b\x65\x70") },
	{ KEY_ED448, LIT("\x06\x03\x2b\x65\x71") },
	{ KEY_ML_DSA_44, LIT("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11") },
	{ KEY_ML_DSA_65, LIT("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12") },
	{ KEY_ML_DSA_87, LIT("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13") },
};

/*
 * Take the length field at the start of *in.  NO_LENGTH if it is not in shortest
 * form, or of 64 KiB, which is more than any key.
 */
static size_t
take_length(struct bytes *in)
{
	size_t count, len = 0;

	if (in->len == 0)
		return NO_LENGTH;
	count = *in->ptr++;
	in->len--;
	if (count < 0x80)
		return count;
	count &= 0x7f;
	if (count == 0 || count > 2 || count > in->len || in->ptr[0] == 0)
		return NO_LENGTH;
	for (; count > 0; count--, in->len--)
		len = len << 8 | *in->ptr++;
	if (len < 0x80)
		return NO_LENGTH;
	return len;
}

/* Take the element with that tag at the start of *in, which moves after it. */
static bool
take_element(struct bytes *in, uint8_t tag, struct bytes *out)
{
	size_t len;

	if (in->len == 0 || in->ptr[0] != tag)
		return false;
	in->ptr++;
	in->len--;
	len = take_length(in);
	if (len > in->len)
		return false;
	*out = bytes_of(in->ptr, len);
	in->ptr += len;
	in->len -= len;
	return true;
}

/* Take a positive INTEGER, without its sign octet. */
static bool
take_integer(struct bytes *in, struct bytes *out)
{
	if (!take_element(in, TAG_INTEGER, out) || out->len == 0)
		return false;
	if (out->ptr[0] == 0 && out->len > 1) {
		if ((out->ptr[1] & 0x80) == 0)
			return false;	/* not the shortest form */
		out->ptr++;
		out->len--;
		return true;
	}
	return (out->ptr[0] & 0x80) == 0;
}

/* RFC 8017 appendix A.1.1: RSAPublicKey. */
static const char *
split_rsa(struct bytes key, struct keymat *mat)
{
	struct bytes inner;

	if (!take_element(&key, TAG_SEQUENCE, &inner) || key.len != 0 ||
	    !take_integer(&inner, &mat->x) || !take_integer(&inner, &mat->y) ||
	    inner.len != 0)
		return "not an RSA public key in DER";
	return NULL;
}

/* SEC 1 section 2.3.3: accept the uncompressed form only. */
static const char *
split_point(struct bytes key, size_t len, struct keymat *mat)
{
	if (key.len != 1 + 2 * len || key.ptr[0] != 0x04)
		return "an EC point that is not in uncompressed form";
	mat->x = bytes_of(key.ptr + 1, len);
	mat->y = bytes_of(key.ptr + 1 + len, len);
	return NULL;
}

static bool
find_kind(struct bytes identifier, enum key_kind *out)
{
	size_t i;

	for (i = 0; i < sizeof(identifiers) / sizeof(identifiers[0]); i++) {
		if (bytes_eq(identifier, identifiers[i].der)) {
			*out = identifiers[i].kind;
			return true;
		}
	}
	return false;
}

const char *
spki_parse_der(struct bytes der, struct keymat *mat)
{
	struct bytes info, identifier, key;

	*mat = (struct keymat){ 0 };
	if (!take_element(&der, TAG_SEQUENCE, &info) || der.len != 0 ||
	    !take_element(&info, TAG_SEQUENCE, &identifier) ||
	    !take_element(&info, TAG_BIT_STRING, &key) || info.len != 0 ||
	    key.len == 0 || key.ptr[0] != 0)
		return "not a SubjectPublicKeyInfo in DER";
	key = bytes_of(key.ptr + 1, key.len - 1);
	if (!find_kind(identifier, &mat->kind))
		return "a kind of key, or curve parameters, that are not "
		    "supported (RSA, P-256, P-384, P-521, Ed25519, Ed448, "
		    "ML-DSA)";
	switch (mat->kind) {
	case KEY_RSA:
		return split_rsa(key, mat);
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
		return split_point(key, keymat_len(mat->kind), mat);
	default:
		mat->x = key;
		return NULL;
	}
}

/* A character of base64 in the alphabet of base64url. */
static uint8_t
url_safe(uint8_t c)
{
	if (c == '+')
		return '-';
	if (c == '/')
		return '_';
	return c;
}

/*
 * Turn base64 with line breaks into base64url without.  False if "-" or "_" is
 * in it, or if anything comes after padding; the decoder refuses the rest.
 */
static bool
fold_base64(struct bytes body, struct secret *out)
{
	size_t pads = 0, i;

	out->len = 0;
	for (i = 0; i < body.len; i++) {
		uint8_t c = body.ptr[i];

		if (c == '\n' || c == '\r')
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		if (pads > 0 || c == '-' || c == '_')
			return false;
		out->ptr[out->len++] = url_safe(c);
	}
	return pads <= 2 && (out->len + pads) % 4 == 0;
}

/* Find the text between the two lines of a PEM block, which must be all. */
static bool
find_body(struct bytes text, struct bytes *out)
{
	struct bytes begin = bytes_str("-----BEGIN PUBLIC KEY-----");
	struct bytes end = bytes_str("-----END PUBLIC KEY-----");

	while (text.len > 0 && (text.ptr[text.len - 1] == '\n' ||
	    text.ptr[text.len - 1] == '\r'))
		text.len--;
	if (text.len < begin.len + end.len || !bytes_starts(text, begin) ||
	    !bytes_ends(text, end))
		return false;
	*out = bytes_of(text.ptr + begin.len, text.len - begin.len - end.len);
	/* A dash belongs to a second block. */
	return !bytes_has(*out, '-') && out->len > 0 &&
	    (out->ptr[0] == '\n' || out->ptr[0] == '\r');
}

enum jwt_reason
spki_parse_pem(struct bytes text, struct secret *der, struct keymat *mat,
    const char **fault)
{
	enum jwt_reason reason;
	struct bytes body;

	*der = (struct secret){ 0 };
	*fault = "not exactly one PEM block of type PUBLIC KEY";
	if (!find_body(text, &body))
		return JWT_KEY_FILE_INVALID;
	reason = secret_alloc(body.len, der);
	if (reason != JWT_OK)
		return reason;
	*fault = "a PEM block that is not base64";
	if (!fold_base64(body, der) ||
	    b64url_decode(secret_bytes(der), der->ptr) != JWT_OK)
		return JWT_KEY_FILE_INVALID;
	der->len = b64url_decoded_len(der->len);
	*fault = spki_parse_der(secret_bytes(der), mat);
	if (*fault != NULL)
		return JWT_KEY_FILE_INVALID;
	return JWT_OK;
}
