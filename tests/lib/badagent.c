/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers as an ssh-agent does, or in a way that no agent should. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "badagent.h"

#define TEXT_MAX	((size_t)65536)
#define LIST		11
#define LIST_ANSWER	12
#define SIGN		13
#define SIGN_ANSWER	14
#define FAILURE		5
#define SHORT_TRIES	20000	/* one signature in 256 is short */

const char *
badagent_name(enum badagent_mode mode)
{
	static const char *const names[] = {
		"honest", "short", "zeros", "flipped", "other-key",
		"other-text", "other-name", "null", "long", "cut", "empty",
		"tail", "outer-tail", "overrun", "huge", "nothing", "garbage",
		"partial", "closes", "refuses", "slow", "silent", "no-key",
		"other-list", "list-tail"
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == BADAGENT_MODES,
	    "each mode has a name");
	return names[mode];
}

/* ---- texts of SSH ---- */

struct text {
	uint8_t at[TEXT_MAX];
	size_t len;
};

static void
put_number(struct text *out, size_t number)
{
	int shift;

	for (shift = 24; shift >= 0; shift -= 8)
		out->at[out->len++] = (uint8_t)(number >> shift);
}

static void
put_string(struct text *out, struct bytes bytes)
{
	put_number(out, bytes.len);
	if (bytes.len > 0)
		memcpy(out->at + out->len, bytes.ptr, bytes.len);
	out->len += bytes.len;
}

/* mpint (RFC 4251 section 5), or with zeros in front that it must not have. */
static void
put_mpint(struct text *out, struct bytes number, size_t zeros)
{
	static uint8_t padded[2048];

	memset(padded, 0, sizeof(padded));
	while (zeros == 0 && number.len > 0 && number.ptr[0] == 0)
		number = bytes_of(number.ptr + 1, number.len - 1);
	if (zeros == 0 && number.len > 0 && number.ptr[0] >= 0x80)
		zeros = 1;
	if (number.len > 0)
		memcpy(padded + zeros, number.ptr, number.len);
	put_string(out, bytes_of(padded, zeros + number.len));
}

static const char *
curve_of(enum key_kind kind)
{
	if (kind == KEY_P256)
		return "nistp256";
	return kind == KEY_P384 ? "nistp384" : "nistp521";
}

static const char *
type_of(enum key_kind kind, char type[64])
{
	if (kind == KEY_RSA)
		return "ssh-rsa";
	if (kind == KEY_ED25519)
		return "ssh-ed25519";
	snprintf(type, 64, "ecdsa-sha2-%s", curve_of(kind));
	return type;
}

void
badagent_blob(const struct keypair *pair, struct secret *out)
{
	static struct text blob;
	struct keymat mat = keypair_keymat(pair);
	uint8_t point[1 + 2 * EC_COORD_MAX] = { 4 };
	char type[64];

	blob.len = 0;
	put_string(&blob, bytes_str(type_of(mat.kind, type)));
	if (mat.kind == KEY_RSA) {
		put_mpint(&blob, mat.y, 0);
		put_mpint(&blob, mat.x, 0);
	} else if (mat.kind == KEY_ED25519) {
		put_string(&blob, mat.x);
	} else {
		memcpy(point + 1, mat.x.ptr, mat.x.len);
		memcpy(point + 1 + mat.x.len, mat.y.ptr, mat.y.len);
		put_string(&blob, bytes_str(curve_of(mat.kind)));
		put_string(&blob, bytes_of(point, 1 + 2 * mat.x.len));
	}
	if (secret_copy(bytes_of(blob.at, blob.len), out) != JWT_OK)
		abort();
}

/* ---- the signature ---- */

/* Sign again until r begins with a zero byte; only ECDSA is random. */
static void
sign_short(const struct keypair *pair, struct bytes data, struct secret *out)
{
	bool is_random = keypair_kind(pair) != KEY_ED25519 &&
	    keypair_kind(pair) != KEY_RSA;
	int left = SHORT_TRIES;

	do {
		secret_clear(out);
		if (!keypair_sign(pair, data, out))
			abort();
	} while (is_random && out->ptr[0] != 0 && --left > 0);
}

static void
make_signature(enum badagent_mode mode, const struct keypair *pair,
    const struct keypair *other, struct bytes data, struct secret *out)
{
	*out = (struct secret){ .len = 0 };
	if (mode == BADAGENT_SHORT) {
		sign_short(pair, data, out);
		return;
	}
	if (mode == BADAGENT_OTHER_KEY || mode == BADAGENT_OTHER_LIST)
		pair = other;
	if (mode == BADAGENT_OTHER_TEXT)
		data = bytes_str("another message");
	if (!keypair_sign(pair, data, out))
		abort();
	if (mode == BADAGENT_FLIPPED)
		out->ptr[out->len / 2] ^= 1;
	if (mode == BADAGENT_NULL)
		memset(out->ptr, 0, out->len);
	if (mode == BADAGENT_CUT)
		out->len /= 2;
	if (mode == BADAGENT_EMPTY)
		out->len = 0;
}

