//! References to variables.

use super::{Mend, Unresolved};
use crate::secret::Secret;
use crate::store::profile::SecretRef;

/// Reads the variable; `value` knows every place in which one can be set.
pub fn resolve(
    allowed: Option<&[String]>,
    reference: &SecretRef,
    value: impl Fn(&str) -> Option<Secret>,
) -> Result<Secret, Unresolved> {
    let name = reference.id.as_str();
    if !is_name(name) {
        let why = "its reference names something that cannot be a variable";
        return Err(Unresolved::new(why, Mend::Nothing));
    }
    if allowed.is_some_and(|allowed| !allowed.iter().any(|other| other == name)) {
        let provider = &reference.provider;
        return Err(Unresolved::new(
            format!("the allowlist of secrets.providers.{provider} does not name {name}"),
            Mend::Configuration,
        ));
    }
    let Some(secret) = value(name) else {
        return Err(Unresolved::new(
            format!("the variable {name} that it refers to is not set"),
            Mend::Variable(name.to_owned()),
        ));
    };
    if secret.inspect(is_reference) {
        return Err(Unresolved::new(
            format!("the variable {name} that it refers to holds a reference in turn"),
            Mend::Variable(name.to_owned()),
        ));
    }
    Ok(secret)
}

/// Whether it can be a variable's name; a pasted key cannot.
fn is_name(name: &str) -> bool {
    name.len() <= 128
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Nobody fills in a value that only says where another one is.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let object = text.starts_with('{') && text.contains("\"source\"") && text.contains("\"id\"");
    let variable = text.strip_prefix('$').is_some_and(|rest| {
        let inner = rest
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        is_name(inner.unwrap_or(rest))
    });
    object || variable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, allowed: Option<&[&str]>, set: &str, expected: Result<(), &str>) {
        let allowed: Option<Vec<String>> =
            allowed.map(|names| names.iter().map(ToString::to_string).collect());
        let value = |name: &str| (name == "A" && !set.is_empty()).then(|| Secret::new(set));
        let found = resolve(allowed.as_deref(), &SecretRef::variable(id), value);
        match (found, expected) {
            (Ok(secret), Ok(())) => assert_eq!(secret, Secret::new(set)),
            (Err(error), Err(why)) => {
                assert!(error.why().contains(why), "{error}");
                assert!(!error.why().contains("hunter"), "{error}");
            }
            (found, _) => panic!("{id}: {found:?}"),
        }
    }

    #[test]
    fn variables() {
        check("A", None, "hunter", Ok(()));
        check("A", Some(&["A"]), "hunter", Ok(()));
        check("A", Some(&["B"]), "hunter", Err("allowlist"));
        check("B", None, "hunter", Err("is not set"));
        check("", None, "hunter", Err("cannot be a variable"));
        check("1A", None, "hunter", Err("cannot be a variable"));
        check("sk-ant-hunter", None, "x", Err("cannot be a variable"));
        check("A", None, "${A}", Err("a reference in turn"));
        check("A", None, " $OTHER ", Err("a reference in turn"));
        let object = r#"{"source":"env","provider":"default","id":"A"}"#;
        check("A", None, object, Err("a reference in turn"));
        check("A", None, "$hunter-2", Ok(()));
        check("A", None, "{hunter}", Ok(()));
    }
}
