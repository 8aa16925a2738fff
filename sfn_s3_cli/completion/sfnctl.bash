# Completes sfnctl in bash. `sfnctl --install-completion bash` wrote this file.

_sfnctl() {
    local IFS=$'\n' kind= line names= current=${COMP_WORDS[COMP_CWORD]}
    local before="${COMP_WORDS[*]:1:COMP_CWORD-1}"
    COMPREPLY=()
    while read -r line; do
        if [[ -z $kind ]]; then kind=$line; continue; fi
        printf -v line %q "$line"
        COMPREPLY+=("$line")
    done < <(
        _SFNCTL_COMPLETE=bash _SFNCTL_COMPLETE_BEFORE=$before _SFNCTL_COMPLETE_CURRENT=$current \
            "$1" 2>/dev/null </dev/null
    )
    [[ $current == = ]] && current=
    case $kind in
        files) names=$(compgen -f -- "$current") ;;
        folders) names=$(compgen -d -- "$current") ;;
        *) return 0 ;;
    esac
    while read -r line; do
        [[ -z $line ]] || COMPREPLY+=("$line")
    done <<<"$names"
    compopt -o filenames 2>/dev/null || true
}

complete -F _sfnctl sfnctl
