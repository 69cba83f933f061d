# Nobody is signed in: `claude auth login` gets the terminal, and the login is found afterwards.
run --sandbox onboard --flow claude-cli
at 80x40
at 40x60
see Claude Code is not signed in here.
press Enter
see Press Enter to go on
press Enter
see A Claude Code login is here
see ? A name for this login
press Enter
see ? Save it?
press Enter
end 0
says The login is known as anthropic:claude-cli.
stored "claude-cli"
