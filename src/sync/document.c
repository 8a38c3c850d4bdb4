/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a fetched document as JSON, or says why it is not JSON. */
#include <stdio.h>

#include "core/jose/media_type.h"
#include "sync/document.h"

static bool
is_html(struct bytes content_type)
{
	struct bytes type = bytes_cut(&content_type, ';');

	return media_type_eq(bytes_trim(type), bytes_str("text/html"));
}

/* What people can do something about; the gate's own words are for the rest. */
static const char *
find_fault(const struct document_answer *answer)
{
	struct bytes text = bytes_trim(answer->body);

	if (is_html(answer->content_type))
		return "it is HTML";
	if (text.len == 0)
		return "it is empty";
	if (bytes_starts(text, bytes_str("\xef\xbb\xbf")))
		return "it starts with a byte order mark";
	if (text.ptr[0] == '<')
		return "it is a page, and not JSON";
	return NULL;
}

static const char *
name_gate_fault(enum jwt_reason reason)
{
	if (reason == JWT_JSON_DUPLICATE)
		return "an object in it has two members of one name";
	if (reason == JWT_JSON_LIMIT)
		return "it is nested too deep or has too many members";
	return "it is not a JSON object";
}

enum jwt_reason
document_read(const struct document_answer *answer, struct document *out,
    char fault[DOCUMENT_FAULT_SIZE])
{
	const char *why = find_fault(answer);
	enum jwt_reason reason;

	*out = (struct document){ 0 };
	snprintf(fault, DOCUMENT_FAULT_SIZE, "%s", why == NULL ? "" : why);
	if (why != NULL)
		return JWT_KEY_FILE_INVALID;
	reason = secret_copy(answer->body, &out->text);
	if (reason != JWT_OK)
		return reason;
	reason = json_parse(out->text.ptr, out->text.len, &json_file_limits,
	    &out->json);
	if (reason == JWT_OK || reason == JWT_OUT_OF_MEMORY)
		return reason;
	snprintf(fault, DOCUMENT_FAULT_SIZE, "%s", name_gate_fault(reason));
	return JWT_KEY_FILE_INVALID;
}

void
document_clear(struct document *document)
{
	json_clear(&document->json);
	secret_clear(&document->text);
}
