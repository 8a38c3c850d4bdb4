/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys in PEM and DER: one form of each key is read, and no other,
 * whatever is cut off, changed or put around it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/jose/spki.h"
#include "tests/attacks/forge.h"

static const char *const types[] = {
	"RSA", "P-256", "P-384", "P-521", "ED25519", "ED448"
};

#define TYPES (sizeof(types) / sizeof(types[0]))

/*
 * The fault of DER at the very end of its memory, so that a sanitizer sees each
 * byte that is read after it, also where there are none; NULL: it is read.
 */
static const char *
parse(const uint8_t *der, size_t len)
{
	uint8_t *memory = malloc(len + 1), *copy = memory + 1;
	struct keymat mat;
	const char *fault;

	assert_non_null(memory);
	memcpy(copy, der, len);
	fault = spki_parse_der(bytes_of(copy, len), &mat);
	if (fault == NULL && mat.x.len > 0)
		assert_true(mat.x.ptr + mat.x.len <= copy + len);
	free(memory);
	return fault;
}

static struct forge_der
fresh(const char *type)
{
	EVP_PKEY *key = forge_key(type);
	struct forge_der der = forge_spki(key);

	EVP_PKEY_free(key);
	return der;
}

/* Cut anywhere, or with a byte more, it is no key. */
static void
test_truncated(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < TYPES; i++) {
		struct forge_der der = fresh(types[i]);

		assert_null(parse(der.ptr, der.len));
		for (len = 0; len < der.len; len++)
			assert_non_null(parse(der.ptr, len));
		assert_non_null(parse(der.ptr, der.len + 1));
		free(der.ptr);
	}
}

/* No byte of what stands before the numbers can be another. */
static void
test_structure(void **state)
{
	static const size_t structure[TYPES] = { 32, 27, 24, 26, 12, 12 };
	size_t i, at;
	unsigned change;

	(void)state;
	for (i = 0; i < TYPES; i++) {
		struct forge_der der = fresh(types[i]);

		for (at = 0; at < structure[i]; at++) {
			for (change = 1; change < 256; change++) {
				uint8_t was = der.ptr[at];

				der.ptr[at] = (uint8_t)(was ^ change);
				/* Ed25519 and Ed448 differ in one byte. */
				if (parse(der.ptr, der.len) == NULL &&
				    !(i >= 4 && at == 8))
					fail_msg("%s: byte %zu changed by %x",
					    types[i], at, change);
				der.ptr[at] = was;
			}
		}
		free(der.ptr);
	}
}

/* An RSA key of those DER parts: free(). */
static struct forge_der
rsa(const uint8_t *numbers, size_t len)
{
	static const uint8_t start[] = {
		0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01, 0x01, 0x01, 0x05, 0x00, 0x03
	};
	struct forge_der der = { calloc(1, len + 64), 0 };
	size_t inner = sizeof(start) + 2 + len;

	assert_non_null(der.ptr);
	assert_true(inner < 128);
	der.ptr[der.len++] = 0x30;
	der.ptr[der.len++] = (uint8_t)inner;
	memcpy(der.ptr + der.len, start, sizeof(start));
	der.len += sizeof(start);
	der.ptr[der.len++] = (uint8_t)(len + 1);
	der.ptr[der.len++] = 0;
	memcpy(der.ptr + der.len, numbers, len);
	der.len += len;
	return der;
}

