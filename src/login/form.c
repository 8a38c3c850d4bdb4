/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and reads forms.  A space is written as %20, which every reader of
 * forms and of URLs takes for one; "+" is not.
 */
#include "core/base/urlencoded.h"
#include "login/form.h"

#define FORM_START 512	/* bytes; most forms are shorter */

/* ---- writing ------------------------------------------------------------- */

void
form_clear(struct form *form)
{
	secret_clear(&form->text);
}

static void
fail(struct form *form)
{
	form_clear(form);
	form->failed = true;
}

/* The old buffer is wiped: there may be a token in it. */
static bool
grow(struct form *form, size_t more)
{
	struct secret larger;
	size_t size = form->text.size == 0 ? FORM_START : form->text.size;

	while (size < form->text.len + more)
		size *= 2;
	if (size == form->text.size)
		return true;
	if (secret_alloc(size, &larger) != JWT_OK)
		return false;
	larger.len = form->text.len;
	if (form->text.len > 0)
		memcpy(larger.ptr, form->text.ptr, form->text.len);
	secret_clear(&form->text);
	form->text = larger;
	return true;
}

void
form_raw(struct form *form, struct bytes value)
{
	if (form->failed || value.len == 0)
		return;
	if (value.len > FORM_MAX - form->text.len || !grow(form, value.len)) {
		fail(form);
		return;
	}
	memcpy(form->text.ptr + form->text.len, value.ptr, value.len);
	form->text.len += value.len;
}

static bool
is_unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

void
form_encode(struct form *form, struct bytes value)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < value.len; i++) {
		uint8_t c = value.ptr[i];
		char escaped[3] = { '%', digits[c >> 4], digits[c & 15] };

		if (is_unreserved(c))
			form_raw(form, bytes_of(&c, 1));
		else
			form_raw(form, bytes_of(escaped, sizeof(escaped)));
	}
}

void
form_add(struct form *form, const char *name, struct bytes value)
{
	if (form->text.len > 0)
		form_raw(form, bytes_str("&"));
	form_encode(form, bytes_str(name));
	form_raw(form, bytes_str("="));
	form_encode(form, value);
}

/* ---- reading ------------------------------------------------------------- */

bool
form_get(struct bytes query, const char *name, struct secret *out)
{
	struct bytes found = { 0 };
	unsigned times = 0;

	*out = (struct secret){ 0 };
	while (query.len > 0) {
		struct bytes value = bytes_cut(&query, '&');

		if (bytes_eq_str(bytes_cut(&value, '='), name)) {
			found = value;
			times++;
		}
	}
	return times == 1 && secret_copy(found, out) == JWT_OK &&
	    urlencoded_decode(out->ptr, &out->len);
}
