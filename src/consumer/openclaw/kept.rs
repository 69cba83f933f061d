//! Everything of OpenClaw's and Clawdbot's that can be taken over: profiles of every agent, `.env`,
//! keys and settings of the configuration. A login is told as a reference to Claude Code's own and
//! none of its tokens is kept: a refresh token works once.

use std::path::Path;

use super::profiles::{self, COPY, STORE};
use super::{FILE_LIMIT, Product, folder, settings};
use crate::consumer::kept::variables::{self, Variable};
use crate::consumer::kept::{Holdings, Kept, Order, Place, Setting, Value, What};
use crate::document::dotenv::DotEnv;
use crate::document::selective::Node;
use crate::system::System;

/// What one of the two keeps; in `from` instead of its own folder.
#[must_use]
pub fn kept(system: &System, product: Product, from: Option<&Path>) -> Holdings {
    let own = || folder(system, product);
    let Some(folder) = from.map(Path::to_path_buf).or_else(own) else {
        return Holdings::default();
    };
    let mut holdings = Holdings {
        is_there: matches!(system.files.followed_entry(&folder), Ok(Some(_))),
        folder: folder.clone(),
        ..Holdings::default()
    };
    if !holdings.is_there {
        return holdings;
    }
    let named = system.environment.path(product.config_variable());
    let config = named
        .filter(|_| from.is_none())
        .unwrap_or_else(|| folder.join(format!("{}.json", product.id())));
    let settings = settings::read(system, &config, &mut holdings);
    let mut all = env_file(system, &folder.join(".env"), &mut holdings);
    for variable in &settings.variables {
        if variables::find(&all, &variable.name).is_some() {
            shadowed(variable, &mut holdings);
        } else {
            all.push(variable.clone());
        }
    }
    if is_in_database(system, product, &folder) {
        database(&folder, &settings, &mut holdings);
    } else {
        agents(system, &folder, &mut holdings);
    }
    holdings.credentials.extend(settings.keys.clone());
    variables::add(&mut holdings, &all, false);
    for kept in &mut holdings.credentials {
        let url = settings
            .base_urls
            .iter()
            .find(|(id, _)| *id == kept.provider);
        let is_key = matches!(kept.what, What::ApiKey(_));
        kept.base_url = url.filter(|_| is_key).map(|(_, url)| url.clone());
    }
    references(system, &mut holdings, &all, (&config, &settings));
    holdings
}

fn env_file(system: &System, path: &Path, holdings: &mut Holdings) -> Vec<Variable> {
    let text = match system.files.read_text(path, FILE_LIMIT) {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => {
            holdings.leave_out(Place::file(path), error.message());
            return Vec::new();
        }
    };
    let file = DotEnv::parse(&text);
    let one = |(line, name, value): (usize, &str, &crate::Secret)| Variable {
        name: name.to_owned(),
        value: value.clone(),
        place: Place::line(path, line),
    };
    file.placed().map(one).collect()
}

/// A credential of the configuration that the `.env` sets as well.
fn shadowed(variable: &Variable, holdings: &mut Holdings) {
    let mut alone = Holdings::default();
    variables::add(&mut alone, std::slice::from_ref(variable), false);
    if !alone.credentials.is_empty() {
        let why = format!(
            "the .env of that folder sets {} too, and counts first",
            variable.name
        );
        holdings.leave_out(variable.place.clone(), why);
    }
}

fn is_in_database(system: &System, product: Product, folder: &Path) -> bool {
    let path = folder.join("state/openclaw.sqlite");
    product == Product::OpenClaw && matches!(system.files.followed_entry(&path), Ok(Some(_)))
}

/// Says what stands in the database, as far as the configuration tells.
fn database(folder: &Path, settings: &settings::Settings, holdings: &mut Holdings) {
    let named = match settings.profiles.as_slice() {
        [] => String::new(),
        ids => format!(" ({})", ids.join(", ")),
    };
    holdings.leave_out_with(
        Place::file(&folder.join("state/openclaw.sqlite")),
        format!("OpenClaw keeps its profiles{named} in a database of its own, which is not opened"),
        "`openclaw models auth list` shows them; `keywright models auth paste-api-key --provider anthropic` takes a key.",
    );
}

