/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Collects findings: on Debian a dozen services include the same file, and one
 * warning about it is enough.
 */
#include <stdio.h>
#include <string.h>

#include "tool/pam_finding.h"
#include "tool/pam_service.h"

#define SERVICES_NAMED	6	/* in one warning; others are counted */

static const char *
list_with(struct arena *arena, const char *services, const char *service)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s, %s", services, service);
	return arena_copy(arena, bytes_str(text));
}

static struct pam_finding *
find_same(const struct pam_findings *findings, struct diag_place place,
    const char *text)
{
	size_t i;

	for (i = 0; i < findings->count; i++) {
		struct pam_finding *old = &findings->items[i];

		if (old->place.line == place.line &&
		    strcmp(old->place.file, place.file) == 0 &&
		    strcmp(old->text, text) == 0)
			return old;
	}
	return NULL;
}

/* A service may come by the same line twice, with two types. */
static bool
add_service(const struct pam_findings *findings, struct pam_finding *finding,
    const char *service)
{
	if (strcmp(finding->last, service) == 0)
		return true;
	finding->last = service;
	if (finding->count++ < SERVICES_NAMED)
		finding->services = list_with(findings->arena,
		    finding->services, service);
	return finding->services != NULL;
}

bool
pam_finding_add(struct pam_findings *findings, struct diag_place place,
    const char *service, const char *text)
{
	struct pam_finding *same = find_same(findings, place, text), *more;
	struct pam_finding new = {
		.place = place, .count = 1,
		.text = arena_copy(findings->arena, bytes_str(text)),
		.services = arena_copy(findings->arena, bytes_str(service))
	};

	if (new.text == NULL || new.services == NULL)
		return false;
	new.last = new.services;
	if (same != NULL)
		return add_service(findings, same, new.services);
	more = arena_grow(findings->arena, findings->items, findings->count,
	    sizeof(*more));
	if (more == NULL)
		return false;
	findings->items = more;
	findings->items[findings->count++] = new;
	return true;
}

static void
report(const struct pam_findings *findings, struct diag *diag)
{
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct pam_finding *finding = &findings->items[i];
		size_t more = finding->count <= SERVICES_NAMED ? 0 :
		    finding->count - SERVICES_NAMED;

		if (more == 0)
			diag_add(diag, finding->place, JWT_OK, "%s: %s",
			    finding->services, finding->text);
		else
			diag_add(diag, finding->place, JWT_OK,
			    "%s and %zu more: %s", finding->services, more,
			    finding->text);
	}
}

void
pam_findings_end(struct pam_findings *findings, bool is_whole,
    const char *folder, struct diag *diag)
{
	struct diag_place place = { .file = folder };

	if (is_whole)
		report(findings, diag);
	else
		diag_add(diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
	arena_clear(findings->arena);
}

void
pam_findings_each(struct pam_findings *findings, const char *const *folders,
    bool (*look)(void *context, const char *service), void *context,
    struct diag *diag)
{
	bool is_whole = pam_service_each(folders, look, context);

	pam_findings_end(findings, is_whole, folders[0], diag);
}
