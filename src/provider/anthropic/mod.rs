//! Anthropic API keys: their shape, the probe request, and what each reply means.
