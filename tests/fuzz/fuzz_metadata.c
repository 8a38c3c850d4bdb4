/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery documents.  The first line of an input is the URL that was asked
 * for, and an iss, too; the second one the content type; the rest the body.
 * A document that is taken is this issuer's and names an address that keys may
 * come from; one that is not is refused in printable words.
 */
#include "sync/metadata.h"
#include "tests/fuzz/fuzz.h"

#define ISS "https://id.test"

static void
check_fault(const char *fault)
{
	size_t i;

	FUZZ_CHECK(fault[0] != '\0');
	FUZZ_CHECK(strlen(fault) < DOCUMENT_FAULT_SIZE);
	for (i = 0; fault[i] != '\0'; i++)
		FUZZ_CHECK(fault[i] >= ' ' && fault[i] <= '~');
}

static void
check_taken(const struct metadata *metadata, const char *url,
    struct bytes body)
{
	const char *fault;
	enum url_kind kind = url_kind(bytes_str(metadata->jwks_uri), &fault);
	enum url_kind from = url_kind(bytes_str(url), &fault);

	FUZZ_CHECK(metadata->fault[0] == '\0');
	FUZZ_CHECK(kind == URL_HTTPS || (kind == URL_HTTP_LOOPBACK &&
	    from == URL_HTTP_LOOPBACK));
	FUZZ_CHECK(metadata->loopback_http == (kind == URL_HTTP_LOOPBACK));
	FUZZ_CHECK(memmem(body.ptr, body.len, "issuer", 6) != NULL ||
	    bytes_has(body, '\\'));
}

static void
read_document(const char *url, struct bytes type, struct bytes body)
{
	struct secret copy = fuzz_copy(body);
	struct document_answer answer = {
		.content_type = type, .body = secret_bytes(&copy)
	};
	struct metadata metadata;
	enum jwt_reason reason = metadata_read(ISS, url, &answer, &metadata);

	FUZZ_CHECK(reason == JWT_OK || reason == JWT_KEY_FILE_INVALID);
	/* What the fetcher sent is borrowed. */
	FUZZ_CHECK(bytes_eq(secret_bytes(&copy), body));
	if (reason == JWT_OK) {
		check_taken(&metadata, url, body);
	} else {
		check_fault(metadata.fault);
		FUZZ_CHECK(metadata.jwks_uri[0] == '\0');
	}
	free(copy.ptr);
}

static void
build_address(const char *iss, enum metadata_place place, const char *part)
{
	char out[METADATA_URL_SIZE];
	const char *fault;

	if (!metadata_address(iss, place, false, out))
		return;
	FUZZ_CHECK(url_kind(bytes_str(out), &fault) == URL_HTTPS);
	FUZZ_CHECK(strstr(out, part) != NULL);
	/* It is the issuer's own host. */
	FUZZ_CHECK(strncmp(out, iss, strcspn(iss + 8, "/") + 8) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *url = fuzz_string(fuzz_until(&rest, '\n'));
	struct bytes type = fuzz_until(&rest, '\n');

	read_document(url, type, rest);
	build_address(url, METADATA_OPENID,
	    "/.well-known/openid-configuration");
	build_address(url, METADATA_OAUTH,
	    "/.well-known/oauth-authorization-server");
	free(url);
	return 0;
}
