/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of a function: see footprint.h.  The stack is painted before the run;
 * the deepest byte that has another colour afterwards was used.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "tests/bench/footprint.h"
#include "tests/bench/heap.h"

#define STACK_LEN	(256 * 1024)
#define COLOUR		0xA5

#pragma weak heap_mark
#pragma weak heap_peak

static uint8_t painted[STACK_LEN] __attribute__((aligned(64)));
static ucontext_t caller, callee;
static void (*to_run)(void *ctx);
static void *to_run_ctx;

/* makecontext() takes no pointers. */
static void
enter(void)
{
	to_run(to_run_ctx);
}

static void
run_painted(void)
{
	getcontext(&callee);
	callee.uc_stack.ss_sp = painted;
	callee.uc_stack.ss_size = sizeof(painted);
	callee.uc_link = &caller;
	makecontext(&callee, enter, 0);
	swapcontext(&caller, &callee);
}

static size_t
depth(void)
{
	size_t i = 0;

	while (i < sizeof(painted) && painted[i] == COLOUR)
		i++;
	return sizeof(painted) - i;
}

/* Adds what the kernel says of the pages, times a sign. */
static void
add_pages(struct footprint *out, long sign)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	char line[128];
	long kib;

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "Rss: %ld", &kib) == 1)
			out->rss_kib += sign * kib;
		else if (sscanf(line, "Private_Clean: %ld", &kib) == 1 ||
		    sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			out->private_kib += sign * kib;
	}
	fclose(file);
}

void
footprint_of(void (*run)(void *ctx), void *ctx, struct footprint *out)
{
	memset(out, 0, sizeof(*out));
	to_run = run;
	to_run_ctx = ctx;
	memset(painted, COLOUR, sizeof(painted));
	add_pages(out, -1);
	if (heap_mark != NULL)
		heap_mark();
	run_painted();
	if (heap_peak != NULL)
		out->heap = heap_peak();
	add_pages(out, 1);
	out->stack = depth();
}
