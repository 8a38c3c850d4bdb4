#!/bin/sh
# Coverage of the core by the unit tests, without any exclusion: at least 95 % of lines and 85 % of branches.
#
#     sh tests/coverage.sh [FOLDER]
set -eu

folder=${1:-build/coverage}
command -v gcovr >/dev/null || { echo "skip - coverage: gcovr is not installed" && exit 0; }
rm -rf "$folder"
make -s BUILD="$folder" CFLAGS="-O0 -g --coverage -fprofile-abs-path" check-unit
gcovr -r . --filter 'src/core/' --exclude-throw-branches --txt - --branches "$folder" | tail -n 40
gcovr -r . --filter 'src/core/' --exclude-throw-branches --txt - --fail-under-line 95 --fail-under-branch 85 "$folder"
