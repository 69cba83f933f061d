//! The profiles of the AWS CLI that can be used by their names, for `import`. No key of theirs is
//! taken.

use std::path::Path;

use jiff::Timestamp;

use super::profiles::Both;
use crate::consumer::kept::{Holdings, Kept, Place, What};
use crate::system::System;

/// What stands in its two files.
#[must_use]
pub fn kept(system: &System, now: Timestamp) -> Holdings {
    let aws = super::look(system, now);
    let paths = [&aws.places.credentials, &aws.places.config];
    let is_there = |path: &Path| matches!(system.files.followed_entry(path), Ok(Some(_)));
    let mut holdings = Holdings {
        is_there: paths.iter().copied().flatten().any(|path| is_there(path)),
        ..Holdings::default()
    };
    if let Some(folder) = paths[1].as_ref().and_then(|path| path.parent()) {
        folder.clone_into(&mut holdings.folder);
    }
    for (path, why) in &aws.unreadable {
        holdings.leave_out(Place::file(path), why.clone());
    }
    let both = Both::read(system, &aws.places);
    let profiles = aws
        .profiles
        .iter()
        .filter(|profile| !profile.leads_nowhere());
    for profile in profiles {
        let Some((in_credentials, line)) = both.place(&profile.name) else {
            continue;
        };
        let Some(path) = paths[usize::from(!in_credentials)] else {
            continue;
        };
        let place = Place::line(path, line);
        if let Some(why) = &profile.problem {
            holdings.leave_out(place, why.clone());
            continue;
        }
        let what = What::AwsProfile {
            name: profile.name.clone(),
            region: profile.region.clone(),
        };
        let words = profile.kind.words();
        let remark =
            format!("It stays in the files of the AWS CLI ({words}) and is used by its name.");
        holdings.credentials.push(Kept {
            name: profile.name.clone(),
            remarks: vec![remark],
            ..Kept::new(("bedrock", &profile.name), what, place)
        });
    }
    holdings
}
