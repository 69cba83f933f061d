//! Where STS and Bedrock are: AWS's own hosts of the region, or where the ecosystem's variables
//! say.

use super::Region;
use crate::error::{Error, Kind, Result};
use crate::provider::anthropic::endpoint::Endpoint;

/// The three services that are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    pub sts: Endpoint,
    /// Bedrock's control plane: lists of models.
    pub control: Endpoint,
    /// Bedrock's runtime: the models themselves.
    pub runtime: Endpoint,
}

/// Every variable that says where a service is.
pub const VARIABLES: &[&str] = &[
    "ANTHROPIC_BEDROCK_BASE_URL",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_BEDROCK",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "AWS_ENDPOINT_URL_STS",
];

/// The variables that say where a service is, the more particular one first.
/// Source: the AWS SDKs' reference on service-specific endpoints, and Claude Code's settings.
const STS: &[&str] = &["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];
const CONTROL: &[&str] = &[
    "AWS_ENDPOINT_URL_BEDROCK",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "AWS_ENDPOINT_URL",
];
const RUNTIME: &[&str] = &[
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "AWS_ENDPOINT_URL",
];

impl Endpoints {
    /// The endpoints for `region`, as the variables that `lookup` gives say. A credential goes to
    /// AWS itself or to this machine, and nowhere else.
    ///
    /// # Errors
    /// `Config` for an address that is none, or that a credential is not sent to; it names the
    /// variable.
    pub fn of(region: &Region, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let at = |service: &str, variables: &[&str]| -> Result<Endpoint> {
            let set = variables
                .iter()
                .find_map(|name| Some((*name, lookup(name)?)));
            let Some((variable, url)) = set else {
                let host = format!("https://{service}.{region}.amazonaws.com");
                return Endpoint::parse(&host);
            };
            let endpoint = Endpoint::parse(&url).map_err(|error| {
                Error::new(Kind::Config, format!("{variable}: {}", error.message()))
            })?;
            if endpoint.is_loopback() {
                return Ok(endpoint);
            }
            let message = format!("{variable} sends AWS credentials to {}", endpoint.host());
            Err(Error::new(Kind::Config, message).hint(format!("Unset {variable}.")))
        };
        Ok(Self {
            sts: at("sts", STS)?,
            control: at("bedrock", CONTROL)?,
            runtime: at("bedrock-runtime", RUNTIME)?,
        })
    }
}

/// A host of these services of AWS itself, over https: in a region, or an endpoint of a private
/// network. Other names below `amazonaws.com` belong to whoever rents them; China has no
/// Bedrock.
#[must_use]
pub fn is_own(endpoint: &Endpoint) -> bool {
    let host = endpoint.host();
    let Some(name) = host.strip_suffix(".amazonaws.com") else {
        return false;
    };
    let is_service = |label: &str| {
        let service = label.strip_suffix("-fips").unwrap_or(label);
        matches!(service, "sts" | "bedrock" | "bedrock-runtime")
    };
    let labels: Vec<&str> = name.split('.').collect();
    endpoint.is_https()
        && match labels.as_slice() {
            ["sts"] => true,
            [service, region] => is_service(service) && Region::parse(region).is_ok(),
            [private, service, region, "vpce"] => {
                private.starts_with("vpce-") && is_service(service) && Region::parse(region).is_ok()
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_itself() {
        let check = |url: &str, expected: bool| {
            let endpoint = Endpoint::parse(url).expect("a URL");
            assert_eq!(is_own(&endpoint), expected, "{url}");
        };
        check("https://sts.amazonaws.com", true);
        check("https://bedrock-runtime.us-east-1.amazonaws.com", true);
        check(
            "https://bedrock-runtime-fips.us-east-1.amazonaws.com/",
            true,
        );
        check(
            "https://vpce-0a-b.bedrock-runtime.eu-west-1.vpce.amazonaws.com",
            true,
        );
        check("http://bedrock-runtime.us-east-1.amazonaws.com", false);
        check(
            "https://bedrock-runtime.us-east-1.amazonaws.com:8443",
            false,
        );
        check("https://mine.eu-west-1.elb.amazonaws.com", false);
        check("https://mine.s3.amazonaws.com", false);
        check("https://ec2-192-0-2-1.compute-1.amazonaws.com", false);
        check(
            "https://vpce-0a.vpce-svc-0b.eu-west-1.vpce.amazonaws.com",
            false,
        );
        check("https://sts.amazonaws.com.example", false);
        check("https://amazonaws.com", false);
    }

    #[test]
    fn hosts() {
        let check = |set: &[(&str, &str)], expected: Option<[&str; 3]>| {
            let region = Region::parse("eu-west-1").expect("a region");
            let lookup = |name: &str| {
                let found = set.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            let found = Endpoints::of(&region, &lookup).ok();
            let found = found.map(|e| [e.sts, e.control, e.runtime].map(|e| e.to_string()));
            assert_eq!(found, expected.map(|e| e.map(str::to_owned)), "{set:?}");
        };
        let own = [
            "https://sts.eu-west-1.amazonaws.com",
            "https://bedrock.eu-west-1.amazonaws.com",
            "https://bedrock-runtime.eu-west-1.amazonaws.com",
        ];
        check(&[], Some(own));
        let here = "http://127.0.0.1:9";
        check(&[("AWS_ENDPOINT_URL", here)], Some([here; 3]));
        check(
            &[("ANTHROPIC_BEDROCK_BASE_URL", here)],
            Some([own[0], here, here]),
        );
        check(
            &[("AWS_ENDPOINT_URL_STS", here)],
            Some([here, own[1], own[2]]),
        );
        check(&[("AWS_ENDPOINT_URL", "https://gateway.example")], None);
        check(&[("AWS_ENDPOINT_URL", "nonsense")], None);
        check(
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1@gateway.example")],
            None,
        );
        check(
            &[("AWS_ENDPOINT_URL_STS", "http://localhost.gateway.example")],
            None,
        );
    }
}
