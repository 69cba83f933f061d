//! The picture as data: who may name whom, and where what may stand.

/// What each folder or file of the crate may name. A name that is not here is a new folder: it gets
/// a line, and with it a place in the picture.
pub const DIRECTION: &[(&str, &[&str])] = &[
    ("variables", &[]),
    ("exit", &[]),
    ("duration", &[]),
    ("secret", &[]),
    ("error", &["exit"]),
    ("exchange", &["secret"]),
    ("provider", &["error", "secret", "exchange", "variables"]),
    ("document", &["error", "secret"]),
    (
        "system",
        &["error", "exit", "secret", "exchange", "variables"],
    ),
    (
        "store",
        &[
            "error",
            "secret",
            "variables",
            "system",
            "provider",
            "document",
        ],
    ),
    (
        "probe",
        &[
            "error",
            "secret",
            "exchange",
            "variables",
            "consumer",
            "system",
            "provider",
        ],
    ),
    (
        "consumer",
        &[
            "error",
            "secret",
            "variables",
            "system",
            "provider",
            "document",
        ],
    ),
    (
        "import",
        &[
            "error", "secret", "system", "provider", "consumer", "store", "document",
        ],
    ),
    (
        "status",
        &[
            "error",
            "secret",
            "variables",
            "system",
            "provider",
            "consumer",
            "store",
        ],
    ),
    (
        "sandbox",
        &["error", "secret", "exchange", "variables", "system"],
    ),
    (
        "wizard",
        &[
            "error",
            "exit",
            "duration",
            "secret",
            "exchange",
            "variables",
            "system",
            "provider",
            "probe",
            "consumer",
            "store",
            "document",
        ],
    ),
    (
        "doctor",
        &[
            "error",
            "exit",
            "secret",
            "exchange",
            "variables",
            "system",
            "provider",
            "probe",
            "consumer",
            "status",
            "store",
            "document",
        ],
    ),
    (
        "ui",
        &[
            "error",
            "exit",
            "secret",
            "variables",
            "system",
            "provider",
            "consumer",
            "store",
            "import",
            "status",
            "wizard",
            "doctor",
        ],
    ),
    (
        "cli",
        &[
            "ui", "wizard", "doctor", "import", "consumer", "duration", "error", "secret",
        ],
    ),
    ("command", ANYTHING),
    ("lib", ANYTHING),
    ("main", ANYTHING),
];

pub const ANYTHING: &[&str] = &["*"];

/// Where each crate at the edge may be named: a file, or a folder with a `/`.
pub const EDGES: &[(&str, &[&str])] = &[
    ("inquire", &["src/ui/prompt.rs", "src/ui/prompt/"]),
    ("indicatif", &["src/ui/progress.rs"]),
    ("owo_colors", &["src/ui/theme.rs"]),
    ("console", &["src/ui/theme.rs"]),
    (
        "crossterm",
        &[
            "src/system/terminal.rs",
            "src/ui/prompt.rs",
            "src/ui/prompt/",
        ],
    ),
    ("which", &["src/system/processes.rs"]),
    ("signal_hook", &["src/system/signals.rs"]),
    ("reqwest", &["src/system/http.rs", "src/system/http/"]),
    ("rustls", &["src/system/http.rs", "src/system/http/"]),
    (
        "tokio",
        &[
            "src/system/http.rs",
            "src/system/http/",
            "src/system/aws.rs",
            "src/sandbox/server.rs",
        ],
    ),
    (
        "hyper",
        &["src/system/http.rs", "src/system/http/", "src/sandbox/"],
    ),
    ("hyper_util", &["src/sandbox/server.rs"]),
    ("http_body_util", &["src/sandbox/server.rs"]),
    ("aws_config", &["src/system/aws.rs"]),
    ("aws_smithy_runtime_api", &["src/system/aws.rs"]),
    ("aws_smithy_types", &["src/system/aws.rs"]),
    ("aws_sigv4", &["src/provider/bedrock/sign.rs"]),
    (
        "aws_credential_types",
        &["src/provider/bedrock/sign.rs", "src/system/aws.rs"],
    ),
];

/// Who may open each door of `Secret`, and who may look at one to answer a question about it.
pub const DOORS: &[(&str, &[&str])] = &[
    (
        "for_request",
        &[
            "src/system/http.rs",
            "src/system/http/",
            "src/provider/bedrock/sign.rs",
            "src/sandbox/stand_in/bedrock.rs",
        ],
    ),
    (
        "for_file",
        &["src/consumer/", "src/store/", "src/document/"],
    ),
    (
        "for_child",
        &[
            "src/consumer/mod.rs",
            "src/probe/claude_code.rs",
            // What a provider of references gives the program that answers for it.
            "src/store/reference/exec.rs",
        ],
    ),
    ("for_stdin", &["src/command/aws_credentials.rs"]),
    (
        "for_screen",
        &["src/consumer/shells.rs", "src/ui/account.rs"],
    ),
    (
        "inspect",
        &[
            "src/provider/",
            "src/probe/",
            "src/consumer/claude_code/",
            "src/consumer/cuti.rs",
            "src/sandbox/keys/",
            "src/store/select/",
            "src/store/reference/",
            "src/doctor/bundle/scrub.rs",
            "src/doctor/collect/value.rs",
            "src/document/dotenv.rs",
            "src/cli/onboard.rs",
            "src/cli/account.rs",
            "src/command/account/bedrock.rs",
            "src/wizard/answers/",
            "src/wizard/drive.rs",
            "src/ui/attended.rs",
            "src/ui/plain.rs",
        ],
    ),
];

/// Folders and files that do no IO and read neither clock nor environment.
pub const PURE: &[&str] = &[
    "src/provider/",
    "src/document/",
    "src/wizard/engine",
    "src/wizard/verify",
    "src/wizard/flow",
    "src/wizard/plan",
    "src/doctor/checks/",
    "src/doctor/bundle/shapes.rs",
    "src/doctor/bundle/names.rs",
    "src/doctor/bundle/scrub.rs",
    "src/doctor/bundle/rescan.rs",
];

/// Words that stand for IO, a clock or the environment.
pub const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "System",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
];

pub const LONGEST: usize = 400;
