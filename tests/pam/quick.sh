#!/bin/sh
# A few seconds of what make check-faults does in full: samples of failing allocations and limits, and all of what is quick:
# the host is as before, nothing of a token stays in memory, the environment does not count.
#
#     sh tests/pam/quick.sh
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/faults/parts.sh
. "$P/tests/faults/parts.sh"
faults_start

all_allocations 3 warm
all_allocations 97 cold
limit_memory 512 6144
limit_files 3 5 7 12
closed_descriptors
host_state
residue
environment
threads_tsan 4 200
finish
