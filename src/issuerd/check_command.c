/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issuer check: reads issuer.conf and issuer.people as the issuer does,
 * asks sshd for its settings, and prints every error and warning.
 */
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "issuerd/capture.h"
#include "issuerd/check_keys.h"
#include "issuerd/family_db.h"
#include "issuerd/issuer_conf.h"
#include "issuerd/issuer_secret.h"
#include "issuerd/issuerd.h"
#include "issuerd/owner.h"
#include "issuerd/people_file.h"
#include "issuerd/seal.h"
#include "issuerd/sshd_settings.h"

#define SSHD_DEFAULT	"/usr/sbin/sshd"
#define SSHD_TIMEOUT_SEC 20	/* it prints at once, unless a disk is slow */

struct check {
	const char *conf_path;
	const char *people_path;
	const char *sshd;	/* the program, or NULL: SSHD_DEFAULT */
	struct issuer_conf conf;
	struct people_file people;
	struct diag diag;
	bool is_read;		/* conf and people have no error */
};

__attribute__((format(printf, 4, 5))) static void
warn(struct check *check, const char *file, unsigned line, const char *format,
    ...)
{
	struct diag_place place = { .file = file, .line = line };
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(&check->diag, place, JWT_OK, "%s", text);
}

static void
fail(struct check *check, const char *file, const char *what)
{
	struct diag_place place = { .file = file };

	diag_add(&check->diag, place, JWT_CONFIG_INVALID, "%s", what);
}

/* ---- the two files ------------------------------------------------------ */

