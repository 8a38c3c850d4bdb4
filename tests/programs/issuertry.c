/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token signed by the active key of an issuer, without a login:
 *
 *	issuertry CONF AUDIENCE [SECONDS-OF-LIFE [COUNT]]
 *
 * COUNT tokens come from one signer, with PAUSE_MSEC between them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "issuerd/signer.h"
#include "issuerd/start.h"

#define PAUSE_USEC	100000

static int
make(const struct issuer_conf *conf, struct signer *signer, const char *aud,
    int64_t life_sec)
{
	char jti[MINT_JTI_SIZE];
	struct mint mint = {
		.typ = "at+jwt", .iss = conf->iss, .sub = "alice",
		.aud = &aud, .aud_count = 1, .jti = jti
	};
	struct secret token = { .len = 0 };
	enum jwt_reason reason;

	if (!mint_random_jti(jti))
		return 2;
	mint.iat = (int64_t)time(NULL);
	mint.exp = mint.iat + life_sec;
	reason = mint_token(&mint, signer_mint(signer), &token);
	if (reason == JWT_OK)
		printf("%.*s\n", (int)token.len, (const char *)token.ptr);
	else
		fprintf(stderr, "%s: %s\n", reason_text(reason),
		    signer_fault(signer));
	fflush(stdout);
	secret_clear(&token);
	return reason == JWT_OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct issuer_conf conf = { .line = 0 };
	struct signer signer;
	const char *fault;
	int64_t life_sec;
	int code = 2, count = 1;

	if (argc < 3 || !issuer_start(argv[1], &conf))
		return 2;
	life_sec = argc > 3 ? atoll(argv[3]) : conf.access_ttl_sec;
	if (argc > 4)
		count = atoi(argv[4]);
	fault = signer_open(&conf, &signer);
	if (fault != NULL)
		fprintf(stderr, "%s\n", fault);
	for (; fault == NULL && count > 0 && code != 1; count--) {
		code = make(&conf, &signer, argv[2], life_sec);
		if (count > 1)
			usleep(PAUSE_USEC);
	}
	signer_close(&signer);
	issuer_conf_clear(&conf);
	return code;
}
