//! What system and processor a program is for, told by its first bytes. Pure but for one question:
//! whether the program that has to load it is there.

use crate::doctor::facts::BuiltFor;

/// Bytes that hold all that is looked at.
pub const ENOUGH: u64 = 4096;

/// Looks at the first bytes of a program; `exists` tells whether a path is there.
#[must_use]
pub fn built_for(bytes: &[u8], exists: impl Fn(&str) -> bool) -> BuiltFor {
    if bytes.starts_with(b"\x7fELF") {
        return BuiltFor::Linux {
            processor: processor(bytes).map(str::to_owned),
            missing_loader: loader(bytes).filter(|path| !exists(path)),
        };
    }
    let apple: [&[u8]; 3] = [
        b"\xcf\xfa\xed\xfe",
        b"\xfe\xed\xfa\xcf",
        b"\xca\xfe\xba\xbe",
    ];
    if apple.iter().any(|magic| bytes.starts_with(magic)) {
        BuiltFor::MacOs
    } else if bytes.starts_with(b"MZ") {
        BuiltFor::Windows
    } else {
        BuiltFor::Any
    }
}

/// `e_machine`, in the words of Rust's own names.
fn processor(bytes: &[u8]) -> Option<&'static str> {
    Some(match number(bytes, 18, 2)? {
        3 => "x86",
        40 => "arm",
        62 => "x86_64",
        183 => "aarch64",
        243 => "riscv64",
        _ => return None,
    })
}

/// The path in the segment `PT_INTERP` of a 64-bit program.
fn loader(bytes: &[u8]) -> Option<String> {
    const INTERPRETER: usize = 3;
    let wide = bytes.get(4) == Some(&2) && bytes.get(5) == Some(&1);
    let (table, size, count) = (
        number(bytes, 32, 8)?,
        number(bytes, 54, 2)?,
        number(bytes, 56, 2)?,
    );
    (0..count.min(64)).filter(|_| wide).find_map(|index| {
        let header = table.checked_add(index * size)?;
        if number(bytes, header, 4)? != INTERPRETER {
            return None;
        }
        let start = number(bytes, header.checked_add(8)?, 8)?;
        let length = number(bytes, header.checked_add(32)?, 8)?;
        let path = bytes.get(start..start.checked_add(length)?)?;
        let path = std::str::from_utf8(path).ok()?;
        Some(path.trim_end_matches('\0').to_owned())
    })
}

/// A little-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
    usize::try_from(bytes.iter().rev().fold(0, add)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 64-bit program with one segment, which names its loader.
    fn program(machine: u8, loader: &str) -> Vec<u8> {
        let mut bytes = vec![0; 120];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[18] = machine;
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = 1;
        bytes[64] = 3;
        bytes[72] = 120;
        bytes[96] = u8::try_from(loader.len() + 1).expect("short");
        bytes.extend(loader.as_bytes());
        bytes.push(0);
        bytes
    }

    #[test]
    fn forms() {
        let check = |bytes: &[u8], there: bool, expected: BuiltFor| {
            assert_eq!(built_for(bytes, |_| there), expected);
        };
        let linux = |processor: Option<&str>, loader: Option<&str>| BuiltFor::Linux {
            processor: processor.map(str::to_owned),
            missing_loader: loader.map(str::to_owned),
        };
        check(b"#!/bin/sh\n", false, BuiltFor::Any);
        check(b"", false, BuiltFor::Any);
        check(b"MZ\x90\0", false, BuiltFor::Windows);
        check(b"\xcf\xfa\xed\xfe\x07", false, BuiltFor::MacOs);
        check(b"\x7fELF", false, linux(None, None));
        let musl = "/lib/ld-musl-x86_64.so.1";
        check(&program(62, musl), false, linux(Some("x86_64"), Some(musl)));
        check(&program(62, musl), true, linux(Some("x86_64"), None));
        check(&program(183, "/l"), true, linux(Some("aarch64"), None));
        let mut odd = program(62, musl);
        odd[32..40].fill(0xff);
        check(&odd, false, linux(Some("x86_64"), None));
    }
}
