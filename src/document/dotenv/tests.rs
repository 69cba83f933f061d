use proptest::prelude::*;

use super::*;

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

fn text(document: &DotEnv) -> String {
    String::from_utf8(document.render().to_vec()).expect("text")
}

#[test]
fn values() {
    let check = |line: &str, expected: Option<&str>| {
        let document = DotEnv::parse(line);
        assert_eq!(document.get("A"), expected.map(secret).as_ref(), "{line:?}");
        assert_eq!(text(&document), line);
    };
    check("A=b", Some("b"));
    check("A=b\r\n", Some("b"));
    check("  A = b c  \n", Some("b c"));
    check("export A=b", Some("b"));
    check("A=", Some(""));
    check("A=\"\"", Some(""));
    check("A='b c' ", Some("b c"));
    check("A='b\\c'", Some("b\\c"));
    check("A=\"b\\\"c\\$d\\n\"", Some("b\"c$d\\n"));
    check("A='b'\"c\"d", Some("bcd"));
    check("A=b\\\nc", Some("bc"));
    check("A='b\nc'\nB=d", Some("b\nc"));
    check("A=b # no comment", Some("b # no comment"));
    check("A=one\nA=two", Some("two"));
    check("#A=b", None);
    check(" ;A=b", None);
    check("A b=c", None);
    check("1A=c", None);
    check("=c", None);
    check("A", None);
    check("A='open\nB=c", None);
    check("\u{feff}A=b", Some("b"));
}

#[test]
fn an_open_quote_swallows_nothing() {
    let document = DotEnv::parse("A='open\nB=c\n");
    assert_eq!(document.get("B"), Some(&secret("c")));
}

#[test]
fn edits() {
    let check = |before: &str, expected: &str| {
        let mut document = DotEnv::parse(before);
        document
            .set_managed("K", &secret("new"), "p:q")
            .expect("a value");
        assert_eq!(text(&document), expected);
        assert_eq!(
            document.managed().collect::<Vec<_>>(),
            [("K", "p:q", &secret("new"))]
        );
        let once = text(&document);
        document
            .set_managed("K", &secret("new"), "p:q")
            .expect("a value");
        assert_eq!(text(&document), once, "the same again changes nothing");
    };
    check("", "# keywright: p:q\nK=new\n");
    check("A=b", "A=b\n# keywright: p:q\nK=new\n");
    check(
        "# c\r\nA=b\r\n",
        "# c\r\nA=b\r\n# keywright: p:q\r\nK=new\r\n",
    );
    check("A=b\nK=old\nC=d\n", "A=b\n# keywright: p:q\nK=new\nC=d\n");
    check(
        "# keywright: p:other\nK=old\nC=d",
        "# keywright: p:q\nK=new\nC=d",
    );
    check("K=1\nK=2\n", "# keywright: p:q\nK=new\n");
    check("\u{feff}A=b\n", "\u{feff}A=b\n# keywright: p:q\nK=new\n");
    check("bad line\n\n", "bad line\n\n# keywright: p:q\nK=new\n");
}

#[test]
fn removes() {
    let check = |before: &str, found: bool, expected: &str| {
        let mut document = DotEnv::parse(before);
        assert_eq!(document.remove("K"), found);
        assert_eq!(text(&document), expected);
    };
    check("A=b\n# keywright: p:q\nK=x\nC=d\n", true, "A=b\nC=d\n");
    check("# mine\nK=x\nK=y\n", true, "# mine\n");
    check("A=K\n", false, "A=K\n");
}

#[test]
fn refusals() {
    let mut document = DotEnv::default();
    for (name, value) in [
        ("A B", "x"),
        ("", "x"),
        ("A", "x\ny"),
        ("A", "x\0"),
        ("A", "\u{85}"),
    ] {
        let error = document
            .set_managed(name, &secret(value), "p:q")
            .expect_err(value);
        assert!(!error.to_string().contains('x'));
    }
    assert_eq!(text(&document), "");
}

proptest! {
    #[test]
    fn any_text_survives(before in any::<String>()) {
        prop_assert_eq!(text(&DotEnv::parse(&before)), before);
    }

    #[test]
    fn lines_that_look_like_assignments_survive(
        before in "(export )?[A-C]{0,2} ?=['\"\\\\ $a\n\r]{0,12}\n?[#;]?[A-C]?=?.{0,3}"
    ) {
        prop_assert_eq!(text(&DotEnv::parse(&before)), before);
    }

    #[test]
    fn what_is_set_is_read_back(before in any::<String>(), value in "\\PC{0,40}") {
        let value = secret(&value);
        let mut document = DotEnv::parse(&before);
        if document.set_managed("K", &value, "p:q").is_ok() {
            let again = DotEnv::parse(&text(&document));
            prop_assert_eq!(again.get("K"), Some(&value));
        }
    }

    #[test]
    fn neighbours_are_left_alone(
        lines in prop::collection::vec("(A=[a-z' ]{0,6}|#[ a-z]{0,5}|K=1|)", 0..6),
        value in "[ -~]{0,20}"
    ) {
        let before = lines.join("\n");
        let mut document = DotEnv::parse(&before);
        let neighbour = document.get("A").cloned();
        document.set_managed("K", &secret(&value), "p:q").expect("printable");
        prop_assert_eq!(document.get("A").cloned(), neighbour.clone());
        document.remove("K");
        prop_assert_eq!(DotEnv::parse(&text(&document)).get("A").cloned(), neighbour);
    }
}

#[test]
fn each_assignment_has_its_line() {
    let file = DotEnv::parse("# a\nA=1\n\nB='two\nlines'\nexport C=3\n");
    let lines: Vec<_> = file.placed().map(|(line, name, _)| (line, name)).collect();
    assert_eq!(lines, [(2, "A"), (4, "B"), (6, "C")]);
}
