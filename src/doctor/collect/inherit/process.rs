//! What a running process was started with, where the system lets us look. A variable that it set
//! for itself later is not seen.

use std::path::{Path, PathBuf};

use super::settings::of_block;
use crate::doctor::facts::{Origin, Running, Setting};
use crate::system::System;

/// The kernel's own limit is near this.
const LIMIT: usize = 4 * 1024 * 1024;

/// The first process of the first control group that has one.
pub fn running(system: &System, lists: &[PathBuf]) -> Option<Running> {
    let process = lists.iter().find_map(|path| {
        let text = system.files.read_text(path, LIMIT).ok()??;
        text.lines().next()?.trim().parse().ok()
    })?;
    Some(Running {
        process,
        settings: settings(system, process),
    })
}

/// The variables that a process was started with; `None` where we may not look.
pub fn settings(system: &System, process: u32) -> Option<Vec<Setting>> {
    let block = read(system, process, "environ")?;
    Some(of_block(&block, Origin::Process, &place(process)))
}

/// The words that a process was started with.
pub fn command(system: &System, process: u32) -> Option<Vec<String>> {
    let block = read(system, process, "cmdline")?;
    let words = block.split(|byte| *byte == 0);
    Some(
        words
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect(),
    )
}

/// Where its variables stand.
pub fn place(process: u32) -> String {
    format!("/proc/{process}/environ")
}

fn read(system: &System, process: u32, file: &str) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let path = Path::new("/proc").join(process.to_string()).join(file);
    system.files.read(&system.at(&path), LIMIT).ok()?
}
