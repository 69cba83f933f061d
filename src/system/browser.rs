//! Opens a page in the user's browser. The only user of `open`.

use crate::system::Environment;
use crate::variables;

/// Opens `url` where there is a browser to be seen, and tells whether it did. Not in CI, and not
/// over SSH without a display: there it would start a text browser, or one on another screen.
#[must_use]
pub fn open(environment: &Environment, url: &str) -> bool {
    can_show(environment) && open::that_detached(url).is_ok()
}

fn can_show(environment: &Environment) -> bool {
    if environment.flag(variables::CI) {
        return false;
    }
    let display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| environment.get(name).is_some());
    let remote = ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| environment.get(name).is_some());
    if cfg!(any(windows, target_os = "macos")) {
        display || !remote
    } else {
        display
    }
}
