//! ENV-010: does a service see the credential that this shell has?

mod judge;
mod mend;
mod session;

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, Manager, Origin, ProblemKind, Service, Setting};
use crate::doctor::finding::{Finding, Outcome};
use judge::{Trouble, Wanted, judge, wanted};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "ENV-010",
        id: "environment-inherited",
        title: "Services see the credential that this shell has",
        category: Category::Env,
        needs: &[],
        facts: &[
            Area::Environment,
            Area::StartUp,
            Area::Inheritance,
            Area::ClaudeCode,
            Area::Home,
        ],
    },
    explanation: Explanation {
        meaning: "A service is not started by your shell: what .bashrc or .zshrc export never reaches it. A key that works in the terminal is then missing in the gateway, in a cron job or in an editor, or an older key is used there.",
        detection: "The units of the user's and the system's systemd are read with their drop-ins, EnvironmentFile= (by systemd's own quoting rules), PassEnvironment=, UnsetEnvironment= and LoadCredential=; launchd's property lists, crontabs, the first process of a container, what sshd gives to a command where this session came in over SSH, and what OpenClaw and Clawdbot read by themselves. The user manager is asked for the names of its variables, and a running service's variables are looked at where the system allows it. All of it is compared, by fingerprint, with this process and with what the shell's start-up files set, which are read and not run; `--deep` runs the login shell once, and `crontab -l`. Services of OpenClaw, Clawdbot and Claude Code are found by themselves, `--service UNIT` names another one.",
        mending: "Give the service a file of variables that only you can read, or start it through `keywright exec`, and restart it.",
        false_positives: "A service that is meant to use another account. A subscription token is not missed in OpenClaw or Clawdbot, since it is for Claude Code alone. The own store of OpenClaw or Clawdbot is only searched for a profile of Anthropic: where there is one, a missing variable is not spoken of, and whether the profile works is not known. Lines of a start-up file behind a condition are taken as if they ran.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let services = &facts.inheritance.services;
    let wanted = wanted(facts);
    let troubled: Vec<(&Service, Vec<Trouble>)> = services
        .iter()
        .map(|service| (service, judge(facts, service, &wanted)))
        .filter(|(_, troubles)| !troubles.is_empty())
        .collect();
    if let Some((first, troubles)) = troubled.first() {
        return Outcome::Warn(finding(facts, &troubled, first, &troubles[0], &wanted));
    }
    if let Some(asked) = services.iter().find(|service| service.asked) {
        return Outcome::Info(report(asked, &wanted));
    }
    if let Some(finding) = session::differs(facts) {
        return Outcome::Info(finding);
    }
    if services.is_empty() {
        return Outcome::NotApplicable {
            why: "no service of Claude Code, OpenClaw or Clawdbot was found".to_owned(),
        };
    }
    Outcome::Pass
}

fn finding(
    facts: &Facts,
    troubled: &[(&Service, Vec<Trouble>)],
    first: &Service,
    trouble: &Trouble,
    wanted: &[Wanted<'_>],
) -> Finding {
    let details: Vec<String> = troubled
        .iter()
        .map(|(service, troubles)| {
            let words = troubles.iter().map(Trouble::detail);
            let words: Vec<String> = words.chain(aside(service)).collect();
            format!("{}: {}.", service.name, words.join("; "))
        })
        .collect();
    let mut finding = Finding::new(&first.name, trouble.summary(&first.name))
        .detail(details.join(" "))
        .impact(trouble.impact(first));
    for (service, troubles) in troubled {
        finding = finding.seen(source(service), &service.file);
        for place in troubles.iter().filter_map(Trouble::place) {
            finding = finding.seen("file", place);
        }
        for setting in &service.settings {
            if wanted.iter().any(|wanted| wanted.name == setting.name) {
                finding = finding.seen(origin(setting), &setting.place);
            }
        }
    }
    for (service, troubles) in troubled {
        for remedy in mend::remedies(facts, service, troubles) {
            finding = finding.remedy(remedy.verify(&["ENV-010"]));
        }
    }
    finding
}

/// What a service that was asked for would be started with; nothing is wrong with it.
fn report(service: &Service, wanted: &[Wanted<'_>]) -> Finding {
    let mut words: Vec<String> = service.settings.iter().map(sets).collect();
    for loaded in &service.credentials {
        words.push(format!(
            "credential {} is loaded at {}",
            loaded.name, loaded.place
        ));
    }
    for lost in &service.overridden {
        words.push(match lost.origin {
            Origin::Removed => format!("{} is taken away at {}", lost.name, lost.place),
            _ => format!("{} at {} does not count", lost.name, lost.place),
        });
    }
    words.extend(aside(service));
    if service.masked {
        words = vec!["it is masked and cannot be started".to_owned()];
    }
    if words.is_empty() {
        words.push("nothing that has to do with a credential is set".to_owned());
    }
    if let Some(running) = &service.running {
        words.push(match running.settings {
            Some(_) => format!("it runs as process {}", running.process),
            None => format!(
                "it runs as process {}, whose variables may not be looked at from here",
                running.process
            ),
        });
    }
    let summary = if service.masked {
        format!("{} is masked.", service.name)
    } else if is_partly_unknown(service) {
        format!(
            "What {} gets cannot be told in full from here.",
            service.name
        )
    } else if wanted.is_empty() {
        format!(
            "This shell sets no credential that {} could lack.",
            service.name
        )
    } else {
        format!("{} lacks nothing that this shell has.", service.name)
    };
    let finding = Finding::new(&service.name, summary)
        .detail(format!("{}.", words.join("; ")))
        .seen(source(service), &service.file);
    let drop_ins = service.drop_ins.iter();
    drop_ins.fold(finding, |finding, path| finding.seen("drop-in", path))
}

/// What its files name and does not count, as fragments.
fn aside(service: &Service) -> impl Iterator<Item = String> {
    service.problems.iter().filter_map(|problem| {
        let (place, about) = (&problem.place, &problem.about);
        match problem.kind {
            ProblemKind::MissingOptionalFile => Some(format!(
                "{about} of {place} is not there, and the `-` before it lets the service start without it"
            )),
            ProblemKind::RelativePath => Some(format!(
                "{about} of {place} is no absolute path, and systemd leaves it out"
            )),
            ProblemKind::UnreadableFile => Some(format!("{about} cannot be read from here")),
            _ => None,
        }
    })
}

fn is_partly_unknown(service: &Service) -> bool {
    let mut problems = service.problems.iter();
    problems.any(|problem| problem.kind == ProblemKind::UnreadableFile)
}

/// `ANTHROPIC_API_KEY is sk-ant-…4f2A at /etc/x.env:3`.
fn sets(setting: &Setting) -> String {
    let Setting { name, place, .. } = setting;
    match &setting.value {
        Some(value) => format!("{name} is {} at {place}", value.masked),
        None if setting.is_only_a_name() => format!("{name} is set by {place}"),
        None => format!("{name} is set to nothing at {place}"),
    }
}

const fn source(service: &Service) -> &'static str {
    match service.manager {
        Manager::SystemdUser => "user unit",
        Manager::SystemdSystem => "system unit",
        Manager::Launchd => "property list",
        Manager::Cron => "crontab",
        Manager::Container => "process",
    }
}

const fn origin(setting: &Setting) -> &'static str {
    match setting.origin {
        Origin::Manager => "manager",
        Origin::Process => "process",
        _ => "file",
    }
}
