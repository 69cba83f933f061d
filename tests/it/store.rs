//! The store through the library and the binary: bad files, many writers, crashes, modes, undo.

use std::path::{Path, PathBuf};

use keywright::error::Kind;
use keywright::store::journal::State;
use keywright::store::{
    self, Change, Credential, Fingerprint, Home, Name, Profile, ProfileId, Profiles, Receipt,
    SecretSource, undo,
};
use keywright::system::{Environment, Mode, System};
use keywright::{Error, Secret};
use zeroize::Zeroizing;

use crate::support::machine::{Machine, key};

/// A home in a scratch folder, and what the library needs to work in it.
struct Scratch {
    machine: Machine,
    system: System,
    home: Home,
    main: Name,
}

impl Scratch {
    fn new() -> Self {
        let machine = Machine::new();
        let environment = Environment::of(
            machine
                .variables()
                .iter()
                .map(|(name, value)| (name, value)),
            machine.home(),
        );
        let home = Home::locate(None, &environment).expect("a home");
        Self {
            system: System::with_environment(environment),
            home,
            main: Name::parse("main").expect("a name"),
            machine,
        }
    }

    /// Saves a key as a command would.
    fn save(&self, id: &str, tail: &str) -> Result<Receipt, Error> {
        store::update_profiles(&self.system, &self.home, &self.main, "save", |profiles| {
            let key = SecretSource::Stored(Secret::new(key(tail)));
            let profile = Profile::new("anthropic", Credential::ApiKey { key });
            profiles.put(ProfileId::parse(id)?, profile);
            Ok(())
        })
    }

    fn load(&self) -> Result<Option<Profiles>, Error> {
        store::load(&self.system, &self.home, &self.main)
    }

    fn path(&self) -> PathBuf {
        self.home.store(&self.main)
    }

    fn ids(&self) -> Vec<String> {
        let profiles = self.load().expect("read").unwrap_or_default();
        profiles.profiles.keys().map(ToString::to_string).collect()
    }

    fn put(&self, bytes: &[u8]) {
        let path = self.path();
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("written");
    }

    /// Every file below our home, with its content.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.home.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).expect("read");
                    files.push((path, content));
                }
            }
        }
        files.sort();
        files
    }

    fn temporary_files(&self) -> Vec<PathBuf> {
        let temporary = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".tmp")
        };
        let files = self.files().into_iter().map(|(path, _)| path);
        files.filter(|path| temporary(path)).collect()
    }
}

#[test]
fn readers_create_nothing() {
    let scratch = Scratch::new();
    assert!(scratch.load().expect("nothing there").is_none());
    assert_eq!(
        store::pending(&scratch.system, &scratch.home).expect("looked"),
        store::Pending::default()
    );
    assert!(
        undo::history(&scratch.system, &scratch.home)
            .expect("looked")
            .is_empty()
    );
    let error = undo::undo(&scratch.system, &scratch.home, None).expect_err("nothing");
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(
        undo::prune(&scratch.system, &scratch.home, true)
            .expect("nothing")
            .is_empty()
    );
    for arguments in [
        &["history"][..],
        &["history", "--json"],
        &["history", "prune"],
    ] {
        assert_eq!(scratch.machine.run(arguments).code, 0, "{arguments:?}");
    }
    assert_eq!(scratch.machine.run(&["undo"]).code, 1);
    assert!(!scratch.home.root().exists(), "a reader created the home");
}

#[test]
fn agents() {
    let scratch = Scratch::new();
    let bot = Name::parse("bot").expect("a name");
    let error = store::load(&scratch.system, &scratch.home, &bot).expect_err("no such agent");
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(error.message().contains("main"), "{error}");
    std::fs::create_dir_all(scratch.home.agents().join("bot")).expect("a folder");
    std::fs::create_dir_all(scratch.home.agents().join("Not A Name")).expect("a folder");
    assert!(
        store::load(&scratch.system, &scratch.home, &bot)
            .expect("exists")
            .is_none()
    );
    let agents = store::agents(&scratch.system, &scratch.home).expect("listed");
    assert_eq!(
        agents.iter().map(Name::as_str).collect::<Vec<_>>(),
        ["main", "bot"]
    );
    assert!(store::agent_name("defaults").is_err());
}

