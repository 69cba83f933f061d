//! Accounts: the profiles that share the part after the colon. Pure.

use super::name::{Name, ProfileId};
use super::profile::Profile;
use super::profiles::Profiles;
use super::sources::Sources;

/// The part before the colon of an account's Claude Code login.
pub const LOGIN: &str = "claude-cli";

/// The profiles of one name.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    pub name: &'a str,
    /// Sorted by their ids; never empty.
    pub members: Vec<Member<'a>>,
}

/// A profile of an account.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub id: &'a ProfileId,
    pub profile: &'a Profile,
    /// It stands in the store of `main`, not in the agent's own.
    pub inherited: bool,
}

impl<'a> Account<'a> {
    /// The profile for a provider, which is no login.
    #[must_use]
    pub fn key(&self, provider: &str) -> Option<Member<'a>> {
        let mut members = self.members.iter().copied();
        members.find(|member| member.profile.provider == provider && member.is_key())
    }

    /// When the first of its profiles was made, in milliseconds since 1970.
    #[must_use]
    pub fn created_at(&self) -> Option<i64> {
        let times = self.members.iter();
        times.filter_map(|member| member.profile.created_at).min()
    }
}

impl Member<'_> {
    /// It is a credential of its own, not a login of Claude Code.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.profile.credential.kind() != "oauth"
    }
}

/// Every account, by name. An inherited profile counts where the agent has none under its id.
#[must_use]
pub fn all(sources: &Sources) -> Vec<Account<'_>> {
    grouped(members(sources.own.as_ref(), sources.inherited.as_ref()))
}

/// The account of that name.
#[must_use]
pub fn find<'a>(sources: &'a Sources, name: &Name) -> Option<Account<'a>> {
    let members = members(sources.own.as_ref(), sources.inherited.as_ref());
    grouped(members.filter(|member| member.id.name() == name.as_str())).pop()
}

fn grouped<'a>(members: impl Iterator<Item = Member<'a>>) -> Vec<Account<'a>> {
    let mut members: Vec<Member<'_>> = members.collect();
    members.sort_unstable_by_key(|member| (member.id.name(), member.id.provider()));
    let groups = members.chunk_by(|one, other| one.id.name() == other.id.name());
    groups
        .map(|group| Account {
            name: group[0].id.name(),
            members: group.to_vec(),
        })
        .collect()
}

fn members<'a>(
    own: Option<&'a Profiles>,
    inherited: Option<&'a Profiles>,
) -> impl Iterator<Item = Member<'a>> {
    let hidden = move |id: &ProfileId| own.is_some_and(|own| own.get(id).is_some());
    let member = |inherited| {
        move |(id, profile): (&'a ProfileId, &'a Profile)| Member {
            id,
            profile,
            inherited,
        }
    };
    let all = inherited.into_iter().flat_map(|store| &store.profiles);
    let inherited = all.filter(move |(id, _)| !hidden(id)).map(member(true));
    let own = own.into_iter().flat_map(|store| &store.profiles);
    own.map(member(false)).chain(inherited)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn store(ids: &[&str]) -> Profiles {
        let profiles: Vec<String> = ids
            .iter()
            .map(|id| {
                let kind = if id.starts_with(LOGIN) {
                    r#""type":"oauth","provider":"anthropic","source":"claude-cli""#
                } else {
                    r#""type":"api_key","key":"k""#
                };
                format!(r#""{id}":{{{kind},"createdAt":{}}}"#, id.len())
            })
            .collect();
        let text = format!(r#"{{"version":1,"profiles":{{{}}}}}"#, profiles.join(","));
        Profiles::parse(&text, Path::new("store.json")).expect("a store")
    }

    #[test]
    fn profiles_are_gathered_by_the_part_after_the_colon() {
        let own = store(&["openai:b", "claude-cli:a", "anthropic:a", "anthropic:b2"]);
        let main = store(&["anthropic:a", "bedrock:b"]);
        let accounts = grouped(members(Some(&own), Some(&main)));
        let shown: Vec<String> = accounts
            .iter()
            .map(|account| {
                let ids = account.members.iter();
                let ids = ids.map(|m| format!("{}{}", m.id, if m.inherited { "*" } else { "" }));
                format!("{}: {}", account.name, ids.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a: anthropic:a claude-cli:a",
                "b: bedrock:b* openai:b",
                "b2: anthropic:b2"
            ]
        );
        let a = &accounts[0];
        assert_eq!(a.created_at(), Some(11));
        let key = a.key("anthropic").map(|member| member.id.as_str());
        assert_eq!(key, Some("anthropic:a"));
        assert!(a.key("bedrock").is_none());
        assert!(grouped(members(None, None)).is_empty());
    }
}
