# The sign-in of an AWS profile has run out: `aws sso login` gets the terminal.
run --sandbox onboard --flow bedrock
at 80x40
see ? How does this machine reach AWS?
press Enter
see ? Which profile?
press Enter
see The sign-in of the AWS profile `sandbox` has run out.
press Enter
see Press Enter to go on
press Enter
see ? Which AWS region?
press Enter
see AWS knows you as
see ? Which model is used when none is named?
press Enter
see ? A name for this access
press Enter
see ? Save it?
press Enter
end 0
says Saved as bedrock:default, for us-east-1.
stored "awsProfile": "sandbox"
