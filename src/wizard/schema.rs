//! The JSON Schema of flow files, for editors. Generated from the model; a test fails when the
//! file is stale, and rewrites it with `KEYWRIGHT_BLESS=1`.

use super::flow::{EMBEDDED, Flow, SCHEMA};
use crate::system::Environment;

fn generated() -> String {
    let mut schema = schemars::schema_for!(Flow);
    schema.insert("title".to_owned(), "A flow of keywright's wizard".into());
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

#[test]
fn the_schema_is_up_to_date() {
    let generated = generated();
    if Environment::of_this_process().flag("KEYWRIGHT_BLESS") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/wizard-flows/schema.json");
        let files = crate::system::Files;
        files
            .write_atomic(
                path.as_ref(),
                generated.as_bytes(),
                crate::system::files::Mode::Public,
            )
            .expect("the schema can be written");
        return;
    }
    assert!(
        generated == SCHEMA,
        "wizard-flows/schema.json is stale: KEYWRIGHT_BLESS=1 cargo test --lib wizard::schema"
    );
}

#[test]
fn the_flows_fit_the_schema() {
    let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for (id, text) in EMBEDDED {
        let flow = serde_json::from_str(text).expect("a flow is JSON");
        let problems: Vec<String> = validator
            .iter_errors(&flow)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(problems, [""; 0], "{id}");
    }
    let wrong = serde_json::json!({"version": 1, "id": "x", "title": "X", "steps": [{"id": "a", "aks": {}}]});
    assert!(!validator.is_valid(&wrong));
}

/// Every file of the folder is listed, and every listed one has its own name.
#[test]
fn every_flow_file_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/wizard-flows");
    let files = crate::system::Files;
    let mut names: Vec<String> = files.list(folder.as_ref()).expect("the folder");
    names.retain(|name| name != "schema.json" && name != "transcripts.json");
    names.sort();
    let mut embedded: Vec<String> = EMBEDDED
        .iter()
        .map(|(id, _)| format!("{id}.json"))
        .collect();
    embedded.sort();
    assert_eq!(names, embedded);
}
