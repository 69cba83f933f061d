# What was answered before Ctrl-C is kept, but no secret.
run --sandbox onboard --flow api-key
at 80x40
see ? Do you have an Anthropic API key?
press Enter
see ? Anthropic API key
paste {works-too}
press Enter
see ? A name for this key
type work
press Enter
see ? The model used when none is named
press Ctrl-C
end 130
says Nothing was changed.
says goes on from here
nothing stored
never {works-too}
again
see Going on where you left
see ? Anthropic API key
paste {works-too}
press Enter
see ? The model used when none is named
press Esc
see ? A name for this key
press Enter
see ? The model used when none is named
press Enter
see ? Write the key for background services too?
press Enter
see ? Save it?
press Enter
end 0
stored anthropic:work
