#compdef mockcloud
# Completion of mockcloud for zsh: to be sourced, or saved as _mockcloud in a folder of $fpath.

_mockcloud() {
    local command kind value says
    local -a plain told part began
    command=${(Q)words[1]}
    (( $+commands[$command] )) || [[ -x ${~command} ]] || command=mockcloud
    while IFS=$'\t' read -r kind value says; do
        case $kind in
            plain) plain+=("$value"); told+=("$value${says:+  -- $says}") ;;
            part)  part+=("$value"); began+=("$value${says:+  -- $says}") ;;
            file)  compset -P "${(b)value}"; _files; return ;;
            dir)   compset -P "${(b)value}"; _files -/; return ;;
        esac
    done < <(_MOCKCLOUD_COMPLETE=zsh ${~command} "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#plain )) && compadd -l -d told -a plain
    (( $#part )) && compadd -l -S '' -d began -a part
    (( $#plain + $#part ))
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _mockcloud "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _mockcloud mockcloud
fi
