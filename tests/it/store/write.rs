//! Writing: many at once, plans that are out of date, failures half-way.

use super::*;

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
