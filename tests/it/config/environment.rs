//! `env.vars` and `env.shellEnv`: where variables come from, in which order.

#[cfg(unix)]
use super::{config, with};
use crate::support::machine::key;

/// Which variable is used, and from where.
fn used(machine: &crate::support::machine::Machine) -> (String, String) {
    let ended = machine.run(&["models", "status", "--json"]);
    let status = ended.json();
    let env = &status["auth"]["providers"][0]["env"][0];
    (
        env["source"].as_str().unwrap_or_default().to_owned(),
        env["masked"].as_str().unwrap_or_default().to_owned(),
    )
}

#[cfg(unix)]
#[test]
fn each_place_comes_before_the_next() {
    let mut machine = with(&format!(
        "{{env: {{vars: {{ANTHROPIC_API_KEY: '{}'}}, shellEnv: {{enabled: true}}}}}}",
        key("0c")
    ));
    let shell = machine.program(
        "bash",
        &format!(
            "export ANTHROPIC_API_KEY={}; echo welcome; eval \"$2\"",
            key("0s")
        ),
    );
    machine.set("SHELL", shell.to_str().expect("text"));
    machine.set("PATH", "/usr/bin:/bin");
    machine.set("ANTHROPIC_API_KEY", &key("0p"));
    machine.write(
        ".config/keywright/.env",
        &format!("ANTHROPIC_API_KEY={}\n", key("0e")),
    );
    let check = |machine: &_, source: &str, tail: &str| {
        let (found, masked) = used(machine);
        assert_eq!(found, source);
        assert!(masked.ends_with(tail), "{masked}");
    };
    check(&machine, "process", "0p");
    machine.unset("ANTHROPIC_API_KEY");
    check(&machine, "env-file", "0e");
    machine.write(".config/keywright/.env", "");
    check(&machine, "config", "0c");
    assert_eq!(
        config(&machine, &["unset", "env.vars.ANTHROPIC_API_KEY"]).code,
        0
    );
    check(&machine, "login-shell", "0s");
    assert_eq!(
        config(&machine, &["set", "env.shellEnv.enabled", "false"]).code,
        0
    );
    assert_eq!(used(&machine).0, "", "it is not asked any more");
}

#[cfg(unix)]
#[test]
fn a_shell_that_hangs_is_left_at_its_limit() {
    let mut machine = with("{env: {shellEnv: {enabled: true, timeoutMs: 100}}}");
    let shell = machine.program("bash", "exec sleep 600");
    machine.set("SHELL", shell.to_str().expect("text"));
    machine.set("PATH", "/usr/bin:/bin");
    let start = std::time::Instant::now();
    let ended = machine.run(&["models", "status"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("timeoutMs (100 ms)"), "{ended:?}");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
