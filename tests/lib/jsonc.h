/* SPDX-License-Identifier: BSD-2-Clause */
/* Includes json-c beside core/base/json.h: both have an enum json_type. */
#ifndef TESTS_JSONC_H
#define TESTS_JSONC_H

#define json_type jsonc_type
#include <json-c/json.h>
#undef json_type

#endif
