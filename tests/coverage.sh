#!/bin/sh
# Coverage of the core by the unit tests, without any exclusion: at least 95 % of lines and 85 % of branches.
#
#     sh tests/coverage.sh [FOLDER]
set -eu

folder=${1:-build/coverage}
AREA=coverage
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
command -v gcovr >/dev/null || { skip 'lines and branches' 'gcovr is not installed' && finish; }
rm -rf "$folder"
make -s BUILD="$folder" CFLAGS="-O0 -g --coverage -fprofile-abs-path" check-unit
gcovr -r . --filter 'src/core/' --exclude-throw-branches --txt - --branches "$folder" | tail -n 40
gcovr -r . --filter 'src/core/' --exclude-throw-branches --txt - --fail-under-line 95 --fail-under-branch 85 "$folder"
