# Completes sfnctl in fish. `sfnctl --install-completion fish` wrote this file.

function __sfnctl_complete
    set -l words (commandline -opc)
    set -l before (string join \n -- $words[2..-1] | string collect)
    set -l current (commandline -ct)
    set -l lines (
        _SFNCTL_COMPLETE=fish _SFNCTL_COMPLETE_BEFORE="$before" _SFNCTL_COMPLETE_CURRENT="$current" \
            $words[1] 2>/dev/null </dev/null
    )
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
        case words
            printf '%s\n' $lines[2..-1]
    end
end

complete --command sfnctl --no-files --arguments '(__sfnctl_complete)'
