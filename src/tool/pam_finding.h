/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was found in the stacks of PAM: one warning for all services that
 * include the same line.
 */
#ifndef JWT_PAM_FINDING_H
#define JWT_PAM_FINDING_H

#include "core/base/diag.h"

struct pam_finding {
	struct diag_place place;
	const char *text;
	const char *services;	/* separated by commas */
	const char *last;	/* of them */
	size_t count;
};

/* Set arena; zero the rest. */
struct pam_findings {
	struct arena *arena;	/* owns everything, and place.file is in it too */
	struct pam_finding *items;
	size_t count;
};

/*
 * The same text about the same place only adds the name of the service.  False
 * when memory runs out.
 */
bool pam_finding_add(struct pam_findings *findings, struct diag_place place,
    const char *service, const char *text);

/*
 * Add each finding to diag as a warning, with its services in front, and free
 * them.  A search that is not whole, as memory ran out, is an error of its own
 * at the folder.
 */
void pam_findings_end(struct pam_findings *findings, bool is_whole,
    const char *folder, struct diag *diag);

/*
 * Look at each service in the folders (pam_service_each()), and end with what
 * was found.
 */
void pam_findings_each(struct pam_findings *findings,
    const char *const *folders,
    bool (*look)(void *context, const char *service), void *context,
    struct diag *diag);

#endif
