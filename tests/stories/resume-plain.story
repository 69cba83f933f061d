# In plain lines Ctrl-C is a signal; what was answered before it is kept all the same.
run --sandbox onboard --flow setup-token --plain
at 80x40
see Where does the token come from?
type 2
press Enter
see Go on with the token?
press Ctrl-C
end 130
says Nothing was changed.
says goes on from here
nothing stored
again
see Going on where you left
see `<` goes back
see Go on with the token?
press Ctrl-C
end 130