#[test]
fn bad_stores_are_refused_and_left_alone() {
    let whole = {
        let scratch = Scratch::new();
        scratch.save("anthropic:a", "a1").expect("saved");
        std::fs::read(scratch.path()).expect("read")
    };
    let check = |bytes: &[u8]| {
        let scratch = Scratch::new();
        scratch.put(bytes);
        assert_eq!(scratch.load().expect_err("bad").kind(), Kind::Malformed);
        let error = scratch.save("anthropic:b", "b1").expect_err("bad");
        assert_eq!(error.kind(), Kind::Malformed);
        assert!(!format!("{error:?}").contains("TESTAAA"), "{error:?}");
        assert_eq!(std::fs::read(scratch.path()).expect("read"), bytes);
    };
    // A cut before the last brace; the newline behind it may go.
    for end in [
        0,
        1,
        2,
        whole.len() / 3,
        whole.len() / 2,
        whole.len() - 3,
        whole.len() - 2,
    ] {
        check(&whole[..end]);
    }
    check(b"{\"version\":2,\"profiles\":{}}");
    check(b"{\"version\":1,\"profiles\":{},\"profiles\":{}}");
    check(b"\xff\xfe{\0}\0");
    check(&vec![b' '; store::profiles::SIZE_LIMIT + 1]);
}

#[test]
fn a_store_that_is_no_file() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path()).expect("a folder");
    assert_eq!(
        scratch.load().expect_err("a folder").kind(),
        Kind::Malformed
    );
    assert_eq!(
        scratch
            .save("anthropic:a", "a1")
            .expect_err("a folder")
            .kind(),
        Kind::Malformed
    );
}

#[test]
fn a_home_that_is_a_file() {
    let scratch = Scratch::new();
    scratch.machine.write(".config/keywright", "a file");
    assert_eq!(scratch.load().expect_err("a file").kind(), Kind::Config);
    let error = scratch.save("anthropic:a", "a1").expect_err("a file");
    assert_eq!(error.kind(), Kind::CannotCreate);
    assert_eq!(scratch.machine.run(&["history"]).code, 78);
}

#[test]
fn fifty_writers_lose_nothing() {
    let scratch = Scratch::new();
    let variables = scratch.machine.variables();
    std::thread::scope(|scope| {
        for number in 0..50 {
            let (home, main) = (&scratch.home, &scratch.main);
            scope.spawn(move || {
                let pairs = variables.iter().map(|(name, value)| (name, value));
                let system = System::with_environment(Environment::of(pairs, "/"));
                store::update_profiles(&system, home, main, "save", |profiles| {
                    let key = SecretSource::Stored(Secret::new(key(&format!("{number:02}"))));
                    let profile = Profile::new("anthropic", Credential::ApiKey { key });
                    profiles.put(ProfileId::parse(&format!("anthropic:p{number}"))?, profile);
                    Ok(())
                })
                .expect("saved");
            });
        }
    });
    assert_eq!(scratch.ids().len(), 50);
    assert_eq!(scratch.temporary_files(), [] as [PathBuf; 0]);
    let entries = undo::history(&scratch.system, &scratch.home).expect("listed");
    assert_eq!(entries.len(), 5, "the retention holds");
}

#[test]
fn a_plan_that_is_out_of_date_is_a_conflict() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    let seen = store::read(&scratch.system, &scratch.home, &scratch.main).expect("read");
    scratch.save("anthropic:b", "b1").expect("saved");
    let bytes = seen.profiles.render().expect("rendered");
    let change = Change::write(
        scratch.path(),
        seen.fingerprint,
        Zeroizing::new(b"x".to_vec()),
    );
    let commit = |change| store::commit(&scratch.system, &scratch.home, "late", vec![change]);
    assert_eq!(commit(change).expect_err("changed").kind(), Kind::Conflict);
    let change = Change::write(scratch.path(), None, bytes);
    assert_eq!(
        commit(change).expect_err("it is there").kind(),
        Kind::Conflict
    );
    assert_eq!(scratch.ids(), ["anthropic:a", "anthropic:b"]);
}

#[test]
fn the_same_again_is_no_transaction() {
    let scratch = Scratch::new();
    assert!(
        scratch
            .save("anthropic:a", "a1")
            .expect("saved")
            .transaction
            .is_some()
    );
    let receipt = scratch.save("anthropic:a", "a1").expect("saved");
    assert_eq!((receipt.transaction, receipt.paths.len()), (None, 0));
}

