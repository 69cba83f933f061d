//! What systemd says about the variables of a service.

use super::{Message, coded, plain};

pub const MESSAGES: &[Message] = &[
    coded(
        "ENV-010",
        &[
            "Failed to load environment files",
            "Failed to load environment files: No such file or directory",
            "Failed to run 'start' task: No such file or directory",
        ],
        "A file that `EnvironmentFile=` of the service names is not there, and systemd does not start the service without it.",
        "Make the file with mode 600, or write `-` before its path in the unit; then `systemctl --user daemon-reload` and start the service again. `keywright doctor --service UNIT` names the line.",
    ),
    coded(
        "ENV-010",
        &["Ignoring invalid environment assignment"],
        "A line of `EnvironmentFile=` is no plain `NAME=value`, often because `export` stands before it. systemd leaves the line out and starts the service without the variable.",
        "Write `NAME=value` alone, and restart the service. `keywright doctor --service UNIT` names the line.",
    ),
    coded(
        "ENV-010",
        &[
            "Failed to set up credentials",
            "Failed at step CREDENTIALS spawning",
        ],
        "A file that `LoadCredential=` of the service names is not there or cannot be read by the manager.",
        "Correct the path, or make the file; then restart the service. `keywright doctor --service UNIT` shows what is loaded from where.",
    ),
    plain(
        &["Failed to restart * Unit * is masked", "Unit * is masked"],
        "The service was switched off for good: its unit leads to /dev/null.",
        "Switch it on again with `systemctl --user unmask UNIT`.",
    ),
];
