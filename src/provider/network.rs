//! Network failures as verdicts: the same for every provider.
