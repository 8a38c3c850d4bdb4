/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells people under which name the issuer knows them, and what they may get. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/json_write.h"
#include "issuerd/desk_turn.h"
#include "issuerd/grants.h"

#define ABOUT_MAX ((size_t)1048576)	/* bytes: issuer.conf is shorter */

/* ---- for programs ------------------------------------------------------- */

static void
put_grant(struct json_write *json, const struct issuer_grant *grant)
{
	size_t i;

	json_write_object(json);
	json_write_member(json, "grant", grant->name);
	json_write_name(json, bytes_str("audience"));
	json_write_array(json);
	for (i = 0; i < grant->audience.count; i++)
		json_write_string(json, bytes_str(grant->audience.item[i]));
	json_write_close(json);
	json_write_name(json, bytes_str("expires_in"));
	json_write_integer(json, grant->ttl_sec);
	json_write_close(json);
}

static enum jwt_reason
write_json(const struct desk_turn *turn, struct secret *out)
{
	const struct issuer_conf *conf = turn->desk->conf;
	const struct grants_person person = desk_person(turn);
	struct json_write json;
	size_t i;

	json_write_start(&json, ABOUT_MAX);
	json_write_object(&json);
	json_write_member(&json, "iss", conf->iss);
	json_write_member(&json, "sub", turn->person->name);
	json_write_member(&json, "key", turn->person->key.fingerprint);
	json_write_member(&json, "key_type", turn->person->key.type);
	json_write_name(&json, bytes_str("grants"));
	json_write_array(&json);
	for (i = 0; i < conf->grant_count; i++) {
		if (grants_fits_person(&conf->grants[i], &person))
			put_grant(&json, &conf->grants[i]);
	}
	json_write_close(&json);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

/* ---- for people --------------------------------------------------------- */

/* The host of iss, which is most probably the one that was asked. */
static void
print_host(const char *iss, FILE *out)
{
	const char *host = strstr(iss, "://");

	host = host == NULL ? iss : host + 3;
	fprintf(out, "%.*s", (int)strcspn(host, ":/"), host);
}

static void
print_grants(const struct desk_turn *turn, FILE *out)
{
	const struct issuer_conf *conf = turn->desk->conf;
	const struct grants_person person = desk_person(turn);
	size_t count = 0, i, k;

	for (i = 0; i < conf->grant_count; i++) {
		const struct issuer_grant *grant = &conf->grants[i];

		if (!grants_fits_person(grant, &person))
			continue;
		count++;
		for (k = 0; k < grant->audience.count; k++)
			fprintf(out, "    %s, for %u seconds%s\n",
			    grant->audience.item[k], grant->ttl_sec,
			    grant->bearer ? ", also with --bearer" : "");
	}
	if (count == 0)
		fputs("    nothing\n", out);
}

static void
print_about(const struct desk_turn *turn, FILE *out)
{
	fprintf(out, "%s: you are %s, by the key %s.\n"
	    "You may get tokens for\n", turn->desk->conf->iss,
	    turn->person->name, turn->person->key.fingerprint);
	print_grants(turn, out);
	fputs("* stands for anything except / and :, and ** for anything; "
	    "the first line that fits counts.\n\n"
	    "    login [--compact] [--bearer] [AUDIENCE...]\n"
	    "    refresh [AUDIENCE]    with the refresh token on standard "
	    "input\n"
	    "    logout                with the refresh token on standard "
	    "input\n"
	    "    whoami\n\n"
	    "pam-jwt login does all of that by these lines in "
	    "~/.config/pam-jwt/login.conf:\n\n"
	    "    [login home]\n"
	    "    issuer   = tokens@", out);
	print_host(turn->desk->conf->iss, out);
	fputs("\n    resource = ssh://%{host}\n"
	    "    hosts    = *.example.com\n", out);
}

/* Write which audiences the person may ask for, as text. */
static enum jwt_reason
write_text(const struct desk_turn *turn, struct secret *out)
{
	enum jwt_reason reason = JWT_OUT_OF_MEMORY;
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	if (stream == NULL)
		return JWT_OUT_OF_MEMORY;
	print_about(turn, stream);
	if (fclose(stream) == 0)
		reason = secret_copy(bytes_of(text, len), out);
	free(text);
	return reason;
}

/* ---- both --------------------------------------------------------------- */

static enum desk_result
tell(struct desk *desk, const struct desk_caller *caller,
    enum jwt_reason (*write)(const struct desk_turn *turn, struct secret *out),
    struct desk_answer *answer)
{
	struct desk_turn turn = {
		.desk = desk, .caller = caller, .what = "whoami",
		.answer = answer, .person = caller->person
	};
	enum desk_result result;
	enum jwt_reason reason;

	*answer = (struct desk_answer){ .error = NULL };
	if (turn.person == NULL)
		return desk_refuse(&turn, DESK_INVALID_REQUEST,
		    "nobody has proved a key", NULL);
	result = desk_look_up(&turn);
	if (result == DESK_OK) {
		reason = write(&turn, &answer->text);
		if (reason != JWT_OK)
			result = desk_fail(&turn, reason_text(reason));
	}
	person_account_clear(&turn.account);
	return result;
}

enum desk_result
desk_whoami(struct desk *desk, const struct desk_caller *caller,
    struct desk_answer *answer)
{
	return tell(desk, caller, write_json, answer);
}

enum desk_result
desk_help(struct desk *desk, const struct desk_caller *caller,
    struct desk_answer *answer)
{
	return tell(desk, caller, write_text, answer);
}
