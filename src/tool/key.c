/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt key: makes a key pair, takes the public part of a key, and prints
 * thumbprints.  A private key goes only into a new file with mode 0600.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "core/base/number.h"
#include "core/jose/thumbprint.h"
#include "issuer/encrypt_key.h"
#include "issuer/keyfile.h"
#include "tool/input.h"
#include "tool/key_encrypt.h"
#include "tool/ssh_public.h"
#include "tool/tool.h"

#define GENERATE "pam-jwt key generate"
#define NAMES_SIZE 256		/* bytes; the names of all algorithms */

#define RSA_BITS_DEFAULT 3072	/* 128 bits of security, ASVS 11.2.3 */

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

/*
 * Make a new file with this mode, whatever the umask is.  It never replaces
 * another file: that could be the only copy of a key.
 */
static bool
write_new(const char *path, mode_t mode, struct bytes text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool ok;

	if (fd < 0 && errno == EEXIST)
		return complain("%s: it exists already, and no key is ever "
		    "overwritten", path);
	if (fd < 0)
		return complain_errno(path);
	ok = (fchmod(fd, mode) == 0 && write_all(fd, text) &&
	    write_all(fd, bytes_str("\n")) && fsync(fd) == 0) ||
	    complain("%s: %s", path, strerror(errno));
	if (close(fd) != 0 && ok)
		ok = complain("%s: %s", path, strerror(errno));
	if (!ok)
		unlink(path);
	return ok;
}

/* Write both files, or leave none.  The private one is mode 0600. */
static bool
write_pair(struct bytes private, const char *private_path,
    struct bytes public, const char *public_path)
{
	if (!write_new(private_path, 0600, private))
		return false;
	if (public_path == NULL || write_new(public_path, 0644, public))
		return true;
	unlink(private_path);
	return false;
}

/* The same for a key that signs; a symmetric one has no public part. */
static bool
write_keypair(const struct keypair *pair, const char *private_path,
    const char *public_path)
{
	struct secret private = { 0 }, public = { 0 };
	bool ok;

	if (!keyfile_write(pair, true, &private) || (public_path != NULL &&
	    !keyfile_write(pair, false, &public)))
		ok = complain("%s: memory ran out", private_path);
	else
		ok = write_pair(secret_bytes(&private), private_path,
		    secret_bytes(&public), public_path);
	secret_clear(&private);
	secret_clear(&public);
	return ok;
}

struct generate_options {
	const char *alg;
	const char *out;
	const char *public;
	const char *kid;
	const char *bits;
	const char *curve;
};

static bool
parse_bits(const char *text, unsigned *out)
{
	int64_t bits = RSA_BITS_DEFAULT;

	if (text != NULL && (!number_digits(bytes_str(text), RSA_BITS_MAX,
	    &bits) || bits < RSA_BITS_MIN || bits % 8 != 0))
		return complain("--bits %s: not a multiple of 8 from 2048 to "
		    "8192", text);
	*out = (unsigned)bits;
	return true;
}

static void
add_name(char list[NAMES_SIZE], const char *name)
{
	size_t len = strlen(list);

	snprintf(list + len, NAMES_SIZE - len, "%s%s", len == 0 ? "" : " ",
	    name);
}

/* Name the algorithm that was given, and those that there are. */
static bool
fail_algorithm(const char *name)
{
	struct nearest nearest = nearest_begin(bytes_str(name));
	char names[NAMES_SIZE] = "";
	const struct jwe_alg *jwe;
	unsigned i;

	for (i = 0; i < ALG_COUNT; i++) {
		nearest_try(&nearest, alg_row((enum alg_id)i)->name);
		add_name(names, alg_row((enum alg_id)i)->name);
	}
	for (i = 0; (jwe = jwe_alg_at(i)) != NULL; i++) {
		nearest_try(&nearest, jwe->name);
		add_name(names, jwe->name);
	}
	return command_fail(GENERATE, "--alg %s: not an algorithm; one of %s%s",
	    name, names, nearest_text(&nearest));
}

