//! The checks: one file per check or small family, one line each in [`ALL`]. To add one, copy a
//! file, list it twice below (`mod` and [`ALL`]), and give it fixtures; a test says what is missing.

mod access;
mod api;
mod aws_access;
mod aws_local;
mod aws_region;
mod aws_sign_on;
mod aws_source;
mod aws_verdict;
mod claude_files;
mod claude_found;
mod claude_helper;
mod claude_identity;
mod claude_installs;
mod claude_onboarded;
mod claude_platform;
mod claude_runs;
mod claude_shadowed;
mod claude_version;
mod clock;
mod config_form;
mod config_settings;
mod environment_empty;
mod environment_endpoint;
mod environment_exposed;
mod environment_inherited;
mod environment_slots;
mod environment_sources;
mod environment_values;
mod history_keys;
mod ignored_findings;
mod journal_secrets;
mod key_shape;
mod keychain;
mod left_copies;
mod login;
mod login_access;
mod managed_line;
mod network;
mod order_known;
mod profile_eligible;
mod profile_ending;
mod profiles_accepted;
mod profiles_rest;
mod reference_resolves;
mod store_access;
mod store_form;
mod store_unfinished;
mod store_usable;
mod terminal_browser;
mod terminal_kind;
mod terminal_streams;
mod terminal_width;
mod token_age;
mod token_elsewhere;
mod token_shape;

#[cfg(test)]
mod fixtures;

use super::check::Check;

/// Every check, in the order of their codes.
pub const ALL: &[&Check] = &[
    &api::ACCEPTED,
    &api::AUTHENTICATED,
    &api::PERMITTED,
    &api::PAID,
    &api::ORGANIZATION,
    &api::SUBSCRIPTION,
    &api::EVERYWHERE,
    &api::AVAILABLE,
    &api::MODEL,
    &profiles_accepted::CHECK,
    &aws_region::CHECK,
    &aws_source::CHECK,
    &aws_local::PROFILE,
    &aws_local::SHAPE,
    &aws_local::BEARER,
    &aws_access::CHECK,
    &aws_verdict::IDENTITY,
    &aws_sign_on::CHECK,
    &aws_verdict::ALLOWED,
    &aws_verdict::FORM,
    &aws_verdict::ENTITLED,
    &aws_verdict::INTRODUCED,
    &aws_verdict::CURRENT,
    &aws_verdict::SERVED,
    &aws_local::PRESENT,
    &claude_files::STATE,
    &claude_files::SETTINGS,
    &claude_files::FOLDER,
    &claude_identity::CHECK,
    &claude_files::MANAGED,
    &claude_helper::CHECK,
    &clock::CHECK,
    &claude_found::CHECK,
    &claude_installs::CHECK,
    &claude_runs::CHECK,
    &claude_version::CHECK,
    &claude_shadowed::CHECK,
    &claude_platform::CHECK,
    &claude_onboarded::CHECK,
    &store_access::CHECK,
    &login::READABLE,
    &login_access::CHECK,
    &login::RENEWABLE,
    &login::ALIVE,
    &login::FILLED,
    &login::OWN,
    &login::INFERENCE,
    &keychain::ONE,
    &keychain::UNLOCKED,
    &key_shape::CHECK,
    &token_shape::CHECK,
    &token_elsewhere::CHECK,
    &token_age::CHECK,
    &left_copies::CHECK,
    &history_keys::CHECK,
    &environment_sources::CHECK,
    &environment_slots::CHECK,
    &environment_values::CHECK,
    &environment_endpoint::CHECK,
    &environment_empty::CHECK,
    &environment_exposed::CHECK,
    &environment_inherited::CHECK,
    &network::REACHED,
    &network::TRUSTED,
    &network::DIRECT,
    &store_form::CHECK,
    &store_unfinished::CHECK,
    &profile_ending::ENDED,
    &profile_ending::ENDING,
    &profile_eligible::CHECK,
    &reference_resolves::CHECK,
    &order_known::CHECK,
    &journal_secrets::CHECK,
    &store_usable::CHECK,
    &profiles_rest::CHECK,
    &managed_line::CHECK,
    &config_form::CHECK,
    &ignored_findings::CHECK,
    &config_settings::CHECK,
    &terminal_streams::CHECK,
    &terminal_width::CHECK,
    &terminal_kind::CHECK,
    &terminal_browser::CHECK,
];

/// The check of that code or id, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Check> {
    let name = name.trim();
    ALL.iter().copied().find(|check| {
        check.meta.code.eq_ignore_ascii_case(name) || check.meta.id.eq_ignore_ascii_case(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_is_registered() {
        let text = include_str!("mod.rs");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/doctor/checks");
        for entry in folder.read_dir().expect("the folder of this file") {
            let name = entry.expect("an entry").file_name();
            let name = name.to_string_lossy();
            let Some(name) = name.strip_suffix(".rs").filter(|name| *name != "mod") else {
                continue;
            };
            assert!(text.contains(&format!("\nmod {name};\n")), "{name}");
            assert!(text.contains(&format!("\n    &{name}::")), "{name}");
        }
    }

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<_> = ALL.iter().map(|check| check.meta.code).collect();
        assert!(codes.is_sorted(), "{codes:?}");
        let ids: BTreeSet<_> = ALL.iter().map(|check| check.meta.id).collect();
        let unique: BTreeSet<_> = codes.iter().collect();
        assert_eq!((unique.len(), ids.len()), (ALL.len(), ALL.len()));
        for check in ALL {
            let family = check.meta.category.id().to_uppercase();
            assert!(check.meta.code.starts_with(&family), "{}", check.meta.code);
        }
    }

    #[test]
    fn needs_name_checks() {
        for check in ALL {
            for need in check.meta.needs {
                assert!(find(need).is_some(), "{} needs {need}", check.meta.code);
            }
        }
    }
}
