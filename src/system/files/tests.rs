use super::*;

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn put(path: &Path, bytes: &[u8]) {
    Files
        .write_atomic(path, bytes, Mode::Private)
        .expect("written");
}

#[test]
fn reads_are_bounded() {
    let folder = scratch();
    let path = folder.path().join("a");
    assert!(Files.read(&path, 3).expect("nothing there").is_none());
    put(&path, b"abc");
    assert_eq!(
        Files.read(&path, 3).expect("fits").as_deref(),
        Some(&b"abc".to_vec())
    );
    assert_eq!(
        Files.read(&path, 2).expect_err("too long").kind(),
        Kind::Malformed
    );
    let folder_error = Files.read(folder.path(), 9).expect_err("a folder");
    assert_eq!(folder_error.kind(), Kind::Malformed);
    let below = Files.read(&path.join("b"), 9).expect_err("a is a file");
    assert_eq!(below.kind(), Kind::Config);
}

#[test]
fn text_drops_a_byte_order_mark_only_when_asked() {
    let folder = scratch();
    let path = folder.path().join("a");
    put(&path, b"\xef\xbb\xbfhi");
    let text = Files.read_text(&path, 9).expect("text").expect("there");
    assert_eq!(text.as_str(), "hi");
    let whole = Files
        .read_whole_text(&path, 9)
        .expect("text")
        .expect("there");
    assert_eq!(whole.as_str(), "\u{feff}hi");
    put(&path, b"ok \xff secret");
    let error = Files.read_text(&path, 99).expect_err("not UTF-8");
    assert_eq!(error.kind(), Kind::Malformed);
    assert!(!error.to_string().contains("secret"));
}

#[test]
fn nothing_temporary_stays() {
    let folder = scratch();
    put(&folder.path().join("a"), b"1");
    put(&folder.path().join("a"), b"2");
    std::fs::create_dir(folder.path().join("d")).expect("a folder");
    let refused = Files.write_atomic(&folder.path().join("d"), b"3", Mode::Private);
    assert_eq!(refused.expect_err("a folder").kind(), Kind::Malformed);
    assert_eq!(Files.list(folder.path()).expect("listed"), ["a", "d"]);
}

#[test]
fn a_missing_folder_is_named() {
    let folder = scratch();
    let path = folder.path().join("no/a");
    let error = Files
        .write_atomic(&path, b"1", Mode::Private)
        .expect_err("no folder");
    assert_eq!(error.kind(), Kind::CannotCreate);
    assert_eq!(error.path_text(), Some(path.display().to_string()));
    assert!(!error.to_string().contains(TEMPORARY_PREFIX), "{error}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        Files.entry(path).expect("looked").expect("there").mode
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");
    }

    #[test]
    fn modes() {
        let folder = scratch();
        let path = folder.path().join("a");
        put(&path, b"1");
        assert_eq!(mode(&path), 0o600);
        chmod(&path, 0o640);
        Files.write_atomic(&path, b"2", Mode::Keep).expect("kept");
        assert_eq!(mode(&path), 0o640);
        put(&path, b"3");
        assert_eq!(mode(&path), 0o600);
        let new = folder.path().join("b");
        Files.write_atomic(&new, b"4", Mode::Keep).expect("new");
        assert_eq!(mode(&new), 0o600);
        let deep = folder.path().join("x/y");
        Files.create_private_folder(&deep).expect("folders");
        assert_eq!(
            (mode(&deep), mode(&folder.path().join("x"))),
            (0o700, 0o700)
        );
    }

    #[test]
    fn links_stay_links() {
        let folder = scratch();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        symlink("real", &link).expect("a link");
        put(&link, b"through a dangling link");
        put(&link, b"and again");
        assert_eq!(
            Files.entry(&link).expect("looked").expect("there").kind,
            EntryKind::Symlink
        );
        assert_eq!(
            Files.read(&real, 99).expect("read").as_deref(),
            Some(&b"and again".to_vec())
        );
        Files.remove(&link).expect("removed");
        assert!(Files.entry(&real).expect("looked").is_none());
        assert!(Files.entry(&link).expect("looked").is_some());
        let circle = folder.path().join("circle");
        symlink("circle", &circle).expect("a link");
        let error = Files
            .write_atomic(&circle, b"", Mode::Private)
            .expect_err("a circle");
        assert_eq!(error.kind(), Kind::Io);
    }

    #[test]
    fn a_pipe_is_refused_at_once() {
        let folder = scratch();
        let path = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .expect("a FIFO");
        assert_eq!(
            Files.read(&path, 9).expect_err("a pipe").kind(),
            Kind::Malformed
        );
        let write = Files.write_atomic(&path, b"1", Mode::Private);
        assert_eq!(write.expect_err("a pipe").kind(), Kind::Malformed);
        assert_eq!(
            Files.open_lock(&path).expect_err("a pipe").kind(),
            Kind::Malformed
        );
    }
}