fn agents(system: &System, folder: &Path, holdings: &mut Holdings) {
    let mut names = match system.files.list(&folder.join("agents")) {
        Ok(names) => names,
        Err(error) => {
            return holdings.leave_out(Place::file(&folder.join("agents")), error.message());
        }
    };
    names.sort_by_key(|name| name != "main");
    for agent in &names {
        let home = folder.join("agents").join(agent);
        let path = home.join(STORE);
        match profiles::read(system, &path) {
            Ok(Node::Nothing) => {}
            Ok(node) if node.get("profiles").is_some_and(Node::is_object) => {
                store(&node, agent, &path, holdings);
            }
            Ok(_) => holdings.leave_out(Place::file(&path), "this is no store of profiles"),
            Err(why) => holdings.leave_out(Place::file(&path), why),
        }
        old_logins(system, &home.join("agent/auth.json"), holdings);
    }
    old_logins(system, &folder.join("credentials/oauth.json"), holdings);
}

/// Files of versions before the profiles: nothing but logins.
fn old_logins(system: &System, path: &Path, holdings: &mut Holdings) {
    if matches!(system.files.followed_entry(path), Ok(Some(_))) {
        holdings.leave_out_with(
            Place::file(path),
            "logins of an older version cannot be taken over",
            "Sign in anew: `claude auth login`, then `keywright import claude-code`.",
        );
    }
}

/// The profiles of one file.
fn store(node: &Node, agent: &str, path: &Path, holdings: &mut Holdings) {
    for (id, profile) in node.get("profiles").into_iter().flat_map(Node::fields) {
        let place = Place::key(path, format!("profiles.{id}"));
        match one(id, profile, place.clone()) {
            Ok(kept) => holdings.credentials.push(Kept {
                agent: Some(agent.to_owned()),
                ..kept
            }),
            Err((why, advice)) => holdings.left_out.push(crate::consumer::kept::LeftOut {
                place,
                why,
                advice: advice.map(str::to_owned),
            }),
        }
    }
    for (provider, ids) in node.get("order").into_iter().flat_map(Node::fields) {
        let names = ids.list().iter().filter_map(Node::text);
        holdings.orders.push(Order {
            agent: Some(agent.to_owned()),
            provider: provider.to_owned(),
            names: names.map(str::to_owned).collect(),
            place: Place::key(path, format!("order.{provider}")),
        });
    }
}

/// A profile, or why it is left out and what to do about it.
fn one(id: &str, profile: &Node, place: Place) -> Result<Kept, (String, Option<&'static str>)> {
    let refuse = |why: &str| (why.to_owned(), None);
    if !profile.is_object() {
        return Err(refuse("this is no profile"));
    }
    let field = |name: &str| profile.get(name).and_then(Node::text);
    let (before, after) = id.split_once(':').unwrap_or(("", id));
    let provider = field("provider").filter(|text| !text.is_empty());
    let provider = provider.unwrap_or(before);
    if provider.is_empty() {
        return Err(refuse("the profile names no provider"));
    }
    let what = match field("type") {
        Some("api_key") => {
            What::ApiKey(secret(profile, "key").ok_or_else(|| refuse("it holds no key"))?)
        }
        // Clawdbot's copy of a login that has no refresh token: an access token, good for hours.
        Some("token") if id == COPY && profile.get("tokenRef").is_none() => {
            What::Login { config_dir: None }
        }
        Some("token") => What::Token {
            value: secret(profile, "token").ok_or_else(|| refuse("it holds no token"))?,
            expires: expires(profile).map_err(refuse)?,
        },
        Some("oauth") if provider == "anthropic" => What::Login { config_dir: None },
        Some("oauth") => {
            let advice = "Sign in anew with a program of that provider, or use an API key.";
            let why = "a login cannot be copied: its refresh token works once";
            return Err((why.to_owned(), Some(advice)));
        }
        Some(_) => return Err(refuse("it is of a type that is not known")),
        None => return Err(refuse("the profile has no type")),
    };
    let mut kept = Kept::new(
        (if before.is_empty() { provider } else { before }, after),
        what,
        place,
    );
    id.clone_into(&mut kept.name);
    provider.clone_into(&mut kept.provider);
    kept.email = field("email")
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    if matches!(kept.what, What::Login { .. }) {
        kept.remarks.push(
            "The login is used where Claude Code keeps it; the copy of its tokens stays behind."
                .to_owned(),
        );
    }
    Ok(kept)
}

