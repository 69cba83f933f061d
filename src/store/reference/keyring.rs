//! References to the keyring of the desktop: the Secret Service of the session bus (GNOME Keyring,
//! `KWallet`, `KeePassXC`), or a Mac's Keychain. Nothing is unlocked that would ask the user, and
//! nothing takes the place of a keyring that does not answer.
//!
//! An entry is found by its attributes `service` (`keywright`, unless the provider names another)
//! and `account`, the id of the reference: `secret-tool store --label=… service keywright account ID`.

use super::{Mend, Unresolved};
use crate::provider::paste::looks_like_secret;
use crate::secret::Secret;
use crate::store::config::secrets::KeyringProvider;
use crate::system::System;

/// Whether the id can be one, and whether this program can ask at all.
pub fn check(id: &str) -> Result<(), Unresolved> {
    if !cfg!(feature = "keyring") {
        let why = "this keywright was built without the keyring (its feature `keyring`)";
        return Err(Unresolved::new(why, Mend::Nothing));
    }
    // The id is shown, and may be a secret that somebody put in its place.
    let odd = id.is_empty() || id.len() > 256 || id.chars().any(char::is_control);
    if odd || looks_like_secret(id) {
        let why = "its reference asks the keyring for something that cannot be an entry";
        return Err(Unresolved::new(why, Mend::Nothing));
    }
    Ok(())
}

/// Asks for the entry.
pub fn resolve(
    system: &System,
    provider: &KeyringProvider,
    id: &str,
) -> Result<Secret, Unresolved> {
    check(id)?;
    let found = asked::entry(system, provider, id)?;
    if found.inspect(|text| text.trim().is_empty()) {
        return Err(absent(provider, id));
    }
    Ok(found)
}

fn absent(provider: &KeyringProvider, id: &str) -> Unresolved {
    let service = &provider.service;
    let why = format!("the keyring has no entry with the service {service} and the account {id}");
    Unresolved::new(why, Mend::Nothing)
}

#[cfg_attr(
    not(all(feature = "keyring", unix)),
    expect(dead_code, reason = "nobody is asked then")
)]
fn locked() -> Unresolved {
    Unresolved::new("the keyring that it refers to is locked", Mend::Unlock)
}

#[cfg_attr(
    not(all(feature = "keyring", unix)),
    expect(dead_code, reason = "nobody is asked then")
)]
fn late(provider: &KeyringProvider) -> Unresolved {
    let limit = provider.timeout.as_millis();
    Unresolved::new(
        format!("the keyring did not answer within {limit} ms"),
        Mend::Nothing,
    )
}

#[cfg(all(feature = "keyring", unix, not(target_os = "macos")))]
mod asked {
    //! The Secret Service API of freedesktop.org, version 0.2: a session whose secrets are not
    //! encrypted once more on their way through a socket of this user.

    use super::{KeyringProvider, Mend, Secret, System, Unresolved, absent, late, locked};
    use crate::system::bus::{Argument, Bus, BusError, Message, Method};

    const SERVICE: &str = "org.freedesktop.secrets";
    const ROOT: &str = "/org/freedesktop/secrets";
    const LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";

    pub fn entry(
        system: &System,
        provider: &KeyringProvider,
        id: &str,
    ) -> Result<Secret, Unresolved> {
        let mut bus = Bus::connect(&system.environment, provider.timeout)
            .map_err(|error| explain(error, provider))?;
        search(&mut bus, provider, id).map_err(|error| explain(error, provider))?
    }

