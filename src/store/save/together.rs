//! The stores of several agents, what follows them, and other files of ours, changed in one commit.

use super::{Edit, EnvFile, env_files};
use crate::error::Result;
use crate::store::transaction::{Change, Receipt, update};
use crate::store::{Home, MAIN, Name, read};
use crate::system::System;

/// Changes the store of each of `agents`, which need not exist, and what follows them; `others` are
/// changed along with them.
///
/// # Errors
/// Those of `change` and of [`update`]; then nothing is changed.
pub fn edit_all(
    system: &System,
    home: &Home,
    label: &str,
    agents: &[Name],
    others: Vec<Change>,
    mut change: impl FnMut(&Name, &mut Edit) -> Result<()>,
) -> Result<Receipt> {
    update(system, home, label, || {
        let mut env_files = env_files::open_all(system, home)?;
        let mut changes = others;
        for agent in agents {
            let stored = read(system, home, agent)?;
            let before = stored.profiles.clone();
            let mut edit = Edit {
                profiles: stored.profiles,
                env_files,
                main: agent.as_str() == MAIN,
                now: system.clock.now().as_millisecond(),
            };
            change(agent, &mut edit)?;
            if edit.profiles != before {
                let bytes = edit.profiles.render()?;
                changes.push(Change::write(home.store(agent), stored.fingerprint, bytes));
            }
            env_files = edit.env_files;
        }
        changes.extend(env_files.into_iter().filter_map(EnvFile::into_change));
        Ok(changes)
    })
}
