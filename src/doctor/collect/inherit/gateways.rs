//! The gateways of OpenClaw and Clawdbot that are services here, for whoever has changed what they
//! read: the lines that restart them.

use super::settings::Settings;
use super::{launchd, managers, program, systemd};
use crate::doctor::collect::machine;
use crate::doctor::facts::{Manager, Program};
use crate::system::System;

/// A line for each, the user's own first. Only files are read.
#[must_use]
pub fn restarts(system: &System) -> Vec<String> {
    let shell = machine::machine(system).shell;
    let mut lines = Vec::new();
    for folders in managers(system) {
        for name in folders.names(system, is_gateway) {
            let unit = systemd::read(system, &folders, &name, Settings::default());
            if unit.is_none_or(|unit| unit.service.masked) {
                continue;
            }
            let name = shell.word(&name);
            lines.push(match folders.manager {
                Manager::SystemdSystem => format!("sudo systemctl restart {name}"),
                _ => format!("systemctl --user restart {name}"),
            });
        }
    }
    for service in launchd::services(system, None) {
        if is_gateway(&service.name) {
            let user = system.files.user();
            let place = shell.word(&format!("gui/{user}/{}", service.name));
            lines.push(format!("launchctl kickstart -k {place}"));
        }
    }
    lines
}

/// `openclaw-gateway.service`, `clawdbot-gateway@work.service`, `ai.openclaw.gateway`
fn is_gateway(name: &str) -> bool {
    let whose = name.split(['.', '@']).map(program);
    let known = |found| matches!(found, Program::OpenClaw | Program::Clawdbot);
    name.contains("gateway") && (known(program(name)) || whose.into_iter().any(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |name: &str, expected: bool| assert_eq!(is_gateway(name), expected, "{name}");
        check("openclaw-gateway.service", true);
        check("clawdbot-gateway.service", true);
        check("openclaw-gateway@work.service", true);
        check("ai.openclaw.gateway", true);
        check("openclaw-canvas.service", false);
        check("api-gateway.service", false);
    }
}
