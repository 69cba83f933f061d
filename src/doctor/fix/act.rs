//! One action becomes an edit of working copies. An action that does not find what it names is
//! refused, and with it the whole remedy.

use std::path::Path;

use serde_json::Value;
use zeroize::Zeroizing;

use super::Desk;
use super::draft::{Draft, absent, taken};
use super::shell_line;
use crate::doctor::action::Action;
use crate::document::diff::{Line, line, shown};
use crate::document::dotenv::DotEnv;
use crate::document::json5::Json5;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::store::{self, Profile, ProfileId, SecretSource};

/// Takes an action into the draft.
///
/// # Errors
/// What stands in the way, as a fragment that shows no value.
pub fn act(action: &Action, draft: &mut Draft, desk: Desk<'_>) -> Result<()> {
    let files = desk.system.files;
    match action {
        Action::SetMode { path, mode } => draft.set_mode(files, Path::new(path), *mode),
        Action::AllowExecution { path } => draft.allow_execution(files, Path::new(path)),
        Action::RemoveDefinition { path, line, name } => {
            remove_definition(draft, desk, Path::new(path), (*line, name))
        }
        Action::SetKey { path, keys, value } => set_key(draft, desk, Path::new(path), keys, value),
        Action::RemoveKey { path, keys } => remove_key(draft, desk, Path::new(path), keys),
        Action::RemoveEntry {
            path,
            keys,
            index,
            line,
        } => remove_entry(draft, desk, Path::new(path), keys, (*index, *line)),
        Action::RenewLine {
            path,
            variable,
            profile,
        } => renew_line(draft, desk, Path::new(path), variable, profile),
        Action::RemoveLine { path, variable } => {
            remove_line(draft, desk, Path::new(path), variable)
        }
        Action::SetVariable { path, variable } => {
            set_variable(draft, desk, Path::new(path), variable)
        }
        Action::Create { path, text } => create(draft, desk, Path::new(path), text),
        Action::MoveAway { path, to } => draft.move_away(files, Path::new(path), Path::new(to)),
        Action::Copy { from, path } => draft.copy(files, Path::new(from), Path::new(path)),
        Action::PruneHistory => {
            draft.prunes = true;
            Ok(())
        }
        Action::Afterwards { .. } => Ok(()),
    }
}

fn set_key(
    draft: &mut Draft,
    desk: Desk<'_>,
    path: &Path,
    keys: &[String],
    value: &Value,
) -> Result<()> {
    let files = desk.system.files;
    let text = draft.text(files, path)?;
    let made = text.is_none();
    let text = text.unwrap_or_default();
    let mut document = Json5::parse(&text).map_err(|problem| problem.into_error(path))?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let before = document.get(&keys);
    if before.as_ref() == Some(value) {
        return Ok(());
    }
    document.set(&keys, value)?;
    let before = before.map(|value| plain(&value));
    let changed = line(keys.join("."), before, Some(value.to_string()));
    let mut bytes = document.render();
    if made && bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    draft.write(files, path, (bytes, changed.into_iter().collect()))
}

fn remove_key(draft: &mut Draft, desk: Desk<'_>, path: &Path, keys: &[String]) -> Result<()> {
    let files = desk.system.files;
    let text = draft.text(files, path)?.ok_or_else(|| absent(path))?;
    let mut document = Json5::parse(&text).map_err(|problem| problem.into_error(path))?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let before = document.get(&keys).ok_or_else(|| changed(path))?;
    document.remove(&keys);
    let gone = line(keys.join("."), Some(plain(&before)), None);
    draft.write(files, path, (document.render(), gone.into_iter().collect()))
}

