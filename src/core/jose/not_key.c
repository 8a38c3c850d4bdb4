/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names what a file is that has no public key of ours.  Certificates, private
 * keys and documents of providers are what people put there; the commands that
 * make a key of them are tried in tests/cli/hints.sh.
 */
#include "core/jose/not_key.h"

static bool
holds(struct bytes text, const char *part)
{
	return text.len > 0 &&
	    memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

/* Whether there is more than one PEM block. */
static bool
has_several_blocks(struct bytes text)
{
	const char begin[] = "-----BEGIN ";
	const uint8_t *first = memmem(text.ptr, text.len, begin,
	    strlen(begin));
	size_t rest;

	if (first == NULL)
		return false;
	rest = text.len - (size_t)(first - text.ptr) - 1;
	return memmem(first + 1, rest, begin, strlen(begin)) != NULL;
}

/* A private key comes first: there may be a certificate beside it. */
static const char *
name_pem(struct bytes text)
{
	if (holds(text, "-----BEGIN OPENSSH PRIVATE KEY-----"))
		return "a private key, which no host needs: its public key is "
		    "printed by \"ssh-keygen -e -m PKCS8 -f FILE\"";
	if (holds(text, "PRIVATE KEY-----"))
		return "a private key, which no host needs: its public key is "
		    "printed by \"openssl pkey -pubout -in FILE\"";
	if (holds(text, "CERTIFICATE-----"))
		return "a certificate: its key is printed by \"openssl x509 "
		    "-pubkey -noout -in FILE\"";
	if (holds(text, "-----BEGIN RSA PUBLIC KEY-----"))
		return "a key of PKCS #1: as SubjectPublicKeyInfo it is "
		    "printed by \"openssl rsa -RSAPublicKey_in -pubout -in "
		    "FILE\"";
	if (has_several_blocks(text))
		return "more than one PEM block: keys takes one file for each";
	if (!bytes_starts(text, bytes_str("-----BEGIN ")))
		return "text in front of the PEM block: remove it";
	return NULL;
}

/* DER begins with a SEQUENCE (X.690), and UTF-16 has zeros. */
static bool
is_binary(struct bytes text)
{
	return bytes_has(text, 0) ||
	    (text.len > 1 && text.ptr[0] == 0x30 && text.ptr[1] >= 0x80);
}

static bool
is_from_openssh(struct bytes text)
{
	static const char *const starts[] = {
		"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-",
		"---- BEGIN SSH2 PUBLIC KEY"
	};
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (bytes_starts(text, bytes_str(starts[i])))
			return true;
	}
	return false;
}

const char *
not_key_text(struct bytes text)
{
	if (holds(text, "-----BEGIN "))
		return name_pem(text);
	if (is_binary(text))
		return "binary: PEM is text, and is printed by \"openssl pkey "
		    "-pubin -inform DER -in FILE\"";
	if (bytes_starts(text, bytes_str("\xef\xbb\xbf")))
		return "it starts with a byte order mark: save it without one";
	if (is_from_openssh(text))
		return "a public key of OpenSSH: as PEM it is printed by "
		    "\"ssh-keygen -e -m PKCS8 -f FILE\"";
	if (bytes_starts(text, bytes_str("<")))
		return "a page of HTML, or XML";
	if (bytes_starts(text, bytes_str("eyJ")))
		return "a token: the key is that of its issuer";
	return NULL;
}

/* Whether there are members, and all of them are PEM. */
static bool
holds_pem_alone(const struct json_node *object)
{
	const struct json_node *name, *value;

	for (name = json_first(object); name != NULL;
	    name = json_next(object, name)) {
		value = json_value(name);
		if (!json_is(value, JSON_STRING) || !bytes_starts(
		    json_text(value), bytes_str("-----BEGIN ")))
			return false;
	}
	return json_first(object) != NULL;
}

const char *
not_key_object(const struct json_node *object)
{
	if (!json_is(object, JSON_OBJECT) ||
	    json_get(object, bytes_str("kty")) != NULL)
		return NULL;
	if (json_get(object, bytes_str("jwks_uri")) != NULL)
		return "a discovery document: the keys are at its jwks_uri";
	if (holds_pem_alone(object))
		return "an object of PEM texts by kid: take the provider's JWK "
		    "Set, which its discovery document names as jwks_uri";
	return NULL;
}
