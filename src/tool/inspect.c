/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt inspect: what a token says, believed or not. */
#include <stdio.h>
#include <time.h>

#include "core/b64url.h"
#include "core/jws.h"
#include "core/number.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/options.h"
#include "tool/report.h"
#include "tool/tool.h"

/* The longest answer that arrives whole, in bytes; measured. */
static const struct {
	size_t limit;
	const char *programs;
} limits[] = {
	{ 504, "i3lock" },
	{ 511, "sudo, doas, polkit, GDM, vlock" },
	{ 1007, "LightDM" },
	{ 1023, "ssh client, swaylock" },
	{ 4095, "su, login, pamtester, a terminal" },
	{ 10200, "greetd" },
	{ TOKEN_MAX, "the module" },
};

#define LIMITS_LEN (sizeof(limits) / sizeof(limits[0]))

/* A part between dots; the last one if there are fewer. */
static struct bytes
part(struct bytes token, unsigned index)
{
	struct bytes out = token;
	const uint8_t *dot;

	for (;;) {
		dot = out.len == 0 ? NULL : memchr(out.ptr, '.', out.len);
		if (index == 0 || dot == NULL)
			break;
		out = bytes_of(dot + 1, out.len - (size_t)(dot + 1 - out.ptr));
		index--;
	}
	if (index > 0)
		return bytes_of(NULL, 0);
	if (dot != NULL)
		out.len = (size_t)(dot - out.ptr);
	return out;
}

static struct json_object *
decode(struct bytes text)
{
	struct json_object *value = NULL;
	struct secret decoded = { 0 };

	if (text.len > 0 && secret_alloc(b64url_decoded_len(text.len),
	    &decoded) == JWT_OK && b64url_decode(text, decoded.ptr) == JWT_OK)
		value = json_out_parse(secret_bytes(&decoded));
	secret_clear(&decoded);
	return value != NULL ? value : json_out_object();
}

static void
print_date(const char *name, int64_t date, int64_t now)
{
	char text[64] = "beyond the calendar";
	time_t when = (time_t)date;
	struct tm utc;
	long long apart = (long long)(date > now ? date - now : now - date);
	const char *unit = "s";

	if (gmtime_r(&when, &utc) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &utc);
	if (apart >= 2 * 86400) {
		apart /= 86400;
		unit = "d";
	} else if (apart >= 2 * 3600) {
		apart /= 3600;
		unit = "h";
	} else if (apart >= 2 * 60) {
		apart /= 60;
		unit = "m";
	}
	printf("  %-10s %s  (%s%lld%s%s)\n", name, text,
	    date > now ? "in " : "", apart, unit, date > now ? "" : " ago");
}

/* The times of the payload as dates. */
static void
print_dates(struct bytes payload)
{
	static const char *const names[] = { "iat", "nbf", "exp", "auth_time" };
	struct secret text = { 0 };
	struct json_doc doc = { 0 };
	struct number_date date;
	size_t i;

	if (secret_alloc(b64url_decoded_len(payload.len), &text) == JWT_OK &&
	    b64url_decode(payload, text.ptr) == JWT_OK &&
	    json_parse(text.ptr, text.len, &json_token_limits, &doc) ==
	    JWT_OK) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			const struct json_node *node = json_get(
			    json_root(&doc), bytes_str(names[i]));

			if (json_is(node, JSON_NUMBER) &&
			    number_date(json_text(node), &date) == JWT_OK)
				print_date(names[i], date.floor_sec,
				    (int64_t)time(NULL));
		}
	}
	json_clear(&doc);
	secret_clear(&text);
}

static void
print_text(struct bytes token, enum jwt_reason reason)
{
	size_t i;

	printf("NOT VERIFIED: this is what the token says, not what is "
	    "true\n\nheader ");
	json_out_print(decode(part(token, 0)), true, stdout);
	printf("claims ");
	json_out_print(decode(part(token, 1)), true, stdout);
	print_dates(part(token, 1));
	printf("\n%zu bytes\n", token.len);
	for (i = 0; i < LIMITS_LEN; i++)
		printf("  %-14s %s (up to %zu)\n", token.len <=
		    limits[i].limit ? "fits" : "does not fit",
		    limits[i].programs, limits[i].limit);
	if (reason != JWT_OK)
		printf("\nmalformed: %s - %s\n", reason_name(reason),
		    reason_text(reason));
}

static void
print_json(struct bytes token, enum jwt_reason reason)
{
	struct json_object *out = json_out_object();
	struct json_object *fits = json_out_object();
	size_t i;

	json_out_boolean(out, "verified", false);
	json_out_string(out, "form", reason_name(reason));
	json_out_member(out, "header", decode(part(token, 0)));
	json_out_member(out, "claims", decode(part(token, 1)));
	json_out_number(out, "size", (long long)token.len);
	for (i = 0; i < LIMITS_LEN; i++)
		json_out_boolean(fits, limits[i].programs,
		    token.len <= limits[i].limit);
	json_out_member(out, "fits", fits);
	json_out_print(out, false, stdout);
}

int
tool_inspect(int argc, char **argv)
{
	bool json = false;
	const struct option_spec specs[] = {
		{ .name = "json", .flag = &json },
		{ .name = NULL }
	};
	struct secret text = { 0 };
	struct jws *jws = NULL;
	enum jwt_reason reason;
	struct bytes token;

	if (!options_parse(argc, argv, specs) || !input_read(&text))
		return EXIT_TROUBLE;
	token = bytes_trim(secret_bytes(&text));
	reason = jws_parse(token, &jws);
	if (json)
		print_json(token, reason);
	else
		print_text(token, reason);
	jws_free(jws);
	secret_clear(&text);
	return reason == JWT_OK ? EXIT_YES : EXIT_NO;
}
