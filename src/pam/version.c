/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The version in the file of the module.  No code uses it, so compiler and
 * linker are told to keep it.
 */
#include "core/base/version.h"

#ifdef __has_attribute
#if __has_attribute(retain)
__attribute__((retain))		/* against --gc-sections */
#endif
#endif
__attribute__((used)) static const char version[] = VERSION_MARK VERSION;
