//! Whole machines: the files of the system below a folder, a home in it.

mod others;

use std::path::PathBuf;

use super::*;
use crate::doctor::facts::{Origin, ProblemKind, Setting, Shell};
use crate::system::Environment;

struct Machine {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
    platform: Platform,
}

const UNIT: &str = "home/.config/systemd/user/openclaw-gateway.service";

impl Machine {
    fn new(files: &[(&str, &str)]) -> Self {
        let machine = Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
            variables: Vec::new(),
            platform: Platform::Unix,
        };
        machine.write("home/.keep", "");
        for (path, text) in files {
            machine.write(path, text);
        }
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    #[expect(clippy::disallowed_methods, reason = "makes a scratch machine")]
    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    fn system(&self) -> System {
        let home = self.path("home").display().to_string();
        let given = self.variables.iter().cloned();
        let variables = [
            ("HOME".to_owned(), home),
            ("USER".to_owned(), "u".to_owned()),
        ];
        let environment = Environment::of(variables.into_iter().chain(given), self.path("home"));
        System {
            root: self.folder.path().to_path_buf(),
            platform: self.platform,
            ..System::with_environment(environment)
        }
    }

    fn look(&self, service: Option<&str>) -> Inheritance {
        let system = self.system();
        let start_up = super::super::start_up::collect(&system, Shell::Bash);
        let wanted = Wanted {
            service: service.map(str::to_owned),
            timeout: Duration::from_secs(5),
            agent: "main".to_owned(),
            ..Wanted::default()
        };
        collect(&system, &wanted, &start_up)
    }

    /// The only service.
    fn service(&self) -> Service {
        let mut found = self.look(None).services;
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }

    /// A place without the scratch folder.
    fn short(&self, place: &str) -> String {
        let folder = self.folder.path().display().to_string();
        place.replace(&format!("{folder}/"), "")
    }

    /// Name, place and length of each variable.
    fn shown(&self, settings: &[Setting]) -> Vec<(String, String, usize)> {
        let one = |setting: &Setting| {
            let length = setting.value.as_ref().map_or(0, |value| value.length);
            (setting.name.clone(), self.short(&setting.place), length)
        };
        settings.iter().map(one).collect()
    }
}

fn expected(rows: &[(&str, &str, usize)]) -> Vec<(String, String, usize)> {
    let row = |(name, place, length): &(&str, &str, usize)| {
        ((*name).to_owned(), (*place).to_owned(), *length)
    };
    rows.iter().map(row).collect()
}

/// A gateway with everything that can have a say.
const GATEWAY: &[(&str, &str)] = &[
    (
        UNIT,
        "[Unit]\nEnvironment=ANTHROPIC_BASE_URL=no\n[Service]\nExecStart=/usr/bin/node /x/openclaw/index.js\nEnvironment=ANTHROPIC_API_KEY=ab AWS_PROFILE=abc \\\n  \"AWS_REGION=a b\"\nEnvironmentFile=-%h/%N.env\nUnsetEnvironment=AWS_PROFILE\n",
    ),
    (
        "home/openclaw-gateway.env",
        "# x\nANTHROPIC_API_KEY='abcde'\n",
    ),
    (
        "home/.config/systemd/user/openclaw-gateway.service.d/b.conf",
        "[Service]\nEnvironment=AWS_REGION=abcd\n",
    ),
    (
        "etc/systemd/user/openclaw-.service.d/a.conf",
        "[Service]\nEnvironment=AWS_REGION=z ANTHROPIC_AUTH_TOKEN=abcdef\n",
    ),
    (
        "etc/systemd/user/openclaw-gateway.service.d/b.conf",
        "[Service]\nEnvironment=AWS_REGION=never\n",
    ),
    ("etc/environment.d/x.conf", "CLAUDE_CONFIG_DIR=/c\n"),
    (
        "home/.openclaw/.env",
        "export ANTHROPIC_OAUTH_TOKEN=abc\nANTHROPIC_API_KEY=lost\n",
    ),
];

#[test]
fn a_unit_with_files_and_drop_ins() {
    let machine = Machine::new(GATEWAY);
    let service = machine.service();
    assert_eq!(service.program, Program::OpenClaw);
    let drop_ins: Vec<String> = service
        .drop_ins
        .iter()
        .map(|path| machine.short(path))
        .collect();
    assert_eq!(
        drop_ins,
        [
            "/etc/systemd/user/openclaw-.service.d/a.conf",
            "home/.config/systemd/user/openclaw-gateway.service.d/b.conf",
        ]
    );
    let own = "home/.config/systemd/user/openclaw-gateway.service.d/b.conf:2";
    assert_eq!(
        machine.shown(&service.settings),
        expected(&[
            ("ANTHROPIC_API_KEY", "home/openclaw-gateway.env:2", 5),
            (
                "ANTHROPIC_AUTH_TOKEN",
                "/etc/systemd/user/openclaw-.service.d/a.conf:2",
                6
            ),
            ("ANTHROPIC_OAUTH_TOKEN", "home/.openclaw/.env:1", 3),
            ("AWS_REGION", own, 4),
            ("CLAUDE_CONFIG_DIR", "/etc/environment.d/x.conf:1", 2),
        ])
    );
    let removed = service
        .overridden
        .iter()
        .filter(|s| s.origin == Origin::Removed);
    assert_eq!(removed.count(), 1);
    assert!(service.problems.is_empty(), "{:?}", service.problems);
}

