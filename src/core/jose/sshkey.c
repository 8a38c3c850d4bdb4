/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the public keys of OpenSSH (RFC 4253 section 6.6, RFC 5656 section 3.1,
 * RFC 8709, PROTOCOL.certkeys and PROTOCOL.u2f of OpenSSH).
 *
 * sshd has verified a signature by the key before we see it.  But the same
 * numbers in another spelling would be another fingerprint, so the reader
 * takes exact lengths, minimal integers and nothing after the last field.
 */
#include "core/base/b64url.h"
#include "core/base/secret.h"
#include "core/base/ssh_fields.h"
#include "core/jose/sshkey.h"

#define CERT_SUFFIX	"-cert-v01"
#define OPENSSH_SUFFIX	"@openssh.com"
#define TYPE_MAX	64	/* bytes; the longest that we know has 46 */
#define POINT_UNCOMPRESSED 4	/* SEC 1 section 2.3.3 */

struct kind {
	const char *type;
	enum key_kind kind;
	const char *curve;	/* RFC 5656 section 6.1; NULL: not ECDSA */
	bool has_application;	/* a FIDO key names the application last */
};

static const struct kind kinds[] = {
	{ "ssh-ed25519", KEY_ED25519, NULL, false },
	{ "ecdsa-sha2-nistp256", KEY_P256, "nistp256", false },
	{ "ecdsa-sha2-nistp384", KEY_P384, "nistp384", false },
	{ "ecdsa-sha2-nistp521", KEY_P521, "nistp521", false },
	{ "ssh-rsa", KEY_RSA, NULL, false },
	{ "sk-ssh-ed25519" OPENSSH_SUFFIX, KEY_ED25519, NULL, true },
	{ "sk-ecdsa-sha2-nistp256" OPENSSH_SUFFIX, KEY_P256, "nistp256", true },
};

/* ---- the fields of a blob ---- */

/* "mpint" of RFC 4251 section 5, above zero, without its sign byte. */
static struct bytes
take_positive(struct ssh_fields *in)
{
	struct bytes number = ssh_fields_string(in);

	if (number.len == 0 || (number.ptr[0] & 0x80) != 0) {
		in->failed = true;
		return bytes_of(NULL, 0);
	}
	if (number.ptr[0] != 0)
		return number;
	/* The sign byte is there only for a number that needs it. */
	if (number.len < 2 || (number.ptr[1] & 0x80) == 0)
		in->failed = true;
	return bytes_of(number.ptr + 1, number.len - 1);
}

static void
take_point(struct ssh_fields *in, const struct kind *kind, struct keymat *mat)
{
	size_t len = keymat_len(kind->kind);
	struct bytes curve = ssh_fields_string(in);
	struct bytes point = ssh_fields_string(in);

	if (in->failed || !bytes_eq_str(curve, kind->curve) ||
	    point.len != 1 + 2 * len || point.ptr[0] != POINT_UNCOMPRESSED) {
		in->failed = true;
		return;
	}
	mat->x = bytes_of(point.ptr + 1, len);
	mat->y = bytes_of(point.ptr + 1 + len, len);
}

/*
 * The application of a FIDO key: a text, which is in the fingerprint.  OpenSSH
 * reads it as a C string, so one with a NUL would have another fingerprint
 * there.
 */
static void
take_application(struct ssh_fields *in)
{
	if (bytes_has(ssh_fields_string(in), '\0'))
		in->failed = true;
}

/* The fields that make up the key, and for a FIDO key its application. */
static void
take_key(struct ssh_fields *in, const struct kind *kind, struct keymat *mat)
{
	*mat = (struct keymat){ .kind = kind->kind };
	if (kind->curve != NULL) {
		take_point(in, kind, mat);
	} else if (kind->kind == KEY_RSA) {
		mat->y = take_positive(in);
		mat->x = take_positive(in);
	} else {
		mat->x = ssh_fields_string(in);
	}
	if (kind->has_application)
		take_application(in);
}

/*
 * The fields after the key: serial, type, id, principals, two times, options,
 * extensions, a reserved field, the CA's key and the signature.
 */
