/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the metadata of a provider: its endpoints, and what it can do. */
#include "login/provider_read.h"
#include "login/value.h"

#define ALGS_SIZE	512	/* all algs that there are take 150 bytes */

struct metadata_reading {
	const struct json_node *root;
	struct arena *arena;
	char *words;
	bool loopback_http;
};

static bool
refuse(const struct metadata_reading *reading, const char *before,
    struct bytes value, const char *after)
{
	return value_refuse(reading->words, PROVIDER_WORDS_SIZE, before, value,
	    after);
}

/* An endpoint that is missing stays NULL; a bad one refuses the document. */
static bool
take_endpoint(const struct metadata_reading *reading, const char *name,
    const char **out)
{
	struct bytes url = value_text(reading->root, name);

	if (url.len == 0)
		return true;
	if (!value_is_address(url, reading->loopback_http))
		return refuse(reading, "one of its endpoints is \"", url,
		    "\", which is not https");
	*out = arena_copy(reading->arena, url);
	if (*out == NULL)
		return refuse(reading, "memory ran out", bytes_of(NULL, 0), "");
	return true;
}

/* Whoever could mix documents up would get our tokens (RFC 8414 3.3). */
static bool
is_of_issuer(const struct metadata_reading *reading, const char *iss)
{
	struct bytes issuer = value_text(reading->root, "issuer");

	if (bytes_eq_str(issuer, iss))
		return true;
	return refuse(reading, "it is of the issuer \"", issuer,
	    "\", and not of iss");
}

static bool
read_endpoints(const struct metadata_reading *reading,
    struct provider_metadata *out)
{
	if (!take_endpoint(reading, "token_endpoint", &out->token_endpoint) ||
	    !take_endpoint(reading, "authorization_endpoint",
	    &out->authorization_endpoint) ||
	    !take_endpoint(reading, "device_authorization_endpoint",
	    &out->device_endpoint) ||
	    !take_endpoint(reading, "revocation_endpoint",
	    &out->revocation_endpoint))
		return false;
	if (out->token_endpoint == NULL)
		return refuse(reading, "it has no token_endpoint",
		    bytes_of(NULL, 0), "");
	return true;
}

/* Append a word to the text of a list, if there is room and it is one. */
static void
add_word(struct bytes word, char *text)
{
	size_t len = strlen(text);

	if (word.len == 0 || !value_is_visible(word, '!') ||
	    len + word.len + 2 > ALGS_SIZE)
		return;
	if (len > 0)
		text[len++] = ' ';
	memcpy(text + len, word.ptr, word.len);
	text[len + word.len] = '\0';
}

/* RFC 9449 section 5.1; no real list is longer than ours. */
static bool
take_proof_algs(const struct metadata_reading *reading, const char **out)
{
	const struct json_node *list = json_get(reading->root,
	    bytes_str("dpop_signing_alg_values_supported"));
	const struct json_node *item;
	char text[ALGS_SIZE] = "";

	if (!json_is(list, JSON_ARRAY))
		return true;
	for (item = json_first(list); item; item = json_next(list, item)) {
		if (json_is(item, JSON_STRING))
			add_word(json_text(item), text);
	}
	*out = arena_copy(reading->arena, bytes_str(text));
	return *out != NULL || refuse(reading, "memory ran out",
	    bytes_of(NULL, 0), "");
}

bool
provider_read_metadata(const char *iss, const struct document_answer *answer,
    struct arena *arena, struct provider_metadata *out,
    char words[PROVIDER_WORDS_SIZE])
{
	struct metadata_reading reading = { .arena = arena, .words = words,
		.loopback_http = value_is_loopback(bytes_str(iss)) };
	char fault[DOCUMENT_FAULT_SIZE];
	struct document document;
	bool ok = false;

	*out = (struct provider_metadata){ 0 };
	words[0] = '\0';
	if (document_read(answer, &document, fault) != JWT_OK) {
		(void)refuse(&reading, fault, bytes_of(NULL, 0), "");
		goto out;
	}
	reading.root = json_root(&document.json);
	if (!is_of_issuer(&reading, iss) || !read_endpoints(&reading, out) ||
	    !take_proof_algs(&reading, &out->proof_algs))
		goto out;
	out->sends_iss = value_is_true(reading.root,
	    "authorization_response_iss_parameter_supported");
	out->lacks_s256 = value_lacks(reading.root,
	    "code_challenge_methods_supported", "S256");
	out->secret_in_form = value_lacks(reading.root,
	    "token_endpoint_auth_methods_supported", "client_secret_basic") &&
	    !value_lacks(reading.root, "token_endpoint_auth_methods_supported",
	    "client_secret_post");
	ok = true;
out:
	document_clear(&document);
	return ok;
}
