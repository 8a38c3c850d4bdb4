/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PAM module for tests, beside the real one in a stack: says what it sees,
 * and does what other modules do.  Its arguments:
 *
 *	set=FILE      auth: leaves the file's contents in PAM_AUTHTOK
 *	show          auth: logs what is in PAM_AUTHTOK
 *	want=TEXT     auth: a password module with try_first_pass; success if
 *	              PAM_AUTHTOK is TEXT, else PAM_AUTH_ERR
 *	user=NAME     auth: sets PAM_USER
 *	code=N        any phase: returns N
 *	data=NAME     any phase: logs the data item of that name, a string
 *	limit=N       any phase: tells pam_systemd a limit of N seconds
 *	wrap=MODULE   any phase: calls the module with the arguments that
 *	              follow, logs what it returned, and returns that
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#define ENTRY		__attribute__((visibility("default")))
#define FILE_MAX	65536

typedef int entry_point(pam_handle_t *, int, int, const char **);

/* "NAME=VALUE" */
static const char *
value_of(const char *argument, const char *name)
{
	size_t len = strlen(name);

	return strncmp(argument, name, len) == 0 && argument[len] == '=' ?
	    argument + len + 1 : NULL;
}

static void
set_authtok(pam_handle_t *pamh, const char *path)
{
	static char text[FILE_MAX];
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		return;
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	(void)pam_set_item(pamh, PAM_AUTHTOK, text);
}

static const char *
authtok(pam_handle_t *pamh)
{
	const void *item = NULL;

	return pam_get_item(pamh, PAM_AUTHTOK, &item) == PAM_SUCCESS ? item :
	    NULL;
}

static void
show_authtok(pam_handle_t *pamh)
{
	const char *text = authtok(pamh);

	if (text == NULL)
		pam_syslog(pamh, LOG_DEBUG, "probe: no PAM_AUTHTOK");
	else
		pam_syslog(pamh, LOG_DEBUG, "probe: PAM_AUTHTOK is \"%.256s\"",
		    text);
}

/* Never closed again: data items of the module point into it. */
static int
call_wrapped(pam_handle_t *pamh, int flags, int argc, const char **argv,
    const char *path, const char *entry)
{
	void *module = dlopen(path, RTLD_NOW | RTLD_NODELETE);
	union {
		void *address;
		entry_point *call;
	} cast = { .address = module == NULL ? NULL : dlsym(module, entry) };
	int code;

	if (cast.address == NULL)
		return PAM_SYMBOL_ERR;
	code = cast.call(pamh, flags, argc, argv);
	pam_syslog(pamh, LOG_DEBUG, "probe: %s returned %d (%s)", entry, code,
	    pam_strerror(pamh, code));
	return code;
}

static void
drop_limit(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	free(data);
}

/* What any phase may be told to do; otherwise the code that is given. */
static int
obey(pam_handle_t *pamh, int flags, int argc, const char **argv,
    const char *entry, int code)
{
	const char *value;
	const void *data;
	int i;

	for (i = 0; i < argc; i++) {
		if ((value = value_of(argv[i], "code")) != NULL)
			return atoi(value);
		if ((value = value_of(argv[i], "data")) != NULL)
			pam_syslog(pamh, LOG_DEBUG, "probe: %s is %s", value,
			    pam_get_data(pamh, value, &data) == PAM_SUCCESS ?
			    (const char *)data : "not set");
		if ((value = value_of(argv[i], "limit")) != NULL)
			(void)pam_set_data(pamh, "systemd.runtime_max_sec",
			    strdup(value), drop_limit);
		if ((value = value_of(argv[i], "wrap")) != NULL)
			return call_wrapped(pamh, flags, argc - i - 1,
			    argv + i + 1, value, entry);
	}
	return code;
}

ENTRY int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int code = PAM_SUCCESS, i;
	const char *value, *text;

	for (i = 0; i < argc; i++) {
		if ((value = value_of(argv[i], "set")) != NULL)
			set_authtok(pamh, value);
		if ((value = value_of(argv[i], "user")) != NULL)
			(void)pam_set_item(pamh, PAM_USER, value);
		if (strcmp(argv[i], "show") == 0)
			show_authtok(pamh);
		if ((value = value_of(argv[i], "want")) == NULL)
			continue;
		text = authtok(pamh);
		if (text == NULL || strcmp(text, value) != 0)
			code = PAM_AUTH_ERR;
	}
	return obey(pamh, flags, argc, argv, "pam_sm_authenticate", code);
}

ENTRY int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return obey(pamh, flags, argc, argv, "pam_sm_setcred", PAM_SUCCESS);
}

ENTRY int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return obey(pamh, flags, argc, argv, "pam_sm_acct_mgmt", PAM_SUCCESS);
}

ENTRY int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return obey(pamh, flags, argc, argv, "pam_sm_open_session",
	    PAM_SUCCESS);
}

ENTRY int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return obey(pamh, flags, argc, argv, "pam_sm_close_session",
	    PAM_SUCCESS);
}

ENTRY int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return obey(pamh, flags, argc, argv, "pam_sm_chauthtok", PAM_SUCCESS);
}
