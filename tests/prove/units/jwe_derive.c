/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key that an agreement makes of Z and of apu and apv, which have LEN bytes:
 * for each alg, enc and curve, in memory of exactly the size of that key.  An enc
 * plays no part where the key wraps another.
 */
#include "core/jose/crypt.c"

static uint8_t z[EC_COORD_MAX], apu[ROOM(LEN)], apv[ROOM(LEN)];

/* All of the text must be set. */
enum jwt_reason
hash_sha256(struct bytes data, uint8_t out[HASH_LEN])
{
	READ_ALL(data);
	any_bytes(out, HASH_LEN);
	return any_bool() ? JWT_OK : JWT_OUT_OF_MEMORY;
}

static void
derive(const char *alg, const char *enc, size_t z_len)
{
	struct crypt_input in = {
		.alg = jwe_alg_by_name(bytes_str(alg)),
		.enc = jwe_enc_by_name(bytes_str(enc)),
		.apu = { apu, LEN }, .apv = { apv, LEN }
	};
	size_t len = in.alg->kek_len > 0 ? in.alg->kek_len : in.enc->cek_len;
	uint8_t *key = malloc(len);

	if (key == NULL)
		return;
	crypt_derive_key(&in, bytes_of(z, z_len), key, len);
}

void
main(void)
{
	static const size_t z_lens[] = { 32, 48, EC_COORD_MAX };
	static const char *const rows[][2] = {
		{ "ECDH-ES", "A128GCM" }, { "ECDH-ES", "A256GCM" },
		{ "ECDH-ES", "A128CBC-HS256" }, { "ECDH-ES", "A256CBC-HS512" },
		{ "ECDH-ES+A128KW", "A128GCM" }, { "ECDH-ES+A256KW", "A128GCM" }
	};
	int row = Frama_C_interval(0, 5), z_len = Frama_C_interval(0, 2);

	//@ split row;
	//@ split z_len;
	any_bytes(z, sizeof(z));
	any_bytes(apu, sizeof(apu));
	any_bytes(apv, sizeof(apv));
	derive(rows[row][0], rows[row][1], z_lens[z_len]);
}
