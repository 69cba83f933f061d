//! Modes, links and pipes.

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
        std::fs::remove_file(scratch.home.lock()).expect("removed");
        assert!(command.output().is_ok());
        assert_eq!(mode(&scratch.home.lock()), 0o600, "{umask}");
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
    std::fs::set_permissions(scratch.home.root(), PermissionsExt::from_mode(0o755)).expect("chmod");
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

#[test]
fn a_file_that_others_can_read_is_closed_even_when_its_bytes_stay() {
    let scratch = Scratch::new();
    scratch.save("anthropic:a", "a1").expect("saved");
    scratch.save("anthropic:b", "b1").expect("saved");
    let bytes = std::fs::read(scratch.path()).expect("read");
    std::fs::set_permissions(scratch.path(), PermissionsExt::from_mode(0o644)).expect("chmod");
    let again = scratch.save("anthropic:b", "b1").expect("saved");
    assert!(again.transaction.is_some());
    assert_eq!(mode(&scratch.path()), 0o600);
    assert_eq!(std::fs::read(scratch.path()).expect("read"), bytes);
    let again = scratch.save("anthropic:b", "b1").expect("saved");
    assert_eq!(again.transaction, None);
    for left in [&["anthropic:a", "anthropic:b"][..], &["anthropic:a"]] {
        assert_eq!(scratch.machine.run(&["undo"]).code, 0);
        assert_eq!(scratch.ids(), left);
        assert_eq!(mode(&scratch.path()), 0o600);
    }
}

/// A change of modes, of a file and with a folder, cut off after each of its steps.
#[test]
fn modes_and_folders_are_taken_back_or_finished() {
    use keywright::store::{Changes, FolderChange, ModeChange};
    for done in 0..=4 {
        let scratch = Scratch::new();
        scratch.put(b"store");
        let folder = scratch.machine.home().join("new.d");
        let (made, home) = (folder.join("made.conf"), scratch.home.root().to_path_buf());
        let modes = [(scratch.path(), 0o644, 0o600), (home, 0o755, 0o700)];
        for (path, before, _) in &modes {
            set_mode(path, *before);
        }
        let mut changes: Changes = vec![Change {
            path: made.clone(),
            before: None,
            after: Some(Zeroizing::new(b"made".to_vec())),
            mode: Mode::Exact(0o640),
        }]
        .into();
        changes.surroundings.folders.push(FolderChange {
            path: folder.clone(),
            made: true,
        });
        let change = |(path, before, after): &(PathBuf, u32, u32)| ModeChange {
            path: path.clone(),
            before: *before,
            after: *after,
        };
        changes.surroundings.modes.extend(modes.iter().map(change));
        let receipt = store::commit_all(&scratch.system, &scratch.home, "modes", changes);
        let id = receipt.expect("done").transaction.expect("an id");
        assert_eq!(mode(&made), 0o640);
        let journal = scratch.home.journal();
        let name = |state: &str| journal.join(format!("{id}.{state}.json"));
        std::fs::rename(name("done"), name("pending")).expect("renamed");
        // What was not reached: the folder, the file, and one mode after the other.
        for (path, before, _) in modes.iter().skip(done.max(2) - 2) {
            set_mode(path, *before);
        }
        if done < 2 {
            std::fs::remove_file(&made).expect("removed");
        }
        if done < 1 {
            std::fs::remove_dir(&folder).expect("removed");
        }
        store::update(&scratch.system, &scratch.home, "nothing", || Ok(Vec::new())).expect("done");
        let whole = done == 4;
        for (path, before, after) in &modes {
            let expected = if whole { *after } else { *before };
            assert_eq!(mode(path), expected, "{done} done: {}", path.display());
        }
        assert_eq!(made.exists(), whole, "{done} done");
        assert_eq!(folder.exists(), whole, "{done} done");
        if whole {
            assert_eq!(scratch.machine.run(&["undo"]).code, 0);
            assert_eq!(mode(&modes[1].0), 0o755);
            assert!(!folder.exists(), "taken back");
            assert_eq!(scratch.machine.run(&["history"]).code, 0);
        }
    }
}

#[test]
fn undo_refuses_a_mode_that_somebody_changed() {
    use keywright::store::{Changes, ModeChange};
    let scratch = Scratch::new();
    scratch.put(b"store");
    set_mode(&scratch.path(), 0o644);
    let mut changes = Changes::default();
    changes.surroundings.modes.push(ModeChange {
        path: scratch.path(),
        before: 0o644,
        after: 0o600,
    });
    let stale = changes.clone();
    store::commit_all(&scratch.system, &scratch.home, "modes", changes).expect("done");
    let refused = store::commit_all(&scratch.system, &scratch.home, "modes", stale);
    assert_eq!(
        refused.expect_err("not 644 any more").kind(),
        Kind::Conflict
    );
    set_mode(&scratch.path(), 0o400);
    let ended = scratch.machine.run(&["undo"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("changed"), "{ended:?}");
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
}
