//! A crontab as cron reads it (crontab(5)): variables, and jobs with what stands above them. Pure.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A crontab, taken apart.
#[derive(Default)]
pub struct Crontab {
    /// In the order of the file; a job has those above it.
    pub variables: Vec<Variable>,
    pub jobs: Vec<Job>,
}

/// `NAME = value`.
pub struct Variable {
    /// From 1.
    pub line: usize,
    pub name: String,
    pub value: Secret,
}

/// A line that starts something.
pub struct Job {
    /// From 1.
    pub line: usize,
    /// Who it runs as, in a crontab of the system.
    pub user: Option<String>,
    /// May hold a secret: for looking at, not for showing.
    pub command: Zeroizing<String>,
}

/// Takes a crontab apart; one of the system names a user in each job.
#[must_use]
pub fn parse(text: &str, of_the_system: bool) -> Crontab {
    let mut crontab = Crontab::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some((name, value)) = assignment(line) {
            crontab.variables.push(Variable {
                line: index + 1,
                name: name.to_owned(),
                value: Secret::new(value),
            });
        } else if let Some((user, command)) = job(line, of_the_system) {
            crontab.jobs.push(Job {
                line: index + 1,
                user: user.map(str::to_owned),
                command: Zeroizing::new(command.to_owned()),
            });
        }
    }
    crontab
}

/// Quotes around name or value come off when they match; nothing is expanded.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = unquoted(name.trim());
    super::environment_file::is_variable(name).then(|| (name, unquoted(value.trim())))
}

fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

fn job(line: &str, of_the_system: bool) -> Option<(Option<&str>, &str)> {
    let times = if line.starts_with('@') { 1 } else { 5 };
    let mut rest = line;
    for _ in 0..times {
        rest = word(rest)?.1;
    }
    if !of_the_system {
        return Some((None, rest)).filter(|(_, command)| !command.is_empty());
    }
    let (user, command) = word(rest)?;
    Some((Some(user), command))
}

/// The first word and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once([' ', '\t'])?;
    Some((word, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text = "# m h\nMAILTO=\"\"\n\n KEY = 'a b' \n0 5 * * 1\tclaude -p x=y\n@daily openclaw run\n5 4 * *\n";
        let crontab = parse(text, false);
        let variables: Vec<_> = crontab
            .variables
            .iter()
            .map(|v| (v.line, v.name.as_str(), v.value.len()))
            .collect();
        assert_eq!(variables, [(2, "MAILTO", 0), (4, "KEY", 3)]);
        let jobs: Vec<_> = crontab
            .jobs
            .iter()
            .map(|job| (job.line, job.command.len()))
            .collect();
        assert_eq!(
            jobs,
            [(5, "claude -p x=y".len()), (6, "openclaw run".len())]
        );
        let crontab = parse("17 * * * * root cd / && claude\n@reboot u claude", true);
        let users: Vec<_> = crontab.jobs.iter().map(|job| job.user.as_deref()).collect();
        assert_eq!(users, [Some("root"), Some("u")]);
        assert_eq!(crontab.jobs[1].command.len(), "claude".len());
    }
}