#[test]
fn a_failed_file_takes_the_others_back() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    let before = std::fs::read(scratch.path()).expect("read");
    let write = |path: PathBuf, before: Option<&[u8]>| {
        let before = before.map(Fingerprint::of);
        Change::write(path, before, Zeroizing::new(b"new".to_vec()))
    };
    let new_file = scratch.home.env_file();
    let changes = vec![
        write(scratch.path(), Some(&before)),
        write(new_file.clone(), None),
        write(scratch.machine.folder().join("no/such/folder/x"), None),
    ];
    let error = store::commit(&scratch.system, &scratch.home, "three", changes);
    assert_eq!(error.expect_err("no folder").kind(), Kind::CannotCreate);
    assert_eq!(std::fs::read(scratch.path()).expect("read"), before);
    assert!(!new_file.exists());
    assert_eq!(scratch.temporary_files(), [] as [PathBuf; 0]);
    let pending = store::pending(&scratch.system, &scratch.home).expect("looked");
    assert!(pending.unfinished.is_empty());
}

/// The states that a killed writer can leave, made on disk: an unfinished entry of two files, of
/// which `written` are new already.
fn killed(written: usize) -> (Scratch, [PathBuf; 2]) {
    let scratch = Scratch::new();
    scratch.put(b"old store");
    let files = [scratch.path(), scratch.home.env_file()];
    std::fs::write(&files[1], "old env").expect("written");
    let changes = files
        .iter()
        .zip(["old store", "old env"])
        .map(|(path, before)| Change {
            path: path.clone(),
            before: Some(Fingerprint::of(before.as_bytes())),
            after: Some(Zeroizing::new(b"new".to_vec())),
            mode: Mode::Private,
        })
        .collect();
    let receipt = store::commit(&scratch.system, &scratch.home, "two files", changes);
    let id = receipt.expect("done").transaction.expect("an id");
    let journal = scratch.home.journal();
    std::fs::rename(
        journal.join(format!("{id}.done.json")),
        journal.join(format!("{id}.pending.json")),
    )
    .expect("renamed");
    for (path, before) in files.iter().zip(["old store", "old env"]).skip(written) {
        std::fs::write(path, before).expect("written");
    }
    // What it was writing just then.
    let beside = files[written.min(1)]
        .parent()
        .expect("a folder")
        .to_path_buf();
    std::fs::write(beside.join(format!(".keywright-{id}.x1.tmp")), "half").expect("written");
    std::fs::write(journal.join(".keywright-.x2.tmp"), "half").expect("written");
    (scratch, files)
}

#[test]
fn a_killed_writer_is_taken_back_or_finished() {
    for written in 0..=2 {
        let (scratch, files) = killed(written);
        let pending = store::pending(&scratch.system, &scratch.home).expect("looked");
        assert_eq!(pending.unfinished.len(), 1);
        assert_eq!(scratch.temporary_files().len(), 2, "readers leave them");
        let entries = undo::history(&scratch.system, &scratch.home).expect("listed");
        assert_eq!(entries[0].state, State::Pending);
        store::update(&scratch.system, &scratch.home, "nothing", || Ok(Vec::new())).expect("done");
        let content = files.map(|path| std::fs::read_to_string(path).expect("read"));
        let expected = if written == 2 {
            ["new", "new"]
        } else {
            ["old store", "old env"]
        };
        assert_eq!(content, expected, "{written} written");
        assert_eq!(scratch.temporary_files(), [] as [PathBuf; 0]);
        let pending = store::pending(&scratch.system, &scratch.home).expect("looked");
        assert!(pending.unfinished.is_empty());
        let entries = undo::history(&scratch.system, &scratch.home).expect("listed");
        assert_eq!(entries.len(), usize::from(written == 2));
    }
}

#[test]
fn recovery_leaves_what_somebody_else_changed() {
    let (scratch, files) = killed(1);
    std::fs::write(&files[1], "edited by hand").expect("written");
    store::update(&scratch.system, &scratch.home, "nothing", || Ok(Vec::new())).expect("done");
    let content = files.map(|path| std::fs::read_to_string(path).expect("read"));
    assert_eq!(content, ["old store", "edited by hand"]);
    let entries = undo::history(&scratch.system, &scratch.home).expect("listed");
    assert_eq!(
        entries.len(),
        1,
        "the former content of the other file is kept"
    );
}

