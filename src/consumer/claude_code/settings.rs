//! The settings files of Claude Code, as far as they decide on a credential. It ignores a file that
//! is not JSON without a word; here the place of the mistake is told.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::places::Places;
use crate::document::selective::{self, Keep, Node};
use crate::secret::Secret;
use crate::system::System;
use crate::system::files::BYTE_ORDER_MARK;

/// Bytes of a settings file at most.
pub const FILE_LIMIT: usize = 4 * 1024 * 1024;

/// Whose settings they are; the later ones give way to the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// An administrator's, for everybody on this machine.
    Managed,
    /// `.claude/settings.local.json` of the working folder.
    Local,
    /// `.claude/settings.json` of the working folder.
    Project,
    User,
}

/// A settings file that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub layer: Layer,
    pub path: PathBuf,
    /// `env`: what Claude Code puts over its own environment, an empty value included.
    pub env: Vec<(String, Secret)>,
    /// A program prints the credential.
    pub api_key_helper: bool,
    /// Its command.
    pub helper: Option<Secret>,
    pub aws_auth_refresh: bool,
    pub aws_credential_export: bool,
    /// `claudeai` or `console`: the only way in that an administrator allows.
    pub force_login_method: Option<String>,
    pub force_login_organization: bool,
    /// Why the file counts for nothing.
    pub problem: Option<Problem>,
}

/// Why a file of Claude Code counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Line and column, from 1; `None` for a file that cannot be read at all.
    pub position: Option<(usize, usize)>,
    /// A lowercase fragment.
    pub what: String,
}

impl Settings {
    /// The program that the helper's command starts, where it begins with a whole path.
    #[must_use]
    pub fn helper_program(&self) -> Option<PathBuf> {
        self.helper.as_ref()?.inspect(|command| {
            let word = command.split_whitespace().next()?;
            let plain = !word.contains(['\'', '"', '\\', '$', ';', '|', '&', '(', '`', '*', '?']);
            (plain && word.starts_with('/')).then(|| PathBuf::from(word))
        })
    }

    /// Those of `names` that it sets to something of which `holds` is true.
    pub fn set_to<'a>(
        &'a self,
        names: &'a [&str],
        holds: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a str> {
        let asked = self
            .env
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        let set = asked.filter(move |(_, value)| !value.is_empty() && value.inspect(&holds));
        set.map(|(name, _)| name.as_str())
    }
}

impl Problem {
    pub(super) fn of(problem: crate::document::position::Problem) -> Self {
        Self {
            position: Some((problem.line, problem.column)),
            what: problem.what,
        }
    }

    pub(super) fn unreadable(error: &crate::Error) -> Self {
        let cause = error.causes().last();
        Self {
            position: None,
            what: cause.unwrap_or_else(|| error.message().to_owned()),
        }
    }
}

/// Every settings file that is there, the strongest first.
#[must_use]
pub fn look(system: &System, places: &Places) -> Vec<Settings> {
    let [local, project] = &places.project_settings;
    let mut files = vec![
        (Layer::Managed, &places.managed_settings),
        (Layer::Local, local),
        (Layer::Project, project),
        (Layer::User, &places.settings),
    ];
    // In the home folder the project's file is the user's own.
    files.retain(|(layer, path)| *layer != Layer::Project || **path != places.settings);
    files
        .into_iter()
        .filter_map(|(layer, path)| read(system, layer, path))
        .collect()
}

fn read(system: &System, layer: Layer, path: &Path) -> Option<Settings> {
    let read = match system.files.read_whole_text(path, FILE_LIMIT) {
        Ok(None) => return None,
        Ok(Some(text)) => {
            let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
            selective::read(text, keep).map_err(Problem::of)
        }
        Err(error) => Err(Problem::unreadable(&error)),
    };
    let (node, problem) = match read {
        Ok(node) => (node, None),
        Err(problem) => (Node::Nothing, Some(problem)),
    };
    let helper = match node.get("apiKeyHelper") {
        Some(Node::Secret(command)) => Some(command.clone()),
        _ => None,
    };
    let has = |name: &str| node.get(name).is_some_and(Node::has_text);
    let method = node.get("forceLoginMethod").and_then(Node::text);
    Some(Settings {
        layer,
        path: path.to_path_buf(),
        env: node.get("env").map(variables).unwrap_or_default(),
        api_key_helper: has("apiKeyHelper"),
        helper,
        aws_auth_refresh: has("awsAuthRefresh"),
        aws_credential_export: has("awsCredentialExport"),
        force_login_method: method
            .filter(|method| !method.is_empty())
            .map(str::to_owned),
        force_login_organization: has("forceLoginOrgUUID")
            || node
                .get("forceLoginOrgUUID")
                .is_some_and(|list| !list.list().is_empty()),
        problem,
    })
}

