# boba: what git's hooks run. It tells the spool what git did and returns. It never reads stdin, never prints, never fails.
# `boba hooks install` copies this file to ~/.boba/git-hooks/spool.sh below a header that sets boba_spool, boba_mode, boba_node,
# boba_program and boba_home. The caller sets BOBA_HOOK, sources the file in a shell of its own (so cd and unset stay here) and
# passes the hook's arguments. POSIX sh, builtins only: one fork at most, for the program that works the spool off.
# A line: v1 <tab> event <tab> git dir <tab> worktree <tab> HEAD's ref or - <tab> HEAD's commit or - <tab> arguments

[ -z "${ZSH_VERSION-}" ] || emulate sh
boba_tab='	'
boba_newline='
'

# Sets boba_line to the first line of file $1; fails when there is none.
boba_first() {
	boba_line=
	[ -f "$1" ] && [ -r "$1" ] || return 1
	IFS= read -r boba_line <"$1" || [ -n "$boba_line" ]
}

# Prints its arguments as one line in one write, so that parallel hooks never mix. A field with a tab or a newline cannot be
# written down: the whole line is dropped, the sweep of the reflog finds the same thing.
boba_put() {
	boba_fields=v1
	for boba_field in "$@"; do
		case $boba_field in
		*"$boba_tab"* | *"$boba_newline"*) return 0 ;;
		esac
		boba_fields=$boba_fields$boba_tab$boba_field
	done
	[ ${#boba_fields} -lt 4000 ] || return 0
	printf '%s\n' "$boba_fields"
}

# Whether lines can be appended to file $1. Anything but a regular file is refused: opening a pipe would block git. Asked twice whether
# it is one: another hook may make it between the first two questions.
boba_writable() {
	[ -f "$1" ] || [ ! -e "$1" ] || [ -f "$1" ] || return 1
	true >>"$1"
}

# Sets boba_cwd, boba_dir (this worktree's git directory), boba_common, boba_ref and boba_sha.
boba_place() {
	unset CDPATH
	cd -P . || return 1
	boba_cwd=$PWD
	boba_dir=${GIT_DIR-}
	if [ -z "$boba_dir" ]; then
		if [ -d .git ]; then
			boba_dir=.git
		else
			boba_first .git || return 1
			case $boba_line in
			"gitdir: "*) boba_dir=${boba_line#gitdir: } ;;
			*) return 1 ;;
			esac
		fi
	fi
	case $boba_dir in
	/* | [A-Za-z]:*) ;;
	*) boba_dir=$boba_cwd/$boba_dir ;;
	esac
	cd -P "$boba_dir" || return 1
	boba_dir=$PWD
	boba_common=$boba_dir
	if boba_first commondir; then
		case $boba_line in
		/* | [A-Za-z]:*) cd -P "$boba_line" || return 1 ;;
		*) cd -P "./$boba_line" || return 1 ;;
		esac
		boba_common=$PWD
	fi
	boba_ref=- boba_sha=-
	boba_first "$boba_dir/HEAD" || return 0
	case $boba_line in
	# What HEAD says in a repository that keeps its refs in reftables.
	"ref: refs/heads/.invalid") ;;
	"ref: "*)
		boba_ref=${boba_line#ref: }
		! boba_first "$boba_common/$boba_ref" || boba_sha=$boba_line
		;;
	*) boba_sha=$boba_line ;;
	esac
	case $boba_sha in
	'' | *[!0-9a-f]*) boba_sha=- ;;
	esac
}

# The pairs of a finished rebase, from the list that git keeps until post-rewrite has run.
boba_pairs() {
	boba_left=10000
	while [ "$boba_left" -gt 0 ] && IFS=' ' read -r boba_old boba_new boba_rest; do
		boba_left=$((boba_left - 1))
		[ -z "$boba_new" ] || boba_put rewritten "$boba_dir" "$boba_cwd" - - "$boba_old" "$boba_new"
	done <"$1"
}

# The commits that `merge --squash` folded together: SQUASH_MSG names each on a line of its own.
boba_squashed() {
	boba_left=10000
	while [ "$boba_left" -gt 0 ] && IFS= read -r boba_line; do
		boba_left=$((boba_left - 1))
		case $boba_line in
		"commit "*) boba_put squashed "$boba_dir" "$boba_cwd" - - "${boba_line#commit }" "$boba_sha" ;;
		esac
	done <"$1"
}

boba_event() {
	boba_put "$BOBA_HOOK" "$boba_dir" "$boba_cwd" "$boba_ref" "$boba_sha" "$@"
	case $BOBA_HOOK in
	post-commit)
		if [ "$boba_sha" != - ] && boba_first "$boba_dir/CHERRY_PICK_HEAD"; then
			boba_put picked "$boba_dir" "$boba_cwd" - - "$boba_line" "$boba_sha"
		fi
		;;
	post-rewrite)
		if [ "${1-}" = rebase ]; then
			for boba_list in "$boba_dir/rebase-merge/rewritten-list" "$boba_dir/rebase-apply/rewritten"; do
				[ ! -r "$boba_list" ] || boba_pairs "$boba_list"
			done
		fi
		;;
	post-merge)
		[ "${1-}" != 1 ] || [ ! -r "$boba_dir/SQUASH_MSG" ] || boba_squashed "$boba_dir/SQUASH_MSG"
		;;
	esac
}

# Whether git is in the middle of a series (rebase, am, cherry-pick of many): its last hook starts the program once for all.
boba_more() {
	if [ "$BOBA_HOOK" = post-rewrite ] && [ "${1-}" = rebase ]; then return 1; fi
	[ "$BOBA_HOOK" != pre-push ] || return 1
	[ ! -d "$boba_dir/rebase-merge" ] || return 0
	if [ -d "$boba_dir/rebase-apply" ]; then
		[ ! -f "$boba_dir/rebase-apply/rebasing" ] || return 0
		boba_first "$boba_dir/rebase-apply/next" && boba_next=$boba_line || return 1
		boba_first "$boba_dir/rebase-apply/last" && [ "$boba_next" -lt "$boba_line" ]
		return
	fi
	[ -r "$boba_dir/sequencer/todo" ] || return 1
	{ IFS= read -r boba_line && IFS= read -r boba_line && [ -n "$boba_line" ]; } <"$boba_dir/sequencer/todo"
}

boba_start() {
	[ "$boba_mode" != lazy ] || return 0
	[ -x "$boba_node" ] && [ -r "$boba_program" ] || return 0
	! boba_more "$@" || return 0
	cd -P "$boba_cwd" || return 0
	unset NODE_OPTIONS NODE_EXTRA_CA_CERTS
	BOBA_HOOKS=0 BOBA_HOME=$boba_home
	export BOBA_HOOKS BOBA_HOME
	if [ "$boba_mode" = summary ] && [ "$BOBA_HOOK" = post-commit ]; then
		# 3 is git's stderr; the caller saved it.
		"$boba_node" "$boba_program" drain --summary </dev/null 2>/dev/null >&3
	else
		"$boba_node" "$boba_program" drain </dev/null >/dev/null 2>&1 3>&- &
	fi
}

boba_main() {
	[ "${BOBA_HOOKS-}" != 0 ] || return 0
	# `git checkout -- file` moves no branch.
	if [ "$BOBA_HOOK" = post-checkout ] && [ "${3-}" = 0 ]; then return 0; fi
	if [ "$BOBA_HOOK" = pre-push ]; then
		# The remote as it was named, or its address where that was typed; one that holds a secret is not written down.
		boba_host=${1#*://}
		case ${boba_host%%/*} in
		*:*@*) return 0 ;;
		*@*) case $1 in http*) return 0 ;; esac ;;
		esac
		[ -n "${1-}" ] || return 0
		set -- "$1"
	fi
	# Lengths are counted in bytes.
	LC_ALL=C
	boba_place || return 0
	boba_out=$boba_spool
	boba_writable "$boba_out" || boba_out=$boba_common/boba-spool
	boba_writable "$boba_out" || return 0
	boba_event "$@" >>"$boba_out"
	boba_start "$@"
	return 0
}

boba_main "$@" || :
