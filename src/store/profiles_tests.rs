use super::*;
use crate::error::Kind;

fn read(text: &str) -> Result<Profiles> {
    Profiles::parse(text, Path::new("store.json"))
}
