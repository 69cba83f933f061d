//! `docs/coming-from.md`: every line that it says to type is typed, in the sandbox, and ends as the
//! page says.

#![cfg(unix)]

use std::path::Path;

use crate::support::keys;
use crate::support::machine::{KEYWRIGHT, Machine};

/// A row of a table that says what to type.
#[derive(Debug, PartialEq)]
struct Line {
    commands: Vec<String>,
    code: i32,
    says: String,
}

/// The cells of a row; a bar within backquotes belongs to the cell.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in row.trim().trim_matches('|').chars() {
        match c {
            '|' if !quoted => cells.push(String::new()),
            c => {
                quoted ^= c == '`';
                cells.last_mut().expect("never empty").push(c);
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// The lines of each section of the page that has some.
fn sections(page: &str) -> Vec<Vec<Line>> {
    let mut sections = Vec::new();
    for section in page.split("\n## ") {
        let rows = section.lines().filter(|line| line.starts_with("| "));
        let lines: Vec<Line> = rows.filter_map(|row| line(&cells(row))).collect();
        if !lines.is_empty() {
            sections.push(lines);
        }
    }
    sections
}

fn line(cells: &[String]) -> Option<Line> {
    let [_, here, code, says, _] = cells else {
        return None;
    };
    let quoted = |cell: &String| -> Vec<String> {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    let code = code.parse().ok()?;
    let (commands, mut says) = (quoted(here), quoted(says));
    assert!(!commands.is_empty() && says.len() == 1, "{cells:?}");
    Some(Line {
        commands,
        code,
        says: says.remove(0),
    })
}

/// What the page says is there, as lines of the shell.
fn given() -> String {
    let folder = Path::new(KEYWRIGHT).parent().expect("a folder");
    format!(
        "cd; umask 077; unset ANTHROPIC_API_KEY\nPATH=$PATH:{}:/usr/bin:/bin\n\
         export KEY='{}' AWS_ID='{}' AWS_SECRET='{}'\n\
         printf %s \"$KEY\" > key; printf %s '{}' > token\n",
        folder.display(),
        keys::key("works"),
        keys::identity("aws-works", "accessKeyId"),
        keys::identity("aws-works", "secretAccessKey"),
        keys::token("subscription-works"),
    )
}

#[test]
fn every_line_does_what_the_page_says() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coming-from.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let sections = sections(&page);
    let lines = sections.iter().flatten();
    let count: usize = lines.map(|line| line.commands.len()).sum();
    assert!(sections.len() == 2 && count > 50, "{count} lines");
    let given = given();
    let mut wrong = Vec::new();
    for lines in sections {
        let machine = Machine::new();
        for line in &lines {
            for command in &line.commands {
                // Without a terminal, as a script types it.
                let script = format!("{given}{command}");
                let ended = machine.run(&["sandbox", "--", "/bin/sh", "-c", &script]);
                let said = format!("{}{}", ended.stdout, ended.stderr);
                if ended.code != line.code || !said.contains(&line.says) {
                    wrong.push(format!("{command} ({line:?})\n  {}: {said}", ended.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rows_are_read_as_they_are_meant() {
    let page = "# A\n| There | Here | Exit | Says | D |\n|---|---|---|---|---|\n| `a` | `b | c`, `e` | 64 | `d` | |\n\n## B\n| X | Why |\n|---|---|\n| y | `z` |\n";
    let expected = Line {
        commands: vec!["b | c".to_owned(), "e".to_owned()],
        code: 64,
        says: "d".to_owned(),
    };
    assert_eq!(sections(page), [vec![expected]]);
}
