#!/bin/sh
# Everything under a login fails, one thing at a time: each allocation, each system call, each limit. Minutes, not seconds;
# tests/pam/quick.sh takes samples of it.
#
#     make check-faults
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/faults/parts.sh
. "$P/tests/faults/parts.sh"
faults_start

all_allocations 1 warm
all_allocations 1 cold
system_calls
limit_memory 32 6144
limit_files 3 4 5 6 7 8 9 10 11 12
closed_descriptors
host_state
residue
environment
threads 4 200
threads_tsan 4 200
constant_time
sh "$P/tests/state/run.sh" --long || FAILED=$((FAILED + 1))
(cd "$P" && sh tests/sync/faults.sh --long) || FAILED=$((FAILED + 1))
finish
