//! The published JSON Schema of the report. Generated from the report's own types; the test below
//! fails when the file is stale (`KEYWRIGHT_BLESS=1` rewrites it).

use super::Report;

const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/docs/schema/doctor.schema.json"
);

fn generated() -> String {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), "keywright doctor --json".into());
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "reads and rewrites a file of the source tree"
)]
fn the_published_schema_is_current() {
    let generated = generated();
    if std::env::var_os("KEYWRIGHT_BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema"))
            .expect("docs/schema");
        std::fs::write(PATH, &generated).expect("the schema file");
    }
    let published = std::fs::read_to_string(PATH).unwrap_or_default();
    assert_eq!(
        published.replace("\r\n", "\n"),
        generated,
        "docs/schema/doctor.schema.json is stale: KEYWRIGHT_BLESS=1 cargo test --lib schema"
    );
}
