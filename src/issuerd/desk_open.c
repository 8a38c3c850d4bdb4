/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens what the desk works with.  Every fault goes into the log. */
#include <stdlib.h>
#include <syslog.h>
#include <time.h>

#include "core/logline.h"
#include "issuerd/desk_open.h"
#include "issuerd/issuer_secret.h"
#include "issuerd/owner.h"
#include "issuerd/people_file.h"
#include "issuerd/signer.h"

struct desk_parts {
	struct issuer_conf conf;
	struct people_file people;
	uint8_t secret[ISSUER_SECRET_LEN];
	struct family_db db;
	bool has_db;		/* db must be closed */
	struct signer signer;
};

static void
log_line(int priority, const char *line)
{
	syslog(priority, "%s", line);
}

static bool
fail(const char *what, const char *fault)
{
	syslog(LOG_ERR, "nobody gets a token: %s: %s", what, fault);
	return false;
}

/* The first error of a file. */
static bool
fail_file(const char *path, enum jwt_reason reason, const struct diag *diag)
{
	const struct diag_entry *entry = diag_first_error(diag);
	char shown[4 * LOGLINE_VALUE_MAX + 4], line[DIAG_LINE_SIZE];

	if (entry == NULL)
		return fail(path, reason_text(reason));
	logline_escape(bytes_str(entry->text), shown, sizeof(shown));
	syslog(LOG_ERR, "nobody gets a token: %s%s: %s", path,
	    diag_line(entry, line), shown);
	return false;
}

static bool
load_files(struct desk_parts *parts)
{
	struct diag conf_diag = { .reason = JWT_OK };
	struct diag people_diag = { .reason = JWT_OK };
	enum jwt_reason conf, people;
	bool ok = false;

	conf = issuer_conf_load(ISSUER_CONF_DEFAULT, &conf_diag, &parts->conf);
	people = people_file_load(PEOPLE_DEFAULT, &people_diag,
	    &parts->people);
	if (conf != JWT_OK)
		(void)fail_file(ISSUER_CONF_DEFAULT, conf, &conf_diag);
	else if (people != JWT_OK)
		(void)fail_file(PEOPLE_DEFAULT, people, &people_diag);
	else
		ok = true;
	diag_clear(&conf_diag);
	diag_clear(&people_diag);
	return ok;
}

/* The folder of keys and database; nothing in it is opened as another user. */
static bool
enter(const struct issuer_conf *conf)
{
	const char *fault = NULL;

	switch (owner_become(conf->directory, &fault)) {
	case OWNER_OK:
		return true;
	case OWNER_MISSING:
		return fail(conf->directory, "it is not there: pam-jwt issuer "
		    "init");
	case OWNER_FAULT:
		break;
	}
	return fail(conf->directory, fault);
}

static bool
open_parts(struct desk_parts *parts)
{
	const char *fault;

	if (!load_files(parts) || !enter(&parts->conf))
		return false;
	fault = issuer_secret_read(&parts->conf, parts->secret);
	if (fault != NULL)
		return fail("the secret of the issuer", fault);
	parts->has_db = true;
	if (!family_db_open(&parts->conf, bytes_of(parts->secret,
	    sizeof(parts->secret)), &parts->db))
		return fail("the database", parts->db.fault);
	return true;
}

bool
desk_open(struct desk_context *out)
{
	struct desk_parts *parts = calloc(1, sizeof(*parts));
	const char *fault;

	*out = (struct desk_context){ .parts = parts };
	if (parts == NULL)
		return fail("the desk", "memory ran out");
	out->desk = (struct desk){
		.conf = &parts->conf, .people = &parts->people.people,
		.db = &parts->db, .now = time(NULL), .log = log_line,
		.secret = bytes_of(parts->secret, sizeof(parts->secret))
	};
	if (!open_parts(parts))
		return false;
	fault = signer_open(&parts->conf, &parts->signer);
	if (fault != NULL)
		(void)fail("the key", fault);
	else
		out->desk.signer = signer_mint(&parts->signer);
	return true;
}

void
desk_close(struct desk_context *context)
{
	struct desk_parts *parts = context->parts;

	if (parts == NULL)
		return;
	if (signer_fault(&parts->signer)[0] != '\0')
		syslog(LOG_ERR, "the key does not sign: %s",
		    signer_fault(&parts->signer));
	signer_close(&parts->signer);
	if (parts->has_db)
		family_db_close(&parts->db);
	people_file_clear(&parts->people);
	issuer_conf_clear(&parts->conf);
	explicit_bzero(parts, sizeof(*parts));
	free(parts);
	*context = (struct desk_context){ .parts = NULL };
}
