# Completes sfnctl in zsh. `sfnctl --install-completion zsh` wrote this file.

_sfnctl() {
    local -a lines candidates
    lines=("${(@f)$(
        _SFNCTL_COMPLETE=zsh \
        _SFNCTL_COMPLETE_BEFORE="${(F)words[2,CURRENT-1]}" \
        _SFNCTL_COMPLETE_CURRENT="${words[CURRENT]}" \
        ${~words[1]} 2>/dev/null </dev/null
    )}")
    case $lines[1] in
        files) compset -P '-*='; _files ;;
        folders) compset -P '-*='; _files -/ ;;
        words)
            candidates=("${(@)lines[2,-1]}")
            _describe -V sfnctl candidates
            ;;
    esac
}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _sfnctl sfnctl
