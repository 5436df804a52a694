# Completion of mockcloud for bash, 3.2 and later.
# The line goes to mockcloud as it was typed: bash's own words are broken at ':' and '='.

_mockcloud() {
    local command line kind value
    COMPREPLY=()
    case ${COMP_WORDS[COMP_CWORD-1]} in
        [\<\>]*) compopt -o default 2>/dev/null; return 0 ;;
    esac
    command=$(type -P -- "${1/#\~/$HOME}") || command=$(type -P mockcloud) || return 0
    line=${COMP_LINE:0:COMP_POINT}
    while IFS=$'\t' read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            part)  COMPREPLY+=("$value"); compopt -o nospace 2>/dev/null ;;
            file)  compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$2")) ;;
            dir)   compopt -o dirnames 2>/dev/null || COMPREPLY=($(compgen -d -- "$2")) ;;
        esac
    done < <(_MOCKCLOUD_COMPLETE=bash "$command" "${line#*"${COMP_WORDS[0]}"}" "$COMP_WORDBREAKS" 2>/dev/null)
    return 0
}

complete -o nosort -F _mockcloud mockcloud 2>/dev/null || complete -F _mockcloud mockcloud
