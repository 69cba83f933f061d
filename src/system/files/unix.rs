//! What Unix alone has: flags of `open`, modes, owners, folders that can be synced.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use rustix::fs::OFlags;

use super::{Entry, Numbers};

/// Opens for reading without waiting for whoever writes a FIFO.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY))
        .open(path)
}

/// As [`open`], and never through a link at `path` itself.
pub fn open_itself(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW))
        .open(path)
}

/// Opens a file to lock; never through a link, since the file is ours alone.
pub fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOFOLLOW))
        .open(path)
}

fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

pub fn numbers(found: &Metadata) -> Numbers {
    Numbers {
        mode: found.mode() & 0o7777,
        owner: found.uid(),
        group: found.gid(),
        links: found.nlink(),
    }
}

/// The access list at a path as the system keeps it; `None` where there is none.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn access_list(path: &Path) -> Option<Vec<u8>> {
    // Room for five hundred entries.
    let mut bytes = vec![0; 4096];
    let length = rustix::fs::getxattr(path, "system.posix_acl_access", &mut bytes[..]).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// Here such lists are not kept in an attribute.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn access_list(_path: &Path) -> Option<Vec<u8>> {
    None
}

pub fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// One folder, 0700 whatever the umask takes away.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    if std::fs::symlink_metadata(path)?.mode() & 0o700 != 0o700 {
        std::fs::set_permissions(path, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

pub fn permissions(mode: u32) -> Permissions {
    Permissions::from_mode(mode)
}

/// Gives a new file the bits `mode`, when the umask took some away.
pub fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    if file.metadata()?.mode() & 0o7777 == mode {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(mode))
}

/// Gives what stands at a path these bits for good; never through a link that was put there
/// meanwhile. The folder around it need not be readable.
pub fn change_mode(path: &Path, mode: u32) -> io::Result<()> {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags(OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY))
        .open(path);
    match opened {
        Ok(file) => {
            set_mode(&file, mode)?;
            // The bits stand by now; a file system that cannot sync is no failure.
            let _ = file.sync_all();
            Ok(())
        }
        // Its owner may change the mode of what he may not read.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            std::fs::set_permissions(path, Permissions::from_mode(mode))
        }
        Err(error) => Err(error),
    }
}

/// Gives a new file the owner, group and mode of the one that it replaces. The owner comes first:
/// changing it clears special bits.
pub fn take_over(file: &File, old: &Entry) -> io::Result<()> {
    let new = file.metadata()?;
    let owner = (new.uid() != old.owner).then_some(old.owner);
    let group = (new.gid() != old.group).then_some(old.group);
    if owner.is_some() || group.is_some() {
        fchown(file, owner, group)?;
    }
    set_mode(file, old.mode)
}

/// Makes the names in a folder survive a power cut. File systems that cannot do it say so with
/// `EINVAL`; there is nothing more to be done then.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    let synced = File::open(folder)?.sync_all();
    match synced {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}