#[test]
fn a_damaged_unfinished_entry_stops_writers() {
    let (scratch, _) = killed(1);
    let journal = scratch.home.journal();
    let entries = std::fs::read_dir(&journal).expect("listed");
    for entry in entries.map(|entry| entry.expect("an entry").path()) {
        std::fs::write(entry, "{").expect("written");
    }
    let error = scratch.save("anthropic:a", "a1").expect_err("damaged");
    assert_eq!(error.kind(), Kind::Malformed);
    assert!(
        error
            .path_text()
            .is_some_and(|path| path.ends_with(".pending.json"))
    );
}

#[test]
fn undo_and_back() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    let machine = &scratch.machine;
    let ended = machine.run(&["undo", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report = ended.json();
    assert_eq!(report["schemaVersion"], 1);
    assert_eq!(report["files"][0]["action"], "restored");
    assert_eq!(scratch.ids(), ["anthropic:a"]);
    let redo = report["transaction"].as_str().expect("an id").to_owned();
    assert_eq!(machine.run(&["undo", &redo]).code, 0);
    assert_eq!(scratch.ids(), ["anthropic:a", "anthropic:b"]);
    let first = undo::history(&scratch.system, &scratch.home).expect("listed")[0]
        .id
        .clone();
    let refused = machine.run(&["undo", &first]);
    assert_eq!(refused.code, 1, "the file changed since: {refused:?}");
    assert!(refused.stderr.contains("changed since"), "{refused:?}");
    assert_eq!(machine.run(&["undo", "no-such"]).code, 1);
}

#[test]
fn undo_walks_back_to_nothing() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    for expected in [&["anthropic:a"][..], &[]] {
        assert_eq!(scratch.machine.run(&["undo"]).code, 0);
        assert_eq!(scratch.ids(), expected);
    }
    assert!(!scratch.path().exists(), "what was created is gone");
    assert_eq!(scratch.machine.run(&["undo"]).code, 1);
}

#[test]
fn undo_refuses_what_was_edited_since() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    let edited = b"{\"version\":1,\"profiles\":{}}";
    scratch.put(edited);
    let ended = scratch.machine.run(&["undo", "--json"]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.json()["error"]["code"], "conflict");
    assert_eq!(std::fs::read(scratch.path()).expect("read"), edited);
}

#[test]
fn history_says_what_it_still_holds() {
    let scratch = Scratch::new();
    for number in 0..7 {
        scratch
            .save("anthropic:a", &format!("0{number}"))
            .expect("saved");
    }
    let holds = |tail: &str| {
        let secret = key(tail).into_bytes();
        let holds = |content: &[u8]| content.windows(secret.len()).any(|part| part == secret);
        let files = scratch.files();
        let journal = scratch.home.journal();
        files
            .iter()
            .any(|(path, content)| path.starts_with(&journal) && holds(content))
    };
    assert!(holds("05"), "what the last change replaced");
    assert!(!holds("00"), "older than five changes");
    let ended = scratch.machine.run(&["history"]);
    assert_eq!(
        ended
            .stdout
            .lines()
            .filter(|line| line.contains("  save"))
            .count(),
        5
    );
    assert!(ended.stderr.contains("prune"), "{ended:?}");
    let report = scratch.machine.run(&["history", "--json"]).json();
    assert_eq!(report["entries"].as_array().map(Vec::len), Some(5));
    assert_eq!(report["holdsFormerContent"], true);
    assert_eq!(report["entries"][0]["state"], "done");
    let whole = format!("{}{}{report}", ended.stdout, ended.stderr);
    assert!(!whole.contains("TESTAAA"), "a secret is shown");
    let pruned = scratch
        .machine
        .run(&["history", "prune", "--all", "--json"])
        .json();
    assert_eq!(pruned["removed"].as_array().map(Vec::len), Some(5));
    assert!(!holds("05"));
    assert_eq!(scratch.ids(), ["anthropic:a"]);
}

#[test]
fn a_moved_home_can_still_be_undone() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    let moved = scratch.machine.home().join("elsewhere");
    std::fs::rename(scratch.home.root(), &moved).expect("moved");
    let home = moved.display().to_string();
    assert_eq!(scratch.machine.run(&["undo", "--home", &home]).code, 0);
    assert!(!moved.join("agents/main/auth-profiles.json").exists());
    assert!(!scratch.home.root().exists());
}

