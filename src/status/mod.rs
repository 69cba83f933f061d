//! What `models status` finds out: which credentials are there, how each stands, which one each
//! provider's requests use. Reads what it is given, sends nothing, creates nothing; programs and
//! keyrings that references lead to are asked only on request.

pub mod accounts;
pub mod collect;
pub mod logins;
pub mod report;

pub use collect::{References, Request, Worst, collect};
pub use report::Report;
