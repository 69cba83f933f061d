//! Real programs: `sh` and scripts in scratch folders.

use super::*;
use std::os::unix::fs::{PermissionsExt, symlink};

fn environment(folder: &Path) -> Environment {
    Environment::of([("PATH", "/usr/bin:/bin")], folder)
}

fn sh(script: &str, timeout: Duration, output_limit: usize) -> Finished {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let environment = environment(folder.path());
    let spawn = Spawn {
        program: Path::new("/bin/sh"),
        arguments: &["-c", script],
        environment: &environment,
        folder: folder.path(),
        timeout,
        output_limit,
    };
    Processes.run(&spawn).expect("sh starts")
}

const LONG: Duration = Duration::from_mins(1);

#[test]
fn output_code_and_environment() {
    let done = sh("echo out; echo err >&2; exit 7", LONG, 100);
    assert_eq!(done.code, Some(7));
    assert_eq!(done.stdout, b"out\n");
    assert_eq!(done.stderr, b"err\n");
    assert!(!done.timed_out);

    let done = sh("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL=", LONG, 1000);
    assert_eq!(done.stdout, b"PATH=/usr/bin:/bin\n");

    let done = sh("cat; echo end", LONG, 100);
    assert_eq!(done.stdout, b"end\n", "standard input is empty");

    assert_eq!(sh("kill -9 $$", LONG, 100).code, None);
}

#[test]
fn output_beyond_the_limit_is_read_and_dropped() {
    let done = sh(
        "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3",
        LONG,
        1000,
    );
    assert_eq!((done.stdout.len(), done.stderr.len()), (1000, 1000));
    assert_eq!(done.code, Some(3));
}

#[test]
fn the_time_limit_kills_the_whole_group() {
    let done = sh("sleep 600 & echo $!; wait", Duration::from_secs(1), 100);
    assert!(done.timed_out);
    assert_eq!(done.code, None);
    assert!(done.elapsed < LONG);
    assert_gone(&done.stdout);
}

#[test]
fn what_holds_the_pipe_is_killed_at_the_end_too() {
    let done = sh("sleep 600 & echo $!; exit 0", LONG, 100);
    assert!(!done.timed_out);
    assert_eq!(done.code, Some(0));
    assert!(done.elapsed < LONG);
    assert_gone(&done.stdout);
}

#[test]
fn what_left_the_group_is_not_waited_for() {
    let started = Instant::now();
    let script = "command -v setsid >/dev/null || exit 9; setsid sleep 20 & exit 0";
    let done = sh(script, LONG, 100);
    assert!(matches!(done.code, Some(0 | 9)), "{done:?}");
    assert!(started.elapsed() < Duration::from_secs(19));
}

/// The process of that number has ended (or is a zombie that its new parent has yet to reap).
fn assert_gone(number: &[u8]) {
    let number = String::from_utf8_lossy(number).trim().to_owned();
    let deadline = Instant::now() + LONG;
    loop {
        let state = sh(
            &format!(
                "ps -o stat= -p {number} 2>/dev/null || cut -d' ' -f3 /proc/{number}/stat 2>/dev/null"
            ),
            LONG,
            100,
        );
        let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
        if state.is_empty() || state.starts_with('Z') {
            return;
        }
        assert!(Instant::now() < deadline, "{number} still runs: {state}");
    }
}

#[test]
fn what_cannot_start_is_a_missing_program() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let environment = environment(folder.path());
    let script = folder.path().join("script");
    write_program(&script, "#!/nowhere/interpreter\n", 0o755);
    let check = |program: &Path, expected: &str| {
        let spawn = Spawn {
            program,
            arguments: &[],
            environment: &environment,
            folder: folder.path(),
            timeout: LONG,
            output_limit: 10,
        };
        let error = Processes.run(&spawn).expect_err("it cannot start");
        assert_eq!(error.kind(), Kind::MissingProgram);
        assert!(error.message().contains(expected), "{error}");
    };
    check(&folder.path().join("absent"), "there is no program");
    check(&script, "an interpreter that does not exist");
    check(folder.path(), "cannot be executed");
}

fn write_program(path: &Path, text: &str, mode: u32) {
    #[expect(clippy::disallowed_methods, reason = "a test's own scratch file")]
    std::fs::write(path, text).expect("a script");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
}

#[test]
fn finds_each_real_program_once_and_tells_the_unusable() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = |name: &str| folder.path().join(name);
    for name in ["a", "b", "c", "d", "e"] {
        std::fs::create_dir(path(name)).expect("a folder");
    }
    write_program(&path("a/tool"), "#!/bin/sh\n", 0o755);
    symlink("../a/tool", path("b/tool")).expect("a link");
    symlink("../gone", path("c/tool")).expect("a dangling link");
    write_program(&path("d/tool"), "#!/bin/sh\n", 0o644);
    std::fs::create_dir(path("e/tool")).expect("a folder of that name");
    write_program(&path("tool"), "#!/bin/sh\n", 0o755);

    let search = |entries: &[&str]| {
        let entries: Vec<String> = entries
            .iter()
            .map(|entry| match *entry {
                "" => String::new(),
                relative if relative.starts_with('.') => relative.to_owned(),
                name => path(name).display().to_string(),
            })
            .collect();
        Environment::of([("PATH", entries.join(":"))], folder.path())
    };
    let all = search(&["a", "a", "b", "c", "c", "d", "e", "./e", ""]);
    assert_eq!(
        Processes.find_all("tool", &all),
        [path("a/tool"), path("tool")]
    );
    let unusable = Processes.find_unusable("tool", &all);
    let expected = [
        (path("c/tool"), WhyUnusable::Dangling),
        (path("d/tool"), WhyUnusable::NotExecutable),
    ];
    assert_eq!(unusable, expected.map(|(path, why)| Unusable { path, why }));
    let none = Environment::of([("HOME", "/")], folder.path());
    assert_eq!(Processes.find_all("tool", &none), Vec::<PathBuf>::new());
    assert!(Processes.find_unusable("tool", &none).is_empty());
}

#[test]
fn attached_programs_give_the_code_of_a_shell() {
    let environment = environment(Path::new("/"));
    let check = |script: &str, code: u8| {
        let command = ["sh", "-c", script].map(OsString::from);
        let ended = Processes.run_attached(&command, &environment);
        let interrupted = script.contains("INT");
        let expected = Attached { code, interrupted };
        assert_eq!(ended.expect("it starts"), expected, "{script}");
    };
    check("exit 0", 0);
    check("exit 9", 9);
    check("kill -TERM $$", 143);
    check("kill -KILL $$", 137);
    // The signal is meant for the program alone; this process only must not die of it.
    check("kill -INT $PPID; sleep 0.5; exit 5", 5);
    check("exit 0", 0);

    let absent = [OsString::from("no-such-program-anywhere")];
    let error = Processes.run_attached(&absent, &environment);
    assert_eq!(error.expect_err("absent").kind(), Kind::NotFound);
    let folder = [OsString::from("/")];
    let error = Processes.run_attached(&folder, &environment);
    assert_eq!(error.expect_err("a folder").kind(), Kind::Permission);
    assert_eq!(
        Processes
            .run_attached(&[], &environment)
            .expect_err("empty")
            .kind(),
        Kind::Usage
    );
}
