//! The one table of exit codes. Codes are never renumbered: scripts rely on them.

/// How the process ends. The meanings are those of `keywright help exit-codes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    Problem,
    Warnings,
    Undetermined,
    Usage,
    Malformed,
    MissingProgram,
    CannotCreate,
    Io,
    Permission,
    Config,
    HungUp,
    Interrupted,
    Terminated,
    /// The code of a child program, passed on by `exec` and `sandbox -- CMD`.
    Child(u8),
}

/// Every code of our own with its meaning, in the order in which the help shows them.
pub const TABLE: &[(Exit, &str)] = &[
    (Exit::Done, "done, healthy"),
    (
        Exit::Problem,
        "a problem was found, or the operation failed (missing or expired credential, failed check, rejected key, not found)",
    ),
    (
        Exit::Warnings,
        "only warnings (`models status --check`: expiring; `doctor --strict`)",
    ),
    (
        Exit::Undetermined,
        "could not be determined (network, timeout)",
    ),
    (
        Exit::Usage,
        "wrong usage, or answers are missing and there is no terminal to ask on",
    ),
    (
        Exit::Malformed,
        "malformed credential, flow file or data file",
    ),
    (Exit::MissingProgram, "a needed program is missing"),
    (Exit::CannotCreate, "a file or folder cannot be created"),
    (
        Exit::Io,
        "input or output failed, or another keywright held the lock for 10 s",
    ),
    (Exit::Permission, "permission denied"),
    (Exit::Config, "the configuration is wrong"),
    (Exit::HungUp, "the terminal hung up"),
    (Exit::Interrupted, "interrupted or cancelled"),
    (Exit::Terminated, "terminated"),
];

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Problem => 1,
            Self::Warnings => 2,
            Self::Undetermined => 3,
            Self::Usage => 64,
            Self::Malformed => 65,
            Self::MissingProgram => 69,
            Self::CannotCreate => 73,
            Self::Io => 74,
            Self::Permission => 77,
            Self::Config => 78,
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Child(code) => code,
        }
    }

    /// Of two outcomes the one that is reported: 1 before 3 before 2 before 0.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        const fn rank(exit: Exit) -> u8 {
            match exit {
                Exit::Done => 0,
                Exit::Warnings => 1,
                Exit::Undetermined => 2,
                Exit::Problem => 3,
                _ => 4,
            }
        }
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_outranks_unknown_outranks_warnings() {
        let all = [
            Exit::Done,
            Exit::Warnings,
            Exit::Undetermined,
            Exit::Problem,
        ];
        for (index, worse) in all.iter().enumerate() {
            for better in &all[..=index] {
                assert_eq!(better.worse(*worse), *worse);
                assert_eq!(worse.worse(*better), *worse);
            }
        }
    }

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<u8> = TABLE.iter().map(|(exit, _)| exit.code()).collect();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
    }
}