static struct bytes
take_authority(struct ssh_fields *in)
{
	struct bytes authority;

	(void)ssh_fields_bytes(in, 8 + 4);
	(void)ssh_fields_string(in);
	(void)ssh_fields_string(in);
	(void)ssh_fields_bytes(in, 8 + 8);
	(void)ssh_fields_string(in);
	(void)ssh_fields_string(in);
	(void)ssh_fields_string(in);
	authority = ssh_fields_string(in);
	(void)ssh_fields_string(in);
	in->failed = in->failed || authority.len == 0;
	return authority;
}

/* ---- texts ---- */

/*
 * Base64 with padding, in its one canonical spelling.  The alphabet of
 * base64url differs in two characters, which are exchanged.
 */
static enum sshkey_result
decode(struct bytes text, struct secret *out)
{
	size_t i;

	if (text.len == 0 || text.len % 4 != 0 || text.len > SSHKEY_TEXT_MAX)
		return SSHKEY_MALFORMED;
	for (i = 0; i < 2 && text.ptr[text.len - 1] == '='; i++)
		text.len--;
	if (secret_copy(text, out) != JWT_OK)
		return SSHKEY_NO_MEMORY;
	for (i = 0; i < out->len; i++) {
		if (out->ptr[i] == '-' || out->ptr[i] == '_')
			return SSHKEY_MALFORMED;
		if (out->ptr[i] == '+')
			out->ptr[i] = '-';
		else if (out->ptr[i] == '/')
			out->ptr[i] = '_';
	}
	if (b64url_decode(secret_bytes(out), out->ptr) != JWT_OK)
		return SSHKEY_MALFORMED;
	out->len = b64url_decoded_len(out->len);
	return SSHKEY_OK;
}

/* Write "SHA256:" and the hash of a blob in base64 without padding. */
static enum sshkey_result
print(struct bytes blob, char out[SSHKEY_PRINT_SIZE])
{
	static const char name[] = "SHA256:";
	uint8_t digest[HASH_LEN];
	char *at = out + sizeof(name) - 1;

	if (hash_sha256(blob, digest) != JWT_OK)
		return SSHKEY_NO_MEMORY;
	memcpy(out, name, sizeof(name) - 1);
	b64url_encode(bytes_of(digest, HASH_LEN), at);
	out[SSHKEY_PRINT_SIZE - 1] = '\0';
	for (; *at != '\0'; at++) {
		if (*at == '-')
			*at = '+';
		else if (*at == '_')
			*at = '/';
	}
	return SSHKEY_OK;
}

bool
sshkey_is_fingerprint(struct bytes text)
{
	static const char name[] = "SHA256:";
	const size_t len = sizeof(name) - 1;
	struct secret decoded = { 0 };
	uint8_t padded[SSHKEY_PRINT_SIZE - sizeof(name) + 1];
	bool is_canonical;

	if (text.len != SSHKEY_PRINT_SIZE - 1 ||
	    memcmp(text.ptr, name, len) != 0)
		return false;
	memcpy(padded, text.ptr + len, text.len - len);
	padded[text.len - len] = '=';
	is_canonical = decode(bytes_of(padded, text.len - len + 1),
	    &decoded) == SSHKEY_OK && decoded.len == HASH_LEN;
	secret_clear(&decoded);
	return is_canonical;
}

/* The type of the certificates of a kind: PROTOCOL.certkeys, PROTOCOL.u2f. */
static bool
is_cert_of(struct bytes type, const char *plain)
{
	struct bytes stem = bytes_str(plain);
	size_t openssh = sizeof(OPENSSH_SUFFIX) - 1;
	static const char suffix[] = CERT_SUFFIX OPENSSH_SUFFIX;

	if (memchr(stem.ptr, '@', stem.len) != NULL)
		stem.len -= openssh;
	return type.len == stem.len + sizeof(suffix) - 1 &&
	    memcmp(type.ptr, stem.ptr, stem.len) == 0 &&
	    memcmp(type.ptr + stem.len, suffix, sizeof(suffix) - 1) == 0;
}

static const struct kind *
find_kind(struct bytes type, bool *is_cert)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		*is_cert = is_cert_of(type, kinds[i].type);
		if (*is_cert || bytes_eq_str(type, kinds[i].type))
			return &kinds[i];
	}
	return NULL;
}

const char *
sshkey_type(struct bytes text)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (bytes_eq_str(text, kinds[i].type))
			return kinds[i].type;
	}
	return NULL;
}

/* ---- a whole key ---- */

/*
 * The fingerprint of the key inside a certificate: of the blob that the plain
 * key would have.
 */
