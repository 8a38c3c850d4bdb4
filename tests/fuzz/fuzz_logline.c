/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines.  The input is "reason|user|rhost|tty|ruser|issuer|sub|jti|kid";
 * whatever stands in it, the line is printable, bounded, and no value can
 * forge a field.
 */
#include "core/logline.h"
#include "tests/fuzz/fuzz.h"

/* A line that is too long ends in three dots, and then has no hint. */
static bool
is_cut(const char *line)
{
	size_t len = strlen(line);

	return len >= LOGLINE_FIELDS_SIZE - 8 && len < LOGLINE_FIELDS_SIZE &&
	    strcmp(line + len - 3, "...") == 0;
}

/* How often the field stands outside of quotes; they close unless cut. */
static unsigned
count_field(const char *line, const char *field)
{
	unsigned count = 0;
	bool quoted = false;
	size_t i, len = strlen(line);

	for (i = 0; i < len; i++) {
		if (line[i] == '\\')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && strncmp(line + i, field,
		    strlen(field)) == 0)
			count++;
	}
	FUZZ_CHECK(!quoted || is_cut(line));
	return count;
}

static void
check_line(const char line[LOGLINE_SIZE])
{
	static const char *const fields[] = {
		";", " tty=", " ruser=", " rhost=", " user=", " sub=", " jti="
	};
	size_t len = strnlen(line, LOGLINE_SIZE), i;

	FUZZ_CHECK(len > 0 && len < LOGLINE_SIZE);
	for (i = 0; i < len; i++)
		FUZZ_CHECK(line[i] >= ' ' && line[i] <= '~');
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		unsigned count = count_field(line, fields[i]);

		FUZZ_CHECK(count == 1 ||
		    (count == 0 && i > 1 && is_cut(line)));
	}
}

static char *
item(struct bytes *rest)
{
	struct bytes text = fuzz_until(rest, '|');

	return text.len == 0 ? NULL : fuzz_string(text);
}

static void
check_verdict(const struct logline_caller *caller, const char *name,
    struct bytes *rest, unsigned number)
{
	struct issuer issuer = { .name = name };
	struct rule rule = { .line = number };
	struct verdict verdict = {
		.reason = (enum jwt_reason)(number % JWT_REASON_COUNT),
		.issuer = name == NULL ? NULL : &issuer,
		.rule = number % 3 == 0 ? NULL : &rule,
		.account_facts.note = number % 5 == 0 ? "locked" : NULL,
		.id = { .exp = (int64_t)number << 21 }
	};
	struct hint_facts facts = { .verdict = &verdict };
	struct logline_session session;
	char line[LOGLINE_SIZE];

	session.sub = verdict.id.sub = fuzz_until(rest, '|');
	session.jti = verdict.id.jti = fuzz_until(rest, '|');
	session.iss = verdict.kid = *rest;
	logline_format(caller, &facts, line);
	check_line(line);
	FUZZ_CHECK(strncmp(line, verdict.reason == JWT_OK ? "accepted; " :
	    "authentication failure; ", 10) == 0);
	logline_session(caller, "session opened", &session, line);
	check_line(line);
	logline_escape(*rest, line, 40);
	FUZZ_CHECK(strlen(line) < 40);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *number = item(&rest);
	char *user = item(&rest), *rhost = item(&rest), *tty = item(&rest);
	char *ruser = item(&rest), *issuer = item(&rest);
	struct logline_caller caller = {
		.uid = 1000, .tty = tty, .ruser = ruser, .rhost = rhost,
		.user = user
	};

	check_verdict(&caller, issuer, &rest, number == NULL ? 0 :
	    (unsigned)strtoul(number, NULL, 10));
	free(number);
	free(user);
	free(rhost);
	free(tty);
	free(ruser);
	free(issuer);
	return 0;
}
