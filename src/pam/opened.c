/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts the session lines of one session. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam/opened.h"

#define DATA_NAME	"pam_jwt_opened"

struct opened {
	pid_t pid;	/* a record is about one process */
	char *config;	/* the path of the configuration; owned */
	size_t lines;
};

static void
drop(pam_handle_t *pamh, void *data, int error_status)
{
	struct opened *opened = data;

	(void)pamh;
	(void)error_status;
	if (opened != NULL)
		free(opened->config);
	free(opened);
}

/* PAM data is const; libpam hands out the pointer that it was given. */
static struct opened *
find(pam_handle_t *pamh)
{
	const void *found = NULL;
	void *data;

	if (pam_get_data(pamh, DATA_NAME, &found) != PAM_SUCCESS)
		return NULL;
	memcpy(&data, &found, sizeof(data));
	return data;
}

bool
opened_again(const struct call *call)
{
	struct opened *opened = find(call->pamh);

	if (opened == NULL || opened->pid != getpid() ||
	    strcmp(opened->config, call->options.config) != 0)
		return false;
	opened->lines++;
	return true;
}

void
opened_first(const struct call *call)
{
	struct opened *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return;
	opened->pid = getpid();
	opened->lines = 1;
	opened->config = strdup(call->options.config);
	if (opened->config == NULL || pam_set_data(call->pamh, DATA_NAME,
	    opened, drop) != PAM_SUCCESS)
		drop(call->pamh, opened, 0);
}

bool
opened_stays(pam_handle_t *pamh)
{
	struct opened *opened = find(pamh);

	if (opened == NULL)
		return false;
	opened->lines--;
	if (opened->lines > 0)
		return true;
	opened_forget(pamh);
	return false;
}

void
opened_forget(pam_handle_t *pamh)
{
	if (find(pamh) != NULL)
		(void)pam_set_data(pamh, DATA_NAME, NULL, NULL);
}