/* EdDSA can mean Ed448 too, but nearly everybody means Ed25519. */
static bool
parse_alg(const char *name, enum alg_id *out)
{
	alg_set set = alg_by_name(bytes_str(name));

	if (bytes_eq_str(bytes_str(name), "EdDSA"))
		set = ALG_BIT(ALG_ED25519);
	if (!alg_single(set, out))
		return fail_algorithm(name);
	return sig_supports(*out) || complain("--alg: this OpenSSL does not "
	    "have ML-DSA, which is in 3.5 and newer");
}

static bool
check_files(const struct generate_options *options)
{
	return !bytes_eq_str(bytes_str(options->out), "-") ||
	    complain("--out: a private key goes into a file, not to standard "
	    "output");
}

static bool
check_generate(const struct generate_options *options, enum alg_id *alg,
    unsigned *bits)
{
	if (!parse_alg(options->alg, alg) || !parse_bits(options->bits, bits))
		return false;
	if (options->curve != NULL)
		return complain("--curve: is for keys of ECDH-ES; any other "
		    "alg has its own");
	if (options->bits != NULL && alg_row(*alg)->kind != KEY_RSA)
		return complain("--bits: is for RSA keys");
	if (options->public != NULL && alg_row(*alg)->kind == KEY_OCT)
		return complain("--public: a symmetric key has no public "
		    "part: everybody who verifies with it can sign with it");
	return true;
}

static bool
name_key(struct keypair *pair, const char *kid)
{
	struct keymat mat = keypair_keymat(pair);
	struct thumbprint thumbprint;

	if (kid == NULL && thumbprint_make(&mat, &thumbprint) != JWT_OK)
		return complain("key generate: OpenSSL cannot make the "
		    "thumbprint");
	if (kid == NULL)
		kid = thumbprint.text;
	if (strlen(kid) > JWK_KID_MAX)
		return complain("--kid: more than 256 bytes");
	memcpy(pair->kid, kid, strlen(kid));
	return true;
}

static bool
generate(const struct generate_options *options, enum alg_id alg,
    unsigned bits)
{
	struct keypair pair = { 0 };
	bool ok;

	ok = keypair_generate(alg, bits, &pair) ||
	    complain("%s: OpenSSL cannot make such a key", options->alg);
	/* Asked for EdDSA: keep that name, for verifiers that know no other. */
	if (bytes_eq_str(bytes_str(options->alg), "EdDSA"))
		pair.alg_name = "EdDSA";
	ok = ok && name_key(&pair, options->kid) &&
	    write_keypair(&pair, options->out, options->public);
	keypair_clear(&pair);
	return ok;
}

/* Make a key that signs. */
static bool
generate_signing(const struct generate_options *options)
{
	enum alg_id alg = ALG_ES256;
	unsigned bits = 0;

	return check_generate(options, &alg, &bits) &&
	    generate(options, alg, bits);
}

/* Make a key that tokens are encrypted for. */
static bool
generate_encryption(const struct generate_options *options)
{
	struct key_encrypt_options wanted = {
		.alg = options->alg, .curve = options->curve,
		.kid = options->kid
	};
	struct secret private = { 0 }, public = { 0 };
	bool ok;

	if (options->bits != NULL && !key_encrypt_is_rsa(options->alg))
		return complain("--bits: is for RSA keys");
	ok = parse_bits(options->bits, &wanted.bits) &&
	    key_encrypt_generate(&wanted, &private, &public) &&
	    write_pair(secret_bytes(&private), options->out,
	    secret_bytes(&public), options->public);
	secret_clear(&private);
	secret_clear(&public);
	return ok;
}

int
tool_key_generate(int argc, char **argv)
{
	struct generate_options options = { 0 };
	const struct option_spec specs[] = {
		{ .name = "alg", .value = &options.alg, .is_needed = true },
		{ .name = "out", .value = &options.out, .is_needed = true },
		{ .name = "public", .value = &options.public },
		{ .name = "kid", .value = &options.kid },
		{ .name = "bits", .value = &options.bits },
		{ .name = "curve", .value = &options.curve },
		{ .name = NULL }
	};
	bool ok;

	if (!options_parse(GENERATE, argc, argv, specs) ||
	    (options.kid != NULL && !options_text("--kid", options.kid)) ||
	    !check_files(&options))
		return EXIT_TROUBLE;
	if (key_encrypt_is_alg(options.alg))
		ok = generate_encryption(&options);
	else
		ok = generate_signing(&options);
	if (!ok)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* Check all keys first, so that nothing is printed when one is refused. */
static bool
have_public(const struct keyfile *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++) {
		if (keypair_kind(&keys->pairs[i]) == KEY_OCT)
			return complain("key public: a symmetric key has no "
			    "public part: everybody who verifies with it "
			    "can sign with it");
	}
	return true;
}