/* Numbers in their shortest form only, both there, and nothing after them. */
static void
test_integers(void **state)
{
	static const struct {
		const char *numbers;
		size_t len;
		bool ok;
	} rows[] = {
		{ "\x30\x06\x02\x01\x05\x02\x01\x03", 8, true },
		{ "\x30\x07\x02\x02\x00\x85\x02\x01\x03", 9, true },
		{ "\x30\x06\x02\x01\x00\x02\x01\x03", 8, true },	/* zero */
		{ "\x30\x07\x02\x02\x00\x05\x02\x01\x03", 9, false },
		{ "\x30\x06\x02\x01\x85\x02\x01\x03", 8, false },	/* < 0 */
		{ "\x30\x05\x02\x00\x02\x01\x03", 7, false },
		{ "\x30\x05\x02\x01\x05\x02\x00", 7, false },
		{ "\x30\x03\x02\x01\x05", 5, false },
		{ "\x30\x06\x03\x01\x05\x02\x01\x03", 8, false },
		{ "\x30\x06\x02\x01\x05\x03\x01\x03", 8, false },
		{ "\x30\x09\x02\x01\x05\x02\x01\x03\x02\x01\x01", 11, false },
		{ "\x30\x06\x02\x01\x05\x02\x01\x03\x00", 9, false },
		{ "\x31\x06\x02\x01\x05\x02\x01\x03", 8, false },
		{ "\x30\x81\x06\x02\x01\x05\x02\x01\x03", 9, false },
		{ "\x30\x07\x02\x81\x01\x05\x02\x01\x03", 9, false },
		{ "\x30\x08\x02\x82\x00\x01\x05\x02\x01\x03", 10, false },
		{ "\x30\x80\x02\x01\x05\x02\x01\x03\x00\x00", 10, false },
		{ "\x30\x83\x00\x00\x06\x02\x01\x05\x02\x01\x03", 11, false },
		{ "\x30\xff\x02\x01\x05\x02\x01\x03", 8, false },
		{ "\x30\x81", 2, false }, { "\x30\x82\x01", 3, false },
		{ "\x30", 1, false }, { "", 0, false },
		{ "\x30\x07\x02\x01\x05\x02\x01\x03", 8, false },
		{ "\x30\x06\x02\x04\x05\x02\x01\x03", 8, false },
		{ "\x30\x06\x02\x01\x05\x02\x02\x03", 8, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct forge_der der = rsa((const uint8_t *)rows[i].numbers,
		    rows[i].len);

		if ((parse(der.ptr, der.len) == NULL) != rows[i].ok)
			fail_msg("row %zu", i);
		free(der.ptr);
	}
}

/* Numbers of 127, 128, 255, 256 bytes: each has one form of its length. */
static void
test_long_lengths(void **state)
{
	static const size_t lengths[] = { 127, 128, 255, 256, 300 };
	static uint8_t der[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		EVP_PKEY *key = forge_key("ED25519");
		struct forge_der good = forge_spki(key);
		size_t len = lengths[i], at = 0;

		/* An Ed25519 key of that length: what is read is a length. */
		memcpy(der, good.ptr, good.len);
		der[at++] = 0x30;
		der[at++] = 0x82;
		der[at++] = (uint8_t)((len + 8 + (len + 1 < 128 ? 1 :
		    len + 1 < 256 ? 2 : 3) + 1) >> 8);
		der[at++] = (uint8_t)(len + 8 + (len + 1 < 128 ? 1 :
		    len + 1 < 256 ? 2 : 3) + 1);
		memcpy(der + at, good.ptr + 2, 8);
		at += 7;
		der[at++] = 0x03;
		if (len + 1 >= 256) {
			der[at++] = 0x82;
			der[at++] = (uint8_t)((len + 1) >> 8);
		} else if (len + 1 >= 128) {
			der[at++] = 0x81;
		}
		der[at++] = (uint8_t)(len + 1);
		der[at++] = 0;
		memset(der + at, 0x55, len);
		at += len;
		/* The outer length is in two bytes: right from 256 on. */
		assert_int_equal(parse(der, at) == NULL, at - 4 >= 256);
		free(good.ptr);
		EVP_PKEY_free(key);
	}
}

/* The bytes that the length needs after its first one, in shortest form. */
static unsigned
shortest(size_t len)
{
	if (len < 128)
		return 0;
	if (len < 256)
		return 1;
	return len < 65536 ? 2 : 3;
}

/* Write a tag and a length in a form of that many further bytes. */
static uint8_t *
put_head(uint8_t *to, uint8_t tag, size_t len, unsigned form)
{
	*to++ = tag;
	if (form > 0)
		*to++ = (uint8_t)(0x80 | form);
	for (; form > 1; form--)
		*to++ = (uint8_t)(len >> (form - 1) * 8);
	*to++ = (uint8_t)len;
	return to;
}

/* Whether an Ed25519 key, whose info has that length, is read in a form. */
static bool
is_read(size_t info, unsigned form)
{
	static const uint8_t identifier[] = {
		0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70
	};
	size_t rest = info - sizeof(identifier), len = rest - 2;
	uint8_t *der = calloc(1, info + 8), *to;
	bool ok;

	assert_non_null(der);
	while (2 + shortest(len) + len > rest)
		len--;
	to = put_head(der, 0x30, info, form);
	memcpy(to, identifier, sizeof(identifier));
	to = put_head(to + sizeof(identifier), 0x03, len, shortest(len));
	ok = parse(der, (size_t)(to - der) + len) == NULL;
	free(der);
	return ok;
}

/* Each length has its one form; 65,536 bytes and more are no key. */
static void
test_length_forms(void **state)
{
	static const size_t lengths[] = { 127, 128, 255, 256, 65535, 65536 };
	unsigned form;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (form = 0; form <= 3; form++) {
			if (is_read(lengths[i], form) !=
			    (form == shortest(lengths[i]) && form <= 2))
				fail_msg("%zu bytes, form %u", lengths[i],
				    form);
		}
	}
}

