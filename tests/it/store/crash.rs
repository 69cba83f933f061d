//! What a killed writer leaves behind, and what the next one makes of it.

use super::*;

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
