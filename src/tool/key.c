/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt key: generate, public, thumbprint. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/keymat.h"
#include "core/number.h"
#include "tool/input.h"
#include "tool/keypair.h"
#include "tool/options.h"
#include "tool/tool.h"

#define RSA_BITS_DEFAULT 3072	/* 128 bits of security, ASVS 11.2.3 */

static bool
complain(const char *path, const char *what)
{
	fprintf(stderr, "pam-jwt: %s: %s\n", path, what);
	return false;
}

static bool
write_all(int fd, struct bytes text)
{
	while (text.len > 0) {
		ssize_t done = write(fd, text.ptr, text.len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text.ptr += done;
		text.len -= (size_t)done;
	}
	return true;
}

/* A new file with that mode, whatever the umask; never over another. */
static bool
write_new(const char *path, mode_t mode, struct bytes text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok;

	if (fd < 0)
		return complain(path, errno == EEXIST ?
		    "exists already, and a key is never written over" :
		    strerror(errno));
	ok = fchmod(fd, mode) == 0 && write_all(fd, text) && fsync(fd) == 0;
	if (close(fd) != 0 || !ok) {
		complain(path, strerror(errno));
		unlink(path);
		return false;
	}
	return true;
}

/* Both files or none. */
static bool
write_pair(const struct keypair *pair, const char *private_path,
    const char *public_path)
{
	struct secret private_text = { 0 }, public_text = { 0 };
	bool ok;

	ok = keypair_jwk(pair, true, &private_text) && (public_path == NULL ||
	    keypair_jwk(pair, false, &public_text));
	if (!ok)
		fprintf(stderr, "pam-jwt: memory ran out\n");
	if (ok)
		ok = write_new(private_path, 0600,
		    secret_bytes(&private_text));
	if (ok && public_path != NULL && !write_new(public_path, 0644,
	    secret_bytes(&public_text))) {
		unlink(private_path);
		ok = false;
	}
	secret_clear(&private_text);
	secret_clear(&public_text);
	return ok;
}

struct generate_options {
	const char *alg;
	const char *out;
	const char *public;
	const char *kid;
	const char *bits;
};

static bool
parse_bits(const char *text, unsigned *out)
{
	struct number_date number;

	*out = RSA_BITS_DEFAULT;
	if (text == NULL)
		return true;
	if (!number_is_valid(bytes_str(text)) ||
	    number_date(bytes_str(text), &number) != JWT_OK ||
	    number.floor_sec < RSA_BITS_MIN || number.floor_sec > RSA_BITS_MAX)
		return complain("--bits", "a number from 2048 to 8192");
	*out = (unsigned)number.floor_sec;
	return true;
}

/* EdDSA means the curve that nearly everybody means. */
static bool
parse_alg(const char *name, enum alg_id *out)
{
	alg_set set = alg_by_name(bytes_str(name));

	if (bytes_eq_str(bytes_str(name), "EdDSA"))
		set = ALG_BIT(ALG_ED25519);
	return alg_single(set, out) ||
	    complain(name, "not an algorithm that is supported");
}

static bool
check_generate(const struct generate_options *options, enum alg_id *alg,
    unsigned *bits)
{
	if (options->alg == NULL || options->out == NULL)
		return complain("key generate", "--alg and --out are needed");
	if (!parse_alg(options->alg, alg) || !parse_bits(options->bits, bits))
		return false;
	if (options->bits != NULL && alg_row(*alg)->kind != KEY_RSA)
		return complain("--bits", "is for RSA keys");
	if (options->public != NULL && alg_row(*alg)->kind == KEY_OCT)
		return complain("--public", "a symmetric key has no public "
		    "part: whoever verifies with it can sign with it");
	return true;
}

static bool
name_key(struct keypair *pair, const char *kid)
{
	char thumbprint[44];

	if (kid != NULL)
		return keypair_set_kid(pair, kid) ||
		    complain("--kid", "more than 256 bytes");
	return keypair_thumbprint(pair, thumbprint) &&
	    keypair_set_kid(pair, thumbprint);
}

static int
key_generate(int argc, char **argv)
{
	struct generate_options options = { 0 };
	const struct option_spec specs[] = {
		{ .name = "alg", .value = &options.alg },
		{ .name = "out", .value = &options.out },
		{ .name = "public", .value = &options.public },
		{ .name = "kid", .value = &options.kid },
		{ .name = "bits", .value = &options.bits },
		{ .name = NULL }
	};
	struct keypair *pair;
	enum alg_id alg;
	unsigned bits;
	bool ok;

	if (!options_parse(argc, argv, specs) ||
	    !check_generate(&options, &alg, &bits))
		return EXIT_TROUBLE;
	pair = keypair_generate(alg, bits);
	if (pair == NULL)
		return EXIT_TROUBLE;
	ok = name_key(pair, options.kid) &&
	    write_pair(pair, options.out, options.public);
	keypair_free(pair);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}

static struct keypair *
read_pair(void)
{
	struct keypair *pair = NULL;
	struct secret text = { 0 };

	if (input_read(&text))
		pair = keypair_parse(&text);
	secret_clear(&text);
	return pair;
}

static int
key_public(int argc, char **argv)
{
	const struct option_spec specs[] = { { .name = NULL } };
	struct secret text = { 0 };
	struct keypair *pair;
	int code = EXIT_TROUBLE;

	if (!options_parse(argc, argv, specs))
		return EXIT_TROUBLE;
	pair = read_pair();
	if (pair == NULL)
		return EXIT_TROUBLE;
	if (keypair_jwk(pair, false, &text)) {
		fwrite(text.ptr, 1, text.len, stdout);
		code = EXIT_YES;
	} else {
		fprintf(stderr, "pam-jwt: a symmetric key has no public "
		    "part\n");
	}
	secret_clear(&text);
	keypair_free(pair);
	return code;
}

static int
key_thumbprint(int argc, char **argv)
{
	bool uri = false;
	const struct option_spec specs[] = {
		{ .name = "uri", .flag = &uri },
		{ .name = NULL }
	};
	char thumbprint[44];
	struct secret text = { 0 };
	struct keypair *pair = NULL;
	int code = EXIT_TROUBLE;

	if (!options_parse(argc, argv, specs))
		return EXIT_TROUBLE;
	if (input_read(&text))
		pair = keypair_parse_any(&text);
	if (pair != NULL && keypair_thumbprint(pair, thumbprint)) {
		printf("%s%s\n", uri ? "urn:ietf:params:oauth:jwk-thumbprint:"
		    "sha-256:" : "", thumbprint);
		code = EXIT_YES;
	}
	keypair_free(pair);
	secret_clear(&text);
	return code;
}

int
tool_key(int argc, char **argv)
{
	if (argc > 0 && strcmp(argv[0], "generate") == 0)
		return key_generate(argc - 1, argv + 1);
	if (argc > 0 && strcmp(argv[0], "public") == 0)
		return key_public(argc - 1, argv + 1);
	if (argc > 0 && strcmp(argv[0], "thumbprint") == 0)
		return key_thumbprint(argc - 1, argv + 1);
	fprintf(stderr, "pam-jwt: key generate, key public or key "
	    "thumbprint; see pam-jwt key --help\n");
	return EXIT_TROUBLE;
}
