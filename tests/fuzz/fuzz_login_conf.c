/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * login.conf, and hosts that ask.  The first line of an input is a host, the
 * rest the file.  A file that is taken is complete; one that is refused says
 * where.  Whatever host asks, a resource is of that host, and is a URI.
 */
#include "cli/hosts.h"
#include "cli/login_conf.h"
#include "core/base/diag.h"
#include "core/base/url.h"
#include "tests/fuzz/fuzz.h"

static void
check_resource(const struct login_section *section, const char *host,
    struct arena *arena)
{
	const char *out = NULL, *at;

	if (login_conf_expand(section->resource, host, arena, &out) != NULL)
		return;
	FUZZ_CHECK(strchr(out, ':') != NULL);
	for (at = out; *at != '\0'; at++)
		FUZZ_CHECK(*at > ' ' && *at <= '~' && *at != '#');
}

static void
check_section(const struct login_section *section, const char *host,
    struct arena *arena)
{
	const char *fault;
	enum url_kind kind = url_kind(bytes_str(section->iss), &fault);
	size_t i;

	FUZZ_CHECK(kind == URL_HTTPS || kind == URL_HTTP_LOOPBACK);
	FUZZ_CHECK(strpbrk(section->name, "./") == NULL);
	FUZZ_CHECK(section->name[0] != '\0' && section->client[0] != '\0');
	FUZZ_CHECK(strlen(section->name) <= LOGIN_NAME_MAX_LEN);
	FUZZ_CHECK(section->scope[0] != '\0');
	FUZZ_CHECK(section->redirect_path[0] == '/');
	FUZZ_CHECK(section->hosts_len > 0);
	FUZZ_CHECK(section->ports_len <= LOGIN_PORTS_MAX);
	FUZZ_CHECK(section->resource == NULL || section->audience == NULL);
	for (i = 0; i < section->hosts_len; i++) {
		FUZZ_CHECK(hosts_fault(bytes_str(section->hosts[i])) == NULL);
		/* A name means itself, unless it is negated elsewhere. */
		FUZZ_CHECK(hosts_match(&section->hosts[i], 1,
		    section->hosts[i]) || section->hosts[i][0] == '!');
	}
	(void)login_conf_matches(section, host);
	if (section->resource != NULL)
		check_resource(section, host, arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *host = fuzz_string(fuzz_until(&rest, '\n'));
	struct secret text = fuzz_copy(rest);
	struct diag diag = { .reason = JWT_OK };
	struct login_conf conf = { .count = 0 };
	size_t i;

	login_conf_parse(secret_bytes(&text), "login.conf", &diag, &conf);
	FUZZ_CHECK((diag.reason == JWT_OK) == (diag.count == 0));
	for (i = 0; i < conf.count && diag.reason == JWT_OK; i++)
		check_section(&conf.sections[i], host, &conf.arena);
	for (i = 0; i < diag.count; i++)
		FUZZ_CHECK(diag.entries[i].line > 0 &&
		    diag.entries[i].text[0] != '\0');
	diag_clear(&diag);
	login_conf_clear(&conf);
	free(text.ptr);
	free(host);
	return 0;
}
