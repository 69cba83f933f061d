//! Reading: what is not there, and what must be refused.

use super::*;

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