static bool
print_public(const struct keypair *pair)
{
	struct secret text = { 0 };
	bool ok;

	if (!keyfile_write(pair, false, &text))
		ok = complain("key public: memory ran out");
	else
		ok = fwrite(text.ptr, 1, text.len, stdout) == text.len;
	secret_clear(&text);
	return ok;
}

/* Print a set as a set, one key on each line. */
static bool
print_all_public(const struct keyfile *keys)
{
	bool ok = have_public(keys);
	size_t i;

	if (ok && keys->is_set)
		fputs("{\"keys\":[\n", stdout);
	for (i = 0; ok && i < keys->count; i++) {
		ok = print_public(&keys->pairs[i]);
		fputs(i + 1 < keys->count ? ",\n" : "\n", stdout);
	}
	if (ok && keys->is_set)
		fputs("]}\n", stdout);
	return ok;
}

static bool
print_public_of(struct secret *text)
{
	struct keyfile keys = { 0 };
	bool ok;

	if (encrypt_keys_are(secret_bytes(text)))
		return key_encrypt_print_public(text);
	ok = keyfile_read(text, &keys) && print_all_public(&keys);
	keyfile_clear(&keys);
	return ok;
}

int
tool_key_public(int argc, char **argv)
{
	const char *file = NULL;
	const struct option_spec specs[] = {
		{ .name = "", .value = &file },
		{ .name = NULL }
	};
	struct secret text = { 0 };
	bool ok = options_parse("pam-jwt key public", argc, argv, specs) &&
	    input_read(file, &text) && print_public_of(&text);

	secret_clear(&text);
	if (!ok)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* Print one line for each key. */
static bool
print_thumbprints(const struct keyfile *keys, const char *prefix)
{
	struct thumbprint thumbprint;
	size_t i;

	for (i = 0; i < keys->count; i++) {
		struct keymat mat = keypair_keymat(&keys->pairs[i]);

		if (thumbprint_make(&mat, &thumbprint) != JWT_OK)
			return complain("key thumbprint: memory ran out");
		printf("%s%s\n", prefix, thumbprint.text);
	}
	return true;
}

/* The same for public keys and certificates of OpenSSH. */
static bool
print_ssh_thumbprints(struct bytes text, const char *prefix)
{
	struct sshkey key;
	int got;

	while ((got = ssh_public_next("standard input", &text, &key)) > 0)
		printf("%s%s\n", prefix, key.jkt);
	return got == 0;
}

static bool
thumbprints_of(struct secret *text, const char *prefix)
{
	struct keyfile keys = { 0 };
	bool ok;

	if (ssh_public_is(secret_bytes(text)))
		return print_ssh_thumbprints(secret_bytes(text), prefix);
	if (encrypt_keys_are(secret_bytes(text)))
		return key_encrypt_print_thumbprints(text, prefix);
	ok = keyfile_read(text, &keys) && print_thumbprints(&keys, prefix);
	keyfile_clear(&keys);
	return ok;
}

int
tool_key_thumbprint(int argc, char **argv)
{
	const char *file = NULL;
	bool uri = false;
	const struct option_spec specs[] = {
		{ .name = "", .value = &file },
		{ .name = "uri", .flag = &uri },
		{ .name = NULL }
	};
	const char *prefix = "";
	struct secret text = { 0 };
	bool ok = options_parse("pam-jwt key thumbprint", argc, argv, specs) &&
	    input_read(file, &text);

	if (uri)
		prefix = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:";
	ok = ok && thumbprints_of(&text, prefix);
	secret_clear(&text);
	if (!ok)
		return EXIT_TROUBLE;
	return EXIT_YES;
}
