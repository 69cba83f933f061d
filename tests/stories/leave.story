# Ctrl-C leaves the wizard, and nothing is left behind.
run --sandbox onboard --flow setup-token
at 80x40
at 40x40
see ? Where does the token come from?
press Ctrl-C
end 130
says Nothing was changed.
nothing stored