/// The value, or the reference beside it, which outranks it.
fn secret(profile: &Node, name: &str) -> Option<Value> {
    let reference = profile.get(&format!("{name}Ref")).and_then(|reference| {
        let text = |name: &str| reference.get(name)?.text().map(str::to_owned);
        Some(Value::Reference {
            source: text("source")?,
            provider: text("provider").unwrap_or_else(|| "default".to_owned()),
            id: text("id")?,
        })
    });
    let stored = profile.get(name).and_then(Node::secret).cloned();
    reference.or_else(|| stored.map(Value::Plain))
}

/// Whole milliseconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a number beyond the range is not taken"
)]
fn expires(profile: &Node) -> Result<Option<i64>, &'static str> {
    match profile.get("expires") {
        None | Some(Node::Nothing) => Ok(None),
        Some(Node::Number(number)) if number.abs() < 9e15 => Ok(Some(*number as i64)),
        Some(_) => Err("`expires` is no number of milliseconds"),
    }
}

/// What becomes of a reference here.
enum Fate {
    Kept,
    /// It needs this entry of `secrets.providers`.
    Provider(String),
    /// Why it cannot be used here, and what to do.
    LeftOut(String, &'static str),
}

/// Makes each reference one that means the same here: a variable that only a file of that program
/// sets is taken as its value, and the provider of any other reference comes along.
fn references(
    system: &System,
    holdings: &mut Holdings,
    all: &[Variable],
    (config, settings): (&Path, &settings::Settings),
) {
    let mut needed: Vec<String> = Vec::new();
    for mut kept in std::mem::take(&mut holdings.credentials) {
        match reference(system, &mut kept, all, settings) {
            Fate::Kept => {}
            Fate::Provider(name) => {
                if !needed.contains(&name) {
                    needed.push(name);
                }
            }
            Fate::LeftOut(why, advice) => {
                holdings.leave_out_with(kept.place, why, advice);
                continue;
            }
        }
        holdings.credentials.push(kept);
    }
    for (name, value) in &settings.secret_providers {
        if needed.contains(name) {
            holdings.settings.push(Setting {
                path: ["secrets", "providers", name].map(str::to_owned).into(),
                value: value.clone(),
                place: Place::key(config, format!("secrets.providers.{name}")),
            });
        }
    }
}

fn reference(
    system: &System,
    kept: &mut Kept,
    all: &[Variable],
    settings: &settings::Settings,
) -> Fate {
    let (What::ApiKey(value) | What::Token { value, .. }) = &mut kept.what else {
        return Fate::Kept;
    };
    let Value::Reference {
        source,
        provider,
        id,
    } = value.clone()
    else {
        return Fate::Kept;
    };
    match source.as_str() {
        "env" if system.environment.get(&id).is_some() => Fate::Kept,
        "env" => {
            let remark = if let Some(found) = variables::find(all, &id) {
                *value = Value::Plain(found.value.clone());
                format!("{id} is set in a file of that program alone, so its value is taken.")
            } else {
                format!("{id} is not set here.")
            };
            kept.remarks.push(remark);
            Fate::Kept
        }
        "store" => Fate::LeftOut(
            "its value stands in OpenClaw's own database, which is not opened".to_owned(),
            "`openclaw secrets audit` shows where it is used; `keywright onboard` takes the key again.",
        ),
        _ => {
            let mut defined = settings.secret_providers.iter();
            if defined.any(|(name, _)| *name == provider) {
                return Fate::Provider(provider);
            }
            Fate::LeftOut(
                format!("it refers to `{provider}`, which secrets.providers does not define"),
                "`keywright onboard` takes the key again.",
            )
        }
    }
}
