//! Runs a provider's probe through the system and returns its verdict.
