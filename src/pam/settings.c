/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of an accepted login as PAM data. */
#include <stdlib.h>
#include <string.h>

#include "pam/settings.h"

#define DATA_NAME	"pam_jwt_settings"

struct data {
	char *config;		/* the path that it was read from; owned */
	struct policy policy;	/* owned; without keys */
};

static void
drop(pam_handle_t *pamh, void *data, int error_status)
{
	struct data *own = data;

	(void)pamh;
	(void)error_status;
	if (own == NULL)
		return;
	policy_clear(&own->policy);
	free(own->config);
	free(own);
}

/* Find the kept configuration, which is borrowed; NULL if nothing was kept. */
static const struct data *
find(pam_handle_t *pamh)
{
	const void *found = NULL;

	if (pam_get_data(pamh, DATA_NAME, &found) != PAM_SUCCESS)
		return NULL;
	return found;
}

void
settings_keep(struct call *call)
{
	struct data *data = calloc(1, sizeof(*data));

	if (data == NULL)
		return;
	data->config = strdup(call->options.config);
	policy_clear_keys(&call->policy);
	data->policy = call->policy;
	call->policy = (struct policy){ 0 };
	data->policy.file = data->config;
	if (data->config == NULL || pam_set_data(call->pamh, DATA_NAME, data,
	    drop) != PAM_SUCCESS)
		drop(call->pamh, data, 0);
}

bool
settings_find(struct call *call)
{
	const struct data *data = find(call->pamh);

	if (data == NULL || strcmp(data->config, call->options.config) != 0)
		return false;
	call->policy = data->policy;
	call->is_kept = true;
	return true;
}

void
settings_drop(pam_handle_t *pamh)
{
	if (find(pamh) != NULL)
		(void)pam_set_data(pamh, DATA_NAME, NULL, NULL);
}
