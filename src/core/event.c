/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the events of a SET.
 *
 * The issuer has signed it, so this is not against forgeries.  It is against
 * ending too little, when we take an event for less than it says, and too much:
 * a provider's tenant, device or application is not a person.
 */
#include "core/base/number.h"
#include "core/event.h"

#define CAEP "https://schemas.openid.net/secevent/caep/event-type/"
#define RISC "https://schemas.openid.net/secevent/risc/event-type/"

struct kind {
	const char *uri;
	const char *name;
	bool has_sessions;	/* its subject may name one */
	bool is_optional;	/* counts only if it is asked for */
};

static const struct kind kinds[] = {
	{ CAEP "session-revoked", "session-revoked", true, false },
	{ CAEP "credential-change", "credential-change", false, true },
	{ RISC "account-disabled", "account-disabled", false, false },
	{ RISC "account-purged", "account-purged", false, false },
};

struct subject {
	struct bytes sub;
	struct bytes sid;	/* empty: none */
};

/* These values are the same for all events of one SET. */
struct reader {
	const struct claims *claims;
	struct bytes iss;
	int64_t iat;
	int64_t now;
	struct event_list *out;
};

static enum jwt_reason
refuse(struct reader *in, const char *fault)
{
	in->out->fault = fault;
	return JWT_CLAIM_INVALID;
}

static const struct json_node *
member(const struct json_node *object, const char *name)
{
	return json_get(object, bytes_str(name));
}

/* The number of members.  The JSON gate has refused two of one name. */
static size_t
count_members(const struct json_node *object)
{
	const struct json_node *name;
	size_t count = 0;

	for (name = json_first(object); name; name = json_next(object, name))
		count++;
	return count;
}

/* Whether a subject identifier has that format (RFC 9493 section 3). */
static bool
has_format(const struct json_node *subject, const char *format)
{
	const struct json_node *node = member(subject, "format");

	return json_is(subject, JSON_OBJECT) && json_is(node, JSON_STRING) &&
	    bytes_eq_str(json_text(node), format);
}

/* RFC 9493 section 3.2.3: exactly format, iss and sub. */
static enum jwt_reason
read_user(struct reader *in, const struct json_node *node, struct bytes *sub)
{
	const struct json_node *iss = member(node, "iss");

	if (!has_format(node, "iss_sub") || count_members(node) != 3 ||
	    !json_is(iss, JSON_STRING) || !claims_is_name(member(node, "sub")))
		return refuse(in, "the subject is not iss_sub with iss and sub "
		    "alone");
	/* An issuer ends its own tokens, and nobody else's. */
	if (!bytes_eq(json_text(iss), in->iss))
		return refuse(in, "the iss of the subject is not the iss of "
		    "the token");
	*sub = json_text(member(node, "sub"));
	return JWT_OK;
}

/* RFC 9493 section 3.2.5: exactly format and id. */
static enum jwt_reason
read_session(struct reader *in, const struct json_node *node,
    struct bytes *sid)
{
	const struct json_node *id = member(node, "id");

	if (!has_format(node, "opaque") || count_members(node) != 2 ||
	    !claims_is_name(id))
		return refuse(in, "the session is not opaque with an id alone");
	*sid = json_text(id);
	return JWT_OK;
}

static enum jwt_reason
read_subject(struct reader *in, const struct json_node *node,
    struct subject *out)
{
	enum jwt_reason reason;

	*out = (struct subject){ .sub = { .len = 0 } };
	if (!has_format(node, "complex"))
		return read_user(in, node, &out->sub);
	/* With its format there is room for exactly these two. */
	if (count_members(node) != 3)
		return refuse(in, "the subject is complex, and not of a user "
		    "and a session alone");
	reason = read_user(in, member(node, "user"), &out->sub);
	if (reason != JWT_OK)
		return reason;
	return read_session(in, member(node, "session"), &out->sid);
}

/* The subject is in the token, in the event, or equal in both. */
static enum jwt_reason
find_subject(struct reader *in, const struct json_node *event,
    struct subject *out)
{
	const struct json_node *common = claims_get(in->claims, "sub_id");
	const struct json_node *own = member(event, "subject");
	enum jwt_reason reason;
	struct subject other;

