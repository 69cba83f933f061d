//! What `models status` finds out: which credentials are there, how each stands, which one each
//! provider's requests use. Reads what it is given, sends nothing, creates nothing.

pub mod accounts;
pub mod collect;
pub mod logins;
pub mod report;

pub use collect::{Request, Worst, collect};
pub use report::Report;
