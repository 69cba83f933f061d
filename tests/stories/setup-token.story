# `claude setup-token` gets the terminal, its token comes back broken over two lines.
run --sandbox onboard --flow setup-token
at 80x40
at 40x60
see ? Where does the token come from?
press Enter
see Go on with the token?
type y
press Enter
see so the token will be broken over two lines.
see takes over now
see Press Enter
press Enter
see ? Setup token
wrapped 79 {token:subscription-works}
press Enter
see joined a 2-line paste, 108 characters
see ? A name for this token
press Enter
see ? Save it?
press Enter
end 0
says The token is saved as anthropic:manual.
stored "expiresAssumed"
