# Completes sfnctl in bash. `sfnctl --install-completion bash` wrote this file.

_sfnctl() {
    local IFS=$'\n' kind= line current=${COMP_WORDS[COMP_CWORD]}
    local before="${COMP_WORDS[*]:1:COMP_CWORD-1}"
    COMPREPLY=()
    while read -r line; do
        if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
    done < <(
        _SFNCTL_COMPLETE=bash _SFNCTL_COMPLETE_BEFORE=$before _SFNCTL_COMPLETE_CURRENT=$current \
            "$1" 2>/dev/null </dev/null
    )
    [[ $current == = ]] && current=
    case $kind in
        files) COMPREPLY=($(compgen -f -- "$current")) ;;
        folders) COMPREPLY=($(compgen -d -- "$current")) ;;
        *) return 0 ;;
    esac
    compopt -o filenames 2>/dev/null || true
}

complete -F _sfnctl sfnctl
