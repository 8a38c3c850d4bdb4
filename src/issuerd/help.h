/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of the commands of pam-jwt-issuer, in the form of src/tool/help.h. */
#ifndef JWT_ISSUERD_HELP_H
#define JWT_ISSUERD_HELP_H

extern const char help_cgi[];
extern const char help_check[];
extern const char help_init[];
extern const char help_key[];
extern const char help_key_activate[];
extern const char help_key_new[];
extern const char help_key_remove[];
extern const char help_key_retire[];
extern const char help_key_status[];
extern const char help_list[];
extern const char help_people[];
extern const char help_people_add[];
extern const char help_people_list[];
extern const char help_people_remove[];
extern const char help_purge[];
extern const char help_restore[];
extern const char help_revoke[];
extern const char help_serve[];
extern const char help_stats[];

#endif
