# SPDX-License-Identifier: BSD-3-Clause
# Completion of spp for bash.  Options come from its own help; the words behind -c are completed by
# spp itself, as at its prompt, with what the controller knows right now.

_spp()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word
	local servers=() admission=() i address

	for ((i = 1; i < COMP_CWORD - 1; i++)); do
		if [[ ${COMP_WORDS[i]} == -b && ${COMP_WORDS[i+1]} != -* && ${#servers[@]} == 0 ]]; then
			# bash takes an address apart at its colons: 1.2.3.4:7777, unix:/path, https://host:7777.
			address=${COMP_WORDS[i+1]}
			while [[ ${COMP_WORDS[i+2]} == : && $((i + 3)) -lt COMP_CWORD ]]; do
				address+=:${COMP_WORDS[i+3]}
				((i += 2))
			done
			servers=(-b "$address")
		elif [[ ${COMP_WORDS[i]} =~ ^--(token-file|ca|cert|key)$ ]]; then
			admission+=("${COMP_WORDS[i]}" "${COMP_WORDS[i+1]}")
		fi
	done
	COMPREPLY=()
	case $prev in
	-c)
		# The whole command is one word of the shell: complete its end, keep its begin.
		local line=${cur#[\"\']} quote=${cur%%[!\"\']*}
		local begin=${line%"${line##*[ ;/]}"}
		while IFS= read -r word; do
			COMPREPLY+=("$quote$begin$word")
		done < <(spp "${servers[@]}" "${admission[@]}" --complete "$line" 2>/dev/null)
		compopt -o nospace
		;;
	-b | --bind-addr)
		;;
	*)
		if [[ $cur == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(spp --help |
				sed -n 's/^  \(-.\)\?,\? *\(--[a-z-]*\)\?.*/\1 \2/p')" -- "$cur")
		else
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		;;
	esac
}
complete -F _spp spp
