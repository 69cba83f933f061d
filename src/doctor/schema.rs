//! The published JSON Schemas of the report and of the fix. Generated from the report's own types; the test below
//! fails when a file is stale (`KEYWRIGHT_BLESS=1` rewrites it).

use super::Report;
use super::fix::document::Document;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema");

fn generated<T: schemars::JsonSchema>(title: &str) -> String {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "reads and rewrites a file of the source tree"
)]
fn the_published_schemas_are_current() {
    let documents = [
        ("doctor", generated::<Report>("keywright doctor --json")),
        (
            "doctor-fix",
            generated::<Document<'static>>("keywright doctor --fix --json"),
        ),
    ];
    for (name, generated) in documents {
        let path = format!("{FOLDER}/{name}.schema.json");
        if std::env::var_os("KEYWRIGHT_BLESS").is_some() {
            std::fs::create_dir_all(FOLDER).expect("docs/schema");
            std::fs::write(&path, &generated).expect("the schema file");
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        // Not compared by `assert_eq!`, which would print both of them whole.
        assert!(
            published.replace("\r\n", "\n") == generated,
            "{path} is stale: KEYWRIGHT_BLESS=1 cargo test --lib schema"
        );
    }
}