fn keep(path: &[String]) -> Keep {
    match path {
        [name] => match name.as_str() {
            "apiKeyHelper" => Keep::Secret,
            "env" | "awsAuthRefresh" | "awsCredentialExport" | "forceLoginOrgUUID" => Keep::Shape,
            "forceLoginMethod" => Keep::Text,
            _ => Keep::Nothing,
        },
        [env, _] if env == "env" => Keep::Secret,
        _ => Keep::Nothing,
    }
}

/// Numbers and flags become text, as Claude Code makes them.
fn variables(env: &Node) -> Vec<(String, Secret)> {
    let value = |node: &Node| match node {
        Node::Secret(secret) => Some(secret.clone()),
        Node::Text(text) => Some(Secret::new(text.as_str())),
        Node::Flag(flag) => Some(Secret::new(flag.to_string())),
        Node::Number(number) => Some(Secret::new(number.to_string())),
        _ => None,
    };
    env.fields()
        .filter_map(|(name, node)| Some((name.to_owned(), value(node)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Environment;

    fn look_at(files: &[(&str, &str)], folder: &str) -> Vec<Settings> {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let root = scratch.path();
        for (name, text) in files {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .expect("a file");
            std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
        }
        let home = root.join("home");
        let system = System::with_environment(Environment::of([("HOME", home)], root.join(folder)));
        let mut places = Places::of(&system, None);
        places.managed_settings = root.join("managed.json");
        look(&system, &places)
    }

    #[test]
    fn the_strongest_comes_first_and_only_what_counts_is_kept() {
        let found = look_at(
            &[
                (
                    "home/.claude/settings.json",
                    r#"{"env": {"A": "user", "N": 1, "B": true, "E": "", "X": {}}, "model": "m", "apiKeyHelper": "print-key"}"#,
                ),
                ("work/.claude/settings.json", "{}"),
                (
                    "work/.claude/settings.local.json",
                    r#"{"awsAuthRefresh": "x", "awsCredentialExport": ""}"#,
                ),
                (
                    "managed.json",
                    r#"{"forceLoginMethod": "claudeai", "forceLoginOrgUUID": ["u"]}"#,
                ),
            ],
            "work",
        );
        let layers: Vec<Layer> = found.iter().map(|settings| settings.layer).collect();
        assert_eq!(
            layers,
            [Layer::Managed, Layer::Local, Layer::Project, Layer::User]
        );
        assert_eq!(found[0].force_login_method.as_deref(), Some("claudeai"));
        assert!(found[0].force_login_organization);
        assert!(found[1].aws_auth_refresh && !found[1].aws_credential_export);
        assert!(found[3].api_key_helper);
        let env: Vec<_> = found[3]
            .env
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let value = Secret::new;
        assert_eq!(
            env,
            [
                ("A", value("user")),
                ("N", value("1")),
                ("B", value("true")),
                ("E", value(""))
            ]
        );
    }

    #[test]
    fn the_users_file_is_read_once() {
        let found = look_at(&[("home/.claude/settings.json", "{}")], "home");
        let layers: Vec<Layer> = found.iter().map(|settings| settings.layer).collect();
        assert_eq!(layers, [Layer::User]);
    }

    #[test]
    fn a_file_that_is_not_json_is_told() {
        let found = look_at(
            &[(
                "home/.claude/settings.json",
                "{\n  \"env\": {\"A\": sk-ant-x}\n}",
            )],
            "work",
        );
        let problem = found[0].problem.as_ref().expect("a problem");
        assert_eq!(problem.position, Some((2, 16)));
        assert_eq!(problem.what, "it is not JSON");
        assert!(found[0].env.is_empty());
        let odd = look_at(&[("home/.claude/settings.json", "[]")], "work");
        assert_eq!(odd[0].problem, None);
    }
}
