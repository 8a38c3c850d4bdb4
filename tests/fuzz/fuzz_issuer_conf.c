/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.conf, and somebody who asks for an audience.  The first line of an
 * input is "name<tab>group<tab>audience", the rest the file.  A file that is
 * taken is complete; one that is refused says where.  A grant that is found
 * names the person or the group, and the audience is sound.
 */
#include "core/base/glob.h"
#include "core/base/url.h"
#include "issuerd/grants.h"
#include "tests/fuzz/fuzz.h"

static void
check_lives(const struct issuer_conf *conf)
{
	FUZZ_CHECK(conf->access_ttl_sec > 0);
	FUZZ_CHECK(conf->access_ttl_sec <= ACCESS_TTL_MAX_SEC);
	FUZZ_CHECK(conf->access_ttl_sec < conf->refresh_idle_sec);
	FUZZ_CHECK(conf->refresh_idle_sec <= conf->refresh_ttl_sec);
	FUZZ_CHECK(conf->refresh_ttl_sec <= DURATION_MAX_SEC);
	FUZZ_CHECK(conf->grace_sec <= GRACE_MAX_SEC);
	FUZZ_CHECK(conf->caches_sec > 0);
	FUZZ_CHECK(conf->families_max > 0);
	FUZZ_CHECK(conf->families_max <= FAMILIES_MAX);
}

static void
check_grant(const struct issuer_conf *conf, const struct issuer_grant *grant)
{
	size_t i;

	FUZZ_CHECK(grant->people.count > 0 && grant->audience.count > 0);
	FUZZ_CHECK(grant->ttl_sec > 0);
	FUZZ_CHECK(grant->ttl_sec <= conf->access_ttl_sec);
	for (i = 0; i < grant->audience.count; i++)
		FUZZ_CHECK(strlen(grant->audience.item[i]) <= GLOB_MAX);
	for (i = 0; i < grant->fixed_count; i++) {
		FUZZ_CHECK(strcmp(grant->fixed[i].name, "sub") != 0);
		FUZZ_CHECK(strcmp(grant->fixed[i].name, "iss") != 0);
		FUZZ_CHECK(strcmp(grant->fixed[i].name, "cnf") != 0);
		FUZZ_CHECK(grant->fixed[i].value[0] != '\0');
	}
}

static void
check_conf(const struct issuer_conf *conf)
{
	const char *fault;
	size_t i;

	FUZZ_CHECK(url_kind(bytes_str(conf->iss), &fault) >= URL_HTTPS);
	FUZZ_CHECK(conf->publish[0] == '/' && conf->directory[0] == '/');
	FUZZ_CHECK(conf->grant_count > 0);
	check_lives(conf);
	for (i = 0; i < conf->grant_count; i++)
		check_grant(conf, &conf->grants[i]);
}

static void
ask(const struct issuer_conf *conf, struct bytes line)
{
	char *name = fuzz_string(fuzz_until(&line, '\t'));
	char *group = fuzz_string(fuzz_until(&line, '\t'));
	const char *names[] = { group };
	const struct words groups = { .item = names, .count = 1 };
	struct grants_person person = { .name = name, .groups = &groups };
	const struct issuer_grant *found = grants_find(conf, &person, line);

	if (found != NULL) {
		FUZZ_CHECK(grants_audience_is_valid(line));
		FUZZ_CHECK(!bytes_has(line, '#') && !bytes_has(line, '*'));
		FUZZ_CHECK(line.len <= GRANTS_AUDIENCE_MAX);
	}
	/* Without the group only the name is left. */
	person.is_protected = true;
	found = grants_find(conf, &person, line);
	FUZZ_CHECK(found == NULL ||
	    policy_words_have(&found->people, bytes_str(name)));
	free(name);
	free(group);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct bytes line = fuzz_until(&rest, '\n');
	struct secret text = fuzz_copy(rest);
	struct diag diag = { .reason = JWT_OK };
	struct issuer_conf conf;
	enum jwt_reason reason;

	reason = issuer_conf_parse(secret_bytes(&text), "issuer.conf", &diag,
	    &conf);
	free(text.ptr);		/* nothing may point into it */
	FUZZ_CHECK((reason == JWT_OK) == (diag.count == 0));
	if (reason == JWT_OK) {
		check_conf(&conf);
		ask(&conf, line);
	} else {
		FUZZ_CHECK(reason == JWT_CONFIG_INVALID);
		FUZZ_CHECK(diag_first_error(&diag) != NULL);
	}
	diag_clear(&diag);
	issuer_conf_clear(&conf);
	return 0;
}
