# Completion of mockcloud for fish, 3.0 and later.

function __mockcloud_complete
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -l command $words[1]
    command -q -- $command; or set command mockcloud
    for answer in (env _MOCKCLOUD_COMPLETE=fish $command $words[2..-1] "$token" 2>/dev/null)
        set -l parts (string split -m 2 \t -- $answer)
        switch $parts[1]
            case plain part
                string join \t -- $parts[2..-1]
            case file dir
                set -l rest (string sub -s (math (string length -- "$parts[2]") + 1) -- "$token")
                if test $parts[1] = dir
                    __fish_complete_directories $rest | string replace -r '^' -- "$parts[2]"
                else
                    __fish_complete_path $rest | string replace -r '^' -- "$parts[2]"
                end
        end
    end
end

complete -c mockcloud -f -k -a '(__mockcloud_complete)'
