/* SPDX-License-Identifier: BSD-2-Clause */
/* Discovery: the address of the document, and what is taken from it. */
#include <stdio.h>

#include "core/logline.h"
#include "sync/metadata.h"

#define OPENID_PATH	"/.well-known/openid-configuration"
#define OAUTH_PATH	"/.well-known/oauth-authorization-server"
#define SHOWN_SIZE	160	/* of a provider's value, with terminator */

/* ---- addresses ---------------------------------------------------------- */

/* "https://HOST:PORT" of a URL that url_kind() has found to be one. */
static struct bytes
cut_origin(struct bytes *url)
{
	bool is_secure = bytes_starts(*url, bytes_str("https://"));
	size_t scheme = is_secure ? strlen("https://") : strlen("http://");
	struct bytes rest = bytes_of(url->ptr + scheme, url->len - scheme);
	struct bytes host = bytes_cut(&rest, '/');
	struct bytes origin = bytes_of(url->ptr, scheme + host.len);

	*url = bytes_of(url->ptr + origin.len, url->len - origin.len);
	return origin;
}

bool
metadata_address(const char *iss, enum metadata_place place,
    bool loopback_http, char out[METADATA_URL_SIZE])
{
	struct bytes path = bytes_str(iss), origin;
	const char *fault;
	enum url_kind kind = url_kind(path, &fault);
	int len;

	out[0] = '\0';
	if (kind != URL_HTTPS && (kind != URL_HTTP_LOOPBACK || !loopback_http))
		return false;
	if (url_has_query(path))
		return false;
	if (bytes_ends(path, bytes_str("/")))
		path.len--;
	origin = cut_origin(&path);
	if (place == METADATA_OPENID)
		len = snprintf(out, METADATA_URL_SIZE, "%.*s%.*s%s",
		    (int)origin.len, (const char *)origin.ptr, (int)path.len,
		    (const char *)path.ptr, OPENID_PATH);
	else
		len = snprintf(out, METADATA_URL_SIZE, "%.*s%s%.*s",
		    (int)origin.len, (const char *)origin.ptr, OAUTH_PATH,
		    (int)path.len, (const char *)path.ptr);
	return len > 0 && len < METADATA_URL_SIZE;
}

/* ---- the document ------------------------------------------------------- */

/* "WHAT "VALUE"AFTER", with as much of the value as people need to see. */
static enum jwt_reason
refuse(struct metadata *out, const char *what, struct bytes value,
    const char *after)
{
	char shown[SHOWN_SIZE];

	logline_escape(value, shown, sizeof(shown));
	snprintf(out->fault, sizeof(out->fault), "%s \"%s\"%s", what, shown,
	    after);
	return JWT_KEY_FILE_INVALID;
}

static enum jwt_reason
refuse_missing(struct metadata *out, const char *name)
{
	snprintf(out->fault, sizeof(out->fault), "it has no %s that is a "
	    "string", name);
	return JWT_KEY_FILE_INVALID;
}

/*
 * OIDC Discovery section 4.3: otherwise whoever has a document of his own at
 * the same host, or a proxy that mixes answers up, would name our keys.
 */
static enum jwt_reason
check_issuer(const struct json_node *root, const char *iss,
    struct metadata *out)
{
	const struct json_node *issuer = json_get(root, bytes_str("issuer"));

	if (!json_is(issuer, JSON_STRING))
		return refuse_missing(out, "issuer");
	if (!bytes_eq_str(json_text(issuer), iss))
		return refuse(out, "it is of the issuer", json_text(issuer),
		    ", and not of iss");
	return JWT_OK;
}

static enum jwt_reason
take_address(struct bytes address, const char *url, struct metadata *out)
{
	const char *fault;
	enum url_kind kind = url_kind(address, &fault);
	enum url_kind from = url_kind(bytes_str(url), &(const char *){ NULL });

	if (kind == URL_REFUSED) {
		snprintf(out->fault, sizeof(out->fault), "its jwks_uri is not "
		    "an accepted address: %s", fault);
		return JWT_KEY_FILE_INVALID;
	}
	out->loopback_http = kind == URL_HTTP_LOOPBACK &&
	    from == URL_HTTP_LOOPBACK;
	if (kind != URL_HTTPS && !out->loopback_http)
		return refuse(out, "its jwks_uri is", address,
		    ", and not https");
	memcpy(out->jwks_uri, address.ptr, address.len);
	out->jwks_uri[address.len] = '\0';
	return JWT_OK;
}

static enum jwt_reason
read_root(const struct json_node *root, const char *iss, const char *url,
    struct metadata *out)
{
	const struct json_node *address;
	enum jwt_reason reason = check_issuer(root, iss, out);

	if (reason != JWT_OK)
		return reason;
	address = json_get(root, bytes_str("jwks_uri"));
	if (!json_is(address, JSON_STRING))
		return refuse_missing(out, "jwks_uri");
	return take_address(json_text(address), url, out);
}

enum jwt_reason
metadata_read(const char *iss, const char *url,
    const struct document_answer *answer, struct metadata *out)
{
	struct document document;
	enum jwt_reason reason;

	*out = (struct metadata){ .loopback_http = false };
	reason = document_read(answer, &document, out->fault);
	if (reason != JWT_OK)
		goto out;
	reason = read_root(json_root(&document.json), iss, url, out);
out:
	document_clear(&document);
	return reason;
}
