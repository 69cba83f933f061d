# An access key and its secret, the region, the model from the live list.
run --sandbox onboard --flow bedrock
at 80x40
at 40x60
see ? How does this machine reach AWS?
press Down
press Down
press Enter
see ? Access key id
type {id:aws-works-too}
press Enter
see ? Secret access key
paste {secret:aws-works-too}
press Enter
see ? Which AWS region?
type us-east-1
press Enter
see AWS knows you as
see ? Which model is used when none is named?
press Enter
see ? A name for this access
press Esc
see ? Which model is used when none is named?
press Enter
see ? A name for this access
press Enter
see ? Save it?
press Enter
end 0
says Saved as bedrock:default, for us-east-1.
stored us.anthropic.claude-opus-5-5
never {secret:aws-works-too}
