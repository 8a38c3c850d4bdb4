/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads files such as id_ed25519.pub and id_ed25519-cert.pub: a line for each
 * key.
 */
#include "cli/complain.h"
#include "tool/input.h"
#include "tool/ssh_public.h"

bool
ssh_public_is(struct bytes text)
{
	static const char *const starts[] = { "ssh-", "ecdsa-", "sk-" };
	size_t i;

	text = bytes_trim(text);
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (bytes_starts(text, bytes_str(starts[i])))
			return true;
	}
	return false;
}

static int
fail(const char *name, enum sshkey_result result)
{
	if (result == SSHKEY_NO_MEMORY)
		complain("%s: memory ran out", name);
	else if (result == SSHKEY_OTHER)
		complain("%s: not a key that a token can be bound to: ed25519, "
		    "ECDSA, RSA of 2,048 to 8,192 bits, or a FIDO key", name);
	else
		complain("%s: not a public key of OpenSSH, or a damaged one",
		    name);
	return -1;
}

int
ssh_public_next(const char *name, struct bytes *text, struct sshkey *out)
{
	enum sshkey_result result;
	struct bytes line;

	do {
		if (text->len == 0)
			return 0;
		line = bytes_trim(bytes_cut(text, '\n'));
	} while (line.len == 0 || line.ptr[0] == '#');
	result = sshkey_read_line(line, out);
	if (result != SSHKEY_OK)
		return fail(name, result);
	return 1;
}

bool
ssh_public_read(const char *path, struct sshkey *out)
{
	struct secret text = { 0 };
	struct sshkey other;
	struct bytes rest;
	bool ok = false;
	int got;

	if (!input_read_file(path, &text))
		return false;
	rest = secret_bytes(&text);
	got = ssh_public_next(path, &rest, out);
	if (got == 0)
		complain("%s: there is no key in it", path);
	else if (got > 0 && ssh_public_next(path, &rest, &other) != 0)
		complain("%s: more than one key", path);
	else
		ok = got > 0;
	secret_clear(&text);
	return ok;
}