#[test]
fn old_entries_are_forgotten() {
    let mut machine = Machine::new();
    let home = |machine: &Machine, now: &str| {
        let mut scratch = Scratch::new();
        let pairs = machine
            .variables()
            .iter()
            .map(|(name, value)| (name, value));
        let mut environment = Environment::of(pairs, "/");
        environment.set("KEYWRIGHT_NOW", now);
        scratch.home = Home::locate(None, &environment).expect("a home");
        scratch.system = System::with_environment(environment);
        scratch
    };
    home(&machine, "2026-11-01T00:00:00Z")
        .save("anthropic:a", "a1")
        .expect("saved");
    let later = home(&machine, "2026-11-07T00:00:00Z");
    later.save("anthropic:a", "a2").expect("saved");
    let count = |scratch: &Scratch| {
        let entries = undo::history(&scratch.system, &scratch.home);
        entries.expect("listed").len()
    };
    assert_eq!(count(&later), 2);
    let last = home(&machine, "2026-11-08T00:00:01Z");
    last.save("anthropic:a", "a3").expect("saved");
    assert_eq!(count(&last), 2);
    machine.set("KEYWRIGHT_NOW", "2026-11-20T00:00:00Z");
    assert_eq!(machine.run(&["history", "prune"]).code, 0);
    assert_eq!(count(&last), 0);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("there").mode() & 0o777
    }

    #[test]
    fn everything_is_private() {
        let scratch = Scratch::new();
        scratch.save("anthropic:a", "a1").expect("saved");
        for (path, _) in scratch.files() {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            for folder in path
                .ancestors()
                .take_while(|f| f.starts_with(scratch.home.root()))
                .skip(1)
            {
                assert_eq!(mode(folder), 0o700, "{}", folder.display());
            }
        }
    }

    /// The binary under a umask, since that of this process belongs to all tests.
    #[test]
    fn the_umask_has_no_say() {
        for umask in ["000", "022", "077", "277"] {
            let scratch = Scratch::new();
            scratch.save("anthropic:a", "a1").expect("saved");
            let script = format!("umask {umask} && exec \"$0\" undo");
            let mut command = scratch.machine.command("/bin/sh");
            command.args(["-c", &script, crate::support::machine::KEYWRIGHT]);
            assert!(
                command.output().expect("it runs").status.success(),
                "{umask}"
            );
            for (path, _) in scratch.files() {
                assert_eq!(mode(&path), 0o600, "{umask} {}", path.display());
            }
        }
    }

    #[test]
    fn links_are_followed_and_stay() {
        let scratch = Scratch::new();
        let real = scratch.machine.folder().join("dotfiles");
        std::fs::create_dir_all(real.join("agents/main")).expect("folders");
        std::fs::create_dir_all(scratch.home.root().parent().expect("one")).expect("folders");
        symlink(&real, scratch.home.root()).expect("a link");
        let target = scratch.machine.folder().join("the-store.json");
        symlink(&target, scratch.path()).expect("a link");
        scratch.save("anthropic:a", "a1").expect("saved");
        scratch.save("anthropic:b", "b1").expect("saved");
        assert!(scratch.path().is_symlink() && scratch.home.root().is_symlink());
        assert_eq!(mode(&target), 0o600);
        assert_eq!(scratch.ids(), ["anthropic:a", "anthropic:b"]);
        assert_eq!(scratch.machine.run(&["undo"]).code, 0);
        assert!(scratch.path().is_symlink());
        assert_eq!(scratch.ids(), ["anthropic:a"]);
    }

    #[test]
    fn folders_that_exist_keep_their_modes() {
        let scratch = Scratch::new();
        std::fs::create_dir_all(scratch.home.root()).expect("folders");
        std::fs::set_permissions(scratch.home.root(), PermissionsExt::from_mode(0o755))
            .expect("chmod");
        scratch.save("anthropic:a", "a1").expect("saved");
        assert_eq!(mode(scratch.home.root()), 0o755);
        assert_eq!(mode(&scratch.home.state()), 0o700);
    }

    #[test]
    fn a_pipe_is_refused_at_once() {
        let scratch = Scratch::new();
        scratch.put(b"");
        std::fs::remove_file(scratch.path()).expect("removed");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            scratch.path(),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .expect("a pipe");
        assert_eq!(scratch.load().expect_err("a pipe").kind(), Kind::Malformed);
        assert_eq!(
            scratch
                .save("anthropic:a", "a1")
                .expect_err("a pipe")
                .kind(),
            Kind::Malformed
        );
    }
}
