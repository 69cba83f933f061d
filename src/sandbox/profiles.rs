//! An AWS profile with single sign-on in the sandbox's home, whose session is over, so that renewing
//! it can be tried. There is no other profile: access keys can be typed.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::aws::answers::SSO_TOKEN;
use crate::error::Result;
use crate::system::{Mode, System};

/// The profile.
pub const PROFILE: &str = "sandbox";
/// Its single sign-on session.
pub const SESSION: &str = "sandbox-sso";
/// Where one would sign in; no such host exists.
const START_URL: &str = "https://sandbox.awsapps.invalid/start";
/// The SHA-1 digest of [`SESSION`], which names the file of its token.
const CACHE_FILE: &str = "894fb14886f1419ec59be27d016efd4963465d08.json";
/// Bytes of that file at most.
const LIMIT: usize = 64 * 1024;
/// How long a renewed session lasts.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(8);

/// Writes the profile into a new home, with a session that ended an hour ago.
///
/// # Errors
/// `Permission`, `CannotCreate` or `Io`.
pub fn create(system: &System, home: &Path) -> Result<()> {
    let text = format!(
        "# Made by keywright for its sandbox.\n[profile {PROFILE}]\nsso_session = {SESSION}\nsso_account_id = 111122223333\nsso_role_name = sandbox\nregion = us-east-1\n\n[sso-session {SESSION}]\nsso_start_url = {START_URL}\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n"
    );
    let folder = home.join(".aws");
    system.files.create_private_folder(&folder)?;
    system
        .files
        .write_atomic(&folder.join("config"), text.as_bytes(), Mode::Private)?;
    let now = system.clock.now();
    let past = now
        .checked_sub(SignedDuration::from_hours(1))
        .unwrap_or(now);
    write_session(system, home, past, "SANDBOX-sso-session-over").map(drop)
}

/// Renews the session, as `aws sso login` does after one has signed in. The file of the token.
///
/// # Errors
/// `Permission`, `CannotCreate` or `Io`.
pub fn renew(system: &System, home: &Path) -> Result<PathBuf> {
    let now = system.clock.now();
    let ends = now.checked_add(LIFETIME).unwrap_or(now);
    write_session(system, home, ends, SSO_TOKEN)
}

/// Whether the session was renewed and is not over.
///
/// # Errors
/// `Permission` or `Io`.
pub fn is_renewed(system: &System) -> Result<bool> {
    let Some(home) = system.environment.home() else {
        return Ok(false);
    };
    let path = home.join(".aws").join("sso").join("cache").join(CACHE_FILE);
    let found = system.files.read(&path, LIMIT)?;
    let session: Option<Value> = found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let ends = session.as_ref().and_then(|session| {
        let ends: Timestamp = session["expiresAt"].as_str()?.parse().ok()?;
        (session["accessToken"] == SSO_TOKEN).then_some(ends)
    });
    Ok(ends.is_some_and(|ends| ends > system.clock.now()))
}

fn write_session(system: &System, home: &Path, ends: Timestamp, token: &str) -> Result<PathBuf> {
    let folder = home.join(".aws").join("sso").join("cache");
    system.files.create_private_folder(&folder)?;
    let path = folder.join(CACHE_FILE);
    let document = json!({
        "startUrl": START_URL,
        "region": "us-east-1",
        "accessToken": token,
        "expiresAt": ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    system
        .files
        .write_atomic(&path, document.to_string().as_bytes(), Mode::Private)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn the_file_is_named_after_the_session() {
        let algorithm = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
        let mut name = String::new();
        for byte in ring::digest::digest(algorithm, SESSION.as_bytes()).as_ref() {
            let _ = write!(name, "{byte:02x}");
        }
        assert_eq!(CACHE_FILE, format!("{name}.json"));
    }
}
