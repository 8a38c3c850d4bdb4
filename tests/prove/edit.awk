# Changes lines of one source, which is named and not numbered, so that a change which has lost its place is an error.
#
#     awk -v name=core/base/x.c -v table=FILE [-v replace=1] -f edit.awk <src/core/base/x.c
#
# Each line of the table is FILE@@FUNCTION@@LINE@@TEXT, the line without the white space around it. TEXT is put before the line, or
# in its place with replace=1. Exit status 1 when a line is not there exactly once.
BEGIN {
	while ((getline row < table) > 0)
		if (row !~ /^#/ && split(row, part, "@@") == 4 && part[1] == name) {
			count++
			where[count] = part[2]
			line[count] = part[3]
			text[count] = part[4]
		}
}

match($0, /^[a-z_0-9]+\(/) { here = substr($0, 1, RLENGTH - 1) }

{
	# Hints of an earlier run stay in front of the line: otherwise an alarm could come from their absence.
	hints = ""
	bare = $0
	while (match(bare, /^[ \t]*(\/\*@[^*]*\*\/|prove_forget\(\),)/)) {
		hints = hints substr(bare, 1, RLENGTH)
		bare = substr(bare, RLENGTH + 1)
	}
	gsub(/^[ \t]+|[ \t]+$/, "", bare)
	before = ""
	found = 0
	for (i = 1; i <= count; i++)
		if (here == where[i] && bare == line[i]) {
			before = before (before == "" ? "" : " ") text[i]
			found = 1
			used[i]++
		}
	if (found && replace)
		print hints " " before
	else
		print (found ? "\t" before " " : "") $0	# at the start of a line there is a function
}

END {
	for (i = 1; i <= count; i++)
		if (used[i] != 1) {
			print name ", " where[i] "(): this line is there " used[i] + 0 " times: " line[i] >"/dev/stderr"
			failed = 1
		}
	exit failed
}
