/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt issuer init, and pam-jwt issuer key: the words and the options. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/options.h"
#include "cli/userfile.h"
#include "issuerd/family_db.h"
#include "issuerd/issuer_secret.h"
#include "issuerd/issuerd.h"
#include "issuerd/key_status.h"
#include "issuerd/start.h"

#define COMMAND "pam-jwt issuer key"

struct key_options {
	const char *config;
	const char *agent;	/* file of a public key */
	const char *socket;
	bool force;
	bool json;
	struct option_list words;	/* the step, and perhaps a kid */
};

/* ---- a key of an agent -------------------------------------------------- */

static bool
read_public(const char *path, struct sshkey *out)
{
	struct userfile file = { .written_sec = 0 };
	enum userfile_result result = userfile_read(path, USERFILE_ANY, &file);
	bool ok = false;

	if (result == USERFILE_MISSING)
		complain("%s: there is no such file", path);
	else if (result == USERFILE_OK)
		ok = sshkey_read_line(bytes_trim(secret_bytes(&file.text)),
		    out) == SSHKEY_OK || complain("%s: it is not a public key "
		    "of ed25519, ECDSA or RSA on one line", path);
	secret_clear(&file.text);
	if (ok && out->ca[0] != '\0')
		return complain("%s: it is a certificate, and the key itself is "
		    "needed", path);
	return ok;
}

/* Read it before root's rights are given up: the file may be root's. */
static bool
read_wish(const struct key_options *options, struct sshkey *key,
    struct key_wish *out)
{
	*out = (struct key_wish){ .socket = options->socket };
	if ((options->agent == NULL) != (options->socket == NULL))
		return complain("--agent FILE.pub and --socket PATH must be "
		    "used together");
	if (options->agent == NULL)
		return true;
	if (!read_public(options->agent, key))
		return false;
	out->key = key;
	return true;
}

/* ---- init --------------------------------------------------------------- */

/* Everything that is missing; what is there stays. */
static int
fill(struct key_change *change, const struct key_wish *wish)
{
	if (!issuer_secret_make(change->store->folder)) {
		complain("%s/" ISSUER_SECRET_NAME ": %s", change->store->path,
		    strerror(errno));
		return EXIT_TROUBLE;
	}
	if (change->store->list.count == 0)
		return key_change_new(change, wish);
	if (!key_change_settle(change))
		return EXIT_TROUBLE;
	printf("%s is the active key\n",
	    key_list_active(&change->store->list)->kid);
	return EXIT_YES;
}

static bool
make_database(const struct issuer_conf *conf)
{
	struct family_db db;

	return family_db_create(conf, &db) || complain("%s", db.fault);
}

static int
run_init(const struct issuer_conf *conf, const struct key_wish *wish)
{
	struct key_change change;
	int code = EXIT_TROUBLE;

	if (key_change_open(&change, conf, KEYSTORE_INIT) &&
	    make_database(conf))
		code = fill(&change, wish);
	key_change_close(&change);
	return code;
}

int
issuerd_init(int argc, char **argv)
{
	struct key_options options = { .force = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &options.config },
		{ .name = "agent", .value = &options.agent },
		{ .name = "socket", .value = &options.socket },
		{ .name = NULL }
	};
	struct issuer_conf conf = { .line = 0 };
	struct key_wish wish;
	struct sshkey key;
	int code = EXIT_TROUBLE;

	if (!options_parse("pam-jwt issuer init", argc, argv, specs))
		return EXIT_TROUBLE;
	if (dump_forbid() && read_wish(&options, &key, &wish) &&
	    issuer_start(options.config, &conf))
		code = run_init(&conf, &wish);
	issuer_conf_clear(&conf);
	return code;
}

/* ---- key ---------------------------------------------------------------- */

static int
run_new(struct key_change *change, const struct key_wish *wish)
{
	if (change->store->list.count == 0) {
		complain("there is no key yet: pam-jwt issuer init makes the "
		    "first one");
		return EXIT_NO;
	}
	if (!key_change_settle(change))
		return EXIT_TROUBLE;
	return key_change_new(change, wish);
}

static int
run_step(struct key_change *change, const struct key_options *options,
    const struct key_wish *wish)
{
	const char *step = options->words.item[0], *word = NULL;

	if (options->words.count == 2)
		word = options->words.item[1];
	if (strcmp(step, "activate") == 0)
		return key_change_activate(change, word);
	if (strcmp(step, "retire") == 0)
		return key_change_retire(change, word);
	if (strcmp(step, "remove") == 0)
		return key_change_remove(change, word);
	if (strcmp(step, "status") == 0)
		return key_status_print(change, options->json);
	return run_new(change, wish);
}

static int
run(const struct issuer_conf *conf, const struct key_options *options,
    const struct key_wish *wish)
{
	bool is_status = strcmp(options->words.item[0], "status") == 0;
	struct key_change change;
	int code = EXIT_TROUBLE;

	if (key_change_open(&change, conf,
	    is_status ? KEYSTORE_READ : KEYSTORE_CHANGE)) {
		change.force = options->force;
		code = run_step(&change, options, wish);
	}
	key_change_close(&change);
	return code;
}

/* Whether the words and the options belong together. */
static bool
check_words(const struct key_options *options)
{
	static const struct {
		const char *step;
		size_t words;	/* at most */
		bool may_force, may_json, may_agent;
	} steps[] = {
		{ "new", 1, false, false, true },
		{ "activate", 2, true, false, false },
		{ "retire", 2, false, false, false },
		{ "remove", 2, true, false, false },
		{ "status", 1, false, true, false },
	};
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (options->words.count >= 1 &&
		    options->words.count <= steps[i].words &&
		    strcmp(options->words.item[0], steps[i].step) == 0 &&
		    (steps[i].may_force || !options->force) &&
		    (steps[i].may_json || !options->json) &&
		    (steps[i].may_agent || options->agent == NULL))
			return true;
	}
	return command_fail(COMMAND, "it needs one of new, activate [KID], "
	    "retire [KID], remove [KID] and status, with its options");
}

int
issuerd_key(int argc, char **argv)
{
	struct key_options options = { .force = false };
	const struct option_spec specs[] = {
		{ .name = "", .list = &options.words },
		{ .name = "config", .value = &options.config },
		{ .name = "agent", .value = &options.agent },
		{ .name = "socket", .value = &options.socket },
		{ .name = "force", .flag = &options.force },
		{ .name = "json", .flag = &options.json },
		{ .name = NULL }
	};
	struct issuer_conf conf = { .line = 0 };
	struct key_wish wish;
	struct sshkey key;
	int code = EXIT_TROUBLE;

	if (options_parse(COMMAND, argc, argv, specs) && check_words(&options) &&
	    dump_forbid() && read_wish(&options, &key, &wish) &&
	    issuer_start(options.config, &conf))
		code = run(&conf, &options, &wish);
	issuer_conf_clear(&conf);
	options_list_clear(&options.words);
	return code;
}
