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