	if (common == NULL && own == NULL) {
		in->out->fault = "there is neither sub_id nor a subject in the "
		    "event";
		return JWT_SUBJECT_MISSING;
	}
	reason = read_subject(in, common != NULL ? common : own, out);
	if (reason != JWT_OK || common == NULL || own == NULL)
		return reason;
	reason = read_subject(in, own, &other);
	if (reason != JWT_OK)
		return reason;
	if (!bytes_eq(out->sub, other.sub) || !bytes_eq(out->sid, other.sid))
		return refuse(in, "sub_id and the subject in the event are not "
		    "equal");
	return JWT_OK;
}

/* event_timestamp of CAEP and RISC, toe of RFC 8417 section 2.2, or iat. */
static enum jwt_reason
find_time(struct reader *in, const struct json_node *event, int64_t *out)
{
	const struct json_node *node = member(event, "event_timestamp");
	struct number_date date;

	*out = in->iat;
	if (node == NULL)
		node = claims_get(in->claims, "toe");
	if (node != NULL) {
		if (!json_is(node, JSON_NUMBER) ||
		    number_date(json_text(node), &date) != JWT_OK)
			return refuse(in, "a time is not a number of seconds "
			    "since 1970");
		*out = date.floor_sec;
	}
	if (*out > in->now + (int64_t)DURATION_MAX_SEC)
		return refuse(in, "a time is more than a year ahead: seconds, "
		    "not milliseconds?");
	if (*out > in->iat)
		*out = in->iat;
	if (*out > in->now)
		*out = in->now;
	/* Up to 0 no token is issued, so such a cut-off would do nothing. */
	if (*out == 0)
		return refuse(in, "a time is 0");
	return JWT_OK;
}

static const struct kind *
find_kind(struct bytes uri)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (bytes_eq_str(uri, kinds[i].uri))
			return &kinds[i];
	}
	return NULL;
}

/* Read an event of a kind that counts. */
static enum jwt_reason
read_known(struct reader *in, const struct kind *kind,
    const struct json_node *node, struct event *out)
{
	struct subject subject;
	enum jwt_reason reason = find_subject(in, node, &subject);

	if (reason != JWT_OK)
		return reason;
	/* Not the whole account would be ended, as the event says. */
	if (subject.sid.len > 0 && !kind->has_sessions)
		return refuse(in, "only session-revoked is about a session");
	reason = find_time(in, node, &out->time);
	if (reason != JWT_OK)
		return reason;
	out->sub = subject.sub;
	out->sid = subject.sid;
	out->counts = true;
	in->out->counting++;
	return JWT_OK;
}

static enum jwt_reason
read_one(struct reader *in, const struct json_node *name,
    bool credential_change)
{
	const struct json_node *node = json_value(name);
	const struct kind *kind = find_kind(json_text(name));
	struct event *out;

	if (in->out->count == EVENTS_MAX)
		return refuse(in, "there are too many events");
	if (!json_is(node, JSON_OBJECT))
		return refuse(in, "an event is not an object");
	out = &in->out->item[in->out->count++];
	*out = (struct event){ .uri = json_text(name) };
	if (kind == NULL)
		return JWT_OK;
	out->name = kind->name;
	if (kind->is_optional && !credential_change)
		return JWT_OK;
	return read_known(in, kind, node, out);
}

enum jwt_reason
event_read(const struct claims *claims, const struct claims_identity *id,
    int64_t now, bool credential_change, struct event_list *out)
{
	struct reader in = {
		.claims = claims, .iss = id->iss, .iat = id->iat, .now = now,
		.out = out
	};
	const struct json_node *events = claims_get(claims, "events");
	const struct json_node *name;

	out->count = 0;
	out->counting = 0;
	out->fault = NULL;
	for (name = json_first(events); name; name = json_next(events, name)) {
		enum jwt_reason reason = read_one(&in, name,
		    credential_change);

		if (reason == JWT_OK)
			continue;
		out->count = 0;
		out->counting = 0;
		return reason;
	}
	return JWT_OK;
}
