//! ENV-004: where do requests go, and through which proxy?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Endpoint, EndpointSource, Facts, Permission, ProxyState};
use crate::doctor::finding::{Finding, Outcome, Remedy, Step};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-004",
        id: "environment-endpoint",
        title: "Requests go where they should",
        category: Category::Env,
        needs: &[],
        facts: &[Area::Environment, Area::Endpoint],
    },
    explanation: Explanation {
        meaning: "ANTHROPIC_BASE_URL sends every request, and the key in it, to another host. A stored key is sent only to its provider, to this machine, or to the host it was saved for; never unencrypted over a network. Proxy variables send requests through another machine, and a malformed one is ignored by many programs without a word.",
        detection: "The base URL and the proxy variables are taken apart. A malformed URL, a host that may not see the key and unencrypted http are failures; a malformed proxy value is a warning; a foreign host or a proxy in use is information.",
        mending: "Unset the variable, correct it, or save the key for that host: `keywright onboard --base-url URL`.",
        false_positives: "A gateway of your organization that the key is meant for: save the key for its host once.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    refused(facts)
        .map(Outcome::Fail)
        .or_else(|| malformed_proxy(facts).map(Outcome::Warn))
        .or_else(|| elsewhere(facts).map(Outcome::Info))
        .unwrap_or(Outcome::Pass)
}

/// The endpoint cannot be used, or the key may not be sent there.
fn refused(facts: &Facts) -> Option<Finding> {
    let endpoint = &facts.endpoint;
    let source = source(endpoint);
    if let Some(why) = &endpoint.malformed {
        let finding = Finding::new(&source, "The base URL is malformed.")
            .detail(format!("{source}: {why}."))
            .impact("No request can be sent.");
        return Some(placed(finding, endpoint).remedy(unset(facts)));
    }
    let finding = match endpoint.permission {
        Permission::HostNotAllowed => Finding::new(
            &endpoint.host,
            "The key is not for the host in use, so it was not tried.",
        )
        .detail(format!(
            "{source} names {}, and the key was not saved for it.",
            endpoint.host
        ))
        .impact("A key that is sent to a foreign host is lost to it."),
        Permission::Insecure => Finding::new(
            &endpoint.host,
            "The base URL is unencrypted, so the key was not sent.",
        )
        .detail(format!("{source} starts with http://."))
        .impact("Everyone on the way could read the key."),
        Permission::Allowed | Permission::NoCredential => return None,
    };
    let flag = if endpoint.permission == Permission::Insecure {
        "--allow-insecure-url"
    } else {
        "--base-url"
    };
    Some(placed(finding, endpoint).remedy(unset(facts)).remedy(
        Remedy::manual(format!("Or set up a key that is meant for {}", endpoint.host)).step(
            Step::Edit(format!(
                "Run `keywright onboard` with {flag}; it asks for the key again and saves it for this host."
            )),
        ),
    ))
}

fn malformed_proxy(facts: &Facts) -> Option<Finding> {
    let proxy = facts
        .environment
        .proxies
        .iter()
        .find(|proxy| proxy.state == ProxyState::Malformed)?;
    let name = &proxy.variable;
    let shell = facts.machine.shell;
    Some(
        Finding::new(name, format!("{name} holds no proxy address."))
            .detail("A proxy address looks like http://host:port.")
            .impact("Many programs ignore it without a word and connect directly; others fail.")
            .seen("environment", name)
            .remedy(
                Remedy::manual("Unset it")
                    .command(shell.unset(name))
                    .verify(&["ENV-004", "NET-011"]),
            )
            .remedy(
                Remedy::manual("Or correct it")
                    .command(shell.export(name, "http://proxy.example:3128")),
            ),
    )
}

/// Nothing is wrong, but requests do not go straight to the provider.
fn elsewhere(facts: &Facts) -> Option<Finding> {
    let endpoint = &facts.endpoint;
    let proxy = facts
        .environment
        .proxies
        .iter()
        .find(|proxy| proxy.state == ProxyState::Used);
    let foreign = !endpoint.own_host && endpoint.source != EndpointSource::Default;
    let mut words = Vec::new();
    if foreign {
        words.push(format!(
            "requests go to {}, as {} says",
            endpoint.host,
            source(endpoint)
        ));
    }
    if let Some(proxy) = proxy {
        let host = proxy.host.as_deref().unwrap_or("a proxy");
        words.push(format!("they pass {host}, as {} says", proxy.variable));
    }
    if words.is_empty() {
        return None;
    }
    let subject = proxy.map_or(endpoint.host.as_str(), |proxy| proxy.variable.as_str());
    let subject = if foreign { &endpoint.host } else { subject };
    let mut finding = Finding::new(subject, "Requests do not go straight to the provider.")
        .detail(format!("Here {}.", words.join(", and ")));
    if foreign {
        finding = placed(finding, endpoint);
    }
    if let Some(proxy) = proxy {
        finding = finding.seen("environment", &proxy.variable);
    }
    Some(finding)
}

fn source(endpoint: &Endpoint) -> String {
    match &endpoint.source {
        EndpointSource::Default => "The provider's own address".to_owned(),
        EndpointSource::Variable { name } => name.clone(),
        EndpointSource::Setting { path } => format!("ANTHROPIC_BASE_URL in {path}"),
        EndpointSource::Profile { id } => format!("profile {id}"),
    }
}

fn placed(finding: Finding, endpoint: &Endpoint) -> Finding {
    match &endpoint.source {
        EndpointSource::Default => finding,
        EndpointSource::Variable { name } => finding.seen("environment", name),
        EndpointSource::Setting { path } => finding.seen("file", path),
        EndpointSource::Profile { id } => finding.seen("profile", id),
    }
}

fn unset(facts: &Facts) -> Remedy {
    let remedy = match &facts.endpoint.source {
        EndpointSource::Variable { name } => Remedy::manual(format!("Unset {name}"))
            .why("Requests then go to the provider itself.")
            .command(facts.machine.shell.unset(name)),
        EndpointSource::Setting { path } => Remedy::manual("Take the address out of the settings")
            .why("Requests then go where the environment says, else to the provider itself.")
            .step(Step::Edit(format!(
                "Delete ANTHROPIC_BASE_URL from `env` in {path}."
            ))),
        EndpointSource::Default | EndpointSource::Profile { .. } => {
            Remedy::manual("Set up the key again for the right host").command("keywright onboard")
        }
    };
    remedy.verify(&["ENV-004", "API-001"])
}
