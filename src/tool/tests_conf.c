/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads tests.conf: sections, and a function for each setting.  It is as strict
 * as the configuration: an unknown, repeated or missing key is an error.  A test
 * that does not say what its author thinks protects nobody.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/base/secret.h"
#include "core/jose/jws.h"
#include "core/policy/account.h"
#include "core/policy/conf.h"
#include "core/policy/parser.h"
#include "tool/tests_conf.h"
#include "tool/tests_time.h"

#define NAME_MAX_LEN 200	/* bytes of the name of a test */
#define CLAIMS_MAX (TOKEN_MAX / 2)	/* bytes; base64url makes more of them */

struct reader {
	struct conf_reader lines;
	struct conf_line line;
	struct tests_conf *out;
	struct tests_case *test;	/* of the section; NULL: none, or a bad one */
	unsigned seen;			/* bits of the settings in it */
};

__attribute__((format(printf, 2, 3))) static void
fail(struct reader *in, const char *format, ...)
{
	struct diag_place place = {
		.file = in->out->file, .line = in->line.line
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(in->lines.diag, place, JWT_CONFIG_INVALID, "%s", text);
}

static void
fail_without_memory(struct reader *in)
{
	struct diag_place place = { .file = in->out->file };

	diag_add(in->lines.diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
}

static const char *
keep(struct reader *in, struct bytes text)
{
	const char *copy = arena_copy(&in->out->arena, text);

	if (copy == NULL)
		fail_without_memory(in);
	return copy;
}

/* ---- settings ---- */

/*
 * A name that PAM never gives, as ssh*, would be that of no section, and the
 * test would ask the rules of all other services.  PAM makes names lowercase.
 */
static void
set_service(struct reader *in)
{
	struct bytes name = in->line.value;
	bool ok = parser_is_name(name);
	size_t i;

	for (i = 0; i < name.len; i++)
		ok = ok && !(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z');
	if (!ok)
		fail(in, "service is one name of a PAM service, in lowercase");
	in->test->service = keep(in, name);
}

static void
set_issuer(struct reader *in)
{
	in->test->issuer = keep(in, in->line.value);
	in->test->issuer_line = in->line.line;
}

static void
set_user(struct reader *in)
{
	in->test->user = keep(in, in->line.value);
}

static void
set_rhost(struct reader *in)
{
	in->test->rhost = keep(in, in->line.value);
}

static void
set_now(struct reader *in)
{
	const char *fault = tests_time_read(in->line.value, &in->test->now);

	if (fault != NULL)
		fail(in, "%s", fault);
	in->test->has_now = true;
}

/* Claims go through the gate that those of a token go through. */
static void
set_claims(struct reader *in)
{
	struct json_doc doc = { 0 };
	struct secret copy = { 0 };
	enum jwt_reason reason = secret_copy(in->line.value, &copy);

	if (reason == JWT_OK)
		reason = json_parse(copy.ptr, copy.len, &json_token_limits,
		    &doc);
	if (reason == JWT_OUT_OF_MEMORY)
		fail_without_memory(in);
	else if (reason != JWT_OK)
		fail(in, "claims are not one JSON object as a token may have "
		    "it: %s", reason_text(reason));
	else if (in->line.value.len > CLAIMS_MAX)
		fail(in, "claims of more than %d bytes: no token holds as many",
		    CLAIMS_MAX);
	json_clear(&doc);
	secret_clear(&copy);
	in->test->claims = keep(in, in->line.value);
}

static void
set_key(struct reader *in)
{
	struct bytes rest = in->line.value;
	struct bytes type, blob;
	struct sshkey key;

	type = conf_word(&rest);
	blob = conf_word(&rest);
	switch (sshkey_read(type, blob, &key)) {
	case SSHKEY_OK:
		in->test->key = keep(in, bytes_of(type.ptr,
		    (size_t)(blob.ptr + blob.len - type.ptr)));
		return;
	case SSHKEY_OTHER:
		fail(in, "not a key that a token can be bound to: ed25519, "
		    "ECDSA, RSA of 2,048 to 8,192 bits, or a FIDO key");
		return;
	case SSHKEY_MALFORMED:
		fail(in, "not a public key of OpenSSH, or a damaged one: "
		    "ssh-ed25519 AAAA...");
		return;
	case SSHKEY_NO_MEMORY:
		fail_without_memory(in);
		return;
	}
}

/* The refusal of that name; JWT_OK if there is none. */
static enum jwt_reason
refusal_of_name(struct bytes name)
{
	size_t i;

	for (i = (size_t)JWT_OK + 1; i < JWT_REASON_COUNT; i++) {
		if (bytes_eq_str(name, reason_name((enum jwt_reason)i)))
			return (enum jwt_reason)i;
	}
	return JWT_OK;
}

static void
fail_reason(struct reader *in, struct bytes name)
{
	struct nearest nearest = nearest_begin(name);
	size_t i;

	for (i = (size_t)JWT_OK + 1; i < JWT_REASON_COUNT; i++)
		nearest_try(&nearest, reason_name((enum jwt_reason)i));
	fail(in, "a reason of pam_jwt(8) is expected after refuse, such as "
	    "not-permitted or denied%s", nearest_text(&nearest));
}

static void
fail_expect(struct reader *in, struct bytes verb)
{
	struct nearest nearest = nearest_begin(verb);

	nearest_try(&nearest, "accept");
	nearest_try(&nearest, "refuse");
	fail(in, "expect is accept ACCOUNT or refuse REASON%s",
	    nearest_text(&nearest));
}

static void
set_expect(struct reader *in)
{
	struct bytes rest = in->line.value;
	struct bytes verb = conf_word(&rest);
	struct bytes value = bytes_trim(rest);

	in->test->expect_line = in->line.line;
	if (bytes_eq_str(verb, "accept")) {
		if (!account_name_is_exact(value))
			fail(in, "an account is expected after accept");
		in->test->account = keep(in, value);
	} else if (bytes_eq_str(verb, "refuse")) {
		in->test->reason = refusal_of_name(value);
		if (in->test->reason == JWT_OK)
			fail_reason(in, value);
	} else {
		fail_expect(in, verb);
	}
}

/* ---- sections ---- */

/* The settings, in the order of the manual. */
static const struct {
	const char *name;
	bool is_needed;
	void (*set)(struct reader *in);
} settings[] = {
	{ "service", true, set_service },
	{ "issuer", false, set_issuer },
	{ "user", false, set_user },
	{ "rhost", false, set_rhost },
	{ "now", false, set_now },
	{ "claims", false, set_claims },
	{ "key", false, set_key },
	{ "expect", true, set_expect },
};

#define SETTINGS_LEN (sizeof(settings) / sizeof(settings[0]))

static void
fail_unknown(struct reader *in)
{
	struct nearest nearest = nearest_begin(in->line.name);
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++)
		nearest_try(&nearest, settings[i].name);
	fail(in, "%.*s is not a setting of a test: service issuer user rhost "
	    "now claims key expect%s", BYTES_SHOW(in->line.name),
	    nearest_text(&nearest));
}

static void
take_setting(struct reader *in)
{
	size_t i;

	for (i = 0; i < SETTINGS_LEN; i++) {
		if (bytes_eq_str(in->line.name, settings[i].name))
			break;
	}
	if (i == SETTINGS_LEN) {
		fail_unknown(in);
		return;
	}
	if ((in->seen & 1U << i) != 0) {
		fail(in, "%s is set twice in this section", settings[i].name);
		return;
	}
	in->seen |= 1U << i;
	settings[i].set(in);
}

/* Check that the section that ends here is whole. */
static void
close_section(struct reader *in)
{
	size_t i;

	if (in->test == NULL)
		return;
	in->line = (struct conf_line){ .line = in->test->line };
	for (i = 0; i < SETTINGS_LEN; i++) {
		if (settings[i].is_needed && (in->seen & 1U << i) == 0)
			fail(in, "[test %s] has no %s", in->test->name,
			    settings[i].name);
	}
	in->test = NULL;
}

static bool
is_taken(const struct tests_conf *conf, struct bytes name)
{
	size_t i;

	for (i = 0; i < conf->count; i++) {
		if (bytes_eq_str(name, conf->cases[i].name))
			return true;
	}
	return false;
}

static void
add_test(struct reader *in, struct bytes name)
{
	struct tests_conf *out = in->out;
	struct tests_case *more = arena_grow(&out->arena, out->cases,
	    out->count, sizeof(*more));
	const char *copy = keep(in, name);

	if (more == NULL || copy == NULL) {
		fail_without_memory(in);
		return;
	}
	out->cases = more;
	in->test = &more[out->count++];
	*in->test = (struct tests_case){
		.name = copy, .line = in->line.line, .reason = JWT_OK
	};
}

static void
open_section(struct reader *in)
{
	struct bytes name = in->line.name;
	struct bytes kind = conf_word(&name);

	name = bytes_trim(name);
	in->seen = 0;
	if (!bytes_eq_str(kind, "test") || name.len == 0)
		fail(in, "[%.*s] is not a section: [test NAME]",
		    BYTES_SHOW(in->line.name));
	else if (name.len > NAME_MAX_LEN)
		fail(in, "a name of more than %d bytes", NAME_MAX_LEN);
	else if (is_taken(in->out, name))
		fail(in, "[test %.*s] is there twice", BYTES_SHOW(name));
	else if (in->out->count == TESTS_CONF_MAX)
		fail(in, "more than %d tests", TESTS_CONF_MAX);
	else
		add_test(in, name);
}

/* Close the section before, and open the one of this line. */
static void
change_section(struct reader *in)
{
	struct conf_line line = in->line;

	close_section(in);
	in->line = line;
	open_section(in);
}

static void
read_lines(struct reader *in)
{
	enum conf_event event;
	bool before = true;	/* no section line was read yet */

	while ((event = conf_next(&in->lines, &in->line)) != CONF_END) {
		if (event == CONF_SECTION) {
			change_section(in);
			before = false;
		} else if (event == CONF_SETTING && in->test != NULL) {
			take_setting(in);
		} else if (event == CONF_SETTING && before) {
			fail(in, "a setting before the first [test NAME]");
		}
	}
	close_section(in);
}

enum jwt_reason
tests_conf_parse(struct bytes text, const char *file, struct diag *diag,
    struct tests_conf *out)
{
	struct reader in = {
		.lines = { .text = text, .file = file, .diag = diag },
		.out = out
	};

	*out = (struct tests_conf){ 0 };
	in.lines.arena = &out->arena;
	out->file = arena_copy(&out->arena, bytes_str(file));
	if (out->file == NULL)
		return JWT_OUT_OF_MEMORY;
	read_lines(&in);
	in.line = (struct conf_line){ 0 };
	if (out->count == 0 && diag->reason == JWT_OK)
		fail(&in, "no [test NAME]: nothing is tested");
	if (diag->reason == JWT_OK || diag->reason == JWT_OUT_OF_MEMORY)
		return diag->reason;
	return JWT_CONFIG_INVALID;
}

void
tests_conf_clear(struct tests_conf *conf)
{
	arena_clear(&conf->arena);
	*conf = (struct tests_conf){ 0 };
}