#[test]
fn empty_assignments_begin_anew() {
    let machine = Machine::new(&[
        (
            UNIT,
            "[Service]\nEnvironment=AWS_PROFILE=a\nEnvironmentFile=/nowhere\n",
        ),
        (
            "home/.config/systemd/user/openclaw-gateway.service.d/x.conf",
            "[Service]\nEnvironment=\nEnvironment=AWS_REGION=b\nEnvironmentFile=\n",
        ),
    ]);
    let service = machine.service();
    let names: Vec<&str> = service.settings.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["AWS_REGION"]);
    assert!(service.problems.is_empty());
}

#[test]
fn what_is_wrong_with_files() {
    let machine = Machine::new(&[
        (
            UNIT,
            "[Service]\nEnvironmentFile=/a.env\nEnvironmentFile=-/b.env\nEnvironmentFile=c.env\nEnvironmentFile=/etc/gate/*.env\nLoadCredential=key:/etc/key\nLoadCredential=other:/etc/none\nSetCredential=inline:not-shown\n",
        ),
        ("etc/gate/1.env", "export ANTHROPIC_API_KEY=x\n"),
        ("etc/gate/2.env", "AWS_PROFILE='x\nAWS_REGION=y\n"),
        ("etc/key", "k"),
    ]);
    let service = machine.service();
    let problems: Vec<_> = service
        .problems
        .iter()
        .map(|p| (p.kind, machine.short(&p.place), p.about.as_str()))
        .collect();
    let unit = |line| format!("{UNIT}:{line}");
    assert_eq!(
        problems,
        [
            (ProblemKind::MissingFile, unit(2), "/a.env"),
            (ProblemKind::MissingOptionalFile, unit(3), "/b.env"),
            (ProblemKind::RelativePath, unit(4), "c.env"),
            (
                ProblemKind::IgnoredLine,
                "/etc/gate/1.env:1".to_owned(),
                "ANTHROPIC_API_KEY"
            ),
            (
                ProblemKind::OpenQuote,
                "/etc/gate/2.env:1".to_owned(),
                "/etc/gate/2.env"
            ),
        ]
    );
    let loaded: Vec<_> = service
        .credentials
        .iter()
        .map(|c| (c.name.as_str(), c.path.as_str(), c.there))
        .collect();
    assert_eq!(
        loaded,
        [
            ("key", "/etc/key", Some(true)),
            ("other", "/etc/none", Some(false)),
            ("inline", "", None),
        ]
    );
}

#[test]
fn templates_and_services_of_the_system() {
    let machine = Machine::new(&[
        (
            "etc/systemd/system/agent@.service",
            "[Service]\nUser=u\nExecStart=/usr/bin/keywright exec -- claude -p %i\nEnvironmentFile=/etc/agent/%i.env\nPassEnvironment=AWS_PROFILE\n",
        ),
        ("etc/agent/work.env", "ANTHROPIC_API_KEY=abc\n"),
        (
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\n",
        ),
        (
            "sys/fs/cgroup/system.slice/system-agent.slice/agent@work.service/cgroup.procs",
            "4711\n4712\n",
        ),
        ("proc/4711/environ", "ANTHROPIC_API_KEY=other\0PATH=/bin\0"),
    ]);
    assert!(machine.look(None).services.is_empty());
    let system = machine.system();
    let name = super::service(&system, "agent@work").expect("there is one");
    let service = machine.look(Some(&name)).services.remove(0);
    assert!(service.asked && service.asks_keywright);
    assert_eq!(
        (service.manager, service.program),
        (Manager::SystemdSystem, Program::Claude)
    );
    assert_eq!(
        machine.shown(&service.settings),
        expected(&[
            ("ANTHROPIC_API_KEY", "/etc/agent/work.env:1", 3),
            ("AWS_PROFILE", "/etc/systemd/system/agent@.service:5", 0),
        ])
    );
    let running = service.running.expect("it runs");
    let settings = running.settings.expect("it may be looked at");
    assert_eq!(running.process, 4711);
    assert_eq!(
        machine.shown(&settings),
        expected(&[("ANTHROPIC_API_KEY", "/proc/4711/environ", 5)])
    );
    let error = super::service(&system, "agnt").expect_err("there is none");
    let hint = error.hint_text().unwrap_or_default().to_owned();
    assert!(hint.contains("/etc/systemd/system"), "{hint}");
}

#[cfg(unix)]
#[test]
fn masked_units() {
    let machine = Machine::new(&[("home/.config/systemd/user/clawdbot-gateway.service", "")]);
    assert!(machine.service().masked);
    let machine = Machine::new(&[("home/.config/systemd/user/x.conf", "")]);
    let link = machine.path(UNIT);
    std::os::unix::fs::symlink("/dev/null", link).expect("a link");
    assert!(machine.service().masked);
}
