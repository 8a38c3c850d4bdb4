/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints families and their numbers, as text and as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/complain.h"
#include "cli/times.h"
#include "core/base/json_write.h"
#include "issuerd/family_show.h"

#define JSON_MAX	65536	/* bytes of one family: 50 audiences of 256 fit */

static struct family_rules
rules_of(const struct issuer_conf *conf)
{
	return (struct family_rules){ .ttl_sec = conf->refresh_ttl_sec,
		.idle_sec = conf->refresh_idle_sec,
		.grace_sec = conf->grace_sec };
}

const char *
family_show_state(const struct family *family, const struct issuer_conf *conf,
    int64_t now)
{
	const struct family_rules rules = rules_of(conf);

	if (family->ended != 0)
		return family_end_name(family->end);
	if (!family_is_live(family, &rules, now))
		return family_end_name(FAMILY_END_TIME);
	return "live";
}

/* When it ended, or will end if nobody uses it. */
static int64_t
end_of(const struct family *family, const struct issuer_conf *conf)
{
	const struct family_rules rules = rules_of(conf);

	if (family->ended != 0)
		return family->ended;
	return family_ends(family, &rules);
}

/* ---- text --------------------------------------------------------------- */

static void
print_row(const struct family *family, const struct family_show *show)
{
	size_t i;

	printf("%-22s  %-8s  ", family->sid,
	    family_show_state(family, show->conf, show->now));
	times_print_date(family->last_iat, stdout);
	fputs("  ", stdout);
	times_print_date(end_of(family, show->conf), stdout);
	printf("  %s ", family->person);
	for (i = 0; i < family->audience.count; i++)
		printf(" %s", family->audience.item[i]);
	putchar('\n');
}

/* ---- JSON --------------------------------------------------------------- */

static void
put_number(struct json_write *json, const char *name, int64_t number)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, number);
}

static void
put_flag(struct json_write *json, const char *name, bool flag)
{
	json_write_name(json, bytes_str(name));
	json_write_raw(json, bytes_str(flag ? "true" : "false"));
}

static void
put_family(struct json_write *json, const struct family *family,
    const struct family_show *show)
{
	size_t i;

	json_write_object(json);
	json_write_member(json, "sid", family->sid);
	json_write_member(json, "person", family->person);
	json_write_member(json, "state",
	    family_show_state(family, show->conf, show->now));
	put_number(json, "auth_time", family->auth_time);
	put_number(json, "last_iat", family->last_iat);
	put_number(json, "ends", end_of(family, show->conf));
	put_number(json, "generation", family->generation);
	json_write_member(json, "key", family->fingerprint);
	put_flag(json, "hardware", family->is_hardware);
	put_flag(json, "bearer", family->is_bearer);
	put_flag(json, "compact", family->is_compact);
	json_write_name(json, bytes_str("audience"));
	json_write_array(json);
	for (i = 0; i < family->audience.count; i++)
		json_write_string(json, bytes_str(family->audience.item[i]));
	json_write_close(json);
	json_write_close(json);
}

static bool
print_json(const struct family *family, const struct family_show *show)
{
	struct json_write json;
	struct secret text;

	json_write_start(&json, JSON_MAX);
	put_family(&json, family, show);
	if (json_write_finish(&json, &text) != JWT_OK)
		return complain("%s: its JSON cannot be made", family->sid);
	printf("%s%.*s", show->shown == 0 ? "\n" : ",\n", (int)text.len,
	    (const char *)text.ptr);
	secret_clear(&text);
	return true;
}

/* ---- list --------------------------------------------------------------- */

/* The title, or the start of the JSON text. */
static void
print_begin(const struct family_show *show)
{
	if (show->json)
		fputs("[", stdout);
	else
		printf("%-22s  %-8s  %-23s  %-23s  PERSON  AUDIENCES\n",
		    "FAMILY", "STATE", "LAST USED", "ENDS");
}

bool
family_show_one(const struct family *family, void *context)
{
	struct family_show *show = context;
	const char *state = family_show_state(family, show->conf, show->now);

	if (show->person != NULL && strcmp(show->person, family->person) != 0)
		return true;
	if (!show->all && strcmp(state, "live") != 0)
		return true;
	if (show->shown == 0)
		print_begin(show);
	if (!show->json)
		print_row(family, show);
	else if (!print_json(family, show))
		return false;
	show->shown++;
	return true;
}

void
family_show_end(const struct family_show *show)
{
	if (show->shown == 0)
		print_begin(show);
	if (show->json)
		fputs("\n]\n", stdout);
}

/* ---- stats -------------------------------------------------------------- */

static bool
is_next_person(struct family_stats *stats, const char *person)
{
	if (stats->last != NULL && strcmp(stats->last, person) == 0)
		return false;
	free(stats->last);
	stats->last = strdup(person);
	return true;
}

bool
family_stats_add(const struct family *family, void *context)
{
	struct family_stats *stats = context;
	const struct family_rules rules = rules_of(stats->conf);

	if (family_is_live(family, &rules, stats->now)) {
		stats->live++;
		stats->people += is_next_person(stats, family->person);
	} else if (family->ended == 0) {
		stats->ended[FAMILY_END_TIME]++;
	} else {
		stats->ended[family->end]++;
	}
	return true;
}

static void
print_stats_json(const struct family_stats *stats)
{
	int end;

	printf("{\"live\":%zu,\"people\":%zu,\"ended\":{", stats->live,
	    stats->people);
	for (end = FAMILY_END_NONE + 1; end < FAMILY_END_COUNT; end++)
		printf("%s\"%s\":%zu", end == FAMILY_END_NONE + 1 ? "" : ",",
		    family_end_name((enum family_end)end), stats->ended[end]);
	fputs("}}\n", stdout);
}

void
family_stats_print(const struct family_stats *stats, bool json)
{
	int end;

	if (json) {
		print_stats_json(stats);
		return;
	}
	printf("live\t%zu\npeople\t%zu\n", stats->live, stats->people);
	for (end = FAMILY_END_NONE + 1; end < FAMILY_END_COUNT; end++)
		printf("ended: %s\t%zu\n",
		    family_end_name((enum family_end)end), stats->ended[end]);
}
