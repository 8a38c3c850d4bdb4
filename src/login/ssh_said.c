/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts what ssh says into lines, shows them, and keeps the last ones. */
#include <stdio.h>

#include "cli/visible.h"
#include "core/logline.h"
#include "login/ssh_said.h"

#define KEPT_SIZE (LOGLINE_VALUE_MAX * 4 + 4)	/* if every byte is \xNN */

/* Drop lines from the front until there is room for so many bytes. */
static void
make_room(struct ssh_said *said, size_t room)
{
	size_t len = strlen(said->text);
	const char *end;

	while (len + room > SSH_SAID_SIZE) {
		end = strchr(said->text, '\n');
		if (end == NULL) {
			said->text[0] = '\0';
			return;
		}
		len -= (size_t)(end + 1 - said->text);
		memmove(said->text, end + 1, len + 1);
	}
}

/* The beginning of a line is enough to know what it says. */
static void
keep(struct ssh_said *said, struct bytes line)
{
	char text[KEPT_SIZE];
	size_t len;

	logline_escape(line, text, sizeof(text));
	len = strlen(text);
	make_room(said, len + 2);
	len = strlen(said->text);
	snprintf(said->text + len, SSH_SAID_SIZE - len, "%s\n", text);
}

static void
show(struct ssh_said *said, struct bytes line)
{
	if (!said->show || said->shown == SSH_LINES_MAX)
		return;
	said->shown++;
	fputs("ssh: ", stderr);
	visible_print(line, stderr);
	fputc('\n', stderr);
}

static void
end_line(struct ssh_said *said)
{
	struct bytes line = bytes_trim(bytes_of(said->line, said->len));

	if (line.len > 0) {
		show(said, line);
		keep(said, line);
	}
	said->len = 0;
}

void
ssh_said_add(struct ssh_said *said, struct bytes bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n')
			end_line(said);
		else if (said->len < SSH_LINE_MAX)
			said->line[said->len++] = bytes.ptr[i];
	}
}

void
ssh_said_end(struct ssh_said *said)
{
	end_line(said);
}
