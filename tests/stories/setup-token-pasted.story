# A token made elsewhere: cut at the width of a window first, then whole; how long it lasts is asked.
run --sandbox onboard --flow setup-token
at 80x40
see ? Where does the token come from?
press Down
press Enter
see Go on with the token?
type y
press Enter
see ? Setup token
paste {token:subscription-revoked}
press Enter
see ? How long will it still be valid?
press Enter
see The token is not proven.
see ? What now?
press Enter
see [Enter keeps
paste {token:subscription-works-too}
press Enter
see ? A name for this token
press Enter
see ? Save it?
press Enter
end 0
says The token is saved as anthropic:manual.
never {token:subscription-works-too}
never {token:subscription-revoked}
