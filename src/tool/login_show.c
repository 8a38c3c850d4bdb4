/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt login --status, --ssh-config and --shell: what there is, and what to
 * write where.  Nothing here asks the provider, so that ssh can run it before
 * each connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "cli/times.h"
#include "login/session_end.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/login.h"
#include "tool/tool.h"

#define ASKPASS "pam-jwt-askpass"

/* ---- status ---------------------------------------------------------------- */

struct status {
	const struct login_section *section;
	struct session session;	/* owned */
	const char *fault;	/* why one must log in again; NULL: usable */
	int64_t access_left;	/* s of the token that lasts longest; 0: none */
	int64_t session_left;	/* s; 0: it has ended; -1: not told */
	int64_t now;		/* wall clock, to show an end as a date */
};

static int64_t
longest_left(const struct session *session, const struct boot *boot)
{
	int64_t longest = 0;
	size_t i;

	for (i = 0; i < session->count; i++) {
		int64_t left = session_token_left(session,
		    &session->tokens[i], boot);

		if (left > longest)
			longest = left;
	}
	return longest;
}

/* Why the session, which was read, is of no use; NULL if it is. */
static const char *
session_fault(const struct status *status)
{
	const struct session *session = &status->session;

	if (!session_fits(session, status->section) &&
	    status->section->issuer != NULL)
		return "login.conf has another issuer than at the last login";
	if (!session_fits(session, status->section))
		return "login.conf has another iss, client, audience, use or "
		    "dpop than at the last login";
	if (session->is_over)
		return "the login is over";
	if (status->session_left == 0)
		return "the login has ended";
	if (session->refresh_token.len == 0 && status->access_left == 0)
		return "the token has expired, and the provider gave no "
		    "refresh token";
	return NULL;
}

/* False, with a message, if nobody can tell. */
static bool
status_read(const struct places *places, const struct login_section *section,
    struct status *out)
{
	struct session_store store;
	struct boot boot;
	enum session_result result = session_open(places, section, false,
	    &store);

	out->section = section;
	out->now = (int64_t)time(NULL);
	out->access_left = 0;
	out->session_left = -1;
	out->session = (struct session){ .session_until = -1 };
	out->fault = "nobody is logged in";
	if (result == SESSION_OK)
		result = session_read(&store, &out->session);
	session_close(&store);
	if (result == SESSION_OK) {
		boot_read(&boot);
		out->access_left = longest_left(&out->session, &boot);
		out->session_left = session_left(&out->session, &boot);
		out->fault = session_fault(out);
	}
	return result != SESSION_FAULT;
}

static const char *
ender(const struct status *status)
{
	return status->section->issuer == NULL ? "provider" : "issuer";
}

static void
print_line(const struct status *status)
{
	const struct session *session = &status->session;

	printf("%s: ", status->section->name);
	if (status->fault != NULL) {
		printf("%s: pam-jwt login %s\n", status->fault,
		    status->section->name);
		return;
	}
	if (session->subject != NULL)
		report_bytes(bytes_str(session->subject), stdout);
	else
		fputs("logged in", stdout);
	printf(" at %s", login_conf_issuer(status->section));
	if (status->access_left > 0) {
		fputs(", a token for ", stdout);
		times_print_span(status->access_left, stdout);
	}
	if (status->session_left > 0) {
		fputs(", renewed until ", stdout);
		times_print_date(status->now + status->session_left, stdout);
	} else if (session->refresh_token.len > 0) {
		printf(", renewed until the %s ends it", ender(status));
	}
	putchar('\n');
}

/* A number, or null for one below 0. */
static void
put_time(struct json_object *object, const char *name, int64_t value)
{
	if (value < 0)
		json_out_string(object, name, NULL);
	else
		json_out_number(object, name, value);
}

static struct json_object *
object_of(const struct status *status)
{
	const struct login_section *section = status->section;
	struct json_object *object = json_out_object();
	struct json_object *hosts = json_out_array();
	int64_t until = -1, session_until = -1;
	size_t i;

	if (status->access_left > 0)
		until = status->now + status->access_left;
	if (status->session_left >= 0)
		session_until = status->now + status->session_left;
	for (i = 0; i < section->hosts_len; i++)
		json_out_element(hosts,
		    json_out_text(bytes_str(section->hosts[i])));
	json_out_string(object, "name", section->name);
	json_out_string(object, "issuer", login_conf_issuer(section));
	json_out_string(object, "subject", status->session.subject);
	json_out_boolean(object, "usable", status->fault == NULL);
	put_time(object, "access_until", until);
	put_time(object, "session_until", session_until);
	json_out_member(object, "hosts", hosts);
	return object;
}

