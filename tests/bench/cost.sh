# shellcheck shell=sh
# Reads what callgrind has counted, where a program asked for a dump of each row. Sourced by the scripts of tests/bench.

# shellcheck disable=SC2034 # for the scripts that source this
COST_OPTIONS='--quiet --tool=callgrind --compress-strings=no --compress-pos=no'

# Prints "ROW OBJECT FUNCTION INSTRUCTIONS", each what a function executes itself, of the dumps FOLDER/out.N.
cost_read() {	# FOLDER
	cat "$1"/out.[0-9]* | awk '
	/^desc: Trigger: Client Request: / { row = $0; sub(/.*Request: /, "", row); gsub(/ /, "_", row) }
	/^ob=/ { object = $0; sub(/^ob=(.*\/)?/, "", object) }
	/^fn=/ { name = $0; sub(/^fn=/, "", name); gsub(/ /, "_", name) }
	/^calls=/ { getline; next }
	/^[0-9]/ { cost[row " " object " " name] += $2 }
	END { for (key in cost) print key, cost[key] }'
}

# Prints the same lines of the functions of libraries that an object calls, with all that each calls in its turn.
cost_calls() {	# FOLDER OBJECT-PATTERN
	cat "$1"/out.[0-9]* | awk -v ours="$2" '
	/^desc: Trigger: Client Request: / { row = $0; sub(/.*Request: /, "", row); gsub(/ /, "_", row) }
	/^ob=/ { object = $0; sub(/^ob=(.*\/)?/, "", object) }
	/^cob=/ { called = $0; sub(/^cob=(.*\/)?/, "", called) }
	/^cfn=/ { name = $0; sub(/^cfn=/, "", name) }
	/^calls=/ { getline; if (called ~ /^lib/ && object ~ ours) cost[row " " called " " name] += $2; called = "" }
	END { for (key in cost) print key, cost[key] }'
}

# Prints each row of such lines: its objects, then the functions above 2 % of it. A library without symbols has addresses. Those of
# cost_calls have an arrow.
cost_show() {	# FILE [FILE-OF-COST_CALLS]
	for cost_row in $(cut -d ' ' -f 1 "$1" | sort -u); do
		awk -v row="$cost_row" -v calls="${2-}" '$1 == row { all += $4; object[$2] += $4; what[$2 " " $3] = $4 }
		END {
			print "0 0 " row ": " all
			for (o in object) if (object[o] > all / 200) print 1, object[o], sprintf("  %5.1f %%  %s", 100 * object[o] / all, o)
			for (w in what) if (what[w] > all / 50) print 2, what[w], sprintf("    %5.1f %%  %s", 100 * what[w] / all, w)
			while (calls != "" && (getline <calls) > 0)
				if ($1 == row && $4 > all / 50) print 3, $4, sprintf("    %5.1f %%  -> %s", 100 * $4 / all, $3)
		}' "$1" | sort -k 1,1n -k 2,2nr | cut -d ' ' -f 3-
	done
}
