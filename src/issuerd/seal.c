/* SPDX-License-Identifier: BSD-2-Clause */
/* Encrypts the access tokens of a grant for their hosts. */
#include "core/base/glob.h"
#include "core/jose/jwe_alg.h"
#include "issuerd/rootfile.h"
#include "issuerd/seal.h"

const struct issuer_encrypt *
seal_find(const struct issuer_grant *grant, const char *audience)
{
	size_t i;

	for (i = 0; i < grant->encrypt_count; i++) {
		if (glob_match(bytes_str(grant->encrypt[i].audience),
		    bytes_str(audience)))
			return &grant->encrypt[i];
	}
	return NULL;
}

static const char *
key_fault(const struct encrypt_keys *keys)
{
	if (keys->count != 1)
		return "it has more than one key, and a token is encrypted for "
		    "one";
	if (keys->keys[0].has_private)
		return "it has the private key of the host: pam-jwt key public "
		    "writes the public one";
	return NULL;
}

const char *
seal_read(const char *path, struct encrypt_keys *out)
{
	const char *fault = NULL;
	struct file file;

	*out = (struct encrypt_keys){ .count = 0 };
	if (rootfile_read(path, &file) != JWT_OK)
		fault = "it cannot be read, or somebody other than root could "
		    "change it";
	else if (!encrypt_keys_are(secret_bytes(&file.text)) ||
	    !encrypt_keys_read(&file.text, out))
		fault = "it is not a key to encrypt for";
	file_clear(&file);
	if (fault != NULL)
		return fault;
	return key_fault(out);
}

const char *
seal_token(const struct issuer_encrypt *to, struct secret *token)
{
	struct secret signed_token = *token;
	struct encrypt_keys keys;
	const char *fault = seal_read(to->path, &keys);

	*token = (struct secret){ .len = 0 };
	if (fault == NULL && encrypt_token(secret_bytes(&signed_token),
	    &keys.keys[0], jwe_enc_by_name(bytes_str(ENCRYPT_ENC_DEFAULT)),
	    token) != JWT_OK)
		fault = "the token cannot be encrypted with the key of the host";
	encrypt_keys_clear(&keys);
	secret_clear(&signed_token);
	return fault;
}