/// A value that stands in another program's file may be anything, a secret too.
fn plain(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn remove_entry(
    draft: &mut Draft,
    desk: Desk<'_>,
    path: &Path,
    keys: &[String],
    (index, at): (usize, usize),
) -> Result<()> {
    let files = desk.system.files;
    let text = draft.text(files, path)?.ok_or_else(|| absent(path))?;
    let mut document = Json5::parse(&text).map_err(|problem| problem.into_error(path))?;
    let way: Vec<&str> = keys.iter().map(String::as_str).collect();
    if !document.remove_element(&way, index, at) {
        return Err(changed(path));
    }
    let key = format!("{}[{index}]", keys.join("."));
    let lines = line(key, Some(format!("the entry at line {at}")), None);
    draft.write(
        files,
        path,
        (document.render(), lines.into_iter().collect()),
    )
}

/// The working copy of a `.env`.
fn dot_env(draft: &mut Draft, desk: Desk<'_>, path: &Path) -> Result<DotEnv> {
    let text = draft.text(desk.system.files, path)?.unwrap_or_default();
    Ok(DotEnv::parse(&text))
}

fn write_env(
    draft: &mut Draft,
    desk: Desk<'_>,
    path: &Path,
    (file, line): (&DotEnv, Option<Line>),
) -> Result<()> {
    let lines = line.into_iter().collect();
    draft.write(desk.system.files, path, (file.render(), lines))
}

fn renew_line(
    draft: &mut Draft,
    desk: Desk<'_>,
    path: &Path,
    variable: &str,
    profile: &str,
) -> Result<()> {
    let id = ProfileId::parse(profile)?;
    let stored = store::find(desk.system, desk.home, desk.agent)?.unwrap_or_default();
    let Some(SecretSource::Stored(key)) = stored.get(&id).and_then(Profile::secret) else {
        let message = format!("profile {profile} holds no key itself");
        return Err(Error::new(Kind::NotFound, message));
    };
    let mut file = dot_env(draft, desk, path)?;
    let managed = |file: &DotEnv| {
        let mut managed = file.managed();
        managed.any(|(name, owner, _)| name == variable && owner == profile)
    };
    if !managed(&file) {
        return Err(changed(path));
    }
    let before = file.get(variable).map(shown);
    file.set_managed(variable, key, profile)?;
    let line = line(variable, before, Some(shown(key)));
    write_env(draft, desk, path, (&file, line))
}

fn remove_line(draft: &mut Draft, desk: Desk<'_>, path: &Path, variable: &str) -> Result<()> {
    let mut file = dot_env(draft, desk, path)?;
    let before = file.get(variable).map(shown);
    if !file.remove(variable) {
        return Err(changed(path));
    }
    write_env(draft, desk, path, (&file, line(variable, before, None)))
}

fn set_variable(draft: &mut Draft, desk: Desk<'_>, path: &Path, variable: &str) -> Result<()> {
    let Some(value) = desk.system.environment.get(variable).map(Secret::new) else {
        let message = format!("{variable} is not set in this environment");
        return Err(Error::new(Kind::NotFound, message));
    };
    let mut file = dot_env(draft, desk, path)?;
    if file.get(variable) == Some(&value) {
        return Ok(());
    }
    if file.get(variable).is_some() {
        let message = format!("{} sets {variable} already", path.display());
        return Err(Error::new(Kind::Conflict, message).path(path));
    }
    file.add(variable, &value)?;
    let line = line(variable, None, Some(shown(&value)));
    write_env(draft, desk, path, (&file, line))
}

fn create(draft: &mut Draft, desk: Desk<'_>, path: &Path, text: &str) -> Result<()> {
    let files = desk.system.files;
    if draft.text(files, path)?.is_some() {
        return Err(taken(path));
    }
    let bytes = Zeroizing::new(text.as_bytes().to_vec());
    let lines = text
        .lines()
        .filter_map(|text| text.split_once('='))
        .filter_map(|(name, value)| line(name, None, Some(value.to_owned())))
        .collect();
    draft.write(files, path, (bytes, lines))
}

fn remove_definition(
    draft: &mut Draft,
    desk: Desk<'_>,
    path: &Path,
    (number, name): (usize, &str),
) -> Result<()> {
    let files = desk.system.files;
    let text = draft.text(files, path)?.ok_or_else(|| absent(path))?;
    let rest = shell_line::without(&text, number, name).ok_or_else(|| {
        let path_shown = path.display();
        let message = format!("line {number} of {path_shown} does not define {name} by itself");
        Error::new(Kind::Conflict, message).path(path)
    })?;
    let bytes = Zeroizing::new(rest.as_bytes().to_vec());
    let gone = line(
        format!("line {number}"),
        Some(format!("defines {name}")),
        None,
    );
    draft.write(files, path, (bytes, gone.into_iter().collect()))
}

/// It is not what the finding saw.
fn changed(path: &Path) -> Error {
    let message = format!("{} is not what was looked at", path.display());
    Error::new(Kind::Conflict, message).path(path)
}