static void
put_signature(enum badagent_mode mode, enum key_kind kind,
    const struct secret *raw, struct text *out)
{
	static struct text pair;
	size_t half = raw->len / 2, zeros = 0;
	struct bytes all = secret_bytes(raw);
	static uint8_t longer[2048];

	if (mode == BADAGENT_ZEROS)
		zeros = 3;
	if (mode == BADAGENT_LONG) {
		memcpy(longer + 1, all.ptr, all.len);
		longer[0] = 1;
		all = bytes_of(longer, all.len + 1);
	}
	if (kind == KEY_ED25519 || (kind == KEY_RSA && zeros == 0)) {
		put_string(out, all);
		return;
	}
	if (kind == KEY_RSA) {
		put_mpint(out, all, zeros);
		return;
	}
	pair.len = 0;
	put_mpint(&pair, bytes_of(all.ptr, half + (mode == BADAGENT_LONG)),
	    zeros);
	put_mpint(&pair, bytes_of(raw->ptr + half, half), zeros);
	put_string(out, bytes_of(pair.at, pair.len));
}

static const char *
name_of(enum badagent_mode mode, enum key_kind kind, char type[64])
{
	if (mode == BADAGENT_OTHER_NAME)
		return kind == KEY_RSA ? "ssh-rsa" : "ssh-dss";
	if (kind == KEY_RSA)
		return "rsa-sha2-256";
	return type_of(kind, type);
}

static void
answer_sign(enum badagent_mode mode, struct keypair *pair,
    struct keypair *other, struct bytes data, struct text *out)
{
	static struct text inner;
	enum key_kind kind = keypair_kind(pair);
	struct secret raw;
	char type[64];

	make_signature(mode, pair, other, data, &raw);
	inner.len = 0;
	put_string(&inner, bytes_str(name_of(mode, kind, type)));
	put_signature(mode, kind, &raw, &inner);
	if (mode == BADAGENT_TAIL)
		inner.at[inner.len++] = 0;
	out->at[out->len++] = SIGN_ANSWER;
	put_string(out, bytes_of(inner.at, inner.len));
	if (mode == BADAGENT_OUTER_TAIL)
		out->at[out->len++] = 0;
	if (mode == BADAGENT_OVERRUN)
		out->at[3]++;
	secret_clear(&raw);
}

static void
answer_list(enum badagent_mode mode, const struct keypair *pair,
    const struct keypair *other, struct text *out)
{
	struct secret blob;

	badagent_blob(mode == BADAGENT_OTHER_LIST ? other : pair, &blob);
	out->at[out->len++] = LIST_ANSWER;
	put_number(out, mode == BADAGENT_NO_KEY ? 0 : 1);
	if (mode != BADAGENT_NO_KEY) {
		put_string(out, secret_bytes(&blob));
		put_string(out, bytes_str("a comment"));
	}
	if (mode == BADAGENT_LIST_TAIL)
		out->at[out->len++] = 0;
	secret_clear(&blob);
}

/* ---- the connection ---- */

static bool
receive(int fd, uint8_t *out, size_t len)
{
	return len == 0 || recv(fd, out, len, MSG_WAITALL) == (ssize_t)len;
}

static void
deliver(int fd, const void *text, size_t len)
{
	(void)!send(fd, text, len, MSG_NOSIGNAL);
}

/* Send a whole answer in the way of a mode that breaks it. */
static bool
deliver_oddly(int fd, enum badagent_mode mode, const struct text *answer)
{
	size_t i;

	switch (mode) {
	case BADAGENT_HUGE:
		deliver(fd, "\xff\xff\xff\xff", 4);
		return true;
	case BADAGENT_NOTHING:
		deliver(fd, "\0\0\0\0", 4);
		return true;
	case BADAGENT_GARBAGE:
		deliver(fd, "\0\0\0\6\16garba", 10);
		return true;
	case BADAGENT_REFUSES:
		deliver(fd, "\0\0\0\1\5", 5);
		return true;
	case BADAGENT_PARTIAL:
		deliver(fd, answer->at, answer->len / 2);
		return false;
	case BADAGENT_CLOSES:
		return false;
	case BADAGENT_SILENT:
		for (;;)
			pause();
	case BADAGENT_SLOW:
		for (i = 0; i < answer->len; i++) {
			deliver(fd, answer->at + i, 1);
			sleep(1);
		}
		return true;
	default:
		deliver(fd, answer->at, answer->len);
		return true;
	}
}

static bool
serve_one(int fd, enum badagent_mode mode, struct keypair *pair,
    struct keypair *other)
{
	static uint8_t request[TEXT_MAX];
	static struct text answer, whole;
	size_t len, blob_len;

	if (!receive(fd, request, 4))
		return false;
	len = (size_t)request[2] << 8 | request[3];
	if (len == 0 || len > sizeof(request) - 1 ||
	    !receive(fd, request, len))
		return false;
	answer.len = whole.len = 0;
	if (request[0] == LIST) {
		answer_list(mode, pair, other, &answer);
	} else {
		blob_len = (size_t)request[3] << 8 | request[4];
		len = (size_t)request[5 + blob_len + 2] << 8 |
		    request[5 + blob_len + 3];
		answer_sign(mode, pair, other, bytes_of(request + 5 +
		    blob_len + 4, len), &answer);
	}
	put_string(&whole, bytes_of(answer.at, answer.len));
	if (request[0] == SIGN)
		return deliver_oddly(fd, mode, &whole);
	deliver(fd, whole.at, whole.len);
	return true;
}

void
badagent_serve(const char *path, enum badagent_mode mode,
    struct keypair *pair, struct keypair *other)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address,
	    sizeof(address)) != 0 || listen(fd, 8) != 0)
		return;
	for (;;) {
		client = accept(fd, NULL, NULL);
		if (client < 0)
			return;
		while (serve_one(client, mode, pair, other))
			;
		close(client);
	}
}
