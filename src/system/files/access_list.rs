//! POSIX access lists: who else may do what, beyond what the mode shows. Linux keeps them in an
//! extended attribute, whose form is that of acl(5) and `linux/posix_acl_xattr.h`.

use serde::{Deserialize, Serialize};

/// Somebody whom an access list lets in, and what is left of it below the list's mask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    pub to: Grantee,
    /// Read 4, write 2, execute 1.
    pub permissions: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "id")]
pub enum Grantee {
    User(u32),
    Group(u32),
    /// The group that the file itself has.
    OwningGroup,
}

const VERSION: u32 = 2;
const USER: u16 = 0x02;
const OWNING_GROUP: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;

/// The attribute's bytes: a version, then eight bytes for each entry. Nothing for bytes that are
/// no such list.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Grant> {
    let version = bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    if version != Some(VERSION) {
        return Vec::new();
    }
    let (entries, _) = bytes[4..].as_chunks::<8>();
    let short = |entry: &[u8; 8], at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
    let mask = entries.iter().find(|entry| short(entry, 0) == MASK);
    let mask = mask.map_or(7, |entry| short(entry, 2));
    let grant = |entry: &[u8; 8]| {
        let id = u32::from_le_bytes([entry[4], entry[5], entry[6], entry[7]]);
        let to = match short(entry, 0) {
            USER => Grantee::User(id),
            GROUP => Grantee::Group(id),
            OWNING_GROUP => Grantee::OwningGroup,
            _ => return None,
        };
        let permissions = short(entry, 2) & mask & 7;
        (permissions != 0).then_some(Grant { to, permissions })
    };
    entries.iter().filter_map(grant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `setfacl` writes: `u::rw-,u:1001:rw-,g::r--,g:50:r-x,m::r--,o::---`.
    const RECORDED: &[u8] = b"\x02\0\0\0\
        \x01\0\x06\0\xff\xff\xff\xff\
        \x02\0\x06\0\xe9\x03\0\0\
        \x04\0\x04\0\xff\xff\xff\xff\
        \x08\0\x05\0\x32\0\0\0\
        \x10\0\x04\0\xff\xff\xff\xff\
        \x20\0\0\0\xff\xff\xff\xff";

    fn grants(bytes: &[u8]) -> Vec<(Grantee, u16)> {
        let found = parse(bytes).into_iter();
        found.map(|grant| (grant.to, grant.permissions)).collect()
    }

    #[test]
    fn the_mask_counts() {
        assert_eq!(
            grants(RECORDED),
            [
                (Grantee::User(1001), 4),
                (Grantee::OwningGroup, 4),
                (Grantee::Group(50), 4)
            ]
        );
        // `chmod 600` empties the mask, and with it the whole list.
        let mut closed = RECORDED.to_vec();
        closed[38] = 0;
        assert_eq!(grants(&closed), []);
    }

    #[test]
    fn other_bytes_are_no_list() {
        assert_eq!(grants(b""), []);
        assert_eq!(grants(b"\x01\0\0\0\x02\0\x06\0\xe9\x03\0\0"), []);
        assert_eq!(grants(b"\x02\0\0\0\x02\0\x06"), []);
    }
}