static enum sshkey_result
print_inside(const struct kind *kind, struct bytes fields,
    char out[SSHKEY_PRINT_SIZE])
{
	struct bytes type = bytes_str(kind->type);
	struct secret blob = { 0 };
	enum sshkey_result result;

	if (secret_alloc(4 + type.len + fields.len, &blob) != JWT_OK)
		return SSHKEY_NO_MEMORY;
	blob.ptr[3] = (uint8_t)type.len;
	memcpy(blob.ptr + 4, type.ptr, type.len);
	memcpy(blob.ptr + 4 + type.len, fields.ptr, fields.len);
	result = print(secret_bytes(&blob), out);
	secret_clear(&blob);
	return result;
}

/* OpenSSL or a provider would not take such a key either: keymat.h. */
static enum sshkey_result
judge(const struct keymat *mat)
{
	if (keymat_fault(mat) == NULL)
		return SSHKEY_OK;
	if (mat->kind == KEY_RSA)
		return SSHKEY_OTHER;
	return SSHKEY_MALFORMED;
}

static enum sshkey_result
make_thumbprint(const struct keymat *mat, struct sshkey *out)
{
	struct thumbprint print;

	if (thumbprint_make(mat, &print) != JWT_OK)
		return SSHKEY_NO_MEMORY;
	memcpy(out->jkt, print.text, THUMBPRINT_SIZE);
	return SSHKEY_OK;
}

/* Judge the key that was read, and write its names; authority may be empty. */
static enum sshkey_result
name_key(const struct kind *kind, struct bytes fields, struct bytes authority,
    const struct keymat *mat, struct sshkey *out)
{
	enum sshkey_result result = judge(mat);

	if (result != SSHKEY_OK)
		return result;
	if (authority.len > 0)
		result = print(authority, out->ca);
	if (result != SSHKEY_OK)
		return result;
	result = print_inside(kind, fields, out->fingerprint);
	if (result != SSHKEY_OK)
		return result;
	out->type = kind->type;
	return make_thumbprint(mat, out);
}

static enum sshkey_result
read_blob(struct bytes type, struct bytes blob, struct sshkey *out,
    struct keymat *mat)
{
	struct ssh_fields in = { .rest = blob };
	struct bytes fields, authority = { .len = 0 };
	bool is_cert;
	const struct kind *kind = find_kind(type, &is_cert);

	if (kind == NULL)
		return SSHKEY_OTHER;
	if (!bytes_eq(ssh_fields_string(&in), type))
		return SSHKEY_MALFORMED;
	if (is_cert)
		(void)ssh_fields_string(&in);		/* the nonce */
	fields = in.rest;
	take_key(&in, kind, mat);
	fields.len -= in.rest.len;
	if (is_cert)
		authority = take_authority(&in);
	if (in.failed || in.rest.len > 0)
		return SSHKEY_MALFORMED;
	return name_key(kind, fields, authority, mat, out);
}

enum sshkey_result
sshkey_read(struct bytes type, struct bytes blob, struct sshkey *out)
{
	struct secret decoded = { 0 };
	enum sshkey_result result;
	struct keymat mat;
	bool is_cert;

	*out = (struct sshkey){ .type = NULL };
	if (type.len > TYPE_MAX || find_kind(type, &is_cert) == NULL)
		return SSHKEY_OTHER;
	result = decode(blob, &decoded);
	if (result == SSHKEY_OK)
		result = read_blob(type, secret_bytes(&decoded), out, &mat);
	secret_clear(&decoded);
	if (result != SSHKEY_OK)
		*out = (struct sshkey){ .type = NULL };
	return result;
}

enum sshkey_result
sshkey_read_blob(struct bytes blob, struct sshkey *out, struct keymat *mat)
{
	struct ssh_fields in = { .rest = blob };
	struct bytes type = ssh_fields_string(&in);
	enum sshkey_result result = SSHKEY_MALFORMED;

	*out = (struct sshkey){ .type = NULL };
	if (!in.failed && type.len <= TYPE_MAX)
		result = read_blob(type, blob, out, mat);
	if (result != SSHKEY_OK)
		*out = (struct sshkey){ .type = NULL };
	return result;
}

enum sshkey_result
sshkey_read_line(struct bytes line, struct sshkey *out)
{
	struct bytes type = bytes_cut(&line, ' ');

	return sshkey_read(type, bytes_cut(&line, ' '), out);
}
