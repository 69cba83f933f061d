# Esc goes back over what ran by itself, and at the first question it asks whether to leave.
run --sandbox onboard --flow setup-token
at 80x40
see ? Where does the token come from?
press Down
press Enter
see Go on with the token?
press Esc
see ? Where does the token come from?
press Esc
see Leave?
type y
press Enter
end 130
nothing stored