    /// The outer failure is the bus's, the inner one the keyring's.
    fn search(
        bus: &mut Bus,
        provider: &KeyringProvider,
        id: &str,
    ) -> Result<Result<Secret, Unresolved>, BusError> {
        let plain = [Argument::Text("plain"), Argument::Variant("")];
        let opened = of_service(bus, "OpenSession", &plain)?;
        let mut body = opened.body()?;
        body.variant()?;
        let session = body.text()?;
        let attributes = [("service", provider.service.as_str()), ("account", id)];
        let found = of_service(bus, "SearchItems", &[Argument::Texts(&attributes)])?;
        let mut body = found.body()?;
        let (mut open, closed) = (body.texts()?, body.texts()?);
        if open.is_empty() && !closed.is_empty() {
            // One without a password opens by itself; where a person has to be asked, a prompt is
            // named, and left alone.
            let answer = of_service(bus, "Unlock", &[Argument::Paths(&closed)])?;
            open = answer.body()?.texts()?;
            if open.is_empty() {
                return Ok(Err(locked()));
            }
        }
        let Some(item) = open.first() else {
            return Ok(Err(absent(provider, id)));
        };
        let method = Method {
            destination: SERVICE,
            path: item,
            interface: "org.freedesktop.Secret.Item",
            member: "GetSecret",
        };
        let answer = bus.call(&method, &[Argument::Path(&session)])?;
        let mut body = answer.body()?;
        body.structure();
        body.text()?;
        body.octets()?;
        let value = std::str::from_utf8(body.octets()?);
        Ok(value
            .map(Secret::new)
            .map_err(|_| Unresolved::new("what the keyring has for it is no text", Mend::Nothing)))
    }

    fn of_service(
        bus: &mut Bus,
        member: &str,
        arguments: &[Argument<'_>],
    ) -> Result<Message, BusError> {
        let method = Method {
            destination: SERVICE,
            path: ROOT,
            interface: "org.freedesktop.Secret.Service",
            member,
        };
        bus.call(&method, arguments)
    }

    fn explain(error: BusError, provider: &KeyringProvider) -> Unresolved {
        let why = match error {
            BusError::Late => return late(provider),
            BusError::Refused(name) if name == LOCKED => return locked(),
            BusError::NoBus => "there is no session bus, and so no keyring",
            BusError::Broken => "what answered for the keyring is not the session bus",
            BusError::Refused(name) if name.ends_with("ServiceUnknown") => {
                "no keyring runs on the session bus"
            }
            BusError::Refused(_) => "the keyring refused to answer",
        };
        Unresolved::new(why, Mend::Nothing)
    }
}

#[cfg(all(feature = "keyring", target_os = "macos"))]
mod asked {
    //! A generic password of the Keychain.

    use std::path::Path;

    use zeroize::Zeroizing;

    use super::{KeyringProvider, Mend, Secret, System, Unresolved, absent, late, locked};
    use crate::system::Environment;
    use crate::system::processes::Spawn;

    /// `errSecItemNotFound` and `errSecInteractionNotAllowed`, as `security` passes them on.
    const NOT_FOUND: i32 = 44;
    const LOCKED: i32 = 36;

    pub fn entry(
        system: &System,
        provider: &KeyringProvider,
        id: &str,
    ) -> Result<Secret, Unresolved> {
        let mut environment = Environment::default();
        for name in ["PATH", "HOME", "USER", "LOGNAME"] {
            if let Some(value) = system.environment.raw(name) {
                environment.set(name, value);
            }
        }
        let finished = system.processes.run(&Spawn {
            program: Path::new("/usr/bin/security"),
            arguments: &[
                "find-generic-password",
                "-w",
                "-s",
                &provider.service,
                "-a",
                id,
            ],
            environment: &environment,
            folder: Path::new("/"),
            timeout: provider.timeout,
            output_limit: 64 * 1024,
        });
        let finished =
            finished.map_err(|error| Unresolved::new(error.to_string(), Mend::Nothing))?;
        let printed = Zeroizing::new(finished.stdout);
        match finished.code {
            Some(0) => {}
            _ if finished.timed_out => return Err(late(provider)),
            Some(NOT_FOUND) => return Err(absent(provider, id)),
            Some(LOCKED) => return Err(locked()),
            _ => {
                return Err(Unresolved::new(
                    "the Keychain refused to answer",
                    Mend::Nothing,
                ));
            }
        }
        let text = std::str::from_utf8(&printed);
        let text = text.map_err(|_| {
            Unresolved::new("what the Keychain has for it is no text", Mend::Nothing)
        })?;
        Ok(Secret::new(text.strip_suffix('\n').unwrap_or(text)))
    }
}

#[cfg(not(all(feature = "keyring", unix)))]
mod asked {
    use super::{KeyringProvider, Mend, Secret, System, Unresolved};

    pub fn entry(_: &System, _: &KeyringProvider, _: &str) -> Result<Secret, Unresolved> {
        let why = "keywright knows no keyring of this system";
        Err(Unresolved::new(why, Mend::Nothing))
    }
}
