# From the first question to a saved API key, with one refused key and one step back.
run --sandbox onboard
at 80x40
at 40x40
see ? What do you want to set up?
press Enter
see ? Do you have an Anthropic API key?
press Enter
see ? Anthropic API key
paste {revoked}
press Enter
see The key was refused.
press Enter
see [Enter keeps
paste {works-too}
press Enter
see ? A name for this key
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
says The key is saved as anthropic:default.
stored anthropic:default
never {works-too}
never {revoked}
