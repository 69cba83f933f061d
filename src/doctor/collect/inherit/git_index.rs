//! Whether git tracks a file, from the index alone: git is not run, because it would run what the
//! repository's configuration names. Versions 2 to 4 of the format (gitformat-index(5)). Pure.

/// Bytes of the fixed part of an entry before its flags.
const FIXED: usize = 40;
/// The length of an object's name, as SHA-1 and as SHA-256.
const NAMES: [usize; 2] = [20, 32];

/// Whether the index names this path, relative to the work tree; `None` for what is no index that
/// is understood.
#[must_use]
pub fn tracks(index: &[u8], path: &[u8]) -> Option<bool> {
    NAMES.iter().find_map(|name| search(index, path, *name))
}

fn search(index: &[u8], path: &[u8], object_name: usize) -> Option<bool> {
    let version = number(index.strip_prefix(b"DIRC")?)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let count = number(index.get(8..)?)?;
    let mut at = 12;
    let mut previous: Vec<u8> = Vec::new();
    for _ in 0..count {
        let start = at;
        at += FIXED + object_name;
        let flags = u16::from_be_bytes(index.get(at..at + 2)?.try_into().ok()?);
        at += 2;
        if version >= 3 && flags & 0x4000 != 0 {
            at += 2;
        }
        if version == 4 {
            let (drop, length) = offset(index.get(at..)?)?;
            at += length;
            let keep = previous.len().checked_sub(drop)?;
            previous.truncate(keep);
        } else {
            previous.clear();
        }
        let rest = index.get(at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        previous.extend_from_slice(&rest[..end]);
        at += end + 1;
        if version < 4 {
            // Filled with zeros to a multiple of eight.
            at = start + (at - start).next_multiple_of(8);
        }
        // The length stands in the flags too: a wrong guess of the object's name shows here.
        let told = usize::from(flags & 0x0fff);
        if told != previous.len().min(0x0fff) {
            return None;
        }
        if previous == path {
            return Some(true);
        }
    }
    Some(false)
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// The variable-width number of version 4 and the bytes that it takes.
fn offset(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(8) {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(version: u32, object_name: usize, paths: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(paths.len()).expect("few").to_be_bytes());
        let mut previous = "";
        for path in paths {
            let start = bytes.len();
            bytes.extend(vec![7; FIXED + object_name]);
            bytes.extend(u16::try_from(path.len()).expect("short").to_be_bytes());
            if version == 4 {
                let same = previous
                    .bytes()
                    .zip(path.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                bytes.push(u8::try_from(previous.len() - same).expect("short"));
                bytes.extend(&path.as_bytes()[same..]);
                bytes.push(0);
            } else {
                bytes.extend(path.as_bytes());
                bytes.push(0);
                let length = (bytes.len() - start).next_multiple_of(8);
                bytes.resize(start + length, 0);
            }
            previous = path;
        }
        bytes
    }

    #[test]
    fn entries() {
        let paths = [".bashrc", ".config/keywright/.env", "src/a", "src/ab"];
        for version in 2..=4 {
            for object_name in NAMES {
                let index = index(version, object_name, &paths);
                for path in paths {
                    assert_eq!(
                        tracks(&index, path.as_bytes()),
                        Some(true),
                        "{version} {path}"
                    );
                }
                assert_eq!(tracks(&index, b"src/abc"), Some(false), "{version}");
                assert_eq!(tracks(&index[..index.len() - 9], b"x"), None);
            }
        }
        assert_eq!(tracks(&index(5, 20, &[]), b"x"), None);
        assert_eq!(tracks(b"", b"x"), None);
        assert_eq!(tracks(&index(2, 20, &[]), b"x"), Some(false));
    }
}
