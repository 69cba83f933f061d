//! The flags by which a command gets a secret without asking for it.

use std::path::PathBuf;

use crate::secret::Secret;
use crate::wizard::answers::Way;

/// Makes arguments of `--FLAG`, `--FLAG-stdin`, `-file`, `-env` and `-fd`, of which one may stand.
macro_rules! secret_input {
    (
        $name:ident $flag:literal $noun:literal
        $(, short $short:literal)? $(, heading $heading:literal)?
    ) => {
        #[doc = concat!("The ways to give ", $noun, " without typing it.")]
        #[derive(clap::Args, Debug)]
        #[group(multiple = false)]
        pub struct $name {
            #[arg(
                help = concat!("Read ", $noun, " from standard input"),
                id = concat!($flag, "-stdin"), long = concat!($flag, "-stdin")
                $(, help_heading = $heading)?)]
            stdin: bool,
            #[arg(
                help = concat!("Read ", $noun, " from a file"),
                id = concat!($flag, "-file"), long = concat!($flag, "-file"), value_name = "PATH"
                $(, help_heading = $heading)?)]
            file: Option<std::path::PathBuf>,
            #[arg(
                help = concat!("Read ", $noun, " from an environment variable"),
                id = concat!($flag, "-env"), long = concat!($flag, "-env"), value_name = "NAME"
                $(, help_heading = $heading)?)]
            variable: Option<String>,
            #[arg(
                help = concat!("Read ", $noun, " from an open descriptor"),
                id = concat!($flag, "-fd"), long = concat!($flag, "-fd"), value_name = "N"
                $(, help_heading = $heading)?)]
            descriptor: Option<u32>,
            // What begins with a dash is taken as the value: an error of the parser would show it.
            #[arg(
                help = concat!("Give ", $noun, " here, where other users can see it; `-` reads standard input"),
                id = $flag,
                long = $flag,
                value_name = "VALUE",
                allow_hyphen_values = true,
                value_parser = |text: &str| Ok::<_, std::convert::Infallible>(crate::secret::Secret::new(text))
                $(, short = $short)? $(, help_heading = $heading)?
            )]
            value: Option<crate::secret::Secret>,
        }

        impl $name {
            /// The flag with the value, with its dashes.
            pub const FLAG: &str = concat!("--", $flag);

            /// The way that was chosen.
            #[must_use]
            pub fn way(&self) -> Option<crate::wizard::answers::Way> {
                let Self { value, stdin, file, variable, descriptor } = self;
                let named = (file.as_ref(), variable.as_ref());
                crate::cli::secret_input::way(value.as_ref(), *stdin, named, *descriptor)
            }
        }
    };
}
pub(super) use secret_input;

/// `-` in place of a value stands for standard input.
pub(super) fn way(
    value: Option<&Secret>,
    stdin: bool,
    (file, variable): (Option<&PathBuf>, Option<&String>),
    descriptor: Option<u32>,
) -> Option<Way> {
    if stdin || value.is_some_and(|value| *value == Secret::new("-")) {
        return Some(Way::Stdin);
    }
    value
        .map(|value| Way::Value(value.clone()))
        .or_else(|| file.map(|path| Way::File(path.clone())))
        .or_else(|| variable.map(|name| Way::Environment(name.clone())))
        .or_else(|| descriptor.map(Way::Descriptor))
}
