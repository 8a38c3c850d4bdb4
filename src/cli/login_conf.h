/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * login.conf: at which identity providers a person logs in, and which hosts
 * get a token of each.  There is one for everybody and one of the user's, and
 * a section of the user's replaces one of the same name.
 *
 * pam-jwt-askpass reads it, too, so nothing here needs a library.
 */
#ifndef JWT_LOGIN_CONF_H
#define JWT_LOGIN_CONF_H

#include "cli/places.h"

#define LOGIN_NAME_MAX_LEN 64	/* bytes of a section's name: a file is named so */
#define LOGIN_PORTS_MAX 16
#define LOGIN_HOSTS_MAX 50	/* resources that one login asks for */

enum login_use { LOGIN_ACCESS_TOKEN, LOGIN_ID_TOKEN };
enum login_flow { LOGIN_FLOW_AUTO, LOGIN_FLOW_DEVICE, LOGIN_FLOW_BROWSER };
enum login_store { LOGIN_STORE_RUNTIME, LOGIN_STORE_HOME };

/* The client_id of the tokens of an issuer over ssh. */
#define LOGIN_SSH_CLIENT "pam-jwt"

/*
 * A section [login NAME].  Strings are in the arena; NULL: not set.  It has
 * either iss, of a provider, or issuer: then the login goes over ssh, and of
 * what follows only token_endpoint, compact, bearer, resource, hosts, store and
 * ca_file can be set in the file.
 */
struct login_section {
	const char *name;	/* letters, digits, - and _ */
	const char *iss;	/* https, or http to a loopback address */
	const char *issuer;	/* destination of ssh; never begins with http */
	const char *token_endpoint;	/* as iss; refreshes go there, not by ssh */
	const char *client;	/* client_id (RFC 6749 section 2.2) */
	const char *client_secret_file;	/* absolute path */
	const char *scope;	/* words with one space between them */
	const char *resource;	/* before expansion (RFC 8707) */
	const char *audience;	/* one word */
	const char *redirect_path;	/* starts with a slash */
	const char *dpop;	/* "ssh-agent", or a fingerprint */
	const char *ca_file;	/* absolute path */
	const char **hosts;	/* patterns for hosts_match(); at least one */
	size_t hosts_len;
	unsigned ports[LOGIN_PORTS_MAX];	/* of the redirect */
	size_t ports_len;	/* 0: any port */
	int64_t max_age;	/* s, for the provider; -1: not set */
	enum login_use use;
	enum login_flow flow;
	enum login_store store;
	bool compact;		/* short tokens of issuer, for one prompt */
	bool bearer;		/* tokens of issuer without cnf */
	const char *file;	/* for messages: where the section is */
	unsigned line;
};

struct login_conf {
	struct arena arena;
	struct login_section *sections;	/* the user's first, in their order */
	size_t count;		/* 0: neither file is there, or has a section */
};

/*
 * Read both files; one that is missing is empty.  False, with every error of
 * both on standard error, and then no section counts.  The caller must clear
 * *out, whatever the result.
 */
bool login_conf_load(const struct places *places, struct login_conf *out);
void login_conf_clear(struct login_conf *conf);

/* iss, or the destination of an issuer over ssh. */
const char *login_conf_issuer(const struct login_section *section);

/* The section of that name; NULL without one, and without a message. */
const struct login_section *login_conf_find(const struct login_conf *conf,
    struct bytes name);

/*
 * The section that a command means: that of the name or, if name is NULL, the
 * only one.  NULL, with a message that lists them, otherwise.
 */
const struct login_section *login_conf_choose(const struct login_conf *conf,
    const char *name);

/* Whether the section's hosts mean this one.  The first section that does. */
bool login_conf_matches(const struct login_section *section,
    const char *host);
const struct login_section *login_conf_for_host(const struct login_conf *conf,
    const char *host);

/*
 * Whether a login asks for the host's token only if --host names it: hosts has
 * it by a pattern, and each host has a resource of its own.
 */
bool login_conf_needs_host(const struct login_section *section,
    const char *host);

/*
 * The resource of a host, as the provider and the session know it: %{host}
 * becomes the lowercase name, or an address, with an IPv6 address in brackets
 * (RFC 3986 section 3.2.2); %{host_short} the name up to its first dot.
 *
 * host  NULL: not known
 *
 * *out is in the arena, and "" for a section without a resource.  False, with
 * a message, for a host that is not known but needed, that has a character
 * which no name has, or for want of memory.
 */
bool login_conf_resource(const struct login_section *section,
    const char *host, struct arena *arena, const char **out);

/* ---- login_conf_parse.c ---- */

struct diag;

/*
 * Read the text of one file and append its sections to those of another file.
 * Errors are noted in diag.  The sections are sound if diag->reason is JWT_OK
 * afterwards.
 */
void login_conf_parse(struct bytes text, const char *file, struct diag *diag,
    struct login_conf *out);

/* Expand a resource; NULL, or a static phrase that names the fault. */
const char *login_conf_expand(const char *resource, const char *host,
    struct arena *arena, const char **out);

#endif