/* Show one section; returns its exit status. */
static int
show_one(const struct login_call *call, const struct login_section *section,
    struct json_object *all)
{
	struct status status;
	int code = EXIT_TROUBLE;

	if (status_read(&call->places, section, &status)) {
		code = status.fault == NULL ? EXIT_YES : EXIT_NO;
		if (all != NULL)
			json_out_element(all, object_of(&status));
		else if (!call->options.quiet)
			print_line(&status);
	}
	session_clear(&status.session);
	return code;
}

/* The worst of all: trouble, then log in again. */
static int
show_all(const struct login_call *call, struct json_object *all)
{
	int worst = EXIT_YES, code;
	size_t i;

	for (i = 0; i < call->conf.count; i++) {
		code = show_one(call, &call->conf.sections[i], all);
		if (code > worst)
			worst = code;
	}
	return worst;
}

int
login_show_status(const struct login_call *call)
{
	const struct login_section *section = NULL;
	struct json_object *all = NULL;
	int code;

	if (call->name != NULL || call->conf.count == 0) {
		section = login_conf_choose(&call->conf, call->name);
		if (section == NULL)
			return EXIT_TROUBLE;
	}
	if (call->options.json)
		all = json_out_array();
	if (section != NULL)
		code = show_one(call, section, all);
	else
		code = show_all(call, all);
	if (all != NULL)
		json_out_print(all, false, stdout);
	return code;
}

/* ---- for the configuration of ssh, and for the shell ------------------------ */

/* A token that is bound to a key counts only after sshd has seen the key. */
static bool
is_bound(const struct login_section *section)
{
	if (section->issuer != NULL)
		return !section->bearer;
	return section->dpop != NULL;
}

/*
 * Tokens go by keyboard-interactive.  One try: a token that was refused would
 * be refused again, and sshd counts the tries.
 *
 * "Match host" compares the HostName, as hosts in login.conf does, so it works
 * below the line that sets it.  "Match final host" would work anywhere, but it
 * makes ssh read its configuration a second time, with the HostName in the
 * place of the name that was typed.  Then more Host blocks match, and one of
 * them may forward an agent to a host that got none before.
 */
static void
print_block(const struct login_section *section)
{
	const char *order = "keyboard-interactive,gssapi-with-mic,hostbased,"
	    "publickey,password";
	size_t i;

	if (is_bound(section))
		order = "publickey,keyboard-interactive,gssapi-with-mic,"
		    "hostbased,password";

	fputs("Match host ", stdout);
	for (i = 0; i < section->hosts_len; i++)
		printf("%s%s", i == 0 ? "" : ",", section->hosts[i]);
	printf(" exec \"pam-jwt login --status --quiet %s\"\n"
	    "\tPreferredAuthentications %s\n"
	    "\tNumberOfPasswordPrompts 1\n", section->name, order);
}

int
login_show_ssh_config(const struct login_call *call)
{
	const struct login_section *section = NULL;
	size_t i;

	if (call->name != NULL || call->conf.count == 0) {
		section = login_conf_choose(&call->conf, call->name);
		if (section == NULL)
			return EXIT_TROUBLE;
	}
	puts("# By pam-jwt login --ssh-config, for the end of ~/.ssh/config: "
	    "ssh must have\n# read the HostName of a host before it "
	    "comes here. If a block above sets\n# PreferredAuthentications "
	    "for the same host, put this one above that line.");
	if (section != NULL)
		print_block(section);
	for (i = 0; i < call->conf.count && section == NULL; i++)
		print_block(&call->conf.sections[i]);
	puts("Match all");
	return EXIT_YES;
}

/* The folder of this program has pam-jwt-askpass, too. */
static bool
find_askpass(char out[INPUT_PATH_SIZE])
{
	ssize_t len = readlink("/proc/self/exe", out, INPUT_PATH_SIZE);

	if (len <= 0)
		return complain_errno("/proc/self/exe");
	while (len > 0 && out[len - 1] != '/')
		len--;
	if ((size_t)len + sizeof(ASKPASS) > INPUT_PATH_SIZE)
		return complain("the path of this program is too long");
	memcpy(out + len, ASKPASS, sizeof(ASKPASS));
	return access(out, X_OK) == 0 || complain_errno(out);
}

/* Between single quotes a shell takes everything as it is but these. */
static void
print_quoted(const char *text)
{
	putchar('\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	}
	putchar('\'');
}

int
login_show_shell(void)
{
	char path[INPUT_PATH_SIZE];

	if (!find_askpass(path))
		return EXIT_TROUBLE;
	fputs("export SSH_ASKPASS=", stdout);
	print_quoted(path);
	fputs(" SSH_ASKPASS_REQUIRE=force\nexport SUDO_ASKPASS=", stdout);
	print_quoted(path);
	putchar('\n');
	return EXIT_YES;
}
