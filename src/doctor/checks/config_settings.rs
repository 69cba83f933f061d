//! STORE-014: does every setting do what it says?

use crate::doctor::check::{Category, Check, CheckMeta, Explanation};
use crate::doctor::facts::{Area, Facts, SettingRemark};
use crate::doctor::finding::{Finding, Outcome, Remedy, Safety};

pub const CHECK: Check = Check {
    meta: CheckMeta {
        code: "STORE-014",
        id: "config-settings",
        title: "Every setting does what it says",
        category: Category::Store,
        needs: &["STORE-012"],
        facts: &[Area::Home],
    },
    explanation: Explanation {
        meaning: "A setting of config.json5 can have a value that it does not take, disagree with the profile that it is about, or be ignored: how long a prompt is cached (cacheControlTtl) is for API keys to choose, and an hour needs the beta extended-cache-ttl-2025-04-11 in the requests. Clawdbot's forms of settings are understood, and rewritten by the next command that writes the file.",
        detection: "Each setting is compared with what it takes, and with the profiles of all agents. It is what `keywright config check` says, but for keys that keywright does not know: they may be another program's.",
        mending: "Set it to what it takes with `keywright config set`, or remove it with `keywright config unset`.",
        false_positives: "A note says what is worth knowing; there may be nothing to mend.",
    },
    run,
};

fn run(facts: &Facts) -> Outcome {
    let settings = &facts.home.settings;
    let wrong = settings.iter().find(|setting| setting.wrong);
    match (wrong, settings.first()) {
        (Some(setting), _) => Outcome::Warn(finding(facts, setting)),
        (None, Some(setting)) => Outcome::Info(finding(facts, setting)),
        (None, None) => Outcome::Pass,
    }
}

fn finding(facts: &Facts, setting: &SettingRemark) -> Finding {
    let SettingRemark {
        key, line, what, ..
    } = setting;
    let place = format!("{}:{line}", facts.home.config.path);
    let alike = |other: &&SettingRemark| other.wrong == setting.wrong && *other != setting;
    let others: Vec<String> = facts
        .home
        .settings
        .iter()
        .filter(alike)
        .map(|other| format!("line {}: {} {}.", other.line, other.key, other.what))
        .collect();
    let detail = if others.is_empty() {
        format!("It stands in line {line}.")
    } else {
        format!("It stands in line {line}. So is {}", others.join(" "))
    };
    let finding = Finding::new(key.as_str(), format!("The setting {key} {what}."))
        .detail(detail)
        .seen("file", place);
    if !setting.wrong {
        return finding.remedy(Remedy::manual("Nothing has to be done").why(
            "It is worth knowing; `keywright config unset` removes a setting that is not wanted.",
        ));
    }
    let word = facts.machine.shell.word(key);
    let finding = finding.impact("It does not do what it says.");
    let finding = match &setting.right {
        Some(right) => finding.remedy(
            Remedy::of(Safety::Manual, "Set it to what holds", true)
                .command(format!("keywright config set {word} {right}"))
                .verify(&["STORE-014"]),
        ),
        None => finding,
    };
    finding.remedy(
        Remedy::of(Safety::Manual, "Remove the setting", true)
            .command(format!("keywright config unset {word}"))
            .verify(&["STORE-014"]),
    )
}