/* A PEM text, and whether it is read. */
static void
expect_pem(const char *what, char *text, bool ok)
{
	struct secret der;
	struct keymat mat;
	const char *fault;
	enum jwt_reason reason = spki_parse_pem(bytes_str(text), &der, &mat,
	    &fault);

	if ((reason == JWT_OK) != ok)
		fail_msg("%s: %s", what, reason_name(reason));
	assert_true((fault == NULL) == ok);
	secret_clear(&der);
	free(text);
}

#define BEGIN "-----BEGIN PUBLIC KEY-----"
#define END "-----END PUBLIC KEY-----"

/* An Ed25519 key, whose base64 has a padding of none, and of P-256: of one. */
static void
test_pem(void **state)
{
	static const char body[] =
	    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
	size_t len = strlen(body);

	(void)state;
	expect_pem("one line", world_text(BEGIN "\n%s\n" END "\n", body), true);
	expect_pem("no end of line", world_text(BEGIN "\n%s\n" END, body),
	    true);
	expect_pem("CRLF", world_text(BEGIN "\r\n%s\r\n" END "\r\n", body),
	    true);
	expect_pem("many lines", world_text(BEGIN "\n%.10s\n%.10s\n%s\n" END,
	    body, body + 10, body + 20), true);
	expect_pem("no break", world_text(BEGIN "%s\n" END, body), false);
	expect_pem("space after BEGIN", world_text(BEGIN " \n%s\n" END, body),
	    false);
	expect_pem("blank", world_text(BEGIN "\n%s \n" END, body), false);
	expect_pem("no padding", world_text(BEGIN "\n%.*s\n" END,
	    (int)len - 1, body), false);
	expect_pem("padding twice", world_text(BEGIN "\n%s=\n" END, body),
	    false);
	expect_pem("padding inside", world_text(BEGIN "\n=%s\n" END, body),
	    false);
	expect_pem("the padding first", world_text(BEGIN "\n=%.*s\n" END,
	    (int)len - 1, body), false);
	expect_pem("more after the padding", world_text(BEGIN "\n%sAAAA\n"
	    END, body), false);
	expect_pem("four paddings", world_text(BEGIN "\n%s====\n" END, body),
	    false);
	expect_pem("base64url", world_text(BEGIN "\n%.20s-%s\n" END, body,
	    body + 21), false);
	expect_pem("base64url", world_text(BEGIN "\n%.20s_%s\n" END, body,
	    body + 21), false);
	expect_pem("a comment", world_text("# a key\n" BEGIN "\n%s\n" END,
	    body), false);
	expect_pem("a header", world_text(BEGIN "\nProc-Type: 4\n\n%s\n" END,
	    body), false);
	expect_pem("two", world_text(BEGIN "\n%s\n" END "\n" BEGIN "\n%s\n"
	    END, body, body), false);
	expect_pem("nothing", world_text("%s", ""), false);
	expect_pem("line ends", world_text("%s", "\n\r\n"), false);
	expect_pem("no body", world_text("%s", BEGIN END), false);
	expect_pem("no body", world_text("%s", BEGIN "\n" END), false);
	expect_pem("BEGIN", world_text("%s", BEGIN "\n"), false);
	expect_pem("END", world_text("%s", END "\n"), false);
	expect_pem("no BEGIN", world_text("%060d\n%s\n" END, 0, body), false);
	expect_pem("no END", world_text(BEGIN "\n%s\n%060d", body, 0), false);
	expect_pem("as long as BEGIN", world_text("-----BEGIN PUBLIC KEX-----"
	    "\n%s\n" END, body), false);
	expect_pem("as long as END", world_text(BEGIN
	    "\n%s\n-----END PUBLIC KEX-----", body), false);
	expect_pem("another label", world_text("-----BEGIN RSA PUBLIC KEY-----"
	    "\n%s\n-----END RSA PUBLIC KEY-----", body), false);
}

