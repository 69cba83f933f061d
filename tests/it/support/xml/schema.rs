//! The published schema of the `JUnit` document, and what of XML Schema it makes use of: elements
//! that are named once, sequences, one choice, attributes that are all required.

use super::{Element, parse};

/// Panics at the first thing of the document that its schema does not allow.
pub fn check(document: &Element) {
    if let Err(why) = valid(&schema(), document) {
        panic!("{why}");
    }
}

fn schema() -> Element {
    parse(include_str!("../../../../docs/schema/doctor-junit.xsd"))
}

fn valid(schema: &Element, element: &Element) -> Result<(), String> {
    let name = &element.name;
    let mut definitions = schema.children.iter();
    let definition = definitions
        .find(|one| one.name == "xs:element" && one.get("name") == name)
        .ok_or_else(|| format!("no element is called {name}"))?;
    let form = &definition.children[0];
    let mixed = form.attributes.contains(&("mixed".into(), "true".into()));
    if !mixed && !element.text.trim().is_empty() {
        return Err(format!("text in {name}: {}", element.text));
    }
    let attributes: Vec<&Element> = form.children[1..].iter().collect();
    for (given, value) in &element.attributes {
        let known = attributes.iter().find(|one| one.get("name") == given);
        let known = known.ok_or_else(|| format!("no attribute {given} in {name}"))?;
        if !fits(known.get("type"), value) {
            return Err(format!("{given} of {name} is {value}"));
        }
    }
    for one in attributes {
        assert_eq!(one.get("use"), "required");
        let wanted = one.get("name");
        let given = element.attributes.iter().any(|(other, _)| other == wanted);
        given
            .then_some(())
            .ok_or_else(|| format!("{name} has no {wanted}"))?;
    }
    order(&form.children[0], element)?;
    element
        .children
        .iter()
        .try_for_each(|child| valid(schema, child))
}

/// Whether the children are those of the sequence or the choice.
fn order(group: &Element, element: &Element) -> Result<(), String> {
    let mut left: Vec<&str> = element.children.iter().map(|child| &*child.name).collect();
    let wrong = |left: &[&str]| Err(format!("children of {}: {left:?}", element.name));
    if group.name == "xs:choice" {
        let known = |name: &&str| group.children.iter().any(|one| one.get("ref") == *name);
        return if left.len() <= 1 && left.iter().all(known) {
            Ok(())
        } else {
            wrong(&left)
        };
    }
    for part in &group.children {
        let bound = |name: &str| part.attributes.iter().find(|(other, _)| other == name);
        let most = if bound("maxOccurs").is_some() {
            usize::MAX
        } else {
            1
        };
        let least = usize::from(bound("minOccurs").is_none());
        let same = |name: &&&str| **name == part.get("ref");
        let count = left.iter().take_while(same).count().min(most);
        if count < least {
            return wrong(&left);
        }
        left.drain(..count);
    }
    if left.is_empty() {
        Ok(())
    } else {
        wrong(&left)
    }
}

fn fits(kind: &str, value: &str) -> bool {
    match kind {
        "xs:string" => true,
        "xs:nonNegativeInteger" => value.parse::<u64>().is_ok(),
        "xs:decimal" => value.parse::<f64>().is_ok() && !value.contains(['e', 'E', 'n', 'i']),
        "xs:dateTime" => value.parse::<jiff::Timestamp>().is_ok(),
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn what_is_not_allowed_is_found() {
    let case = "<testcase classname=\"c\" name=\"n\" time=\"0.1\"/>";
    let suite = |inner: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"x\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.1\"><testsuite name=\"x\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.1\" timestamp=\"2026-01-01T00:00:00Z\">{inner}</testsuite></testsuites>"
        )
    };
    let properties = "<properties><property name=\"a\" value=\"b\"/></properties>";
    let good = suite(&format!("{properties}{case}<system-out>x</system-out>"));
    let check = |text: &str, allowed: bool| {
        let judged = valid(&schema(), &parse(text));
        assert_eq!(judged.is_ok(), allowed, "{judged:?}: {text}");
    };
    check(&good, true);
    check(&suite(case), false);
    check(&suite(&format!("{case}{properties}")), false);
    check(&good.replace(" time=\"0.1\"/>", "/>"), false);
    check(&good.replace("tests=\"1\"", "tests=\"one\""), false);
    check(&good.replace("name=\"n\"", "name=\"n\" id=\"1\""), false);
    check(&good.replace("system-out", "output"), false);
    check(&good.replace("</properties>", "text</properties>"), false);
    let two = "time=\"0.1\"><skipped message=\"m\"/><system-out/></testcase>";
    check(&good.replace("time=\"0.1\"/>", two), false);
}
