/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells people why there is no token, and what they can do about it. */
#include "cli/complain.h"
#include "login/renew_run.h"

/* The rest of the command to log in: without --host it may bring no token. */
static const char *
option_host(const struct renew *renew)
{
	const struct renew_wanted *wanted = renew->wanted;

	if (wanted->host == NULL ||
	    !login_conf_needs_host(wanted->section, wanted->host))
		return "";
	return " --host ";
}

static const char *
option_value(const struct renew *renew)
{
	if (option_host(renew)[0] == '\0')
		return "";
	return renew->wanted->host;
}

enum renew_result
renew_tell_over(const struct renew *renew)
{
	const char *name = renew->wanted->section->name;

	complain("your login at %s is over: pam-jwt login %s%s%s", name, name,
	    option_host(renew), option_value(renew));
	return RENEW_LOGIN;
}

enum renew_result
renew_tell_login(const struct renew *renew, const char *why)
{
	const char *name = renew->wanted->section->name;

	complain("%s at %s: pam-jwt login %s%s%s", why, name, name,
	    option_host(renew), option_value(renew));
	return RENEW_LOGIN;
}

enum renew_result
renew_tell_changed(const struct renew *renew)
{
	return renew_tell_login(renew, "login.conf has changed since you "
	    "logged in");
}

enum renew_result
renew_tell_target(const struct renew *renew)
{
	const char *name = renew->wanted->section->name;
	const char *host = renew->wanted->host;

	if (host == NULL)
		return renew_tell_changed(renew);
	complain("your login at %s gives no token for %s: log in again with "
	    "--host %s: pam-jwt login %s --host %s", name, host, host, name,
	    host);
	return RENEW_LOGIN;
}

enum renew_result
renew_tell_failure(const struct renew *renew, enum provider_result result,
    const char *words)
{
	const char *name = renew->wanted->section->name;

	if (result == PROVIDER_OVER)
		return renew_tell_over(renew);
	if (result == PROVIDER_TARGET)
		return renew_tell_target(renew);
	if (result == PROVIDER_REFUSED || result == PROVIDER_DENIED) {
		complain("%s does not renew your login, and it is kept: %s; if "
		    "that stays so: pam-jwt login %s%s%s", name, words, name,
		    option_host(renew), option_value(renew));
		return RENEW_LOGIN;
	}
	if (result == PROVIDER_PROOF) {
		complain("your login at %s cannot be renewed now, and is kept: "
		    "%s", name, words);
		return RENEW_TROUBLE;
	}
	complain("%s gives no new token now, and your login is kept: %s",
	    name, words);
	return RENEW_TROUBLE;
}
