//! Which region is set, and where.

use super::Aws;
use crate::system::Environment;

/// A region with the place that sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    pub region: String,
    /// `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile.
    pub place: String,
}

/// The region that is set for `profile`, in the order of Claude Code and the SDKs: `AWS_REGION`,
/// `AWS_DEFAULT_REGION`, the profile. Whether it is one is not looked at.
#[must_use]
pub fn look(environment: &Environment, aws: &Aws, profile: Option<&str>) -> Option<Set> {
    let variable = |name: &str| {
        let text = environment.get(name).map(str::trim)?;
        (!text.is_empty()).then(|| Set {
            region: text.to_owned(),
            place: name.to_owned(),
        })
    };
    let name = profile
        .or(aws.named_profile.as_deref())
        .unwrap_or("default");
    let of_profile = || {
        let region = aws.profile(name)?.region.clone()?;
        let place = format!("the AWS profile {name}");
        Some(Set { region, place })
    };
    variable("AWS_REGION")
        .or_else(|| variable("AWS_DEFAULT_REGION"))
        .or_else(of_profile)
}
