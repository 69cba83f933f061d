//! Arguments of `aws-credentials`, which this program runs as its own child.

use clap::Args;

/// Its name, under which `probe` starts it.
pub const NAME: &str = "aws-credentials";

/// What to resolve.
#[derive(Args, Debug)]
pub struct AwsCredentials {
    /// The profile of the AWS CLI; the default chain otherwise
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// The region
    #[arg(long, value_name = "REGION")]
    pub region: String,
}