/* Each fault has its name. */
static void
test_pem_fault(void **state)
{
	static const char none[] =
	    "not exactly one PEM block of type PUBLIC KEY";
	static const char base64[] = "a PEM block that is not base64";
	static const char der_fault[] = "not a SubjectPublicKeyInfo in DER";
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{ "x", none }, { "", none }, { "\n", none },
		{ BEGIN "END PUBLIC KEY-----", none },
		{ BEGIN END, none }, { BEGIN "\n" END, der_fault },
		{ BEGIN "\nAA==\n" END, der_fault },
		{ BEGIN "\nAB==\n" END, base64 },
		{ BEGIN "\nA===\n" END, base64 },
		{ BEGIN "\nAA\n" END, base64 }, { BEGIN "\n_A==\n" END, base64 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = world_text("%s", rows[i].text);
		struct secret der;
		struct keymat mat;
		const char *fault;

		assert_int_equal(spki_parse_pem(bytes_str(text), &der, &mat,
		    &fault), JWT_KEY_FILE_INVALID);
		assert_string_equal(fault, rows[i].fault);
		secret_clear(&der);
		free(text);
	}
}

/* The numbers are read in place, without a sign byte or the byte of a form. */
static void
test_numbers(void **state)
{
	static const char numbers[] = "\x30\x08\x02\x02\x00\x85\x02\x02\x70\x03";
	struct forge_der der = rsa((const uint8_t *)numbers, 10);
	struct keymat mat;

	(void)state;
	assert_null(spki_parse_der(bytes_of(der.ptr, der.len), &mat));
	assert_int_equal(mat.kind, KEY_RSA);
	assert_true(bytes_eq(mat.x, bytes_of("\x85", 1)));
	assert_true(bytes_eq(mat.y, bytes_of("\x70\x03", 2)));
	free(der.ptr);
	der = fresh("P-256");
	assert_null(spki_parse_der(bytes_of(der.ptr, der.len), &mat));
	assert_int_equal(mat.kind, KEY_P256);
	assert_ptr_equal(mat.x.ptr, der.ptr + der.len - 64);
	assert_ptr_equal(mat.y.ptr, der.ptr + der.len - 32);
	assert_int_equal(mat.x.len, 32);
	assert_int_equal(mat.y.len, 32);
	free(der.ptr);
	der = fresh("ED25519");
	assert_null(spki_parse_der(bytes_of(der.ptr, der.len), &mat));
	assert_int_equal(mat.kind, KEY_ED25519);
	assert_ptr_equal(mat.x.ptr, der.ptr + der.len - 32);
	assert_int_equal(mat.x.len, 32);
	assert_int_equal(mat.y.len, 0);
	free(der.ptr);
}

/* A BIT STRING has at least the octet that says how many bits are unused. */
static void
test_no_bits(void **state)
{
	static const uint8_t der[] = {
		0x30, 0x0a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03,
		0x01, 0x00
	};
	uint8_t none[sizeof(der) - 1];

	(void)state;
	memcpy(none, der, sizeof(none));
	none[1] = 9;
	none[10] = 0;
	assert_non_null(parse(none, sizeof(none)));
	assert_null(parse(der, sizeof(der)));	/* keymat_fault() refuses it */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_long_lengths),
		cmocka_unit_test(test_length_forms),
		cmocka_unit_test(test_pem),
		cmocka_unit_test(test_pem_fault),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_no_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
