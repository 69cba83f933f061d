//! Saving and removing, with what follows a profile.

#![expect(
    clippy::disallowed_methods,
    reason = "tests build the world that the product reads"
)]

use super::*;
use crate::system::Environment;

const OLD: &str = "sk-ant-api03-OLDOLDOLDOLDOLDOLDOLDOLD0001";
const NEW: &str = "sk-ant-api03-NEWNEWNEWNEWNEWNEWNEWNEW0002";

struct World {
    _folder: tempfile::TempDir,
    system: System,
    home: Home,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let root = folder.path().to_str().expect("text").to_owned();
        let variables = [
            ("HOME", root.as_str()),
            ("KEYWRIGHT_NOW", "2027-01-01T00:00:00Z"),
        ];
        let system = System::with_environment(Environment::of(variables, &root));
        let home = Home::locate(None, &system.environment).expect("a home");
        Self {
            _folder: folder,
            system,
            home,
        }
    }

    fn put(&self, agent: &str, profile: &str, key: &str, replace: Replace) -> Result<Saved> {
        let key = SecretSource::Stored(Secret::new(key));
        let new = Profile::new("anthropic", Credential::ApiKey { key });
        put(
            &self.system,
            &self.home,
            &name(agent),
            id(profile),
            new,
            replace,
        )
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.system.environment.home().expect("a home").join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, text).expect("written");
        path
    }

    fn held(&self, agent: &str) -> Profiles {
        let held = find(&self.system, &self.home, &name(agent)).expect("read");
        held.unwrap_or_default()
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn id(text: &str) -> ProfileId {
    ProfileId::parse(text).expect("an id")
}

fn text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).expect("read")
}

fn line(key: &str) -> String {
    format!("# mine\n# keywright: anthropic:default\nANTHROPIC_API_KEY={key}\n")
}

#[test]
fn a_profile_is_added_kept_refused_and_replaced() {
    let world = World::new();
    let check = |key: &str, replace, expected: Option<Outcome>, writes: bool| {
        let saved = world.put("main", "anthropic:default", key, replace);
        let found = saved.as_ref().map(|saved| saved.outcome).ok();
        assert_eq!(found, expected, "{saved:?}");
        let wrote = saved.is_ok_and(|saved| saved.receipt.transaction.is_some());
        assert_eq!(wrote, writes);
    };
    check(OLD, Replace::Refuse, Some(Outcome::Added), true);
    check(OLD, Replace::Refuse, Some(Outcome::Same), false);
    check(NEW, Replace::Refuse, None, false);
    check(NEW, Replace::Allow, Some(Outcome::Replaced), true);
    let held = world.held("main");
    let profile = held.get(&id("anthropic:default")).expect("held");
    assert_eq!(profile.created_at, Some(1_798_761_600_000));
}

#[test]
fn managed_lines_follow_in_every_file() {
    let world = World::new();
    world
        .put("main", "anthropic:default", OLD, Replace::Refuse)
        .expect("saved");
    let files = [
        world.write(".config/keywright/.env", &line(OLD)),
        world.write(".openclaw/.env", &line(OLD)),
    ];
    let foreign = world.write(".clawdbot/.env", "ANTHROPIC_API_KEY=theirs\n");
    let saved = world
        .put("main", "anthropic:default", NEW, Replace::Allow)
        .expect("saved");
    assert_eq!(saved.receipt.paths.len(), 3, "{saved:?}");
    for file in &files {
        assert_eq!(text(file), line(NEW));
    }
    let ids = [id("anthropic:default")];
    let agent = name("main");
    remove(&world.system, &world.home, &agent, &ids, Purge::Keep).expect("removed");
    for file in &files {
        assert_eq!(text(file), "# mine\n");
    }
    assert_eq!(text(&foreign), "ANTHROPIC_API_KEY=theirs\n");
    undo::undo(&world.system, &world.home, None).expect("undone");
    assert_eq!(text(&files[1]), line(NEW));
    assert!(world.held("main").get(&ids[0]).is_some());
}

#[test]
fn a_line_of_another_agents_profile_stays() {
    let world = World::new();
    let file = world.write(".config/keywright/.env", &line(OLD));
    world.write(".config/keywright/agents/bot/here", "");
    world
        .put("bot", "anthropic:default", NEW, Replace::Refuse)
        .expect("saved");
    assert_eq!(text(&file), line(OLD));
}

#[test]
fn another_kind_of_credential_takes_the_line_away() {
    let world = World::new();
    world
        .put("main", "anthropic:default", OLD, Replace::Refuse)
        .expect("saved");
    let file = world.write(".config/keywright/.env", &line(OLD));
    let token = Credential::Token {
        token: SecretSource::Stored(Secret::new("sk-ant-oat01-made-up")),
        expires: None,
        expires_assumed: false,
    };
    let new = Profile::new("anthropic", token);
    let (agent, id) = (name("main"), id("anthropic:default"));
    put(&world.system, &world.home, &agent, id, new, Replace::Allow).expect("saved");
    assert_eq!(text(&file), "# mine\n");
}

#[test]
fn refusals_create_nothing() {
    let world = World::new();
    let (system, home) = (&world.system, &world.home);
    let ids = [id("anthropic:x")];
    let found = [
        world
            .put("nobody", "anthropic:x", OLD, Replace::Refuse)
            .err(),
        remove(system, home, &name("main"), &ids, Purge::Journal).err(),
        activate(system, home, &name("main"), Some(&name("work"))).err(),
    ];
    for error in found {
        assert_eq!(error.expect("refused").kind(), Kind::NotFound);
    }
    assert!(!home.root().exists());
}

#[test]
fn what_is_inherited_is_not_removed_but_named() {
    let world = World::new();
    world
        .put("main", "anthropic:work", OLD, Replace::Refuse)
        .expect("saved");
    world.write(".config/keywright/agents/bot/here", "");
    let ids = [id("anthropic:work")];
    let agent = name("bot");
    let error = remove(&world.system, &world.home, &agent, &ids, Purge::Keep).expect_err("refused");
    assert!(
        error.message().contains("inherited from the agent main"),
        "{error}"
    );
    assert!(world.held("main").get(&ids[0]).is_some());
}

#[test]
fn an_account_is_used_and_ends_with_its_last_profile() {
    let world = World::new();
    let (system, home, agent) = (&world.system, &world.home, name("main"));
    world
        .put("main", "anthropic:work", OLD, Replace::Refuse)
        .expect("saved");
    let work = name("work");
    let first = activate(system, home, &agent, Some(&work)).expect("activated");
    assert!(first.transaction.is_some());
    let second = activate(system, home, &agent, Some(&work)).expect("activated");
    assert_eq!(second.transaction, None);
    let ids = [id("anthropic:work")];
    let removed = remove(system, home, &agent, &ids, Purge::Journal).expect("removed");
    assert_eq!(removed.ended_account, Some(work));
    assert_eq!(world.held("main").active, None);
    assert!(undo::history(system, home).expect("read").is_empty());
}
