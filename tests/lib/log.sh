# shellcheck shell=sh
# Waits for conditions, and reads the log of a namespace: the lines that programs sent to its /dev/log since a mark. Part of ns.sh.

# Repeats a command until it succeeds, but not longer than SECONDS.
wait_for() {	# SECONDS COMMAND...
	wait_left=$(($1 * 20))
	shift
	until "$@"; do
		wait_left=$((wait_left - 1))
		[ "$wait_left" -gt 0 ] || return 1
		sleep 0.05
	done
}

log_start() {
	"$B/tests/programs/logsink" /dev/log "$LOG" &
	LOG_PID=$!
	NS_PIDS="$NS_PIDS $LOG_PID"
	wait_for 5 test -S /dev/log
	LOG_MARKS=0
	log_mark
}

# Sends a line of our own and waits for it. The socket keeps the order, so every line that was logged before is in the file.
log_sync() {
	LOG_MARKS=$((LOG_MARKS + 1))
	logger -t mark "end-of-$LOG_MARKS."
	wait_for 5 grep -qF "end-of-$LOG_MARKS." "$LOG"
}

log_mark() {
	log_sync
	LOG_FROM=$(wc -l <"$LOG")
}

# Prints the lines since the last mark, without our own.
log_new() {
	tail -n "+$((LOG_FROM + 1))" "$LOG" | grep -v ' mark: end-of-'
}

# Prints the decisions since the last mark, from the module's name on.
log_decisions() {	# SERVICE
	log_new | grep ' reason=' | sed -n "s/^.*\(pam_jwt($1:auth): \)/\1/p"
}

# Prints the reason in a log line. Values of the token are quoted and come later, so they cannot look like it.
log_reason() {
	sed -n 's/^[^"]* reason=\([a-z-]*\) .*/\1/p'
}
