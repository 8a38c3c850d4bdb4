# fish completion for pam-jwt: the file below says what may stand there, for all shells.

function __pam_jwt
    set -l before (commandline -opc)
    set -l lines (sh /usr/libexec/pam-jwt/complete $before[2..-1] (commandline -ct))
    switch $lines[1]
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct)
        case users
            __fish_complete_users
        case '*'
            test (count $lines) -lt 2; or printf '%s\n' $lines[2..-1]
    end
end

complete -c pam-jwt -f -a '(__pam_jwt)'
