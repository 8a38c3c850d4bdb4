/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Redis serialization protocol, version 2: writes commands, parses replies.
 * Pure: it knows no socket.
 */
#ifndef JWT_RESP_H
#define JWT_RESP_H

#include "core/base/bytes.h"

/* Commands that are being written into memory of the caller. */
struct resp_out {
	char *text;
	size_t size;
	size_t len;
	bool full;	/* something did not fit: nothing may be sent */
};

/* Start a command of count words, and add each of them. */
void resp_command(struct resp_out *out, unsigned count);
void resp_word(struct resp_out *out, struct bytes word);

enum resp_type {
	RESP_STATUS,	/* text */
	RESP_ERROR,	/* text */
	RESP_INTEGER,	/* integer */
	RESP_BULK,	/* text */
	RESP_NULL,	/* of a bulk or an array */
	RESP_ARRAY	/* integer elements follow, one by one */
};

struct resp_reply {
	enum resp_type type;
	struct bytes text;	/* borrowed from what was parsed */
	int64_t integer;
};

enum resp_result {
	RESP_DONE,
	RESP_MORE,	/* the rest of the reply has not come yet */
	RESP_BAD	/* these bytes are not a reply of this protocol */
};

/*
 * Parse the reply at the start of text; *used is its length.  Of an array, only
 * the line with its count is parsed, so there is no recursion.
 */
enum resp_result resp_parse(struct bytes text, struct resp_reply *out,
    size_t *used);

#endif
