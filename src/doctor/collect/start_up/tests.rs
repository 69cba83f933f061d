//! Which session reads what, on whole scratch homes.

use super::*;
use crate::system::Environment;

const SET: &str = "export AWS_PROFILE=x\n";

/// The sessions that would have the variable: `l`ogin, login for one `c`ommand, `i`nteractive,
/// `s`cript, command over SSH `r`.
fn sessions(shell: Shell, files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for (path, text) in files {
        write(&folder.path().join(path), text);
    }
    let home = folder.path().join("home");
    let environment = Environment::of([("HOME", home.as_os_str())], "/");
    let system = System {
        root: folder.path().to_path_buf(),
        ..System::with_environment(environment)
    };
    let found = collect(&system, shell);
    let has = |read_by| found.for_session("AWS_PROFILE", read_by).is_some();
    let kinds = [
        ('l', has(|s| s.login)),
        ('c', has(|s| s.login_command)),
        ('i', has(|s| s.interactive)),
        ('s', has(|s| s.command)),
        ('r', has(|s| s.ssh)),
    ];
    let named = kinds.iter().filter(|(_, has)| *has);
    named.map(|(kind, _)| kind).collect()
}

#[expect(clippy::disallowed_methods, reason = "makes a scratch home")]
fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    std::fs::write(path, text).expect("a file");
}

#[test]
fn who_reads_a_file() {
    let check = |shell, path: &str, expected: &str| {
        assert_eq!(sessions(shell, &[(path, SET)]), expected, "{path}");
    };
    use Shell::{Bash, Fish, Zsh};
    check(Bash, "etc/environment", "lcisr");
    check(Bash, "etc/profile", "lc");
    check(Bash, "etc/profile.d/x.sh", "lc");
    check(Bash, "etc/profile.d/x.txt", "");
    check(Bash, "etc/bash.bashrc", "i");
    check(Bash, "home/.bash_profile", "lc");
    check(Bash, "home/.profile", "lc");
    check(Bash, "home/.bashrc", "ir");
    check(Bash, "home/.bash_aliases", "");
    check(Bash, "home/.zshenv", "");
    check(Bash, "home/.pam_environment", "");
    check(Zsh, "home/.zshenv", "lcisr");
    check(Zsh, "etc/zsh/zprofile", "lc");
    check(Zsh, "home/.zshrc", "li");
    check(Zsh, "home/.profile", "");
    let fish = "set -gx AWS_PROFILE x\n";
    let config = "home/.config/fish/config.fish";
    assert_eq!(sessions(Fish, &[(config, fish)]), "lcisr");
    let part = "home/.config/fish/conf.d/x.fish";
    assert_eq!(sessions(Fish, &[(part, fish)]), "lcisr");
}

#[test]
fn files_that_read_others() {
    let check = |files: &[(&str, &str)], expected: &str| {
        assert_eq!(sessions(Shell::Bash, files), expected, "{files:?}");
    };
    let bashrc = ("home/.bashrc", SET);
    check(&[bashrc, ("home/.profile", ". ~/.bashrc\n")], "lcir");
    check(
        &[
            bashrc,
            ("home/.bash_profile", "x && source \"$HOME/.bashrc\"\n"),
        ],
        "lcir",
    );
    // The first of the three hides the others.
    check(
        &[
            bashrc,
            ("home/.bash_profile", ""),
            ("home/.profile", ". ~/.bashrc\n"),
        ],
        "ir",
    );
    check(&[("home/.bash_profile", ""), ("home/.profile", SET)], "");
    check(&[("home/.bashrc", ". ~/.own\n"), ("home/.own", SET)], "ir");
    check(
        &[
            ("home/.bashrc", ". ~/.own\n"),
            ("home/.own", ". ~/.bashrc\nexport AWS_PROFILE=x\n"),
        ],
        "ir",
    );
    let guard = format!("case $- in\n  *i*) ;;\n  *) return;;\nesac\n{SET}");
    check(&[("home/.bashrc", &guard)], "i");
    check(
        &[("home/.bashrc", &guard), ("home/.profile", ". ~/.bashrc\n")],
        "li",
    );
    let pam = ("home/.pam_environment", "AWS_PROFILE=x\n");
    let service = (
        "etc/pam.d/sshd",
        "session required pam_env.so user_readenv=1\n",
    );
    check(&[pam, service], "lcisr");
}