static bool
is_listed(const struct people *people, const char *name)
{
	size_t i;

	for (i = 0; i < people->count; i++) {
		if (strcmp(people->item[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A name with a typing error gives nobody a token, and nobody is told. */
static void
look_for(struct check *check, const struct issuer_grant *grant,
    const char *word)
{
	if (word[0] == '%' && getgrnam(word + 1) == NULL)
		warn(check, check->conf_path, grant->line, "this host has no "
		    "group %.80s", word + 1);
	else if (word[0] != '%' && !is_listed(&check->people.people, word))
		warn(check, check->conf_path, grant->line, "%.80s has no key "
		    "in the list of people", word);
}

static void
compare_files(struct check *check)
{
	const struct issuer_conf *conf = &check->conf;
	size_t i, k;

	if (check->people.people.count == 0)
		warn(check, check->people_path, 0, "nobody is in it: pam-jwt "
		    "issuer people add NAME FILE.pub");
	for (i = 0; i < conf->grant_count; i++) {
		const struct words *people = &conf->grants[i].people;

		for (k = 0; k < people->count; k++)
			look_for(check, &conf->grants[i], people->item[k]);
	}
}

static void
read_files(struct check *check)
{
	enum jwt_reason conf = issuer_conf_load(check->conf_path,
	    &check->diag, &check->conf);
	struct diag diag = { .reason = JWT_OK };
	enum jwt_reason people = people_file_load(check->people_path, &diag,
	    &check->people);

	check->is_read = conf == JWT_OK && people == JWT_OK;
	if (check->is_read)
		compare_files(check);
	report_diag(&check->diag, stderr);
	report_diag(&diag, stderr);
	diag_clear(&check->diag);
	diag_clear(&diag);
}

/* ---- sshd --------------------------------------------------------------- */

/* sshd reads its host keys before it prints its settings, so only root can. */
static void
ask_sshd(struct check *check)
{
	char program[FILE_PATH_MAX];
	char show[] = "-T", about[] = "-C", user[] = "user=" ISSUER_ACCOUNT;
	char *const argv[] = { program, show, about, user, NULL };
	const char *path = check->sshd == NULL ? SSHD_DEFAULT : check->sshd;
	struct secret text = { .len = 0 };

	if (geteuid() != 0) {
		warn(check, path, 0, "only root can ask for its settings, so "
		    "they are not checked");
		return;
	}
	snprintf(program, sizeof(program), "%s", path);
	switch (capture_run(argv, SSHD_TIMEOUT_SEC, &text)) {
	case CAPTURE_OK:
		sshd_settings_check(secret_bytes(&text), &check->diag);
		break;
	case CAPTURE_MISSING:
		warn(check, path, 0, "there is no such program: nobody can "
		    "log in at the issuer by ssh");
		break;
	case CAPTURE_FAILED:
		fail(check, path, "it does not print its settings: sshd -T "
		    "says why");
		break;
	}
	secret_clear(&text);
}

/* ---- the account of the issuer ------------------------------------------ */

/* The keys of hosts are read for each token; a fault must show before one. */
static void
check_host_keys(struct check *check, const struct issuer_grant *grant)
{
	struct encrypt_keys keys;
	const char *fault;
	size_t i;

	for (i = 0; i < grant->encrypt_count; i++) {
		fault = seal_read(grant->encrypt[i].path, &keys);
		if (fault != NULL)
			fail(check, grant->encrypt[i].path, fault);
		encrypt_keys_clear(&keys);
	}
}

/* The account may not be able to read a file that root can read. */
static void
read_as_owner(struct check *check)
{
	struct issuer_conf conf;
	struct people_file people;
	size_t i;

	(void)!issuer_conf_load(check->conf_path, &check->diag, &conf);
	(void)!people_file_load(check->people_path, &check->diag, &people);
	for (i = 0; i < conf.grant_count; i++)
		check_host_keys(check, &conf.grants[i]);
	issuer_conf_clear(&conf);
	people_file_clear(&people);
}

/*
 * Read the database whole: a damaged row is found before somebody needs it.
 * struct family_db is big, and must not be on the stack of issuerd_check().
 */
__attribute__((noinline)) static void
check_database(struct check *check)
{
	uint8_t secret[ISSUER_SECRET_LEN];
	const char *fault = issuer_secret_read(&check->conf, secret);
	struct family_db db;

	if (fault != NULL)
		fail(check, check->conf.directory, fault);
	else if (!family_db_open(&check->conf, bytes_of(secret,
	    sizeof(secret)), &db) || !family_db_check(&db))
		fail(check, "the database", db.fault);
	if (fault == NULL)
		family_db_close(&db);
	explicit_bzero(secret, sizeof(secret));
}

/* Before `init` there is neither a database nor a secret. */
static void
check_whether_made(struct check *check, int folder)
{
	struct stat st;

	if (fstatat(folder, FAMILY_DB_NAME, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		warn(check, check->conf.directory, 0, "there is no database "
		    "yet: pam-jwt issuer init");
		return;
	}
	check_database(check);
	check_keys(&check->conf, &check->diag);
	check_fleet(&check->conf, &check->diag);
}

/* From here on without root's rights. */
static void
check_as_owner(struct check *check)
{
	const char *directory = check->conf.directory, *fault;
	struct file file = { .missing = false };
	int folder = -1;

	switch (owner_become(directory, &fault)) {
	case OWNER_MISSING:
		warn(check, directory, 0, "it is not there yet");
		return;
	case OWNER_FAULT:
		fail(check, directory, fault);
		return;
	case OWNER_OK:
		break;
	}
	if (file_open_folder(directory, &folder, &file) != FILE_OK)
		fail(check, directory, file.fault);
	else
		check_whether_made(check, folder);
	if (folder >= 0)
		close(folder);
	file_clear(&file);
	read_as_owner(check);
}

/* ---- the command -------------------------------------------------------- */

static void
print_words(const char *what, const struct words *words)
{
	size_t i;

	printf("    %s", what);
	for (i = 0; i < words->count; i++)
		printf(" %s", words->item[i]);
	putchar('\n');
}

static void
print_conf(const struct check *check)
{
	const struct issuer_conf *conf = &check->conf;
	size_t i;

	printf("issuer %s: %s, tokens for %us\n", conf->iss,
	    alg_row(conf->alg)->name, conf->access_ttl_sec);
	for (i = 0; i < conf->grant_count; i++) {
		const struct issuer_grant *grant = &conf->grants[i];

		printf("grant %s: tokens for %us%s\n", grant->name,
		    grant->ttl_sec, grant->bearer ? ", also unbound" : "");
		print_words("people", &grant->people);
		print_words("audience", &grant->audience);
	}
	printf("%zu keys in %s\n", check->people.people.count,
	    check->people_path);
	if (conf->fleet.state.redis == REDIS_NONE)
		printf("after a logout access tokens live up to %us: no redis "
		    "is configured\n", conf->access_ttl_sec);
}

static int
run(struct check *check)
{
	enum jwt_reason reason;

	read_files(check);
	if (!check->is_read)
		return EXIT_TROUBLE;
	ask_sshd(check);
	check_as_owner(check);
	reason = check->diag.reason;
	report_diag(&check->diag, stderr);
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	print_conf(check);
	printf("OK\n");
	return EXIT_YES;
}

int
issuerd_check(int argc, char **argv)
{
	struct check check = { .conf_path = NULL };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &check.conf_path },
		{ .name = "people", .value = &check.people_path },
		{ .name = "sshd", .value = &check.sshd },
		{ .name = NULL }
	};
	int code;

	if (!options_parse("pam-jwt issuer check", argc, argv, specs))
		return EXIT_TROUBLE;
	if (check.conf_path == NULL)
		check.conf_path = ISSUER_CONF_DEFAULT;
	if (check.people_path == NULL)
		check.people_path = PEOPLE_DEFAULT;
	if (check.sshd != NULL && (check.sshd[0] != '/' ||
	    strlen(check.sshd) >= FILE_PATH_MAX)) {
		complain("--sshd takes an absolute path");
		return EXIT_TROUBLE;
	}
	code = run(&check);
	issuer_conf_clear(&check.conf);
	people_file_clear(&check.people);
	diag_clear(&check.diag);
	return code;
}
