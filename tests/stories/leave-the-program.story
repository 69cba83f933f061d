# Ctrl-C in the other program ends that program; the wizard asks what now.
run --sandbox onboard --flow setup-token
at 120x40
see ? Where does the token come from?
press Enter
see Go on with the token?
type y
press Enter
see takes over now
not broken over two lines
see Press Enter
press Ctrl-C
see did not come to its end
press Ctrl-C
end 130
says Nothing was changed.
nothing stored
