//! Which answers a flow takes, and under which names: the one place from which flags, the keys of
//! an answers file, the report of missing answers and the template are made.

use crate::wizard::catalog;
use crate::wizard::flow::{Choice, Flow, Inputs, Step, YesNo};

/// One answer that a flow takes.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    pub step: &'a Step,
    pub variable: &'a str,
    pub kind: Kind<'a>,
    /// `None` where the file declares nothing: then only an answers file gives it.
    pub inputs: Option<&'a Inputs>,
    /// The question, for where no other words are given.
    pub question: &'a [String],
}

/// What kind of value it is.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    Choose {
        options: &'a [Choice],
        /// Values that are not listed are taken too.
        open: bool,
        /// What such a value must be.
        other: Option<&'a str>,
        unattended: Option<&'a str>,
    },
    Text {
        validator: &'a str,
        /// It need not be given where nobody can be asked.
        optional: bool,
    },
    Secret {
        shape: &'a str,
    },
    YesNo {
        unattended: Option<&'a str>,
    },
}

/// Every answer that `flow` takes, in the order of its steps; a variable that is asked for twice
/// stands here twice.
pub fn declared(flow: &Flow) -> impl Iterator<Item = Declared<'_>> {
    flow.steps.iter().filter_map(of_step)
}

/// The answer that `step` takes, if it asks at all.
#[must_use]
pub fn of_step(step: &Step) -> Option<Declared<'_>> {
    let (variable, kind, inputs, question) = if let Some(choose) = &step.choose {
        let kind = Kind::Choose {
            options: &choose.options,
            open: choose.other.is_some() || choose.options_from.is_some(),
            other: choose.other.as_ref().map(|other| other.validator.as_str()),
            unattended: choose.unattended.as_deref(),
        };
        (&choose.variable, kind, &choose.inputs, &choose.text)
    } else if let Some(ask) = &step.ask {
        let kind = Kind::Text {
            validator: &ask.validator,
            // What may be found on the machine is no promise.
            optional: ask.safe_default && ask.default.is_some(),
        };
        (&ask.variable, kind, &ask.inputs, &ask.text)
    } else if let Some(secret) = &step.secret {
        let kind = Kind::Secret {
            shape: &secret.shape,
        };
        (&secret.variable, kind, &secret.inputs, &secret.text)
    } else if let Some(confirm) = &step.confirm {
        let kind = Kind::YesNo {
            unattended: confirm.unattended.map(YesNo::as_str),
        };
        (&confirm.variable, kind, &confirm.inputs, &confirm.text)
    } else {
        return None;
    };
    Some(Declared {
        step,
        variable,
        kind,
        inputs: inputs.as_ref(),
        question: question.lines(),
    })
}

impl Declared<'_> {
    /// The flag's name without dashes.
    #[must_use]
    pub fn flag(&self) -> Option<&str> {
        self.inputs?.flag.as_deref().map(without_dashes)
    }

    /// Other names of the same flag, without dashes.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        let aliases = self.inputs.iter().flat_map(|inputs| &inputs.aliases);
        aliases.map(String::as_str).map(without_dashes)
    }

    /// Environment variables that give the answer, in their order.
    #[must_use]
    pub fn environment(&self) -> &[String] {
        self.inputs.map_or(&[], |inputs| &inputs.env)
    }

    /// Whether a run without a terminal goes on without it.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        match self.kind {
            Kind::Choose { unattended, .. } | Kind::YesNo { unattended } => unattended.is_some(),
            Kind::Text { optional, .. } => optional,
            Kind::Secret { .. } => false,
        }
    }

    /// What is accepted, in words.
    #[must_use]
    pub fn accepts(&self) -> String {
        match self.kind {
            Kind::Choose {
                options,
                open,
                other,
                ..
            } => {
                let mut values: Vec<&str> = options.iter().map(|o| o.value.as_str()).collect();
                let other = other.and_then(catalog::validator);
                if let Some(other) = other {
                    values.push(other.accepts);
                } else if open {
                    values.push("another value that the question allows");
                }
                match values.as_slice() {
                    [only] => (*only).to_owned(),
                    _ => format!("one of {}", values.join(", ")),
                }
            }
            Kind::Text { validator, .. } => catalog::validator(validator)
                .map_or("a text", |validator| validator.accepts)
                .to_owned(),
            Kind::Secret { shape } => catalog::shape(shape)
                .map_or("a secret", |shape| shape.accepts)
                .to_owned(),
            Kind::YesNo { .. } => "yes or no".to_owned(),
        }
    }

    /// The flags that give it, in words.
    #[must_use]
    pub fn flags(&self) -> String {
        let mut flags = Vec::new();
        if let Some(flag) = self.flag() {
            match self.kind {
                Kind::Secret { .. } => flags.extend([
                    format!("--{flag}-stdin"),
                    format!("--{flag}-file PATH"),
                    format!("--{flag}-env NAME"),
                    format!("--{flag}-fd N"),
                    format!("--{flag}-keyring ID"),
                ]),
                Kind::YesNo { .. } => flags.push(format!("--{flag}=yes|no")),
                Kind::Choose { .. } | Kind::Text { .. } => {
                    let name = self.inputs.and_then(|inputs| inputs.value_name.as_deref());
                    flags.push(format!("--{flag} {}", name.unwrap_or("VALUE")));
                }
            }
        }
        if let Kind::Choose { options, .. } = self.kind {
            flags.extend(options.iter().filter_map(|option| option.flag.clone()));
        }
        match flags.split_last() {
            None => "--answers FILE".to_owned(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        }
    }
}

/// Flow files write flags as people type them.
#[must_use]
pub fn without_dashes(flag: &str) -> &str {
    flag.trim_start_matches('-')
}
